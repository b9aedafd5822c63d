"""Criteria instead of ids: conditional create, update, patch and delete, and search as the interface answers it."""

import re
import zlib
from base64 import b64decode
from contextlib import suppress
from urllib.parse import quote, unquote, urlencode
from uuid import UUID

import pytest

from barnetsbog.exchange.fhir.negotiation import LONGEST_ADDRESS, LONGEST_FORM
from tests.builders import Json
from tests.conftest import BOTH_DATABASES

from .conftest import World, entry, tag

pytestmark = BOTH_DATABASES
FORM = "application/x-www-form-urlencoded"


def tagged(world: World, value: str = "a1", about: str = "alma", **more: object) -> Json:
    return world.observation(about, identifier=[{"system": "http://ppr.example/id", "value": value}], **more)


BY = "identifier=http://ppr.example/id|"


def test_what_is_there_is_not_created_again(world: World) -> None:
    made = world("ppr").post("Observation", tagged(world), If_None_Exist=f"{BY}a1")
    again = world("ppr").post("Observation", tagged(world, valueString="andet"), If_None_Exist=f"{BY}a1")
    assert (made.status, again.status) == (201, 200)
    assert again.bytes == made.bytes
    assert again.headers["ETag"] == tag(f"Observation/{made.ident}", 1)
    other = world("ppr").post("Observation", tagged(world, "a2"), If_None_Exist=f"{BY}a2")
    assert other.status == 201


@pytest.mark.parametrize("address", ["?", "Observation?", "http://testserver/fhir/Observation?"])
def test_criteria_may_have_their_address_before_them(world: World, address: str) -> None:
    """firely-net-sdk#378, spark#520: as many send them, and HL7's own example (xds)."""
    made = world("ppr").post("Observation", tagged(world), If_None_Exist=f"{address}{BY}a1")
    again = world("ppr").post("Observation", tagged(world), If_None_Exist=f"{BY}a1")
    inside = world("ppr").transaction(entry("POST", "Observation", tagged(world), ifNoneExist=f"{address}{BY}a1"))
    assert (made.status, again.status, inside.entries[0]["response"]["status"]) == (201, 200, "200 OK")
    assert world("ppr").post("Observation", tagged(world), If_None_Exist=f"Encounter?{BY}a1").status == 400


def test_what_is_hidden_is_as_if_it_were_not_there(world: World) -> None:
    """GP's observation stands on a shelf that PPR may not read, under the same identifier."""
    assert world("gp").post("Observation", tagged(world)).status == 201
    assert world("ppr").post("Observation", tagged(world), If_None_Exist=f"{BY}a1").status == 201


def test_criteria_that_choose_several_or_everything_choose_nothing(world: World) -> None:
    for _ in range(2):
        assert world("ppr").post("Observation", tagged(world)).status == 201
    before = world.stored()
    sent = tagged(world)
    for found in (
        world("ppr").post("Observation", sent, If_None_Exist=f"{BY}a1"), world("ppr").put(f"Observation?{BY}a1", sent), world("ppr").delete(f"Observation?{BY}a1"),
        world("ppr").patch(f"Observation?{BY}a1", [{"op": "remove", "path": "/valueString"}]), world("ppr").post("Observation", sent, If_None_Exist="_count=1"),
    ):  # fmt: skip
        assert (found.status, world.stored()) == (412, before)
    assert world("ppr").post("Observation", sent, If_None_Exist="farve=roed").status == 400


@pytest.mark.parametrize(
    "criteria", ["_has:Observation:has-member:code=x", "_source=http://ppr.example", "_security=x"]
)
def test_criteria_may_be_parameters_of_every_type(world: World, criteria: str) -> None:
    """They were said to choose nothing."""
    assert world("ppr").delete(f"Observation?{criteria}").status == 204
    assert world("ppr").post("Observation", world.observation(), If_None_Exist=criteria).status == 201


def test_a_write_that_is_to_find_nothing_or_something_is_not_done_otherwise(world: World) -> None:
    ppr, sent = world("ppr"), tagged(world)
    before = world.stored()
    assert ppr.put(f"Observation?{BY}a1", sent, If_Match='W/"1"').where == "http.if-match"
    assert world.stored() == before
    made = ppr.put(f"Observation?{BY}a1", sent, If_None_Match="*")
    assert made.status == 201
    before, changed = world.stored(), tagged(world, valueString="nyt")
    for found in (
        ppr.put(f"Observation?{BY}a1", changed, If_None_Match="*"), ppr.put(f"Observation/{made.ident}", {**changed, "id": made.ident}, If_None_Match="*"),
        ppr.patch(f"Observation/{made.ident}", [{"op": "remove", "path": "/valueString"}], If_None_Match="*"),
    ):  # fmt: skip
        assert (found.status, found.where, world.stored()) == (412, "http.if-none-match", before)
    assert ppr.put(f"Observation?{BY}a1", changed, If_None_Match='W/"1"').status == 400
    assert ppr.put(f"Observation?{BY}a1", changed, If_Match=tag(f"Observation/{made.ident}", 1)).status == 200


