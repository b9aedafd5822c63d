"""Reads what must be there, and says precisely what is wrong with the file: record, field (`law.rulefiles`).

An instance's own `readiness-local.yaml` says `switch` of a requirement and nothing else.
"""

from dataclasses import replace
from pathlib import Path

from barnetsbog.directory.model import SECTORS
from barnetsbog.law.rulefiles import LawFileError, Record, by_id, parsed, records
from barnetsbog.referrals.model import Urgency

from .model import Fact, Requirement, Supplier

FILE = Path(__file__).with_name("requirements.yaml")
LOCAL = "readiness-local.yaml"

Requirements = tuple[Requirement, ...]

_FIELDS = frozenset(Requirement.__dataclass_fields__) - {"on"} | {"switch"}
_WHAT = frozenset(
    ("document", "measure", "observation", "condition", "intervention", "plan", "meeting", "letter", "message")
)
"""What an entry can be that counts as a paper."""


def load(local: str = "", *, acts: frozenset[str], suspicions: frozenset[str]) -> Requirements:
    """Every requirement, as an instance wants them. `LawFileError`: something in a file can't be used, and what."""
    text = FILE.read_text(encoding="utf-8")
    return read(text, local, acts=acts, suspicions=suspicions)


def read(text: str, local: str, *, acts: frozenset[str], suspicions: frozenset[str]) -> Requirements:
    """The same of texts. `acts` and `suspicions`: the ids that there are."""
    content = parsed(text, FILE.name, frozenset(("requirements",)))
    posts = records(FILE.name, "krav", content.get("requirements", []))
    found = by_id(posts, lambda record: _requirement(record, acts, suspicions))
    if not local.strip():
        return tuple(found.values())
    told = records(LOCAL, "krav", parsed(local, LOCAL, frozenset(("requirements",))).get("requirements", []))
    switches = by_id(told, _switch)
    if unknown := sorted(set(switches) - set(found)):
        raise LawFileError(f"{LOCAL}: kravet {unknown[0]} findes ikke")
    return tuple(replace(one, on=switches.get(one.id, one.on)) for one in found.values())


def _switch(record: Record) -> bool:
    record.only(frozenset(("id", "switch")))
    return record.flag("switch")


def _requirement(record: Record, acts: frozenset[str], suspicions: frozenset[str]) -> Requirement:
    record.only(_FIELDS)
    if sum(record.has(name) for name in ("act", "fact", "what")) != 1:
        raise record.error("what", "sig enten act, fact eller what")
    if not record.has("what") and any(record.has(name) for name in ("lanes", "words", "months")):
        raise record.error("what", "lanes, words og months hører til what")
    if record.has("what") and not (record.has("lanes") or record.has("words")):
        raise record.error("words", "sig, hvem der har skrevet den (lanes), eller hvad der skal stå (words)")
    return Requirement(
        id=record.text("id"), title=record.text("title"), supplier=record.choice("supplier", Supplier),
        source=record.text("source"), on=record.flag("switch"),
        sectors=_known(record, "sectors", frozenset(SECTORS)), suspicions=_known(record, "suspicions", suspicions),
        urgency=frozenset(Urgency(one) for one in _known(record, "urgency", frozenset(Urgency))),
        from_age=record.number("from_age") or 0, below=record.number("below"), act=_act(record, acts),
        fact=record.choice("fact", Fact) if record.has("fact") else None, what=_known(record, "what", _WHAT),
        lanes=_known(record, "lanes", frozenset(SECTORS)),
        words=tuple(word.casefold() for word in record.texts("words")), months=_months(record),
    )  # fmt: skip


def _known(record: Record, field: str, known: frozenset[str]) -> frozenset[str]:
    given = record.texts(field)
    for one in given:
        if one not in known:
            raise record.error(field, f"'{one}' kendes ikke")
    return frozenset(given)


def _act(record: Record, acts: frozenset[str]) -> str:
    act = record.text("act", "")
    if act and act not in acts:
        raise record.error("act", f"'{act}' kendes ikke")
    return act


def _months(record: Record) -> int:
    value = record.fields.get("months", 0)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 240:
        raise record.error("months", "skal være et helt antal måneder fra 0 til 240")
    return value
