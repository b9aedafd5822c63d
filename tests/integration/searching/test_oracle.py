"""Whatever is asked, a search finds what the official expressions find, evaluated one by one on everything there is.

The data are other people's (the corpus) and some of our own; what is asked is made of what they say, and of things that
nobody says.
"""

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from barnetsbog.access.reading import open_book
from barnetsbog.directory.queries import all_children
from barnetsbog.exchange.fhir.asking import parse
from barnetsbog.exchange.fhir.conditions import answered
from barnetsbog.fhir.definitions import parameter, parameters
from barnetsbog.intake.model import Unit
from barnetsbog.intake.operations import receive
from barnetsbog.kernel import exact
from barnetsbog.record.book import Book
from barnetsbog.record.models import Entry, Grant, Version
from barnetsbog.record.outward import MASKED
from barnetsbog.record.rights import CONTENT, EVERYBODY, PROTECTED
from barnetsbog.record.scope import Scope
from barnetsbog.record.searching.model import Level, Search
from barnetsbog.record.shelves import BLOCKS, EVERYTHING, mask
from tests.builders import Json, bundle, role, unit
from tests.conftest import BOTH_DATABASES, CORPUS
from tests.samples import EXAMPLES

from . import oracle
from .conftest import BASE, scope
from .varied import Maker

pytestmark = [BOTH_DATABASES, pytest.mark.corpus]

_LAID: dict[str, Any] = {}


@pytest.fixture
def world(database: str, corpus: Any) -> tuple[Scope, dict[str, Json], dict[str, str]]:
    """Everything of the corpus, and somebody who may read it all."""
    from tests import builders

    if database not in _LAID:
        own = Unit("own.json", orjson.dumps(bundle(unit("ppr"), *role("kim"))), "test")
        varied = Unit("varied.json", orjson.dumps(Maker().everything()), "varied")
        files = [Unit(p.name, p.read_bytes(), p.parent.parent.name) for p in sorted(CORPUS.glob("*/*/example/*.json"))]
        report = receive([own, varied, *files], jobs=1)
        assert not [one for one in report.refusals if one.file == "varied.json"], report.refusals
        for child in all_children():
            Grant.objects.create(
                child_id=child, grantee_id=scope("kim").unit_id, basis_id=uuid4(), part=0, shelves=EVERYTHING, level=CONTENT,
                lane="", rule="FAL3", purpose="", valid_from=0, valid_to=2**62,
            )  # fmt: skip
        _LAID[database] = builders.laid()
    else:
        builders.lay(_LAID[database])
    present = dict(Entry.objects.values_list("id", "version"))
    told = Version.objects.values_list("entry_id", "number", "body")
    resources = [orjson.loads(bytes(body)) for entry, number, body in told if present[entry] == number]
    books = {str(ident): str(child) for ident, child in Entry.objects.values_list("id", "child_id")}
    return scope("kim"), {f"{one['resourceType']}/{one['id']}": one for one in resources}, books


# -- what may be asked -----------------------------------------------------------------------------------------------

PREFIXES = st.sampled_from(["", "", "eq", "ne", "gt", "lt", "ge", "le", "sa", "eb"])


def escaped(text: str) -> str:
    return re.sub(r"([,|$\\])", r"\\\1", text)


def _token(draw: Any, value: Any) -> str | None:
    pairs = oracle.tokens(value)
    if not pairs:
        return None
    system, code = draw(st.sampled_from(pairs))
    forms = [escaped(code), f"{escaped(system)}|{escaped(code)}"] + ([f"{escaped(system)}|"] if system else [])
    return draw(st.sampled_from(forms))


def _string(draw: Any, value: Any) -> str | None:
    words = [text for text in oracle.texts(value) if oracle.folded(text)]
    if not words:
        return None
    text = draw(st.sampled_from(words))
    start, size = draw(st.sampled_from([0, 0, 1])), draw(st.integers(1, 30))
    some = text[start : start + size]
    shape = draw(st.sampled_from([str, str.upper, oracle.folded]))
    found = shape(some)
    return escaped(found) if oracle.folded(found) else None


def _date(draw: Any, value: Any) -> str | None:
    told = (
        [value]
        if isinstance(value, str)
        else [v for v in value.values() if isinstance(v, str)]
        if isinstance(value, dict)
        else [str(value)]
    )
    if not told:
        return None
    text = draw(st.sampled_from(told))
    day, _, clock = text.partition("T")
    forms = [day[:4], day[:7], day] + ([text, f"{day}T{clock[:5]}", f"{day}T{clock[:8]}"] if clock else [])
    return draw(PREFIXES) + draw(st.sampled_from(forms))


