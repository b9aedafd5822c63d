"""relations.yaml and roles.yaml: a slip of the pen is refused with file, relation and field, and opens nothing."""

from typing import Any

import pytest
import yaml

from barnetsbog.access import relations, roles
from barnetsbog.access.relations import Opening, Relation, RelationsError
from barnetsbog.access.roles import RolesError
from barnetsbog.directory.model import SYSTEM_ROLES
from barnetsbog.law.rulebook import standard
from barnetsbog.record.rights import CONTENT, HEADINGS
from barnetsbog.record.shelves import BLOCKS, CLASSES, EVERYTHING, mask, shelf

BOOK = standard()


def unit(**changes: Any) -> dict[str, Any]:
    usual = {"sector": "ppr", "rules": ["FSL-PPV"], "purpose": "rådgivning", "opens": [opening()]}
    return {key: value for key, value in {**usual, **changes}.items() if value is not None}


def opening(**changes: Any) -> dict[str, Any]:
    usual = {"blocks": ["IN", "AK"], "classes": ["O"], "level": "content"}
    return {key: value for key, value in {**usual, **changes}.items() if value is not None}


def person(**changes: Any) -> dict[str, Any]:
    return {**unit(**changes), "person": "child"} if "sector" in changes else {
        **{key: value for key, value in unit(**changes).items() if key != "sector"}, "person": changes.get("person", "child")
    }  # fmt: skip


def read(units: Any = (), persons: Any = ()) -> relations.Relations:
    return relations.read(yaml.safe_dump({"units": list(units), "persons": list(persons)}), BOOK)


def test_a_sound_file() -> None:
    found = read([unit(), unit(opens=[opening(level="headings", written_by=["ppr", "bup"])])], [person(ages=[10, 15])])
    exact = 1 << shelf("IN", "O") | 1 << shelf("AK", "O")
    first, second = found.units["ppr"]
    assert first == Relation("ppr", ("FSL-PPV",), "rådgivning", (Opening(exact, CONTENT, ()),), (0, None))
    third = read([unit(task="placement", after="discharge-days")], [person()]).units["ppr"][0]
    assert (third.task, third.after, first.task, first.after) == ("placement", "discharge-days", "", "")
    assert second.opens == (Opening(exact, HEADINGS, ("ppr", "bup")),)
    assert found.persons["child"][0].ages == (10, 15) and list(found.persons) == ["child"]


def test_a_block_named_twice_is_one_shelf() -> None:
    assert read([unit(opens=[opening(blocks=["IN", "IN"])])], [person()]).units["ppr"][0].opens[
        0
    ].shelves == 1 << shelf("IN", "O")


