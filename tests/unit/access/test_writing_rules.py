"""Who may write what through the interfaces: every type, every reason, and what a capability looks after."""

from typing import Any
from uuid import UUID

import pytest

from barnetsbog.access import writing_rules as rules
from barnetsbog.access.deriving import OWN_CONSENT, OWN_RECORDS
from barnetsbog.access.roles import roles
from barnetsbog.fhir import check, resource_types
from barnetsbog.fhir.definitions import shape
from barnetsbog.fhir.own import BASE, EXTENSION
from barnetsbog.record.promotion import promote
from barnetsbog.record.rights import CONTENT, HEADINGS, GrantRow
from barnetsbog.record.shelves import EVERYTHING, mask, shelf
from tests.builders import observation

Json = dict[str, Any]
OURS, THEIRS = UUID(int=7), UUID(int=8)
WRITER, REGISTRAR = frozenset(("write",)), frozenset(("write", "master-data"))


def test_every_type_has_one_answer() -> None:
    named = [rules.PLAIN, rules.MASTER_DATA, frozenset(rules.CAPABILITIES)]
    assert sum(map(len, named)) == len(frozenset.union(*named))
    assert frozenset.union(*named) <= resource_types()
    for kind in resource_types():
        found = rules.may_write(kind, REGISTRAR)
        assert found.allowed is (kind in rules.PLAIN | rules.MASTER_DATA), kind
        assert found.reason and found.rules
        assert not rules.may_write(kind, ()).allowed
        assert rules.may_write(kind, WRITER).allowed is (kind in rules.PLAIN), kind


def test_whoever_works_with_children_writes_through_an_app_and_nobody_else_does() -> None:
    for role in roles().values():
        if not role.system:
            written = {kind for kind in resource_types() if rules.may_write(kind, role.may).allowed}
            works = not role.citizen and "refer" in role.may
            assert written == (rules.PLAIN if works else set()), role.code


@pytest.mark.parametrize(
    ("kind", "written", "allowed"),
    [
        ("Observation", rules.Written(OURS, None), True), ("Observation", rules.Written(THEIRS, OURS), False), ("Observation", rules.Written(None, OURS), True),
        ("Observation", rules.Written(None, None), False), ("Patient", rules.Written(None, OURS), True), ("Patient", rules.Written(OURS, THEIRS), False),
        ("EpisodeOfCare", rules.Written(OURS, None), False),
    ],
)  # fmt: skip
def test_a_unit_changes_what_it_has_written(kind: str, written: rules.Written, allowed: bool) -> None:
    assert rules.may_change(kind, written, OURS).allowed is allowed
    assert not rules.may_change(kind, written, None).allowed


def test_a_task_and_nothing_else_lets_write() -> None:
    on = shelf("TI", "H")

    def grant(**more: Any) -> GrantRow:
        return GrantRow(
            **{
                "shelves": EVERYTHING,
                "level": CONTENT,
                "source_id": OURS,
                "lane": "",
                "entry_id": None,
                "rule": OWN_RECORDS,
                **more,
            }
        )

    def asked(*grants: GrantRow, unit: UUID | None = OURS, shelves: int = EVERYTHING) -> tuple[str, ...]:
        found = rules.has_task(grants, unit, on, shelves, OWN_RECORDS)
        return () if found.allowed else found.rules

    assert asked(grant()) == ()
    for other in (
        grant(rule="SL42A", source_id=None),
        grant(rule=OWN_CONSENT),
        grant(source_id=THEIRS),
        grant(level=HEADINGS),
        grant(rule="OWN-BREAKGLASS-60", source_id=None),
    ):
        assert asked(other) == (rules.TASK,)
    assert asked() == asked(grant(), unit=None) == (rules.TASK,)
    assert asked(grant(), shelves=mask(["ST"], "O")) == asked(grant(shelves=mask(["AK"], "H"))) == (rules.ROLE,)


def mark(name: str, **value: Any) -> Json:
    return {"url": f"{EXTENSION}{name}", **(value or {"valueString": "x"})}


def kind_of(code: str) -> list[Json]:
    return [{"coding": [{"system": f"{BASE}/CodeSystem/entry-kind", "code": code}]}]


