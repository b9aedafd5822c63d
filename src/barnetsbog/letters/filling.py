"""Putting what is known and what was typed into a letter's fields. Pure.

Only the template is looked through for fields, when it is read. What people are called and what they type is put in as
it stands, so `{telefon}` or a formula in a name stays those letters.
"""

from collections.abc import Iterator, Mapping, Sequence

from barnetsbog.kernel.time import DANISH_MONTHS

from .model import Block, Body, Field, FieldKind, Filled, Kind, Known, Slot, Template, Text

STRICTEST = "PXHFO"


class Missing(ValueError):
    """Fields that must be filled in before the letter can be sent, by label."""

    def __init__(self, labels: Sequence[str]) -> None:
        super().__init__(f"Udfyld først: {', '.join(labels)}.")
        self.labels = tuple(labels)


def missing(template: Template, answers: Mapping[str, str]) -> list[str]:
    """The labels of the fields that are lacking."""
    return [one.label for one in template.fields if one.required and not answers.get(one.id, "").strip()]


def filled(template: Template, body: Body, known: Known, answers: Mapping[str, str]) -> tuple[Filled, ...]:
    """The blocks of a letter. Raises `Missing`; a part whose condition is not met, or that came out empty, is left
    out."""
    if lacking := missing(template, answers):
        raise Missing(lacking)
    words = {**_built_in(known), **{one.id: answers.get(one.id, "").strip() for one in template.fields}}
    found = (_filled(block, template, words, known) for block in body.blocks if not block.when or words[block.when])
    return tuple(one for one in found if one.lines or one.rows)


def _built_in(known: Known) -> dict[str, str]:
    return {
        "modtager": known.receiver, "barn": known.child, "barn_kaldes": known.called, "afsender": known.sender.name,
        "titel": known.sender.title, "enhed": known.sender.unit, "myndighed": known.sender.organisation,
        "telefon": known.sender.phone, "dag": f"{known.day.day}. {DANISH_MONTHS[known.day.month - 1]} {known.day.year}",
    }  # fmt: skip


def _filled(block: Block, template: Template, words: Mapping[str, str], known: Known) -> Filled:
    class_ = _class(block, template)
    if block.kind is Kind.SIGNATURE:
        signed = (known.sender.name, known.sender.title, known.sender.unit)
        return Filled(block.kind, tuple(dict.fromkeys(one for one in signed if one)), only=block.only, class_=class_)
    if block.kind is Kind.TABLE:
        rows = tuple(_row(line, len(block.head)) for line in _lines(words[block.rows]))
        return Filled(block.kind, (), block.head, rows, block.only, class_)
    lines = tuple(_lines(words[block.rows])) if block.rows else tuple(_text(one, words) for one in block.texts)
    return Filled(block.kind, tuple(one for one in lines if one.strip()), only=block.only, class_=class_)


def _text(text: Text, words: Mapping[str, str]) -> str:
    return "".join(words[one.name] if isinstance(one, Slot) else one for one in text)


def _lines(text: str) -> Iterator[str]:
    return (line for line in (one.strip() for one in text.splitlines()) if line)


def _row(line: str, columns: int) -> tuple[str, ...]:
    """A row of as many cells as the table has: what is too much stays together in the last."""
    cells = [one.strip() for one in line.split("|", columns - 1)]
    return tuple(cells + [""] * (columns - len(cells)))


def _class(block: Block, template: Template) -> str:
    """The strictest of a block's own class and those of its fields."""
    names = {block.rows, *(one.name for text in block.texts for one in text if isinstance(one, Slot))}
    classes = {block.class_, *(one.class_ for one in template.fields if one.id in names)} - {""}
    return min(classes, key=STRICTEST.index, default="")


def examples(template: Template) -> dict[str, str]:
    """The fields filled in with their examples: for previews of the catalogue, and for tests."""
    return {one.id: one.example for one in template.fields}


def is_long(field: Field) -> bool:
    return field.kind is not FieldKind.LINE
