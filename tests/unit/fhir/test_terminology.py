"""The terminology service: value sets, code systems and concept maps out of loaded packages."""

from typing import Any

import pytest

from barnetsbog.fhir.packages import Library
from barnetsbog.fhir.terminology import Concept, NotFound, NotLoaded, Terminology, Translation, normalised_system
from barnetsbog.fhir.terminology.model import Missing
from tests.packages import COLOURS, HERE, SIZES, chosen, code_system, colours, concept, package, value_set

Json = dict[str, Any]
ICPC, ICPC_OF_KL = "urn:oid:1.2.208.176.2.31", "https://kiap.dk/koder/icpc-2-dk"
SNOMED = "http://snomed.info/sct"
MAP: Json = {
    "resourceType": "ConceptMap", "url": f"{HERE}/ConceptMap/m", "status": "active", "group": [
        {"source": COLOURS, "target": SIZES, "element": [
            {"code": "red", "target": [{"code": "large", "equivalence": "wider", "display": "Stor"}]},
            {"code": "blue", "target": [{"code": "large", "equivalence": "equivalent"}]},
        ], "unmapped": {"mode": "fixed", "code": "small"}},
        {"source": COLOURS, "target": ICPC, "element": [{"code": "red", "target": [{"code": "P01", "equivalence": "equal"}]}]},
    ],
}  # fmt: skip


def vs(name: str) -> str:
    return f"{HERE}/ValueSet/{name}"


def service(*more: Json) -> Terminology:
    return Terminology(Library.of(package(*colours(), MAP, *more)))


def codes(terms: Terminology, name: str, **asked: Any) -> list[str]:
    return [one.code for one in terms.expand(vs(name), **asked).concepts]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("colours", ["red", "crimson", "rust", "blue"]),
        ("reds", ["red", "crimson", "rust"]),
        ("under-red", ["crimson", "rust"]),
        ("warm", ["red"]),
        ("with-r", ["red", "rust"]),
        ("not-red", ["blue"]),
        ("sizes", ["small"]),
        ("all", ["red", "crimson", "rust", "small"]),
        ("both", ["red", "rust"]),
        ("round", []),
    ],
)
def test_what_is_in_a_value_set_is_what_it_expands_to(name: str, expected: list[str]) -> None:
    terms = service()
    assert codes(terms, name) == expected
    every = [
        (COLOURS, "red"),
        (COLOURS, "crimson"),
        (COLOURS, "rust"),
        (COLOURS, "blue"),
        (SIZES, "small"),
        (SIZES, "large"),
    ]
    inside = [code for system, code in every if terms.contains(vs(name), system, code)]
    assert inside == expected
    assert [code for system, code in every if terms.validate_code(vs(name), system, code).result] == expected
    assert terms.contains(vs(name), SIZES, "red") is False


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (("concept", "is-not-a", "red"), ["blue"]),
        (("code", "in", "red,blue"), ["red", "blue"]),
        (("code", "not-in", "red,blue"), ["crimson", "rust"]),
        (("warm", "exists", "true"), ["red", "blue"]),
        (("warm", "exists", "false"), ["crimson", "rust"]),
        (("concept", "generalizes", "rust"), ["red", "rust"]),
        (("parent", "=", "red"), ["crimson", "rust"]),
        (("display", "regex", "[RB].*"), ["red", "rust", "blue"]),
    ],
)
def test_filters(rule: tuple[str, str, str], expected: list[str]) -> None:
    assert codes(service(value_set("f", chosen(COLOURS, *rule))), "f") == expected


def test_pages_words_language_and_what_is_retired() -> None:
    terms = service(value_set("live", {"system": COLOURS}, inactive=False))
    page = terms.expand(vs("colours"), offset=1, count=2)
    assert ([one.code for one in page.concepts], page.total, page.offset) == (["crimson", "rust"], 4, 1)
    assert codes(terms, "colours", text="BL") == ["blue"] == codes(terms, "colours", text="blå")
    assert codes(terms, "colours", active_only=True) == ["red", "crimson", "blue"] == codes(terms, "live")
    for system in (COLOURS, None):
        assert [terms.contains(vs("live"), system, code) for code in ("red", "rust")] == [True, False]
    shown = [one.display for one in terms.expand(vs("colours"), language="da-DK").concepts]
    assert shown == ["Red", "Crimson", "Rust", "Blå"]


