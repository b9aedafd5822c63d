"""When a unit may end its task with a child, and who may begin it again. Pure."""

from barnetsbog.fhir.texts import Fault, unfit
from barnetsbog.kernel.decisions import Decision, allow, refuse

from .model import Open

BALL, REFERRAL, COORDINATOR, REASON, CLOSED = (
    "CASE-BALL", "CASE-REFERRAL", "CASE-COORDINATOR", "CASE-REASON", "CASE-CLOSED",
)  # fmt: skip


LONGEST_REASON, LONGEST_NOTE = 2000, 8000


def may_close(found: Open, reason: str, note: str = "") -> Decision:
    """Nothing falls between two chairs: what the unit has is handed on or given up first. When nobody else has a task
    with the child, there is nobody left to coordinate (Ella: closed, allowed to have no ball)."""
    if found.tasks:
        return refuse("Enheden har bolden endnu. Giv den videre, afslut den, eller opgiv den med en grund.", BALL)
    if found.referrals:
        return refuse("En henvisning er ikke færdig. Svar på den, eller træk den tilbage.", REFERRAL)
    if found.asked:
        return refuse("Enheden er spurgt, om den vil have en bold. Giv den tilbage med en grund, eller tag imod.", BALL)
    if found.coordinates and not found.last:
        return refuse("Tovholderen er hos jer. Giv det videre til en af de andre først.", COORDINATOR)
    if not reason.strip():
        return refuse("Skriv, hvorfor I slutter, og hvem familien kan ringe til.", REASON)
    for text, longest in ((reason, LONGEST_REASON), (note, LONGEST_NOTE)):
        if (wrong := unfit(text, longest)) and wrong.fault is not Fault.EMPTY:
            return refuse(wrong.reason, REASON)
    return allow("Opgaven kan afsluttes.", CLOSED)


def may_say(reason: str) -> Decision:
    """Why a task is begun again."""
    wrong = unfit(reason, LONGEST_REASON, "Skriv, hvorfor I begynder igen.")
    return refuse(wrong.reason, REASON) if wrong else allow("Grunden kan gemmes.", REASON)


def may_reopen(*, closed_by: str, job: str, leads: bool) -> bool:
    """Whoever ended it, and the unit's leader."""
    return leads or (closed_by != "" and closed_by == job)
