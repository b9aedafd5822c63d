"""What an app gets, in plain words."""

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from barnetsbog.access.writing_rules import PLAIN
from barnetsbog.clients.permissions import EVERY, OFFLINE, SUBSCRIPTION, permissions

from .words import Word

KINDS: dict[str, Word] = {
    "Patient": _("hvem barnet er"), "RelatedPerson": _("barnets familie"),
    "Observation": _("det, andre har set og målt"), "Condition": _("det, der er svært, og diagnoser"),
    "CarePlan": _("planer"), "Goal": _("mål"), "Task": _("opgaver"), "Appointment": _("aftaler"),
    "Encounter": _("møder og besøg"), "Procedure": _("det, der er gjort"),
    "Communication": _("beskeder"), "DocumentReference": _("breve og filer"), "Composition": _("breve"),
    "ServiceRequest": _("henvisninger"), "Consent": _("ja og nej"), "Questionnaire": _("skemaer"),
    "QuestionnaireResponse": _("svar i skemaer"), "EpisodeOfCare": _("hvem der har en opgave med barnet"),
    "CareTeam": _("kredsen om barnet"), "AuditEvent": _("hvem der har åbnet bogen"), "Organization": _("steder"),
    "Practitioner": _("fagpersoner"), "PractitionerRole": _("fagpersoner"),
}  # fmt: skip
OTHER = _("andre oplysninger i bogen")
ALL = _("alt, hvad du selv kan se i bogen")
WRITTEN: dict[str, Word] = {"Observation": _("hvad du har set og målt"), "Communication": _("hvad du har sagt og hørt")}
ALL_WRITTEN = _("hvad du har set, gjort og aftalt, om børn, din enhed har en opgave med")
_READING = frozenset("rs")


def gets(scopes: str) -> list[str]:
    """What a token with these scopes lets an app read, each named once."""
    kinds = [one.kind for one in permissions(scopes) if one.acts & _READING and one.kind != SUBSCRIPTION]
    words = [str(ALL)] if EVERY in kinds else [str(KINDS.get(kind, OTHER)) for kind in kinds]
    return list(dict.fromkeys(words))


def writes(scopes: str) -> list[str]:
    """What it lets an app write in its user's name. What a capability looks after is written by no app."""
    kinds = [one.kind for one in permissions(scopes) if one.acts - _READING and one.kind in (EVERY, *PLAIN)]
    words = [str(ALL_WRITTEN)] if EVERY in kinds else [str(WRITTEN.get(kind, KINDS.get(kind, OTHER))) for kind in kinds]
    return list(dict.fromkeys(words))


def told(scopes: str) -> bool:
    """Whether it lets an app be told when there is something new."""
    return any("c" in one.acts for one in permissions(scopes) if one.kind == SUBSCRIPTION)


def stays(scopes: str) -> str:
    """For how long."""
    if OFFLINE in scopes.split(" "):
        return gettext("Det gælder i %(days)s dage, også når du har logget ud.") % {"days": settings.APP_DAYS}
    return gettext("Det slutter, når du logger ud.")
