"""Invented answers to any form, to look at it with: a child that does not exist. Pure."""

from collections.abc import Iterable, Mapping

from .model import Answers, Form, Item, Kind, Value

CHILD: Mapping[str, Value] = {
    "child.name": "Alma Prøvegaard", "child.cpr": "670517-9902", "child.born": "2017-05-17",
    "child.address": "Opdigtet Allé 4, 0999 Eksempelby", "child.school": "Prøvebakkeskolen", "child.class": "3.b",
    "parents.names": "Sara Prøvegaard og Jonas Demodal", "parents.phones": "00 00 00 12", "gp.name": "Lægehuset Demo",
    "name": "Sara Prøvegaard", "phone": "00 00 00 12", "me.name": "Kim Demosen", "me.task": "Psykolog",
    "me.unit": "PPR Eksempelby", "me.phone": "00 00 00 34",
}  # fmt: skip
"""What the book might know of her, by the name that a form asks for it with (`sources.SOURCES`). The number is of the
demonstration's own series, which nobody has."""

_PLAIN: Mapping[Kind, Value] = {
    Kind.LINE: "Prøve", Kind.WORDS: "Et opdigtet svar.", Kind.NUMBER: 1, Kind.DECIMAL: 1.5, Kind.DATE: "2026-11-25",
    Kind.YES_NO: True, Kind.CPR: "670517-9902", Kind.PHONE: "00 00 00 12", Kind.POSTCODE: "8000",
    Kind.EMAIL: "alma@eksempel.dk",
}  # fmt: skip


def answers(form: Form) -> Answers:
    """An answer to each question, of the right kind and within its bounds; none where a file is asked for."""
    return _answers(item for section in form.sections for item in section.items)


def _answers(items: Iterable[Item]) -> Answers:
    return {item.id: (said,) for item in items if (said := answer(item)) is not None}


def answer(item: Item) -> Value | Answers | None:
    """An invented answer to one question; None where there is none to give."""
    if item.kind is Kind.GROUP:
        return _answers(item.items)
    if item.kind in (Kind.SHOWN, Kind.FILE) or item.sums:
        return None
    if item.options:
        return item.options[0].code
    known = CHILD.get(item.fill)
    said = _PLAIN[item.kind] if known is None else known
    if isinstance(said, int | float) and not isinstance(said, bool):
        low = said if item.low is None else max(said, item.low)
        said = low if item.high is None else min(low, item.high)
        return int(said) if item.kind is Kind.NUMBER else float(said)
    return said[: item.limit] if isinstance(said, str) and item.limit else said
