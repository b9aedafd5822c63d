"""Freja's address is protected. Who must not learn where she is, reads her book without what leads there. And who has
notified of a concern is protected from the family."""

import pytest

from barnetsbog.access.scopes import scope_for_person, through
from barnetsbog.fhir.own import EXTENSION
from barnetsbog.forms.loading import catalogue
from barnetsbog.record.models import Entry
from barnetsbog.record.promotion import ENTRY_KIND
from barnetsbog.record.scope import LoginLevel
from tests.builders import care, honour_conflict, patient, send
from tests.conftest import BOTH_DATABASES
from tests.integration.consent.conftest import holder

from .conftest import As, World, past, systems

pytestmark = BOTH_DATABASES


def test_no_reading_of_any_version_leads_to_where_a_child_is(world: World) -> None:
    protected = {"url": f"{EXTENSION}protected-address", "valueBoolean": True}
    address = [{"line": ["Gyldenrisvej 7"], "city": "Prøveby"}]
    organisation = {"reference": "Organization/gp", "display": "Enhed gp"}
    freja = patient(
        "freja",
        number="0303159933",
        extension=[protected],
        address=address,
        managingOrganization=organisation,
        meta={"source": "https://gp.example"},
    )
    for gender in ("female", "other"):
        report = send(
            *systems("ltt", "ltt"),
            {**freja, "gender": gender},
            care("f1", about="freja", unit_id="ltt"),
            care("f2", about="freja", unit_id="ppr"),
        )
        assert not report.refusals
    ref, task = world.ref("freja"), world.ref("f2")
    cleared, veiled = world("ppr"), world("ltt")
    assert cleared.get(ref).json["address"] == address
    assert cleared.get(task).json["managingOrganization"] == {"reference": world.ref("ppr")}
    paths = (
        ref,
        f"{ref}/_history",
        past(ref, 1),
        past(ref, 2),
        "Patient/_history",
        "_history",
        "Patient",
        task,
        f"{task}/_history",
        "EpisodeOfCare",
        f"{ref}/EpisodeOfCare",
    )
    for path in paths:
        found = veiled.get(path)
        assert found.status == 200, path
        about = [
            one
            for one in found.entries
            if not one["fullUrl"].split("/")[-2].startswith(("Organization", "Practitioner"))
        ] or found.json
        told = str(about)
        for place in ("Gyldenrisvej", "Enhed gp", "gp.example", world.id("gp"), world.id("ppr")):
            assert place not in told, (path, place)
    assert len(veiled.get(f"{ref}/_history").entries) == 2
    assert veiled.get(world.ref("f1")).json["managingOrganization"] == {"reference": world.ref("ltt")}
    for form in catalogue().values():
        filled = veiled.get(f"Questionnaire/{form.id}/$populate?subject={ref}")
        assert filled.status == 200
        for place in ("Gyldenrisvej", "Enhed gp", "Enhed ppr", world.id("gp"), world.id("ppr")):
            assert place not in filled.bytes.decode(), (form.id, place)


def _as_parent(world: World, monkeypatch: pytest.MonkeyPatch, reader: list[str]) -> As:
    """Whoever of Alma's family is named first in `reader` when something is asked for."""
    alma = world.child("alma")

    def scope(*_: object) -> object:
        found = scope_for_person(Entry.objects.get(title=reader[0]).id, alma, level=LoginLevel.SUBSTANTIAL)
        return found and through(found, "kurven", alma)

    monkeypatch.setattr(world, "scope", scope)
    return world("ppr-staff")


@pytest.mark.parametrize("sender", ["PractitionerRole/ppr-staff", "RelatedPerson/far"])
def test_who_has_notified_is_told_to_nobody_of_the_family_but_themselves(
    world: World, monkeypatch: pytest.MonkeyPatch, sender: str
) -> None:
    """Neither by reading nor by asking for one after the other."""
    concern = {
        "resourceType": "Communication", "id": "u1", "status": "completed", "subject": {"reference": "Patient/alma"},
        "category": [{"coding": [{"system": ENTRY_KIND, "code": "concern"}]}], "topic": {"text": "Underretning"},
        "meta": {"source": "https://ppr.example"}, "sent": "2026-11-20", "sender": {"reference": sender},
        "recipient": [{"reference": "Organization/gp"}], "identifier": [{"system": "https://ppr.example", "value": "7"}],
        "extension": [{"url": f"{EXTENSION}author", "valueReference": {"reference": sender}}],
    }  # fmt: skip
    for words in ("Han kom ikke.", "Han kom ikke igen."):
        said = {**concern, "payload": [{"contentString": words}]}
        assert not send(holder("mor", "Sara"), holder("far", "Jonas", at_home=False), said).refusals
    ref, who = world.ref("u1"), world.ref(sender.partition("/")[2])
    reader = ["Jonas"]
    if sender == "PractitionerRole/ppr-staff":
        assert world("ppr").get(ref).json["sender"]["reference"] == who
    parent = _as_parent(world, monkeypatch, reader)
    asking = [
        f"sender={who}",
        "sender:missing=false",
        "identifier=https://ppr.example|7",
        "_source=https://ppr.example",
    ]
    for name, is_own in (("Sara", False), ("Jonas", sender == "RelatedPerson/far")):
        reader[0] = name
        assert parent.get("Communication").json["total"] == 1
        for path in (ref, f"{ref}/_history", past(ref, 1), "Communication/_history", "Communication",
                     f"{world.ref('alma')}/$everything?_type=Communication"):  # fmt: skip
            found = parent.get(path)
            assert found.status == 200 and b"Han kom ikke" in found.bytes, (path, found.json)
            assert (who.encode() in found.bytes) is is_own, path
            assert is_own or b"ppr.example" not in found.bytes, path
        for one in asking:
            assert parent.get(f"Communication?{one}").json["total"] == int(is_own), one
        if not is_own:
            through_it = f"Communication?sender:{sender.partition('/')[0]}._id={who.partition('/')[2]}"
            for one in (through_it, f"RelatedPerson?_has:Communication:sender:_id={ref.partition('/')[2]}"):
                assert parent.get(one).json.get("total", 0) == 0, one


def test_that_an_honour_related_conflict_is_suspected_is_told_to_nobody_of_the_family(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither before the risk is assessed nor after (barnets lov § 18); what is known of the child otherwise is."""
    lives = {"url": f"{EXTENSION}lives-with-child", "valueBoolean": True}
    for assessed in ("", "2026-11-24"):
        assert not send(holder("mor", "Sara"), patient(extension=[honour_conflict(assessed), lives])).refusals
    ref = world.ref("alma")
    assert "honour-conflict" in world("ppr").get(ref).bytes.decode()
    parent = _as_parent(world, monkeypatch, ["Sara"])
    for path in (ref, f"{ref}/_history", past(ref, 2), "Patient", "Patient/_history", f"{ref}/$everything"):
        told = parent.get(path)
        assert told.status == 200 and "honour-conflict" not in told.bytes.decode(), path
        assert "lives-with-child" in told.bytes.decode(), path
