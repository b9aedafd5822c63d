"""Clocks in words: how far it is, how they stand, and why a ball has come to somebody."""

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from barnetsbog.deadlines.ladder import Climb
from barnetsbog.deadlines.model import Clock, Length, Span, State, Waits
from barnetsbog.deadlines.rules import ends_a_day
from barnetsbog.kernel.time import SECOND, day_start, local_day

from . import dates
from .words import Word

HOUR = 3600 * SECOND
NEAR = 48 * HOUR
"""Within it what is due at a time of day is told in hours."""

STATES: dict[State, Word] = {
    State.OVER: _("Over fristen"), State.TODAY: _("I dag"), State.SOON: _("Snart"), State.RUNNING: _("I gang"),
    State.MET: _("Overholdt"),
}  # fmt: skip
_BADGES = {State.SOON: "badge badge-warning", State.TODAY: "badge badge-warning"}


def told(text: str) -> str:
    """What a deadline is called, means and ends with, in the language of the page."""
    return gettext(text) if text else ""


def badge(clock: Clock) -> str:
    """The class of the badge: red for what must be done now, yellow for what comes soon, and else none."""
    return "badge badge-error" if clock.red else _BADGES.get(clock.state, "bog-quiet")


def by_when(due: int, at: int) -> str:
    """27.11., with its year when it is another one, and the time of day when it is due at one. Midnight is none."""
    day = dates.short_date(due, beside=local_day(at))
    if ends_a_day(due) or due == day_start(local_day(due)):
        return day
    return gettext("%(date)s kl. %(time)s") % {"date": day, "time": dates.clock(due)}


def distance(due: int, at: int) -> str:
    """How far it is: in hours for what is due at a time of day that is near, else in days."""
    if ends_a_day(due) or abs(due - at) > NEAR:
        return dates.distance(due, local_day(at))
    hours = abs(due - at) // HOUR
    if due >= at:
        return (
            ngettext("om %(count)d time", "om %(count)d timer", hours) % {"count": hours}
            if hours
            else gettext("inden en time")
        )
    return (
        ngettext("%(count)d time over fristen", "%(count)d timer over fristen", hours) % {"count": hours}
        if hours
        else gettext("lige over fristen")
    )


def ago(since: int, at: int) -> str:
    """How many days ago something was: i dag, for 3 dage siden."""
    days = (local_day(at) - local_day(since)).days
    if days <= 0:
        return gettext("i dag")
    return ngettext("for %(count)d dag siden", "for %(count)d dage siden", days) % {"count": days}


LENGTHS = {
    Span.HOURS: ngettext_lazy("%(count)d time", "%(count)d timer", "count"),
    Span.DAYS: ngettext_lazy("%(count)d dag", "%(count)d dage", "count"),
    Span.WORKING_DAYS: ngettext_lazy("%(count)d hverdag", "%(count)d hverdage", "count"),
    Span.MONTHS: ngettext_lazy("%(count)d måned", "%(count)d måneder", "count"),
}


def in_words(length: Length) -> str:
    """24 timer, 6 hverdage, 3 måneder."""
    return str(LENGTHS[length.span] % {"count": length.number})


def why(climb: Climb) -> str | Promise:
    """Why a ball has come to somebody who neither has it nor is asked."""
    count = {"count": climb.days}
    if climb.waits is Waits.NOBODY:
        if not climb.days:
            return gettext("Kommet til dig, fordi ingen har taget den endnu")
        return ngettext(
            "Kommet til dig, fordi ingen har taget den i %(count)d hverdag",
            "Kommet til dig, fordi ingen har taget den i %(count)d hverdage", climb.days,
        ) % count  # fmt: skip
    if not climb.days:
        return gettext("Kommet til dig, fordi fristen er gået")
    return ngettext(
        "Kommet til dig, fordi fristen gik for %(count)d hverdag siden",
        "Kommet til dig, fordi fristen gik for %(count)d hverdage siden", climb.days,
    ) % count  # fmt: skip
