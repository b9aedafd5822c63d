"""Whose book a resource belongs in."""

from collections.abc import Iterable

import pytest

from barnetsbog.intake.filing import SHELF, Filed, file
from barnetsbog.intake.model import Item
from barnetsbog.record.promotion import promote
from barnetsbog.record.rows import Rows

ALMA, NOAH = b"alma" * 4, b"noah" * 4
NOTHING = Rows([], [], [], [], [], [])


def ident(name: str) -> bytes:
    return name.encode().ljust(16, b".")


def item(
    kind: str, name: str, *, about: Iterable[str] = (), names: Iterable[str] = (), number: str = ""
) -> Item:  # fmt: skip
    subjects, others = tuple(map(ident, about)), tuple(map(ident, names))
    return Item(
        "",
        kind,
        f"{kind}/{name}",
        ident(name),
        b"",
        0,
        promote({"resourceType": kind}),
        NOTHING,
        subjects,
        others,
        None,
        (("cpr", number),) if number else (),
    )


def filed(items: list[Item], patients: dict[str, bytes] | None = None, stored: dict[str, bytes] | None = None) -> Filed:
    known = {ident(name): child for name, child in (stored or {}).items()}
    return file(
        items, {ident(n): c for n, c in (patients or {}).items()}, lambda ids: {i: known[i] for i in ids if i in known},
        {("cpr", "noah"): NOAH},
    )  # fmt: skip


def test_a_patient_is_the_child_and_the_rest_say_whom_they_are_about() -> None:
    found = filed([item("Patient", "p"), item("Observation", "o", about=["p"])], {"p": ALMA})
    assert found.child == {0: ALMA, 1: ALMA}
    assert not found.faults


def test_the_directory_is_on_the_shelf() -> None:
    assert filed([item("Organization", "o"), item("PractitionerRole", "r", names=["o"])]).child == {0: SHELF, 1: SHELF}


def test_equipment_is_the_childs_when_it_says_so() -> None:
    found = filed([item("Device", "scales"), item("Device", "hers", about=["p"])], stored={"p": ALMA})
    assert found.child == {0: SHELF, 1: ALMA}


def test_a_patient_received_before_is_known() -> None:
    assert filed([item("Observation", "o", about=["p"])], stored={"p": ALMA}).child == {0: ALMA}


def test_what_says_nothing_goes_where_it_points_in_either_direction() -> None:
    header = item("MessageHeader", "m", names=["c"])
    picture = item("Media", "pic")
    report = item("DiagnosticReport", "d", about=["p"], names=["pic"])
    found = filed([header, item("Communication", "c", about=["p"]), picture, report, item("Patient", "p")], {"p": ALMA})
    assert set(found.child.values()) == {ALMA}
    assert len(found.child) == 5


def test_a_chain_is_followed_to_its_end() -> None:
    chain = [item("Provenance", f"x{i}", names=[f"x{i + 1}"]) for i in range(5)]
    found = filed(
        [*chain, item("Task", "x5", about=["p"]), item("Task", "other", about=["q"])], stored={"p": ALMA, "q": NOAH}
    )
    assert [found.child[i] for i in range(5)] == [ALMA] * 5


def test_in_a_unit_about_one_child_what_says_nothing_is_about_that_child() -> None:
    assert filed([item("Patient", "p"), item("Basic", "b")], {"p": ALMA}).child[1] == ALMA


def test_whom_it_is_about_may_be_said_by_number() -> None:
    items = [item("Patient", "p"), item("Observation", "o", number="noah"), item("Device", "d", number="noah")]
    assert filed(items, {"p": ALMA}).child == {0: ALMA, 1: NOAH, 2: NOAH}


def test_what_stands_in_a_book_stays_there_whoever_else_the_unit_speaks_of() -> None:
    assert filed([item("Patient", "p"), item("Binary", "b")], {"p": ALMA}, {"b": NOAH}).child == {0: ALMA, 1: NOAH}
    assert filed([item("Binary", "b")], stored={"b": NOAH}).child == {0: NOAH}


def test_what_is_refused_itself_is_still_in_another_childs_book() -> None:
    items = [
        item("Goal", "b", about=["q"], names=["a"]), item("Observation", "a", about=["p"], names=["b"]),
    ]  # fmt: skip
    assert filed(items, stored={"p": ALMA, "q": NOAH}).faults.keys() == {0, 1}


@pytest.mark.parametrize(
    ("items", "patients", "fault"),
    [
        ([item("Observation", "o", number="nobody")], {"p": ALMA}, "hverken er i filen eller i bogen"),
        ([item("Observation", "o", about=["p", "q"])], {"p": ALMA, "q": NOAH}, "to forskellige børn"),
        ([item("Observation", "o", about=["unknown"])], {}, "hverken er i filen eller i bogen"),
        ([item("Basic", "b")], {}, "hvilket barn"),
        ([item("Basic", "b")], {"p": ALMA, "q": NOAH}, "hvilket barn"),
    ],
)
def test_what_cannot_be_filed_says_why(items: list[Item], patients: dict[str, bytes], fault: str) -> None:
    found = filed([*items, *(item("Patient", name) for name in patients)], patients)
    assert fault in found.faults[0]
    assert 0 not in found.child


def test_nothing_points_into_another_childs_book() -> None:
    items = [
        item("Patient", "p"),
        item("Patient", "q"),
        item("Observation", "a", about=["p"], names=["b"]),
        item("Goal", "b", about=["q"]),
    ]
    found = filed(items, {"p": ALMA, "q": NOAH})
    assert "andet barns bog" in found.faults[2]
    assert found.child == {0: ALMA, 1: NOAH, 3: NOAH}


def test_nor_into_a_book_that_was_there_before() -> None:
    found = filed([item("Observation", "a", about=["p"], names=["b"])], stored={"p": ALMA, "b": NOAH})
    assert "andet barns bog" in found.faults[0]


def test_only_what_may_still_arrive_is_waited_for() -> None:
    found = filed(
        [item("Observation", "o", about=["p"]), item("Observation", "two", about=["q", "r"])],
        stored={"q": ALMA, "r": NOAH},
    )
    assert found.waiting == {0}
