"""A mandate as FHIR: what is written reads back the same, and what can't be read precisely opens nothing."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from barnetsbog.fhir import check
from barnetsbog.fhir.own import EXTENSION
from barnetsbog.kernel.cpr import CPR_SYSTEM, DEMO_SYSTEM
from barnetsbog.kernel.lix import lix
from barnetsbog.kernel.time import DAY, day_start
from barnetsbog.mandates.mapping import changed, helper, mandates_of
from barnetsbog.mandates.model import Kind, Mandate, Wanted
from barnetsbog.mandates.rules import is_number_of, lasts

CHILD, MOTHER, HELPER = (f"10000000-0000-7000-8000-00000000000{n}" for n in (1, 2, 3))
NOW = day_start(date(2026, 11, 25))
LAY = Mandate(HELPER, CHILD, Kind.LAY, frozenset(("AK", "IN")), date(1984, 4, 17), NOW, NOW + 100 * DAY)
GIVEN = replace(LAY, giver=MOTHER, kind=Kind.MANDATE, start=NOW + 3, end=NOW + DAY + 7)


@pytest.mark.parametrize("mandate", [LAY, GIVEN, replace(LAY, excluded_at=NOW + 5)])
def test_what_is_written_reads_back_the_same_and_is_valid(mandate: Mandate) -> None:
    written = helper(mandate, child=CHILD, name="Birgitte Medgang", phone="00 00 00 21")
    assert [issue.text() for issue in check(written) if issue.severity == "error"] == []
    assert list(mandates_of(written)) == [mandate]


def test_a_change_leaves_everything_else_that_is_known_of_the_person() -> None:
    person = helper(LAY, child=CHILD, name="Birgitte Medgang", phone="00 00 00 21")
    person["extension"].append({"url": f"{EXTENSION}lives-with-child", "valueBoolean": False})
    person["address"] = [{"city": "Eksempelby"}]
    after = changed(person, LAY, replace(LAY, excluded_at=NOW + 5), reason="Fordi")
    (found,) = mandates_of(after)
    assert found.excluded_at == NOW + 5 and found.ends == NOW + 5
    assert {**after, "extension": 0} == {**person, "extension": 0} and after["extension"][1] == person["extension"][1]


def _without(part: str) -> dict[str, Any]:
    written = helper(LAY, child=CHILD, name="B")
    (said,) = written["extension"]
    said["extension"] = [one for one in said["extension"] if one["url"] != part]
    return written


def _with(part: str, **value: Any) -> dict[str, Any]:
    written = _without(part)
    written["extension"][0]["extension"].append({"url": part, **value})
    return written


@pytest.mark.parametrize(
    "unclear",
    [
        _without("kind"), _without("period"), _without("block"), _without("given-by"), _with("kind", valueCode="ven"),
        _with("block", valueCode="SA"), _with("block", valueCode="alt"), _with("period", valuePeriod={"end": "2027-01-01"}),
        _with("period", valuePeriod={"start": "2027-01-01", "end": "2026-01-01"}), _with("excluded-at", valueDateTime="i går"),
        {**helper(LAY, child=CHILD, name="B"), "birthDate": "1984"}, {**helper(LAY, child=CHILD, name="B"), "active": False},
    ],
)  # fmt: skip
def test_what_is_unclear_opens_nothing(unclear: dict[str, Any]) -> None:
    assert list(mandates_of(unclear)) == []


def test_a_bisidder_lasts_until_18_at_most() -> None:
    born = date(2009, 2, 28)
    until, eighteen = NOW + 300 * DAY, day_start(date(2027, 2, 28))
    assert lasts(Kind.LAY, until, born, own=True) == eighteen
    assert lasts(Kind.MANDATE, until, born, own=False) == eighteen, "a parent sees nothing any more, nor lends it"
    assert lasts(Kind.MANDATE, until, born, own=True) == until == lasts(Kind.LAY, until, None, own=True)


@pytest.mark.parametrize("reads", [True, False])
@pytest.mark.parametrize("kind", Kind)
def test_what_follows_is_told_in_easy_words(kind: Kind, reads: bool) -> None:
    from barnetsbog.portal.family.helpers import follows

    told = follows(Wanted("Birgitte Medgang", LAY.born, kind, LAY.blocks, LAY.end), LAY.end, reads=reads)
    assert lix(" ".join(told)) <= 30, told
    assert any("Dine forældre skal ikke sige ja." in one for one in told) is (kind is Kind.LAY)


@pytest.mark.parametrize(("number", "fits"), [
    ("170484-9901", True), ("1704841234", True), ("170484-1234", True), ("7704849901", True), ("7704841234", False),
    ("180484-1234", False), ("17048412", False), ("170484123²", False), ("١٧٠٤٨٤١٢٣٤", False), ("0117841234", False),
])  # fmt: skip
def test_a_number_that_can_be_that_of_somebody_born_on_a_day(number: str, fits: bool) -> None:
    assert is_number_of(number, LAY.born) is fits


def test_a_number_is_written_under_the_system_that_it_is_of() -> None:
    for number, system in (("170484-1234", CPR_SYSTEM), ("770484-9901", DEMO_SYSTEM)):
        written = helper(LAY, child=CHILD, name="Birgitte Medgang", number=number)
        assert written["identifier"] == [{"system": system, "value": number.replace("-", "")}]
    assert "identifier" not in helper(LAY, child=CHILD, name="Birgitte Medgang")
