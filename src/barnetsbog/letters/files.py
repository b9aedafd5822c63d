"""Reading the catalogue of letters. Strict: a key, a field or a receiver that is not known stops the reading with a
sentence that says which file and what. Pure, but for reading the files."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from barnetsbog.delivery.model import Channel
from barnetsbog.law.rulefiles import LawFileError, loaded

from .model import Audience, Block, Body, Field, FieldKind, Kind, Slot, Template, Text

CATALOGUE = Path(__file__).parent / "catalogue"
BUILT_IN = frozenset(
    ("modtager", "barn", "barn_kaldes", "afsender", "titel", "enhed", "myndighed", "telefon", "dag")
)  # fmt: skip
"""What the book knows by itself (`model.Known`)."""

FAMILIES = ("W1", "W2", "W3", "W4", "W5", "W6", "W7")
CARRIERS = ("", "care-communication", "ref01", "hospital-notification", "apd")
BLOCKS = ("IN", "TI", "AK", "KO", "ST", "SA")
CLASSES = ("", "O", "F", "H")
_FIELD_CLASSES = ("", "P", "X")
_ONE = {"p": Kind.PARAGRAPH, "h": Kind.HEADING, "quote": Kind.QUOTE}
_SLOT = re.compile(r"\{([a-zæøå_]+)\}")


class Faulty(ValueError):
    """A file of the catalogue can't be used: which, and why."""


@cache
def catalogue() -> dict[str, Template]:
    """Every letter by id, in the order of their numbers."""
    found = [template(path.read_text(encoding="utf-8"), path.name) for path in CATALOGUE.glob("*.yaml")]
    by_id = {one.id: one for one in sorted(found, key=lambda one: one.number)}
    if len(by_id) != len(found):
        raise Faulty("to breve har samme nummer")
    return by_id


def template(content: str, name: str) -> Template:
    """One letter out of one file's text."""
    try:
        told: Any = loaded(content, name)
        return _template(told)
    except LawFileError as fault:
        raise Faulty(str(fault)) from None
    except (Faulty, KeyError, TypeError, ValueError) as fault:
        what = f"mangler {fault}" if isinstance(fault, KeyError) else str(fault)
        raise Faulty(f"{name}: {what}") from None


_KEYS = frozenset(
    (
        "id",
        "title",
        "family",
        "from",
        "to",
        "law",
        "blocks",
        "class",
        "channels",
        "carrier",
        "request",
        "between",
        "fields",
        "body",
        "child",
    )
)


def _template(told: dict[str, Any]) -> Template:
    _only(told, _KEYS, "brevet")
    fields = tuple(_field(one) for one in told.get("fields", ()))
    slots = BUILT_IN | {one.id for one in fields}
    if not re.fullmatch(r"L\d{1,2}", told["id"]):
        raise Faulty(f"»{told['id']}« er ikke et nummer som L1")
    child = told.get("child")
    found = Template(
        told["id"], told["title"], _one_of(told["family"], FAMILIES), told["from"],
        tuple(Audience(one) for one in told["to"]), tuple(told.get("law", ())),
        tuple(_one_of(one, BLOCKS) for one in told["blocks"]), _one_of(told.get("class", ""), CLASSES),
        tuple(Channel(one) for one in told["channels"]), _one_of(told.get("carrier", ""), CARRIERS), fields,
        Body(told["title"], _blocks(told["body"], slots)),
        Body(child["title"], _blocks(child["body"], slots)) if child else None, bool(told.get("request", False)),
        bool(told.get("between", False)),
    )  # fmt: skip
    if (Audience.CHILD in found.to) is not (found.child is not None):
        raise Faulty("et brev til barnet skal have et børnebrev, og omvendt")
    return found


def _field(told: dict[str, Any]) -> Field:
    _only(told, ("id", "label", "example", "kind", "optional", "class"), "feltet")
    if told["id"] in BUILT_IN or not _SLOT.fullmatch(f"{{{told['id']}}}"):
        raise Faulty(f"feltet kan ikke hedde »{told['id']}«")
    return Field(
        told["id"], told["label"], str(told["example"]).strip(), FieldKind(told.get("kind", "line")),
        not told.get("optional", False), _one_of(told.get("class", ""), _FIELD_CLASSES),
    )  # fmt: skip


def _blocks(told: list[Any], slots: Iterable[str]) -> tuple[Block, ...]:
    return tuple(_block({one: True} if isinstance(one, str) else one, frozenset(slots)) for one in told)


def _block(told: dict[str, Any], slots: frozenset[str]) -> Block:
    kinds = told.keys() & {*_ONE, "list", "table", "sign"}
    if len(kinds) != 1:
        raise Faulty(f"en del skal være én ting: {', '.join(told)}")
    (kind,) = kinds
    _only(told, (kind, "only", "class", "if"), "delen")
    only, class_, when = (
        frozenset(Audience(one) for one in told.get("only", ())), _one_of(told.get("class", ""), (*CLASSES, "P", "X")),
        _known(told["if"], slots) if "if" in told else "",
    )  # fmt: skip
    what = told[kind]
    if kind == "sign":
        return Block(Kind.SIGNATURE, only=only, class_=class_, when=when)
    if kind == "table":
        _only(what, ("head", "rows"), "tabellen")
        return Block(Kind.TABLE, (), tuple(what["head"]), _rows(what["rows"], slots), only, class_, when)
    if kind == "list" and isinstance(what, str):
        return Block(Kind.LIST, (), (), _rows(what, slots), only, class_, when)
    texts = what if kind == "list" else [what]
    return Block(
        _ONE.get(kind, Kind.LIST), tuple(text(one, slots) for one in texts), only=only, class_=class_, when=when
    )


def _rows(told: str, slots: frozenset[str]) -> str:
    found = _SLOT.fullmatch(told)
    if not found:
        raise Faulty(f"»{told}« skal være ét felt")
    return _known(found[1], slots)


def text(told: str, slots: Iterable[str]) -> Text:
    """A text cut at its slots. What is no slot must have no braces, so that nothing is left that looks like one."""
    pieces = _SLOT.split(" ".join(told.split()))
    if any("{" in one or "}" in one for one in pieces[::2]):
        raise Faulty(f"et felt er skrevet forkert i »{told[:60]}«")
    known = frozenset(slots)
    found = (Slot(_known(one, known)) if at % 2 else one for at, one in enumerate(pieces))
    return tuple(one for one in found if one)


def _known(name: str, slots: frozenset[str]) -> str:
    if name not in slots:
        raise Faulty(f"feltet »{name}« kendes ikke")
    return name


def _one_of(value: str, values: tuple[str, ...]) -> str:
    if value not in values:
        raise Faulty(f"»{value}« kendes ikke")
    return value


def _only(told: dict[str, Any], keys: Iterable[str], where: str) -> None:
    if unknown := told.keys() - set(keys):
        raise Faulty(f"{where} har noget, der ikke kendes: {', '.join(sorted(unknown))}")
