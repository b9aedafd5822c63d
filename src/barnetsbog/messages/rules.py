"""When a message is read, and what can be sent. Pure."""

from datetime import datetime, time

from barnetsbog.deadlines.working_days import WorkingDays
from barnetsbog.fhir.primitives import fault
from barnetsbog.kernel.decisions import Decision, allow, refuse
from barnetsbog.kernel.time import COPENHAGEN, instant, local_day

NOON = time(12)
LONGEST = 4000
EMPTY, LONG, SIGNS, KEPT = "MESSAGE-EMPTY", "MESSAGE-LENGTH", "MESSAGE-SIGNS", "MESSAGE-KEPT"


def read_by(at: int, days: WorkingDays) -> int:
    """Noon of the next working day (copy deck: »Kim læser det senest i morgen kl. 12«)."""
    return instant(datetime.combine(days.after(local_day(at), 1), NOON, COPENHAGEN))


def can_be_sent(text: str) -> Decision:
    """It says something, is not endless, and FHIR has a place for each sign (R4 §2.24)."""
    if not text.strip():
        return refuse("Skriv din besked.", EMPTY)
    if len(text) > LONGEST:
        return refuse(f"Det er for langt. Der er plads til {LONGEST} tegn, og der står {len(text)}.", LONG)
    if fault("string", text):
        return refuse("Der er et tegn i teksten, som ikke kan gemmes. Skriv det igen.", SIGNS)
    return allow("Beskeden kan sendes.", KEPT)