def test_what_is_not_loaded_is_said_and_not_guessed() -> None:
    terms = service(value_set("half", {"system": COLOURS, "concept": [{"code": "red"}]}, {"system": SNOMED}))
    assert terms.contains(vs("half"), SNOMED, "1") is None
    assert terms.contains(vs("half"), COLOURS, "red") is True
    expanded = terms.expand(vs("half"))
    assert ([one.code for one in expanded.concepts], expanded.missing) == (["red"], (SNOMED,))
    assert terms.validate_code(vs("half"), SNOMED, "1").missing == (SNOMED,)
    assert terms.validate_in_system(SNOMED, "1").result is None
    assert terms.contains(vs("nowhere"), COLOURS, "red") is None
    for ask in (lambda: terms.expand(vs("nowhere")), lambda: terms.lookup(SNOMED, "1"),
                lambda: terms.translate(COLOURS, "red", canonical="urn:nowhere")):  # fmt: skip
        with pytest.raises(NotLoaded):
            ask()


def test_a_fragment_does_not_say_what_there_is_not() -> None:
    some = value_set("f", {"system": "urn:f"}), value_set("under", chosen("urn:f", "concept", "is-a", "top"))
    terms = service(code_system("urn:f", concept("a"), content="fragment"), *some)
    assert terms.contains(vs("under"), "urn:f", "a") is None
    assert [terms.contains(vs("f"), "urn:f", code) for code in ("a", "b")] == [True, None]
    assert terms.validate_in_system("urn:f", "b").result is None
    with pytest.raises(NotLoaded):
        terms.lookup("urn:f", "b")


def test_the_value_sets_of_the_standard_are_built_in() -> None:
    terms = Terminology(Library())
    gender = "http://hl7.org/fhir/ValueSet/administrative-gender"
    assert terms.contains(gender, None, "female") is True
    assert terms.contains(f"{gender}|4.0.1", "http://hl7.org/fhir/administrative-gender", "pige") is False
    assert len(terms.expand(gender).concepts) == 4


def test_a_value_set_that_only_says_what_it_contains() -> None:
    stored = {"resourceType": "ValueSet", "url": vs("e"), "status": "active", "expansion": {"contains": [
        {"system": COLOURS, "abstract": True, "code": "x", "contains": [{"system": COLOURS, "code": "red"}]}]}}  # fmt: skip
    terms = service(stored)
    assert codes(terms, "e") == ["red"]
    assert [terms.contains(vs("e"), COLOURS, code) for code in ("red", "x")] == [True, False]


@pytest.mark.parametrize("expansion", [None, {"total": 2}, {"offset": 1}])
def test_a_value_set_that_says_a_part_of_what_it_contains(expansion: Json | None) -> None:
    some = {"contains": [{"system": COLOURS, "code": "red"}]}
    said = {"expansion": expansion | some} if expansion else {}
    terms = service({"resourceType": "ValueSet", "url": vs("e"), "status": "active", **said})
    assert terms.contains(vs("e"), COLOURS, "red") is (True if said else None)
    assert terms.contains(vs("e"), COLOURS, "blue") is None
    assert terms.expand(vs("e")).missing == (vs("e"),)


@pytest.mark.parametrize(
    "rule",
    [("display", "regex", "("), ("concept", "nonsense", "red"), ("constraint", "=", "<< red"), ("kind", "in", "a")],
)
def test_a_filter_that_is_not_known_is_told(rule: tuple[str, str, str]) -> None:
    terms, missing = service(value_set("f", chosen(COLOURS, *rule))), Missing()
    assert terms.contains(vs("f"), COLOURS, "red", missing=missing) is None
    assert tuple(missing.urls) == (vs("f"),) == terms.expand(vs("f")).missing