def _quantity(draw: Any, value: Any) -> str | None:
    known = oracle.amounts(value)
    if not known:
        return None
    low, high, system, units = draw(st.sampled_from(known))
    near = low if low > float("-inf") else high
    number = draw(st.sampled_from([near, near + 1, near - 0.5, round(near)]))
    text = f"{draw(PREFIXES)}{number:g}" if abs(number) < 100_000 else None
    unit = draw(st.sampled_from(sorted(units))) if units else ""
    return text and text + draw(
        st.sampled_from(
            ["", f"|{escaped(system)}|{escaped(unit)}" if unit else "", f"||{escaped(unit)}" if unit else ""]
        )
    )


def _uri(draw: Any, value: Any) -> str | None:
    return escaped(str(value)) if isinstance(value, str) else None


def _reference(draw: Any, value: Any) -> str | None:
    found = oracle.addresses(value)
    if not found or found[0].startswith("#"):
        return None
    forms = [found[0]] + (
        [found[0].partition("/")[2], f"{BASE}/{found[0]}"] if re.fullmatch(r"[A-Za-z]+/[0-9a-f-]{36}", found[0]) else []
    )
    return escaped(draw(st.sampled_from(forms)))


_MAKERS = {
    "token": _token,
    "string": _string,
    "date": _date,
    "quantity": _quantity,
    "number": _quantity,
    "uri": _uri,
    "reference": _reference,
}
_MODIFIERS = {
    "token": ["", "", "", "not", "text"],
    "string": ["", "", "exact", "contains"],
    "uri": ["", "below", "above"],
}


def _one(draw: Any, resource: Json, name: str) -> tuple[str, str] | None:
    """A condition on a resource's parameter, made of what it says."""
    kind = resource["resourceType"]
    known = parameter(kind, name)
    assert known
    if draw(st.integers(0, 9)) == 0:
        return (f"{name}:missing", draw(st.sampled_from(["true", "false"]))) if known.kind != "composite" else None
    if known.kind == "composite":
        made = [_value(draw, parameter(kind, code), oracle.values(resource, code)) for code, _ in known.components]
        return (name, "$".join(made)) if all(made) else None  # type: ignore[arg-type]
    modifier = draw(st.sampled_from(_MODIFIERS.get(known.kind, [""])))
    found = oracle.values(resource, name)
    if modifier == "text":
        words = [text for one in found for text in oracle.labels(one) if oracle.folded(text)]
        return (f"{name}:text", escaped(draw(st.sampled_from(words))[:20])) if words else None
    if modifier == "exact":
        words = [text for one in found for text in oracle.texts(one) if oracle.folded(text)]
        return (f"{name}:exact", escaped(draw(st.sampled_from(words)))) if words else None
    some = [value for _ in range(draw(st.sampled_from([1, 1, 2]))) if (value := _value(draw, known, found))]
    return (f"{name}:{modifier}" if modifier else name, ",".join(some)) if some else None


def _value(draw: Any, known: Any, found: list[Any]) -> str | None:
    return _MAKERS[known.kind](draw, draw(st.sampled_from(found))) if found else None


@st.composite
def questions(draw: Any, resources: dict[str, Json]) -> tuple[str, list[tuple[str, str]]]:
    kinds = sorted({one["resourceType"] for one in resources.values()})
    among = draw(st.sampled_from(["Observation", "Condition", *kinds]))
    resource = draw(st.sampled_from([resources[key] for key in sorted(resources) if key.startswith(f"{among}/")]))
    kind = resource["resourceType"]
    mine = [
        one.name
        for one in parameters(kind)
        if answered(kind, one.name) and one.name not in ("_id", "_lastUpdated", "deceased", "phonetic")
    ]
    said = [name for name in mine if oracle.values(resource, name) or parameter(kind, name).kind == "composite"]  # type: ignore[union-attr]
    sorts = sorted({parameter(kind, name).kind for name in said or mine})  # type: ignore[union-attr]
    wanted = [
        _of_sort(draw, kind, said or mine, sort)
        for sort in draw(st.lists(st.sampled_from(sorts), min_size=1, max_size=2))
    ]
    pairs = [pair for name in wanted if (pair := _one(draw, resource, name))]
    way = draw(st.sampled_from(["plain", "plain", "chain", "has"]))
    if way == "chain" and (chained := _chain(draw, resources, resource)):
        pairs.append(chained)
    if way == "has" and pairs and (turned := _has(draw, resource, pairs, resources)):
        return turned
    return kind, pairs or [(f"{mine[0]}:missing", "true")]


def _of_sort(draw: Any, kind: str, among: list[str], sort: str) -> str:
    """One of a type's parameters of a sort: there are many more tokens than dates."""
    name: str = draw(st.sampled_from([one for one in among if parameter(kind, one).kind == sort]))  # type: ignore[union-attr]
    return name