def test_an_update_by_criteria_changes_the_one_or_creates_it(world: World) -> None:
    made = world("ppr").put(f"Observation?{BY}a1", tagged(world))
    assert made.status == 201
    changed = world("ppr").put(f"Observation?{BY}a1", tagged(world, valueString="nyt"))
    assert (changed.status, changed.json["id"], changed.json["valueString"], changed.headers["ETag"]) == (
        200,
        made.ident,
        "nyt",
        tag(f"Observation/{made.ident}", 2),
    )
    assert world("ppr").put(f"Observation?{BY}a1", {**tagged(world), "id": world.id("o1")}).status == 400
    assert world("ppr").put(f"Observation?{BY}nej", {**tagged(world, "nej"), "id": "mit"}).status == 422


def test_a_patch_and_a_deletion_by_criteria(world: World) -> None:
    made = world("ppr").post("Observation", tagged(world))
    changed = world("ppr").patch(f"Observation?{BY}a1", [{"op": "replace", "path": "/valueString", "value": "nyt"}])
    assert (changed.status, changed.json["valueString"]) == (200, "nyt")
    assert world("ppr").patch(f"Observation?{BY}nej", [{"op": "remove", "path": "/valueString"}]).status == 404
    assert world("ppr").delete(f"Observation?{BY}a1").status == 204
    assert world("ppr").get(f"Observation/{made.ident}").status == 410
    assert world("ppr").delete(f"Observation?{BY}a1").status == 204


def test_a_stroke_before_the_criteria_changes_nothing(world: World) -> None:
    """As earlier versions of FHIR write it: `[type]/?[criteria]`."""
    made = world("ppr").put(f"Observation/?{BY}a1", tagged(world))
    assert made.status == 201, made.json
    found = world("ppr").get(f"Observation/?{BY}a1")
    assert [one["resource"]["id"] for one in found.entries] == [made.ident]
    assert found.json["link"][0]["url"].startswith("http://testserver/fhir/Observation?")
    assert world("ppr").get(f"Observation/{made.ident}/").bytes == made.bytes
    sent = [entry("GET", f"Observation/?{BY}a1"), entry("PUT", f"Observation/?{BY}a1", tagged(world, valueString="x"))]
    inside = world("ppr").transaction(*sent)
    assert inside.entries[1]["resource"]["id"] == made.ident, inside.json
    assert world("ppr").delete(f"Observation/?{BY}a1").status == 204


# -- search ------------------------------------------------------------------------------------------------------------


def test_a_search_is_a_bundle_of_what_may_be_read(world: World) -> None:
    found = world("ppr").get("Observation?_total=accurate")
    assert (found.json["type"], found.json["total"]) == ("searchset", 1)
    (one,) = found.entries
    assert one["fullUrl"] == f"http://testserver/fhir/{world.ref('o1')}"
    assert one["search"] == {"mode": "match"}
    assert one["resource"] == world("ppr").get(world.ref("o1")).json
    assert found.json["link"] == [{"relation": "self", "url": "http://testserver/fhir/Observation?_total=accurate"}]
    nothing = world("ppr").get("Observation?code=findes-ikke")
    assert nothing.entries == []
    assert "entry" not in nothing.json


def test_pages_are_followed_by_their_links(world: World) -> None:
    for number in range(5):
        world("ppr").post("Observation", tagged(world, f"p{number}"))
    path, found = "Observation?_count=2&_sort=-_lastUpdated", []
    while path:
        page = world("ppr").get(path)
        assert page.status == 200, page.json
        assert len(page.entries) <= 2
        found += [one["resource"]["id"] for one in page.entries]
        path = next((one["url"].partition("/fhir/")[2] for one in page.json["link"] if one["relation"] == "next"), "")
    assert len(found) == len(set(found)) == 6


@pytest.mark.parametrize(("who", "path", "form"), [
    ("ppr", "Observation/_search?_count=1", b"code=x&_sort=-_lastUpdated"),
    ("ppr", "Observation/_search", b"code=x&_count=1"),
    ("ppr", "Patient/{alma}/Observation/_search?code=x", b"_count=1"),
    ("ppr", "Questionnaire/_search?_count=1", b"status=active"),
    ("log-reader", "AuditEvent/_search?_count=1", b"action=E&case=2026-1"),
])  # fmt: skip
def test_pages_of_a_form_are_followed_with_the_same_form(world: World, who: str, path: str, form: bytes) -> None:
    for _ in range(2):
        world("ppr").post("Observation", world.observation(code={"coding": [{"code": "x"}]}))
        world("ppr").get("Observation?code=x")
    path, found = path.format(alma=world.id("alma")), []
    while path and len(found) < 2:
        page = world(who).send("POST", path, form, FORM)
        assert page.status == 200, page.json
        (one,) = page.entries
        found.append(one["resource"]["id"])
        links = {link["relation"]: link["url"].partition("/fhir/")[2] for link in page.json["link"]}
        assert form.decode() not in "".join(links.values())
        path = links.get("next", "")
    assert len(set(found)) == 2


