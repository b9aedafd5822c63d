"""When a message is read, and what can be sent. Pure."""

from datetime import datetime, time

from barnetsbog.deadlines.working_days import WorkingDays
from barnetsbog.fhir.texts import Fault, unfit
from barnetsbog.kernel.decisions import Decision, allow, refuse
from barnetsbog.kernel.time import COPENHAGEN, instant, local_day

NOON = time(12)
LONGEST = 4000
EMPTY, LONG, SIGNS, KEPT = "MESSAGE-EMPTY", "MESSAGE-LENGTH", "MESSAGE-SIGNS", "MESSAGE-KEPT"
_RULES = {Fault.EMPTY: EMPTY, Fault.LONG: LONG, Fault.SIGNS: SIGNS}


def read_by(at: int, days: WorkingDays) -> int:
    """Noon of the next working day (copy deck: »Kim læser det senest i morgen kl. 12«)."""
    return instant(datetime.combine(days.after(local_day(at), 1), NOON, COPENHAGEN))


def can_be_sent(text: str) -> Decision:
    """Whether a message can be kept, and so sent, as it is."""
    found = unfit(text, LONGEST, "Skriv din besked.")
    return refuse(found.reason, _RULES[found.fault]) if found else allow("Beskeden kan sendes.", KEPT)