def _chain(draw: Any, resources: dict[str, Json], resource: Json) -> tuple[str, str] | None:
    """Through one of the resource's references, to something that its target says."""
    ways = list(_leads(resource, resources))
    if not ways:
        return None
    name, there = draw(st.sampled_from(ways))
    kind = there["resourceType"]
    said = [
        one.name
        for one in parameters(kind)
        if answered(kind, one.name)
        and one.name not in ("_id", "_lastUpdated", "deceased", "phonetic")
        and oracle.values(there, one.name)
    ]
    pair = _one(draw, there, draw(st.sampled_from(said))) if said else None
    return (f"{name}:{kind}.{pair[0]}", pair[1]) if pair else None


def _has(
    draw: Any, resource: Json, pairs: list[tuple[str, str]], resources: dict[str, Json]
) -> tuple[str, list[tuple[str, str]]] | None:
    """What the resource leads to, by what the resource says."""
    ways = list(_leads(resource, resources))
    if not ways:
        return None
    name, there = draw(st.sampled_from(ways))
    return there["resourceType"], [(f"_has:{resource['resourceType']}:{name}:{key}", value) for key, value in pairs[:1]]


def _leads(resource: Json, resources: dict[str, Json]) -> Iterator[tuple[str, Json]]:
    kind = resource["resourceType"]
    for one in parameters(kind):
        if one.kind == "reference" and answered(kind, one.name):
            for address in (a for value in oracle.values(resource, one.name) for a in oracle.addresses(value)):
                if address in resources and resources[address]["resourceType"] in (one.targets or ()):
                    yield one.name, resources[address]


# -- the two agree ---------------------------------------------------------------------------------------------------


def _pages(book: Book, search: Search, size: int) -> Iterator[Any]:
    from dataclasses import replace

    after = None
    while True:
        page = book.search(replace(search, count=size, after=after, total="accurate"))
        yield page
        if (after := page.next) is None:
            return


def test_a_search_finds_what_the_official_expressions_find(
    world: tuple[Scope, dict[str, Json], dict[str, str]],
) -> None:
    who, resources, books = world
    judge = oracle.Oracle(resources, books)

    @given(questions(resources), st.sampled_from([3, 50, 1000]))
    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    def agree(question: tuple[str, list[tuple[str, str]]], size: int) -> None:
        kind, pairs = question
        found = parse(kind, pairs, base=BASE)
        assert found.search, (pairs, [fault.text().english for fault in found.faults])
        with open_book(who, "search") as book:
            pages = list(_pages(book, found.search, max(size, 3)))
        ids = [str(hit.row.id) for page in pages for hit in page.hits]
        expected = judge.find(kind, pairs)
        assert set(ids) == expected, (kind, pairs)
        assert len(ids) == len(expected) and {page.total for page in pages} == {len(expected)}

    agree()


def shown(body: bytes) -> bytes:
    """What is masked is there, for everybody who reads it. The library of the expressions overlooks it, as all that has
    nothing but an extension."""
    return body.replace(exact.dumps(MASKED), b'{"display":"masked"}')


def test_through_a_veil_nothing_is_found_by_what_can_not_be_read(
    world: tuple[Scope, dict[str, Json], dict[str, str]],
) -> None:
    """Every child's address is protected, and what is asked is made of what really stands there: whatever is found would
    be found by what the answer says, without places, names, and ways out."""
    who, resources, books = world
    Grant.objects.filter(grantee_id=who.unit_id).update(shelves=mask(BLOCKS, "OFH"))
    for child in all_children():
        Grant.objects.create(
            child_id=child, grantee_id=EVERYBODY, basis_id=child, part=0, shelves=0, level=0, lane="", rule=PROTECTED, purpose="",
            valid_from=0, valid_to=2**62,
        )  # fmt: skip
    told = {}
    with open_book(who, "search") as book:
        for kind in {one["resourceType"] for one in resources.values()}:
            pages = _pages(book, Search(Level(kind)), 1000)
            told |= {f"{kind}/{hit.row.id}": orjson.loads(shown(hit.body)) for page in pages for hit in page.hits}
    assert told.keys() <= resources.keys() and len(told) > 500
    judge = oracle.Oracle(told, books)

    @given(questions(resources))
    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    def nothing_more(question: tuple[str, list[tuple[str, str]]]) -> None:
        kind, pairs = question
        if any(re.search(r"(^|[.:])(name|given|family)(:|$)", key) for key, _ in pairs):
            return  # the names of people are told; that some are called like a place is chance
        found = parse(kind, pairs, base=BASE)
        assert found.search
        with open_book(who, "search") as book:
            ids = {str(hit.row.id) for page in _pages(book, found.search, 1000) for hit in page.hits}
        assert ids <= judge.find(kind, pairs), (kind, pairs)

    nothing_more()