def test_the_next_page_of_what_is_sorted_by_a_number_tells_nobody_the_number(world: World) -> None:
    """Its token stands in an address, which is written down on the way."""
    for value in ("hemmeligt-a", "hemmeligt-b"):
        world("ppr").post("Observation", tagged(world, value))
    form = f"{BY.rstrip('|')}|&_sort=identifier&_count=1".encode()
    page = world("ppr").send("POST", "Observation/_search", form, FORM)
    assert page.entries[0]["resource"]["identifier"][0]["value"] == "hemmeligt-a"
    token = unquote(page.json["link"][1]["url"].partition("_cursor=")[2])
    read = [b64decode(part + "=" * (-len(part) % 4), "-_") for part in re.split(r"[:.]", token)]
    for one in [*read]:
        with suppress(zlib.error):
            read.append(zlib.decompress(one))
    assert b"hemmeligt" not in b"".join([token.encode(), *read])
    again = world("ppr").send("POST", page.json["link"][1]["url"].partition("/fhir/")[2], form, FORM)
    assert again.entries[0]["resource"]["identifier"][0]["value"] == "hemmeligt-b"


def test_a_form_is_as_long_as_a_search_may_be_and_an_address_is_shorter(world: World) -> None:
    several = [world.id("o1"), *(str(UUID(int=number)) for number in range(500))]
    asked, more = urlencode({"_id": ",".join(several[:500])}), urlencode({"_id": ",".join(several)})
    assert len(asked) > LONGEST_ADDRESS
    found = world("ppr").send("POST", "Observation/_search", asked.encode(), FORM)
    assert [one["resource"]["id"] for one in found.entries] == [world.id("o1")], found.json
    inside = world("ppr").transaction(entry("GET", f"Observation?{asked}"), kind="batch").entries[0]
    assert [one["resource"]["id"] for one in inside["resource"]["entry"]] == [world.id("o1")]
    assert world("ppr").get(f"Observation?{asked}").status == 414
    for form, status, code in (
        (more, 400, "too-costly"),
        (f"code={'ø' * 20_000}", 400, "too-costly"),
        ("x" * (LONGEST_FORM + 1), 413, "too-long"),
    ):
        refused = world("ppr").send("POST", "Observation/_search", quote(form, safe="=&%").encode(), FORM)
        assert (refused.status, refused.json["issue"][0]["code"]) == (status, code)
        assert "POST _search" not in refused.said


def test_a_person_number_is_asked_for_in_a_form_and_stands_in_no_address(world: World) -> None:
    form = b"identifier=0505179902&_count=1"
    found = world("ppr").send("POST", "Patient/_search", form, FORM)
    assert [one["resource"]["id"] for one in found.entries] == [world.id("alma")]
    assert "0505179902" not in str(found.json["link"])
    hidden = world("ppr").send("POST", "Patient/_search", b"identifier=1402149903", FORM)
    assert hidden.entries == []
    assert world("ppr").send("POST", "Patient/_search", form, "application/fhir+json").status == 415
    assert world("ppr").send("POST", "Patient/_search", b"identifier=%ff", FORM).status == 400


CPR = "urn:oid:1.2.208.176.1.2|"


@pytest.mark.parametrize(
    "asked",
    ["Patient?identifier=0505179902", "Patient?identifier=050517-9902", "Patient?identifier=|0505179902",
     f"Patient?identifier={CPR}0505179902", f"Patient?identifier=http://x|1,{CPR}x", "Patient?identifier:not=070517TAA1",
     f"Observation?patient.identifier={CPR}0505179902", f"Observation?patient:identifier={CPR}0505179902",
     "Patient?identifier:of-type=http://terminology.hl7.org/CodeSystem/v2-0203|NNDNK|0505179902",
     "Patient?_has:Observation:patient:patient.identifier=0505179902"],
)  # fmt: skip
def test_a_person_number_in_an_address_is_refused_whatever_is_asked(world: World, asked: str) -> None:
    """Before anything is looked at: the answer is the same for one that is in the book and one that isn't."""
    in_form = world("ppr").send("POST", asked.replace("?", "/_search?"), b"_count=1", FORM)
    for answer in (world("ppr").get(asked), world("ppr").put(asked, {}), world("ppr").delete(asked), in_form):
        (issue,) = answer.json["issue"]
        assert (answer.status, issue["code"]) == (400, "not-supported")
        assert "POST _search" in issue["diagnostics"]