BROKEN = [
    ([unit(sector="pprr")], "pprr: sector »pprr« kendes ikke"),
    ([unit(sector=None)], "sector: feltet sector mangler"),
    ([unit(sector=7)], "7: sector har ikke den rette form: 7"),
    ([unit(rules=None)], "ppr: feltet rules mangler"),
    ([unit(rules=[])], "ppr: rules har ikke den rette form: []"),
    ([unit(rules="FSL-PPV")], "ppr: rules har ikke den rette form"),
    ([unit(rules=["FSL-PPW"])], "ppr: rule »FSL-PPW« kendes ikke"),
    ([unit(rules=[["FSL-PPV"]])], "ppr: rule »['FSL-PPV']« kendes ikke"),
    ([unit(purpose="")], "ppr: purpose har ikke den rette form"),
    ([unit(purpose=None)], "ppr: feltet purpose mangler"),
    ([unit(opens=[])], "ppr: opens har ikke den rette form"),
    ([unit(opens=None)], "ppr: feltet opens mangler"),
    ([unit(ages=[0, 5])], "ppr: felt »ages« kendes ikke"),
    ([unit(task="special")], "ppr: task »special« kendes ikke"),
    ([unit(task=["placement"])], "ppr: task har ikke den rette form"),
    ([unit(after="ppv-givers")], "ppr: after »ppv-givers« kendes ikke"),
    ([unit(after=30)], "ppr: after har ikke den rette form"),
    ([unit(lanes=["ppr"])], "ppr: felt »lanes« kendes ikke"),
    ([unit(opens=["IN"])], "ppr: skal være felter med navne"),
    ([unit(opens=[opening(blocks=["XX"])])], "ppr: block »XX« kendes ikke"),
    ([unit(opens=[opening(blocks="IN")])], "ppr: blocks har ikke den rette form: 'IN'"),
    ([unit(opens=[opening(blocks=[])])], "ppr: blocks har ikke den rette form"),
    ([unit(opens=[opening(blocks=None)])], "ppr: feltet blocks mangler"),
    ([unit(opens=[opening(classes=["Q"])])], "ppr: class »Q« kendes ikke"),
    ([unit(opens=[opening(classes=None)])], "ppr: feltet classes mangler"),
    ([unit(opens=[opening(level="all")])], "ppr: level »all« kendes ikke"),
    ([unit(opens=[opening(level=3)])], "ppr: level har ikke den rette form"),
    ([unit(opens=[opening(level=None)])], "ppr: feltet level mangler"),
    ([unit(opens=[opening(written_by=["school", "skole"])])], "ppr: written_by »skole« kendes ikke"),
    ([unit(opens=[opening(written_by=[])])], "ppr: written_by har ikke den rette form"),
    ([unit(opens=[opening(writen_by=["school"])])], "ppr: felt »writen_by« kendes ikke"),
    (["ppr"], "sector: skal være felter med navne"),
]


@pytest.mark.parametrize(("units", "message"), BROKEN)
def test_a_broken_relation_is_refused_by_name(units: list[Any], message: str) -> None:
    with pytest.raises(RelationsError) as refused:
        read(units, [person()])
    assert str(refused.value).startswith("relations.yaml: ") and message in str(refused.value)


def test_an_age_alone_is_from_then_on() -> None:
    assert read([unit()], [person(ages=[15])]).persons["child"][0].ages == (15, None)


@pytest.mark.parametrize("ages", [[10, 10], [15, 10], [-1, 5], [True, 5], ["10", "15"], [0, 1, 2], [-1], ["10"]])
def test_ages_are_whole_numbers_in_order(ages: list[Any]) -> None:
    with pytest.raises(RelationsError, match=r"child: ages skal være fra og til, eller fra alene"):
        read([unit()], [person(ages=ages)])


@pytest.mark.parametrize(("content", "message"), [
    ("", "skal være felter med navne"), ("- units", "skal være felter med navne"), ("units: []", "persons mangler"),
    ("{units: [], persons: []}", "units har ikke den rette form"), ("{units: x, persons: []}", "units har ikke"),
    ("{units: [a], persons: [b], peple: []}", "felt »peple« kendes ikke"),
])  # fmt: skip
def test_a_file_of_another_form(content: str, message: str) -> None:
    with pytest.raises(RelationsError) as refused:
        relations.read(content, BOOK)
    assert "relations.yaml: filen:" in str(refused.value) and message in str(refused.value)


def test_a_field_or_a_role_that_stands_twice_is_refused_and_the_last_does_not_win() -> None:
    twice = "{units: [{sector: ppr, rules: [FSL-PPV], rules: [SL40], purpose: x, opens: []}], persons: []}"
    with pytest.raises(RelationsError, match="feltet 'rules' står to gange"):
        relations.read(twice, BOOK)
    with pytest.raises(RolesError, match="feltet 'teacher' står to gange"):
        roles.read("{professional: {teacher: {}, teacher: {}}, citizen: {}, system: {}}")


def test_an_unknown_kind_of_person() -> None:
    with pytest.raises(RelationsError, match="person »uncle« kendes ikke"):
        read([unit()], [person(person="uncle")])