def test_value_sets_in_circles_and_deep_in_each_other() -> None:
    twice = [value_set(f"t{n}", {"valueSet": [vs(f"t{n + 1}")]}, {"valueSet": [vs(f"t{n + 1}")]}) for n in range(40)]
    inside = [value_set(f"d{n}", {"valueSet": [vs(f"d{n + 1}")]}) for n in range(40)]
    own = value_set("own", {"valueSet": [vs("own")]}, {"valueSet": [vs("own")]}, {"system": COLOURS})
    ends = [value_set(f"{name}40", {"system": COLOURS}) for name in "td"]
    endless = [value_set(f"e{n}", {"valueSet": [vs(f"e{n + 1}")]}) for n in range(200)]
    terms = service(*twice, *inside, *ends, *endless, own)
    for name in ("t0", "d0", "own"):
        assert [terms.contains(vs(name), COLOURS, code) for code in ("red", "purple")] == [True, False]
        assert codes(terms, name) == ["red", "crimson", "rust", "blue"]
    assert terms.contains(vs("e0"), COLOURS, "red") is None
    assert terms.expand(vs("e0")).missing


def test_lookup_tells_all_there_is() -> None:
    terms = service()
    red = terms.lookup(COLOURS, "red")
    assert (red.display, red.children, red.properties) == ("Red", ("crimson", "rust"), (("warm", True),))
    assert terms.lookup(COLOURS, "rust").parents == ("red",) and terms.lookup(COLOURS, "rust").inactive
    assert terms.lookup(COLOURS, "blue", language="da").display == "Blå"
    with pytest.raises(NotFound):
        terms.lookup(COLOURS, "purple")


def test_names() -> None:
    terms = service()
    assert terms.validate_code(vs("colours"), COLOURS, "blue", "Blå").result is True
    wrong = terms.validate_in_system(COLOURS, "blue", "Rød")
    assert (wrong.result, wrong.display) == (False, "Blue")
    assert "Blue" in wrong.message


def test_a_value_set_has_its_own_words_for_codes() -> None:
    words = {"code": "blue", "display": "Sea", "designation": [{"language": "da", "value": "Hav"}]}
    terms = service(value_set("sea", {"system": COLOURS, "concept": [words]}))
    for language, display in (("", "Sea"), ("da", "Hav")):
        assert [one.display for one in terms.expand(vs("sea"), language=language).concepts] == [display]
    for display, right in (("Sea", True), ("hav", True), ("Blå", True), ("BLUE", True), ("Sky", False)):
        assert terms.validate_code(vs("sea"), COLOURS, "blue", display).result is right
    assert terms.validate_in_system(COLOURS, "blue", "Sea").result is False


def test_an_edition_of_snomed_ct_is_any_version_of_it() -> None:
    edition = f"{SNOMED}/554471000005108"
    terms = service(code_system(SNOMED, concept("1"), version=f"{edition}/version/20260930"))
    assert terms.lookup(SNOMED, "1", edition).code == "1"
    with pytest.raises(NotLoaded):
        terms.lookup(SNOMED, "1", f"{SNOMED}/900000000000207008")


def test_a_supplement_adds_names_to_what_it_supplements() -> None:
    more = code_system(
        "urn:more",
        concept("red", designation=[{"language": "da", "value": "Rød"}]),
        content="supplement",
        supplements=COLOURS,
    )
    assert service(more).lookup(COLOURS, "red", language="da").display == "Rød"


def test_codes_of_a_system_that_ignores_case() -> None:
    terms = service(code_system("urn:i", concept("Ab"), caseSensitive=False))
    assert terms.lookup("urn:i", "AB").code == "Ab"
    with pytest.raises(NotFound):
        terms.lookup(COLOURS, "RED")


def test_definitions_that_are_not_made_as_the_standard_has_them_spoil_no_others() -> None:
    odd = [
        {"resourceType": "ValueSet", "url": vs(f"odd{n}"), "compose": {"include": one}}
        for n, one in enumerate((1, None, True))
    ]
    listed = concept("a", property=[{"code": "status", "valueCode": []}])
    terms = service(*odd, code_system("urn:odd", listed))
    assert terms.contains(vs("reds"), "urn:nobody", "x") is None
    assert terms.lookup("urn:odd", "a").inactive is False


