"""Forms for tests: small ones by hand, and all sorts of them invented."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from hypothesis import strategies as st

from barnetsbog.forms.model import (
    Answers,
    Becomes,
    Form,
    Item,
    Kind,
    Op,
    Option,
    Part,
    Party,
    Section,
    Test,
    Value,
    When,
)  # fmt: skip
from barnetsbog.forms.response import Kept, Origin, Source

SCHOOL = Part("school", Party.SCHOOL, "Skolens del")


def form(*items: Item, parts: tuple[Part, ...] = (SCHOOL,), **more: Any) -> Form:
    """A form of one topic, answered by the school."""
    said: dict[str, Any] = {
        "id": "skema", "number": 1, "version": 1, "title": "Et skema", "purpose": "At prøve", "family": "V3",
        "sender": (Party.SCHOOL,), "receiver": ("ppr",), "blocks": frozenset({"TI"}), "law": (), "law_text": "",
        "months": 0, "parts": parts, "sections": (Section("emne", "Emnet", parts[0].id, items),),
    }  # fmt: skip
    return Form(**(said | more))


def line(ident: str, **more: Any) -> Item:
    return Item(ident, more.pop("kind", Kind.LINE), more.pop("ask", f"Hvad med {ident}?"), **more)


def group(ident: str, *items: Item, most: int = 0, **more: Any) -> Item:
    return Item(ident, Kind.GROUP, ident.title(), items=items, most=most, **more)


def when(item: str, op: Op = Op.IS, value: Any = True) -> When:
    return When((Test(item, op, value),))


def yes_no(ident: str, **more: Any) -> Item:
    return line(ident, kind=Kind.YES_NO, **more)


SCORED = (Option("never", "Aldrig", 0), Option("often", "Tit", 2))


# -- invented ----------------------------------------------------------------------------------------------------------

_IDS = [f"i{number}" for number in range(8)]
_OPTIONS = (Option("a", "Ja, tit", 2), Option("b", "Nej", 0), Option("c", "Ved ikke"))
_LEAVES = [kind for kind in Kind if kind not in (Kind.GROUP, Kind.SHOWN, Kind.FILE)]
texts = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=12).filter(str.strip)


def _whens() -> st.SearchStrategy[When]:
    tests = st.builds(
        Test, st.sampled_from(_IDS), st.sampled_from(Op),
        st.one_of(st.sampled_from(["a", "b"]), st.integers(0, 3), st.booleans(), st.none()),
    )  # fmt: skip
    return st.one_of(st.just(When()), st.builds(When, st.lists(tests, max_size=2).map(tuple), st.booleans()))


@st.composite
def forms(draw: st.DrawFn) -> Form:
    """Forms with conditions on anything (also on themselves), groups that repeat, sums and required items."""
    idents = draw(st.lists(st.sampled_from(_IDS), unique=True, min_size=1))
    items: list[Item] = []
    while idents:
        item = _leaf(draw, idents.pop())
        if idents and draw(st.booleans()):
            item = Item(
                idents.pop(), Kind.GROUP, "En gruppe", items=(item,), most=draw(st.sampled_from([0, 1, 3])),
                when=draw(_whens()), required=draw(st.booleans()),
            )  # fmt: skip
        items.append(item)
    return form(*items)


def _leaf(draw: st.DrawFn, ident: str) -> Item:
    kind = draw(st.sampled_from(_LEAVES))
    options = _OPTIONS if kind in (Kind.CHOICE, Kind.CHOICES) else ()
    sums = tuple(draw(st.lists(st.sampled_from(_IDS), max_size=3))) if kind is Kind.NUMBER else ()
    return Item(
        ident, kind, "Et spørgsmål", required=draw(st.booleans()), options=options, when=draw(_whens()),
        sums=tuple(one for one in sums if one != ident),
    )  # fmt: skip


def _value(draw: st.DrawFn, item: Item) -> Value:
    if draw(st.integers(0, 9)) == 0:
        return draw(texts)  # something that can't be read as its kind
    if item.options:
        return draw(st.sampled_from([one.code for one in item.options]))
    simple: Mapping[Kind, st.SearchStrategy[Any]] = {
        Kind.NUMBER: st.integers(-5, 5), Kind.YES_NO: st.booleans(),
        Kind.DECIMAL: st.floats(-100, 100, allow_nan=False).map(lambda number: round(number, 3)),
        Kind.DATE: st.one_of(
            st.dates(date(1990, 1, 1), date(2040, 1, 1)).map(date.isoformat), st.sampled_from(["2024", "2024-02"])
        ),
    }  # fmt: skip
    return draw(simple.get(item.kind, texts))


def _given(draw: st.DrawFn, items: tuple[Item, ...]) -> Answers:
    found: dict[str, Any] = {}
    for item in items:
        if draw(st.integers(0, 3)) == 0:
            continue
        if item.kind is Kind.GROUP:
            found[item.id] = tuple(_given(draw, item.items) for _ in range(draw(st.integers(1, 3))))
        else:
            several = 2 if item.kind is Kind.CHOICES else 1
            found[item.id] = tuple(dict.fromkeys(_value(draw, item) for _ in range(draw(st.integers(1, several)))))
    return found


@st.composite
def answered(draw: st.DrawFn) -> tuple[Form, Answers]:
    made = draw(forms())
    return made, _given(draw, made.sections[0].items)


def origin(said: Value, *, entry: str = "Condition/c1", kept: Kept = Kept.KEPT, day: date | None = None) -> Origin:
    return Origin(Source(entry, 1, "Organization/u1", day or date(2026, 3, 3)), (said,), kept)


GOAL = Becomes("own-goal", {"maal": "words"})
