"""A family's copy on paper: the entries of the book in order, or the lines of the log, as a document that a screen
reader can read (`letters.typesetting`)."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from barnetsbog.letters.model import Filled, Kind, Version
from barnetsbog.letters.typesetting import pdf
from barnetsbog.record.entries import EntryRow

from . import dates, words
from .content import People, lines
from .seen import Seen

Copied = Sequence[tuple[EntryRow, dict[str, Any] | None]]


def book(copied: Copied, people: People, *, child: str, to: str, day: date) -> bytes:
    """The book: each entry with its heading, kind, day and words. Who reads the heading only gets that."""
    told = [_paragraph(_only())]
    for row, resource in copied:
        told.append(Filled(Kind.HEADING, (row.title,)))
        told.append(_paragraph(f"{words.WHAT.get(row.what, row.what)}. {dates.when(row.start, row.exactness)}"))
        for line in lines(resource, people) if resource else ():
            kind = Kind.QUOTE if line.quote else Kind.PARAGRAPH
            label = f"{line.label}" if f"{line.label}".endswith("?") else f"{line.label}:"
            text = line.text if line.quote else f"{label} {line.text}"
            told.append(Filled(kind, tuple(text.splitlines())))
    return _document(_("Kopi af %(child)s bog") % {"child": child}, to, day, told)


def log(seen: Iterable[Seen], *, child: str, to: str, day: date) -> bytes:
    """Who has seen what, when and why, as a table."""
    head = tuple(map(str, (_("Hvornår"), _("Hvem"), _("Hvad"), _("Hvorfor"))))
    rows = tuple(
        (
            dates.when(one.at, one.whole_day), ", ".join(filter(None, (one.who.place, one.who.person))),
            one.did if one.times == 1 else f"{one.did} ({one.times})", one.why or one.reason or "–",
        )
        for one in seen
    )  # fmt: skip
    told = (
        [_paragraph(_only()), Filled(Kind.TABLE, head=head, rows=rows)] if rows else [_paragraph(_("Ingen har set."))]
    )
    return _document(_("Hvem har set oplysninger om %(child)s") % {"child": child}, to, day, told)


def _document(title: str, to: str, day: date, told: Sequence[Filled]) -> bytes:
    return pdf(Version(title, (to,), (_("Barnets Bog"),), day, _("egen kopi"), tuple(told)))


def _paragraph(text: str) -> Filled:
    return Filled(Kind.PARAGRAPH, (text,))


def _only() -> str:
    return _("Her står kun det, du har adgang til. Der kan være mere.")
