"""Freja's address is protected. Who must not learn where she is, reads her book without what leads there."""

from barnetsbog.fhir.own import EXTENSION
from tests.builders import care, patient, send
from tests.conftest import BOTH_DATABASES

from .conftest import World, systems

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
        f"{ref}/_history/1",
        f"{ref}/_history/2",
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