TOUCHES: list[tuple[Json, Json | None, bool]] = [
    (observation(), None, True), (observation(), observation(), True), (observation(extension=[mark("author"), mark("place")]), None, True),
    (observation(category=kind_of("measure")), None, True), (observation(category=kind_of("childs-view")), None, False),
    (observation(extension=[mark("said-to")]), None, False), (observation(component=[{"code": {"text": "x", "extension": [mark("scale")]}}]), None, False),
    (observation(), observation(category=kind_of("childs-view")), False), (observation(), observation(extension=[mark("follow-up")]), False),
    (observation(), observation(category=kind_of("concern")), False), (observation(extension=[{"url": "http://x"}]), None, True),
    (observation(meta={"tag": [{"system": f"{BASE}/CodeSystem/entry-tag", "code": "important"}]}), None, True),
    (observation(meta={"tag": [{"system": f"{BASE}/CodeSystem/entry-tag", "code": "restricted"}]}), None, False),
]  # fmt: skip


@pytest.mark.parametrize(("after", "before", "allowed"), TOUCHES)
def test_what_capabilities_look_after_is_left_alone(after: Json, before: Json | None, allowed: bool) -> None:
    assert rules.leaves_alone("Observation", after, before).allowed is allowed


def test_of_people_what_a_page_has_written_stays() -> None:
    person: Json = {"resourceType": "RelatedPerson", "extension": [mark("custody")]}
    chosen: Json = {"resourceType": "RelatedPerson", "extension": [mark("custody"), mark("mandate")]}
    assert rules.leaves_alone("RelatedPerson", person, None).allowed
    assert rules.leaves_alone("RelatedPerson", {**chosen, "active": True}, chosen).allowed
    assert not rules.leaves_alone("RelatedPerson", chosen, None).allowed
    assert not rules.leaves_alone("RelatedPerson", person, chosen).allowed
    assert not rules.leaves_alone("RelatedPerson", chosen, person).allowed


def test_nothing_is_sent_to_others_but_a_notification_of_concern() -> None:
    own, bup = "Organization/ppr", "Organization/bup"
    assert rules.may_send("message", [own], [own]).allowed
    assert not rules.may_send("message", [own, bup], [own]).allowed
    assert rules.may_send("concern", [bup], [own]).allowed
    assert not rules.may_send("concern", [bup, "RelatedPerson/far"], [own]).allowed


@pytest.mark.parametrize("kind", sorted(rules.PLAIN))
def test_whoever_signs_is_read_as_the_author(kind: str) -> None:
    """And the element that they are put in is one that the type has."""
    author = "PractitionerRole/018f3c5e-0000-7000-8000-000000000000"
    found = rules.signed({"resourceType": kind}, author)
    (name,) = set(found) - {"resourceType"}
    element = shape(kind).elements[name]
    assert isinstance(found[name], list) is element.many
    assert name == "extension" or "PractitionerRole" in element.targets
    assert [
        one for one in check(found) if one.severity == "error" and name in one.path and one.rule != "cardinality-min"
    ] == []
    assert promote(found).author == author
    unit = rules.signed({"resourceType": kind}, "Organization/018f3c5e-0000-7000-8000-000000000000")
    assert not [one for one in check(unit) if one.severity == "error" and one.rule != "cardinality-min"]
    assert promote(unit).author == "Organization/018f3c5e-0000-7000-8000-000000000000"
    again = rules.signed({**found, name: found[name]}, author)
    assert promote(again).author == author
    # Also when our extension names somebody else, as of the family, and once however often it is written
    mother = {"url": f"{EXTENSION}author", "valueReference": {"reference": f"RelatedPerson/{UUID(int=7)}"}}
    for marks in ([mother], rules.signed({"resourceType": kind, "extension": [mother]}, author)["extension"][::-1]):
        over = rules.signed({"resourceType": kind, "extension": marks}, author)
        assert promote(over).author == author and len(over["extension"]) == 2


def test_a_label_is_kept_and_not_doubled() -> None:
    label = {"system": "http://x", "code": "a"}
    before = {"meta": {"security": [label]}}
    assert rules.labelled(observation(), before)["meta"]["security"] == [label]
    same = observation(meta={"security": [{**label, "display": "A"}]})
    assert rules.labelled(same, before) == same
