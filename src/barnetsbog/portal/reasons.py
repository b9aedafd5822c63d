"""Why somebody sees what they see, in plain words. Pure.

The page tells of the reader's own rights and of nothing else, so it is the same, byte for byte, whether or not
something is hidden. A rule without a paragraph is shown without one: nobody has found it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from barnetsbog.access.deciding import BlockDecision
from barnetsbog.access.deriving import OWN_ADDRESSED, OWN_ANSWERS, OWN_CONSENT, OWN_MOVED, OWN_REFERRED, OWN_TOLD
from barnetsbog.access.explaining import Reason
from barnetsbog.kernel.time import FOREVER
from barnetsbog.record.rights import CLOSED, CONTENT
from barnetsbog.record.shelves import BLOCKS, CLASSES

from . import dates, log_words, words
from .words import Word

BLOCK_WORDS: dict[str, Word] = {
    "IN": gettext_lazy("indsatser"), "GO": gettext_lazy("mål"), "TI": gettext_lazy("tilstande"),
    "AK": gettext_lazy("aktiviteter og aftaler"), "KO": gettext_lazy("kontakter"), "ST": gettext_lazy("stamdata"),
    "PE": gettext_lazy("familien og andre om barnet"), "SA": gettext_lazy("samtykker"),
}  # fmt: skip
CLASS_WORDS: dict[str, Word] = {
    "O": gettext_lazy("almindelige oplysninger"), "F": gettext_lazy("sociale oplysninger"),
    "H": gettext_lazy("helbredsoplysninger"), "P": gettext_lazy("barnets fortrolige samtaler"),
    "X": gettext_lazy("det, der kan vise en beskyttet adresse"), "D": gettext_lazy("kladder"),
    "M": gettext_lazy("beskeder mellem to"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """One right, as its holder reads it."""

    purpose: str
    rule: str
    """The statute, and its paragraph where it is known."""
    summary: str
    what: str
    level: str
    written_by: str
    until: str


@dataclass(frozen=True, slots=True)
class Part:
    """Those of the six blocks of which the reader may see the same."""

    name: str
    level: str
    classes: str


def parts(decided: Iterable[BlockDecision]) -> list[Part]:
    """The six blocks at a glance. A block that no right opens is said to be closed, whether or not it is empty."""
    alike: dict[tuple[str, str], list[str]] = {}
    for one in decided:
        classes = _listed(one.classes, CLASSES, CLASS_WORDS) if one.classes else ""
        alike.setdefault((_reach(one.level), classes), []).append(str(BLOCK_WORDS[one.block]))
    return [Part(_capital(_joined(names)), *seen) for seen, names in alike.items()]


def _reach(level: int) -> str:
    if not level:
        return _("kun det, der står nedenfor")
    return _("læse") if level >= CONTENT else _("kun overskrifter")


def explained(reasons: Iterable[Reason], units: Mapping[UUID, str]) -> list[Told]:
    """Each right in words; what reads the same is told once."""
    return list(dict.fromkeys(_told(one, units) for one in reasons))


def _told(reason: Reason, units: Mapping[UUID, str]) -> Told:
    rule = reason.rule
    return Told(
        str(log_words.purpose(reason.purpose)), " ".join(filter(None, (rule.statute, rule.paragraph))), rule.summary,
        _what(reason), _level(reason), _written_by(reason, units), _until(reason.until),
    )  # fmt: skip


def _what(reason: Reason) -> str:
    sent = reason.rule.id in (OWN_ADDRESSED, OWN_CONSENT, OWN_TOLD, CLOSED)
    if sent or (reason.rule.id in (OWN_REFERRED, OWN_MOVED) and not reason.blocks):
        return _("Enkelte poster, der er sendt til jer, eller som I er part i")
    if not reason.blocks:
        return _("At bogen findes, og at du kan svare for dig selv")
    blocks, classes = _listed(reason.blocks, BLOCKS, BLOCK_WORDS), _listed(reason.classes, CLASSES, CLASS_WORDS)
    return _("%(blocks)s: %(classes)s") % {"blocks": _capital(blocks), "classes": classes}


def _listed(found: tuple[str, ...], every: tuple[str, ...], in_words: Mapping[str, Word]) -> str:
    """A, b og c; or everything."""
    if set(found) == set(every):
        return _("alle slags oplysninger") if every is CLASSES else _("alle dele af bogen")
    return _joined([str(in_words[one]) for one in found])


def _joined(texts: list[str]) -> str:
    return _("%(most)s og %(last)s") % {"most": ", ".join(texts[:-1]), "last": texts[-1]} if texts[1:] else texts[0]


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _level(reason: Reason) -> str:
    if not reason.blocks and reason.level < CONTENT:
        return _("intet af det, der står i den")
    return _("overskrift og indhold") if reason.level >= CONTENT else _("kun overskrifter")


def _written_by(reason: Reason, units: Mapping[UUID, str]) -> str:
    if reason.rule.id == OWN_ANSWERS:
        return _("dig selv")
    if reason.source_id:
        return units.get(reason.source_id, _("én enhed"))
    return str(words.sector(reason.lane)) if reason.lane else ""


def _until(end: int) -> str:
    """The last day. Without one the right lasts as long as what it follows from."""
    return "" if end >= FOREVER else dates.long_date(end - 1)