def test_the_file_itself_names_every_sector_that_can_have_a_task() -> None:
    found = relations.read(relations.FILE.read_text(encoding="utf-8"), BOOK)
    # The police are told what is put in a pack for them, and look in no book.
    assert {*found.units} == {*relations.SECTORS} - {"family", "police"} and {*found.persons} == {*relations.PERSONS}
    assert all(
        rule in BOOK.rules
        for some in (*found.units.values(), *found.persons.values())
        for one in some
        for rule in one.rules
    )
    assert {one.opens[0].level for some in found.units.values() for one in some} == {CONTENT}


# -- roles -----------------------------------------------------------------------------------------------------------


def role(**changes: Any) -> dict[str, Any]:
    usual = {"purpose": "skole", "blocks": "all", "classes": ["O"], "level": "content", "may": ["find"]}
    return {key: value for key, value in {**usual, **changes}.items() if value is not None}


def read_roles(professional: Any = None, citizen: Any = None, system: Any = None) -> dict[str, roles.Role]:
    sides = {"professional": professional or {"teacher": role()}, "citizen": citizen or {"child": role()}}
    return roles.read(yaml.safe_dump({**sides, "system": system or {"connector": role()}}))


def test_a_sound_role() -> None:
    found = read_roles({"teacher": role(level="headings")})
    assert found["teacher"] == roles.Role("teacher", False, "skole", mask(BLOCKS, "O"), HEADINGS, frozenset({"find"}))
    assert found["child"].citizen and found["child"].reach == CONTENT
    assert [code for code, one in found.items() if one.system] == ["connector"]
    assert found["teacher"].privilege == "https://barnetsbog.example/roles/usersystemrole/teacher/1"
    assert read_roles({"a": role(classes="all")})["a"].shelves == EVERYTHING == mask(BLOCKS, CLASSES)


@pytest.mark.parametrize(("content", "message"), [
    (role(purpose=""), "purpose mangler"), (role(purpose=None), "se på purpose"), (role(blocks=["XX"]), "XX kendes ikke"),
    (role(blocks="IN"), "»IN« skal være en liste"), (role(classes=["Q"]), "Q kendes ikke"), (role(level="at"), "level »at« kendes ikke"),
    (role(may=["fly"]), "fly kendes ikke"), (role(may="find"), "»find« skal være en liste"), (role(extra=1), "se på extra"), (None, "se på blocks"),
])  # fmt: skip
def test_a_broken_role_is_refused_by_name(content: Any, message: str) -> None:
    with pytest.raises(RolesError) as refused:
        read_roles({"teacher": content})
    assert str(refused.value).startswith("roles.yaml: teacher: ") and message in str(refused.value)


@pytest.mark.parametrize("text", ["", "[]", "{professional: {}}", "{professional: {}, citizen: {}, other: {}}"])
def test_a_file_of_roles_of_another_form(text: str) -> None:
    with pytest.raises(RolesError, match=r"roles.yaml: filen skal have"):
        roles.read(text)


def test_a_role_is_a_professionals_or_a_citizens_or_a_programs() -> None:
    with pytest.raises(RolesError, match="child: står to steder"):
        read_roles({"child": role()})
    with pytest.raises(RolesError, match="teacher: står to steder"):
        read_roles(system={"teacher": role()})


def test_what_is_written_twice_is_refused_and_never_the_last_one() -> None:
    twice = "professional:\n  teacher: {level: headings}\n  teacher: {level: content}\ncitizen: {}\nsystem: {}\n"
    with pytest.raises(RolesError, match="'teacher' står to gange"):
        roles.read(twice)
    with pytest.raises(RelationsError, match="'units' står to gange"):
        relations.read("units: [a]\nunits: []\npersons: []\n", BOOK)


def test_nobody_works_in_the_role_of_a_program() -> None:
    assert {code for code, one in roles.roles().items() if one.system} == {*SYSTEM_ROLES}


def test_nobody_can_do_anything() -> None:
    assert roles.role_named("nobody") == roles.NOBODY and not roles.NOBODY.shelves and not roles.NOBODY.may
    assert {"psychologist", "holder"} <= {*roles.roles()}
