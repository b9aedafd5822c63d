"""How a search is read from an address: what it means, what is wrong with it, and what nobody can make it do."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from barnetsbog.exchange.fhir import capability, kinds
from barnetsbog.exchange.fhir.asking import Asked, parse
from barnetsbog.exchange.fhir.conditions import DEEPEST, answered
from barnetsbog.fhir import search_parameters
from barnetsbog.fhir.definitions import parameters, resource_types
from barnetsbog.kernel.time import parse as moment
from barnetsbog.record.searching import model as m

BASE = "https://bog.example/fhir"


def ask(kind: str, *pairs: tuple[str, str], **more: object) -> Asked:
    return parse(kind, pairs, base=BASE, **more)  # type: ignore[arg-type]


def only(kind: str, name: str, value: str) -> object:
    found = ask(kind, (name, value))
    assert found.search, [fault.text().english for fault in found.faults]
    (condition,) = found.search.level.conditions
    return condition


def faults(kind: str, *pairs: tuple[str, str], **more: object) -> list[tuple[str, str]]:
    return [(fault.rule, fault.code) for fault in ask(kind, *pairs, **more).faults]


@pytest.mark.parametrize(("value", "coded"), [
    ("a", m.Coded(None, "a")), ("s|a", m.Coded("s", "a")), ("|a", m.Coded("", "a")), ("s|", m.Coded("s", None)),
    (r"a\,b", m.Coded(None, "a,b")), (r"s|a\|b", m.Coded("s", "a|b")), (r"a\$b\\", m.Coded(None, "a$b\\")),
])  # fmt: skip
def test_a_code_is_with_or_without_its_system(value: str, coded: m.Coded) -> None:
    assert only("Observation", "code", value) == m.Tokens("code", (coded,))


def test_an_element_of_type_code_has_the_system_that_it_is_bound_to() -> None:
    bound = "http://hl7.org/fhir/task-status|draft"
    assert (
        only("Task", "status", bound) == only("Task", "status", "draft") == m.Tokens("status", (m.Coded("", "draft"),))
    )
    assert only("Task", "status", "http://other|draft") == m.Tokens("status", (m.Coded("http://other", "draft"),))


@pytest.mark.parametrize(("value", "first", "after"), [
    ("2026", "2026-01-01T00:00:00+01:00", "2027-01-01T00:00:00+01:00"),
    ("2026-06", "2026-06-01T00:00:00+02:00", "2026-07-01T00:00:00+02:00"),
    ("2026-11-25", "2026-11-25T00:00:00+01:00", "2026-11-26T00:00:00+01:00"),
    ("2026-11-25T10:00", "2026-11-25T10:00:00+01:00", "2026-11-25T10:01:00+01:00"),
    ("2026-11-25T10:00:00Z", "2026-11-25T10:00:00Z", "2026-11-25T10:00:01Z"),
    ("2026-11-25T10:00:00 01:00", "2026-11-25T09:00:00Z", "2026-11-25T09:00:01Z"),
    ("2026-11-25T10:00:00.5-05:00", "2026-11-25T15:00:00.5Z", "2026-11-25T15:00:00.6Z"),
    ("2026-10-25T02:30", "2026-10-25T02:30:00+02:00", "2026-10-25T02:31:00+01:00"),
    ("2026-03-29T02:30", "2026-03-29T01:00:00Z", "2026-03-29T01:00:00Z"),
    ("2026-03-29T02:00:00", "2026-03-29T01:00:00Z", "2026-03-29T01:00:00Z"),
    ("2026-03-29T03:00", "2026-03-29T03:00:00+02:00", "2026-03-29T03:01:00+02:00"),
])  # fmt: skip
def test_a_date_is_the_time_that_it_leaves_open_and_danish_without_an_offset(
    value: str, first: str, after: str
) -> None:
    """On the last night of summer time half past two comes twice, and both count; on the first there is none, and what
    is from then on is from three."""
    (span,) = only("Observation", "date", f"ge{value}").values  # type: ignore[attr-defined]
    assert span == (m.Prefix.GREATER_OR_EQUAL, moment(first)[0], moment(after)[0] - 1)


@pytest.mark.parametrize(("value", "low", "high"), [
    ("5.4", 5.35, 5.45), ("5.40", 5.395, 5.405), ("100", 99.5, 100.5), ("1e2", 95, 105), ("-2", -2.5, -1.5),
])  # fmt: skip
def test_a_number_is_what_its_digits_leave_open(value: str, low: float, high: float) -> None:
    (amount,) = only("RiskAssessment", "probability", value).values  # type: ignore[attr-defined]
    assert (amount.low, amount.high) == (low, high)


@pytest.mark.parametrize(("name", "value", "addresses"), [
    ("subject", "Patient/1", ["Patient/1"]), ("subject", f"{BASE}/Patient/1/_history/2", ["Patient/1"]),
    ("subject:Patient", "1", ["Patient/1"]), ("patient", "1", ["Patient/1"]),
    ("subject", "1", ["Device/1", "Group/1", "Location/1", "Patient/1"]), ("subject", "https://x/y/Patient/1", ["https://x/y/Patient/1"]),
    ("subject:Patient", "Group/1", []),
])  # fmt: skip
def test_a_reference_is_an_address_or_an_id_of_the_types_that_it_may_lead_to(
    name: str, value: str, addresses: list[str]
) -> None:
    assert list(only("Observation", name, value).values) == addresses  # type: ignore[attr-defined]


@pytest.mark.parametrize(("pairs", "rule", "code"), [
    ([("favourite", "1")], "unknown-parameter", "not-supported"),
    ([("_text", "x")], "unanswerable", "not-supported"),
    ([("_content", "x")], "unanswerable", "not-supported"),
    ([("_contained", "true")], "unanswerable", "not-supported"),
    ([("_contained", "false"), ("_containedType", "contained")], "unanswerable", "not-supported"),
    ([("code:phonetic", "x")], "modifier", "not-supported"),
    ([("code", "")], "empty", "invalid"),
    ([("code", "a,,b")], "empty", "invalid"),
    ([("code", "a|b|c")], "token", "invalid"),
    ([("code", "|")], "token", "invalid"),
    ([("code", "a\0b")], "letters", "invalid"),
    ([("code", "\ud800")], "letters", "invalid"),
    ([("code", "a" * 30_000)], "too-long", "too-costly"),
    ([("code", ",".join(["a"] * 501))], "too-many-values", "too-costly"),
    ([("focus", ",".join(map(str, range(499))))], "too-many-values", "too-costly"),
    ([("date", "2026-13")], "date", "invalid"),
    ([("date", "0000")], "date", "invalid"),
    ([("date", "2026-02-30")], "date", "invalid"),
    ([("date", "2026-11-25T25:00")], "date", "invalid"),
    ([("date", "now")], "date", "invalid"),
    ([("value-quantity", "1e999")], "quantity", "invalid"),
    ([("value-quantity", "NaN")], "quantity", "invalid"),
    ([("value-quantity", "5|kg")], "quantity", "invalid"),
    ([("value-string", "\u0301")], "string", "invalid"),
    ([("subject", "Elefant/1")], "reference", "invalid"),
    ([("subject", "../1")], "reference", "invalid"),
    ([("subject:Elefant", "1")], "modifier", "not-supported"),
    ([("subject:Practitioner.name", "x")], "no-such-type", "invalid"),
    ([("subject.favourite", "x")], "unknown-parameter", "not-supported"),
    ([("code.name", "x")], "not-a-reference", "invalid"),
    ([("code-value-quantity", "a")], "composite", "invalid"),
    ([("code:in", "http://unknown")], "value-set", "not-supported"),
    ([("code:below", "s|a")], "code-system", "not-supported"),
    ([("code:missing", "perhaps")], "boolean", "invalid"),
    ([("_has:Observation:subject:code", "x")], "no-such-type", "invalid"),
    ([("_has:Elefant:a:b", "x")], "no-such-type", "invalid"),
    ([("_has:", "x")], "no-such-type", "invalid"),
    ([("_count", "-1")], "count", "invalid"),
    ([("_count", "٣")], "count", "invalid"),
    ([("_count", "1"), ("_count", "2")], "twice", "invalid"),
    ([("_total", "all")], "total", "invalid"),
    ([("_sort", "favourite")], "unknown-parameter", "not-supported"),
    ([("_sort:desc", "date")], "modifier", "not-supported"),
    ([("_count:x", "1")], "modifier", "not-supported"),
    ([("_sort", ",".join(["date"] * 6))], "too-many-values", "too-costly"),
    ([("_include", "Observation")], "include", "invalid"),
    ([("_include", "Observation:code")], "include", "invalid"),
    ([("_revinclude", "*")], "include", "invalid"),
    ([("code", "a")] * 61, "too-many-parameters", "too-costly"),
])  # fmt: skip
def test_what_is_wrong_is_told(pairs: list[tuple[str, str]], rule: str, code: str) -> None:
    found = ask("Observation", *pairs)
    assert found.search is None and [(fault.rule, fault.code) for fault in found.faults] == [(rule, code)]
    assert all(len(one) > 10 for fault in found.faults for one in (fault.text(), fault.text().english))


def test_what_is_not_understood_is_left_out_when_asked_for_gently() -> None:
    found = ask("Observation", ("code", "a"), ("favourite", "1"), ("date", "now"), strict=False)
    assert found.search and found.used == [("code", "a")]
    assert [fault.parameter for fault in found.ignored] == ["favourite", "date"]


def test_what_costs_too_much_is_never_left_out() -> None:
    assert faults("Observation", ("code", "a" * 30_000), strict=False) == [("too-long", "too-costly")]


def test_how_many_on_a_page() -> None:
    for said, count in (("0", 0), ("7", 7), ("999999", m.MOST)):
        found = ask("Patient", ("_count", said)).search
        assert found and found.count == count
    counted = ask("Patient", ("_summary", "count"), ("_count", "5")).search
    assert counted and counted.count == 0


@pytest.mark.parametrize("deep", [DEEPEST + 1, 10, 300])
def test_a_chain_that_is_too_deep_ends_with_a_word(deep: int) -> None:
    start = time.monotonic()
    assert faults("Organization", (".".join(["partof"] * deep + ["name"]), "x")) == [("too-deep", "too-costly")]
    back = "_has:Organization:partof:" * deep + "name"
    assert faults("Organization", (back, "x")) == [("too-deep", "too-costly")]
    assert time.monotonic() - start < 1


def test_a_chain_through_everything_ends_with_a_word() -> None:
    """A reference to any type, of any type, of any type."""
    start = time.monotonic()
    assert faults("Provenance", ("target.target.target._id", "x"))[0][1] == "too-costly"
    assert faults("Task", ("focus.focus.focus.focus.code", "x"))[0][1] == "too-costly"
    assert time.monotonic() - start < 2


@pytest.mark.parametrize(
    "bomb", ["(a+)+$" * 500, "9" * 10_000, "\\" * 10_000, "a|" * 5_000, "2026-" * 2_000, "1e" * 5_000]
)
def test_no_value_takes_long_to_read(bomb: str) -> None:
    start = time.monotonic()
    for kind in ("Observation", "Patient"):
        for one in parameters(kind):
            ask(kind, (one.name, bomb))
    assert time.monotonic() - start < 5


def test_every_standard_parameter_is_answered_or_said_not_to_be() -> None:
    """Of every type that a child's book or the directory can hold. New ones can't slip by."""
    left_out = {
        (kind, one.name) for kind in resource_types() for one in parameters(kind)
        if not answered(kind, one.name)
    }  # fmt: skip
    known = {"_text", "_content", "_query", "near", "part-agree", "item-subject"}
    assert {(kind, name) for kind, name in left_out if name not in known} == {
        ("InsurancePlan", "name"),
        ("InsurancePlan", "phonetic"),
    }


class Terms:
    def members(self, value_set: str) -> list[tuple[str, str]] | None:
        return {"http://v": [("s", "a"), ("s", "b")], "http://none": []}.get(value_set)

    def related(self, system: str, code: str, *, above: bool) -> list[str] | None:
        return [code, "top"] if above else [code, "bottom"]


def test_value_sets_and_hierarchies_are_asked_of_whoever_knows_them() -> None:
    def found(name: str, value: str) -> m.Search:
        search = ask("Observation", (name, value), terms=Terms()).search
        assert search
        return search

    codes = (m.Coded("s", "a"), m.Coded("s", "b"))
    assert found("code:in", "http://v").level.conditions == (m.Tokens("code", codes),)
    assert found("code:not-in", "http://v").level.conditions == (m.Tokens("code", codes, but=True),)
    assert found("code:in", "http://none").level.conditions == (m.Ids(()),)
    assert found("code:not-in", "http://none").level.conditions == ()
    assert found("code:below", "s|a").level.conditions == (
        m.Tokens("code", (m.Coded("s", "a"), m.Coded("s", "bottom"))),
    )


@given(st.text(max_size=40), st.text(max_size=60), st.booleans())
def test_nothing_that_is_written_breaks_the_reading(name: str, value: str, strict: bool) -> None:
    ask("Observation", (name, value), strict=strict)


_NAMES = st.sampled_from(
    [one.name for one in parameters("Observation")]
    + ["subject.name", "_has:Provenance:target:recorded", "_sort", "_include", "_count"]
)
_MARKS = st.text(alphabet="abc,|$\\:.-+ 0123456789TZgelt/åæø\"'%(", max_size=30)


@given(
    _NAMES, st.sampled_from(["", ":not", ":missing", ":exact", ":of-type", ":Patient", ":identifier", ":text"]), _MARKS
)
def test_no_value_of_a_known_parameter_breaks_the_reading(name: str, modifier: str, value: str) -> None:
    found = ask("Observation", (name + modifier, value))
    assert (found.search is None) is bool(found.faults)


def test_what_the_capability_statement_lists_is_answered_and_nothing_else() -> None:
    listed = {
        one["type"]: one["searchParam"] for one in json.loads(capability.statement(BASE, "da"))["rest"][0]["resource"]
    }
    for kind in kinds.SERVED:
        refused = {
            name for name in search_parameters(kind) if ("unanswerable", "not-supported") in faults(kind, (name, "1"))
        }
        assert {one["name"] for one in listed[kind]} == search_parameters(kind).keys() - refused, kind