def test_circles_in_a_code_system_end() -> None:
    round_ = [
        concept("a", property=[{"code": "parent", "valueCode": "b"}]),
        concept("b", property=[{"code": "parent", "valueCode": "a"}]),
    ]
    assert service(code_system("urn:r", *round_)).subsumes("urn:r", "a", "b") == "subsumes"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("red", "rust", "subsumes"),
        ("rust", "red", "subsumed-by"),
        ("red", "red", "equivalent"),
        ("red", "blue", "not-subsumed"),
    ],
)
def test_subsumes(one: str, other: str, expected: str) -> None:
    assert service().subsumes(COLOURS, one, other) == expected


def test_translations_there_and_back() -> None:
    terms, url = service(), MAP["url"]
    assert terms.translate(COLOURS, "red", target=SIZES) == [Translation("wider", SIZES, "large", "Stor", url)]
    assert [one.code for one in terms.translate(COLOURS, "red")] == ["large", "P01"]
    assert [one.code for one in terms.translate(COLOURS, "rust", canonical=url, target=SIZES)] == ["small"]
    turned = terms.translate(SIZES, "large", reverse=True)
    assert [one.code for one in turned] == ["red", "blue"]
    assert turned[0].equivalence == "narrower"
    assert terms.translate("urn:nothing", "red") == []


def test_a_map_may_leave_a_code_to_another_one() -> None:
    def mapped(name: str, code: str, **more: Any) -> Json:
        element = {"code": code, "target": [{"code": "small", "equivalence": "equal"}]}
        group = {"source": COLOURS, "target": SIZES, "element": [element], **more}
        return {"resourceType": "ConceptMap", "url": f"urn:{name}", "status": "active", "group": [group]}

    further = [{"unmapped": {"mode": "other-map", "url": f"urn:{name}"}} for name in ("b", "a", "gone")]
    terms = service(mapped("a", "red", **further[0]), mapped("b", "blue", **further[1]), mapped("c", "x", **further[2]))
    assert [one.source for one in terms.translate(COLOURS, "blue", canonical="urn:a")] == ["urn:b"]
    assert terms.translate(COLOURS, "rust", canonical="urn:a") == []
    with pytest.raises(NotLoaded):
        terms.translate(COLOURS, "rust", canonical="urn:c")
    assert [one.source for one in terms.translate(COLOURS, "red", target=SIZES) if one.source == "urn:a"] == ["urn:a"]


def test_what_holds_only_beside_something_else_is_not_said() -> None:
    target = {"code": "small", "equivalence": "equal", "dependsOn": [{"property": "urn:age", "value": "adult"}]}
    group = {"source": COLOURS, "target": SIZES, "element": [{"code": "red", "target": [target]}]}
    terms = service({"resourceType": "ConceptMap", "url": "urn:d", "status": "active", "group": [group]})
    assert terms.translate(COLOURS, "red", canonical="urn:d") == []
    assert terms.translate(SIZES, "small", canonical="urn:d", reverse=True) == []


def test_a_system_of_two_addresses_is_one() -> None:
    terms = service(code_system(ICPC, concept("P01")), value_set("icpc", {"system": ICPC_OF_KL}))
    assert normalised_system(ICPC_OF_KL) == ICPC == normalised_system(ICPC)
    assert normalised_system("https://www.kombit.dk/organisation") == "https://kombit.dk/sts/organisation"
    for system in (ICPC, ICPC_OF_KL):
        assert terms.lookup(system, "P01").display == "P01"
        assert terms.contains(vs("icpc"), system, "P01") is True
        assert [one.code for one in terms.translate(COLOURS, "red", target=system)] == ["P01"]


def test_the_first_name_in_the_nearest_language_is_shown() -> None:
    assert Concept("s", "c").displayed("da") == "c"
    assert Concept("s", "c", "d").displayed("en") == "d"
