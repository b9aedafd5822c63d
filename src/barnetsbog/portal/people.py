"""The people around a child on a page: words for what they are, and where they stand on the map of rings."""

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from barnetsbog.contacts.model import Circle, Held, Involvement, Kin, Picture, Worker
from barnetsbog.directory.model import Gone
from barnetsbog.kernel.time import FOREVER

from . import dates
from .words import Word

INVOLVEMENTS: dict[str, Word] = {
    Involvement.KNOWS: _("Ved besked"), Involvement.TAKES_PART: _("Er med"), Involvement.HAS_TASK: _("Har en opgave"),
}  # fmt: skip
PICTURES: dict[str, Word] = {
    Picture.SUN: _("Sol"), Picture.MOON: _("Måne"), Picture.STAR: _("Stjerne"), Picture.HEART: _("Hjerte"),
    Picture.HOUSE: _("Hus"), Picture.TREE: _("Træ"), Picture.FLOWER: _("Blomst"), Picture.BALL: _("Bold"),
}  # fmt: skip
LEADS: dict[str, Word] = {"coordinator": _("Tovholder"), "substitute": _("Tovholderens stedfortræder")}
GONE: dict[str, Word] = {Gone.ABSENT: _("Fraværende"), Gone.STOPPED: _("Stoppet"), Gone.CLOSED: _("Enheden er lukket")}
KINDS: dict[str, Word] = {
    "parent": _("Forældremyndighed"), "appointed": _("Forældremyndighed, udpeget"),
    "representative": _("Personlig repræsentant"), "temporary": _("Midlertidig forældremyndighed"),
}  # fmt: skip
EVIDENCE: dict[str, Word] = {"cpr": _("CPR"), "court": _("en afgørelse"), "manual": _("papirer, der er set")}


def custody(held: Held, at: int) -> list[Word]:
    """What somebody's custody rests on, and when it holds, if that is not always."""
    told: list[Word] = [KINDS.get(held.kind, KINDS["parent"])]
    if held.start > at:
        told.append(_("fra %(day)s") % {"day": dates.long_date(held.start)})
    if held.end < FOREVER:
        told.append(_("til %(day)s") % {"day": dates.long_date(held.end - 1)})
    if held.evidence:
        words = (str(EVIDENCE.get(one, one)) for one in held.evidence.split(", "))
        told.append(_("efter %(source)s") % {"source": ", ".join(words)})
    if held.checked_at is not None:
        told.append(_("slået op %(day)s") % {"day": dates.long_date(held.checked_at)})
    return told


# -- the map of rings --------------------------------------------------------------------------------------------------

INNER, OUTER, MIDDLE = 170, 340, 430
MOST = 16
_WIDE = 22


class Spot(NamedTuple):
    """A name on the map: where (in the drawing's own units), two lines, and how it looks."""

    x: int
    y: int
    name: str
    line: str
    strong: bool
    grey: bool
    picture: str = ""


class Rings(NamedTuple):
    """The child's own people on the inner ring, professionals on the outer one; `more` stand in the table alone."""

    inner: list[Spot]
    outer: list[Spot]
    more: int


def rings(circle: Circle) -> Rings:
    """The same as the table, drawn. Custody holders and those who have a ball stand out by weight and not by colour."""
    own = [*circle.family, *circle.network]
    workers = [*circle.workers]
    return Rings(
        _around(INNER, [_own(one) for one in own[:MOST]]), _around(OUTER, [_worker(one) for one in workers[:MOST]]),
        len(own[MOST:]) + len(workers[MOST:]),
    )  # fmt: skip


_Look = tuple[str, str, bool, bool, str]


def _own(one: Kin) -> _Look:
    return one.contact.name, one.contact.title, one.holds_custody, one.deceased, one.choice.picture or ""


def _worker(one: Worker) -> _Look:
    return one.contact.name, one.contact.unit, one.has_ball or one.role == "coordinator", one.gone, ""


def _around(radius: int, looks: Sequence[_Look]) -> list[Spot]:
    return [
        Spot(*place, _short(name), _short(line), strong, grey, picture)
        for place, (name, line, strong, grey, picture) in zip(_places(radius, len(looks)), looks, strict=True)
    ]


def _places(radius: int, count: int) -> Iterable[tuple[int, int]]:
    """Evenly around, the first at the top. Wider than high, as words are."""
    for number in range(count):
        angle = 2 * math.pi * number / count - math.pi / 2
        yield round(MIDDLE + radius * math.cos(angle)), round(MIDDLE + radius * math.sin(angle))


def _short(text: str) -> str:
    return text if len(text) <= _WIDE else f"{text[: _WIDE - 1].rstrip()}…"