@pytest.mark.parametrize(
    "asked", [f"Observation?{BY}0505179902", "Observation?code=0505179902", "Observation?identifier=1234567890"]
)
def test_other_numbers_stand_in_addresses(world: World, asked: str) -> None:
    assert world("ppr").get(asked).status == 200


def test_by_a_number_in_a_bundle(world: World) -> None:
    """What a bundle says stands in no address."""
    asked = {"resourceType": "Bundle", "type": "batch", "entry": [
        {"request": {"method": "GET", "url": "Patient?identifier=0505179902"}}
    ]}  # fmt: skip
    (found,) = world("ppr").post("", asked).entries
    assert found["resource"]["total"] == 1


@pytest.mark.parametrize("name", ["Prøve", quote("Prøve")], ids=["as it is", "in digits"])
def test_letters_may_stand_as_they_are(world: World, name: str) -> None:
    """curl sends them so: they found nothing in an address, and were said not to be UTF-8 in a form."""
    for found in (
        world("ppr").get(f"Patient?family={name}"),
        world("ppr").send("POST", "Patient/_search", f"family={name}".encode(), FORM),
        world("ppr").send("POST", f"Patient/_search?family={name}", b"", FORM),
    ):
        assert [one["resource"]["id"] for one in found.entries] == [world.id("alma")], found.json
    assert world("ppr").send("POST", "Patient/_search", "family=Prøve".encode("latin-1"), FORM).status == 400


def test_a_compartment_is_what_belongs_to_somebody(world: World) -> None:
    alma, noah = world.ref("alma"), world.ref("noah")
    assert [one["resource"]["id"] for one in world("ppr").get(f"{alma}/Observation").entries] == [world.id("o1")]
    assert world("ppr").get(f"{noah}/Observation").entries == []
    assert world("ppr").send("POST", f"{alma}/Observation/_search", b"", FORM).entries
    assert world("ppr").get(f"{alma}/Hund").status == 404
    for kind in ("ValueSet", "AuditEvent", "Organization"):  # which there are, and in nobody's compartment here
        refused = world("ppr").get(f"{alma}/{kind}")
        assert (refused.status, refused.where) == (400, f"http.{kind}") and "bruges ikke" not in refused.said
    assert world("ppr").get(f"Organization/{world.id('ppr')}/Observation").status == 404


@pytest.mark.parametrize(
    ("query", "status"), [("farve=roed", 400), ("date=igaar", 400), ("_summary=alt", 400), ("_count=x", 400)]
)
def test_what_is_not_understood_is_refused_with_its_parameter(world: World, query: str, status: int) -> None:
    found = world("ppr").get(f"Observation?{query}")
    assert (found.status, found.where) == (status, f"http.{query.partition('=')[0]}")


def test_who_wants_it_lenient_is_told_what_was_left_out(world: World) -> None:
    found = world("ppr").get("Observation?farve=roed", Prefer="handling=lenient")
    assert found.status == 200
    assert [one["search"]["mode"] for one in found.entries] == ["match", "outcome"]
    assert found.entries[1]["resource"]["issue"][0]["severity"] == "warning"
    assert "farve" not in found.json["link"][0]["url"]


def test_what_comes_along_and_what_a_chain_passes_is_within_the_scope_of_the_token(world: World) -> None:
    both = world("ppr").get("Observation?_include=Observation:subject")
    assert {one["search"]["mode"] for one in both.entries} == {"match", "include"}
    world.allowed["ppr"] = {"Observation": frozenset("rs")}
    assert {one["search"]["mode"] for one in world("ppr").get("Observation?_include=Observation:subject").entries} == {
        "match"
    }
    assert world("ppr").get("Observation?subject:Patient.birthdate=2017").status == 403
    assert world("ppr").get("Patient?_has:Observation:subject:code=x").status == 403


def test_only_how_many(world: World) -> None:
    found = world("ppr").get("Observation?_summary=count")
    assert found.json["total"] == 1
    assert "entry" not in found.json


def test_nothing_comes_along_by_way_of_a_type_that_the_token_does_not_reach(world: World) -> None:
    """The unit of whoever wrote it was told, through a job that may not be read."""
    query = f"Observation?_id={world.id('o1')}&_include=Observation:performer&_include:iterate=PractitionerRole:organization"
    came = lambda: {one["resource"]["resourceType"] for one in world("ppr").get(query).entries}  # noqa: E731
    assert came() == {"Observation", "PractitionerRole", "Organization"}
    world.allowed["ppr"] = {one: frozenset("rs") for one in ("Observation", "Organization")}
    assert came() == {"Observation"}
