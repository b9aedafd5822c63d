"""Taking in what other systems send: every resource is stored, unchanged or refused with a reason, on both databases."""

from typing import Any
from uuid import UUID

import orjson
import pytest

from barnetsbog.access.scopes import scope_for
from barnetsbog.audit.queries import all_events
from barnetsbog.calendar.mapping import reason_of, slot_of, with_slot
from barnetsbog.calendar.model import Slot
from barnetsbog.directory.queries import all_children, away, child, child_by_number, roles, roles_in, units
from barnetsbog.directory.queries import role as role_named
from barnetsbog.fhir.own import BASE
from barnetsbog.intake.exporting import export_child
from barnetsbog.intake.model import Report, Unit
from barnetsbog.intake.operations import receive
from barnetsbog.intake.writing import write
from barnetsbog.kernel import exact
from barnetsbog.kernel.ids import derived_id, new_id
from barnetsbog.kernel.time import parse
from barnetsbog.record.instance import id_key, make_demo
from barnetsbog.record.models import Delivery, Entry, Grant, TokenRow, Version
from barnetsbog.record.objections import objections_of, with_objection
from barnetsbog.record.out_of_use import taken_out
from barnetsbog.record.scope import LoginLevel
from tests.builders import bundle, care, observation, patient, role, send, task, unit
from tests.conftest import BOTH_DATABASES

pytestmark = [BOTH_DATABASES, pytest.mark.usefixtures("database")]


def counts(report: Report) -> tuple[int, int, int, int]:
    assert report.read == report.stored + report.unchanged + report.refused
    return report.read, report.stored, report.unchanged, report.refused


def test_a_bundle_is_filed_on_its_child() -> None:
    assert counts(send(bundle(unit(), *role(), patient(), care(), observation()))) == (6, 6, 0, 0)
    (found,) = all_children()
    assert child(found).full == "Alma Prøvegaard"  # type: ignore[union-attr]
    assert child_by_number("0505179902") == found
    assert {row.kind for row in Entry.objects.filter(child_id=found)} == {"Patient", "EpisodeOfCare", "Observation"}
    assert {grant.grantee_id for grant in Grant.objects.filter(child_id=found)} <= {*units(), _patient(found)}
    assert TokenRow.objects.filter(child_id=found, code="final").exists()


def _patient(child_id: UUID) -> UUID:
    return Entry.objects.get(child_id=child_id, kind="Patient").id


def test_again_changes_nothing() -> None:
    first = bundle(unit(), patient(), observation())
    send(first)
    before = list(Entry.objects.order_by("id").values_list("id", "version", "recorded_at"))
    assert counts(send(first)) == (3, 0, 3, 0)
    assert counts(send(orjson.dumps(first, option=orjson.OPT_INDENT_2))) == (3, 0, 3, 0)
    assert list(Entry.objects.order_by("id").values_list("id", "version", "recorded_at")) == before


def test_the_order_of_fields_is_no_change() -> None:
    send(patient())
    assert counts(send(dict(reversed(patient().items())))) == (1, 0, 1, 0)


def test_a_change_is_a_new_version_and_the_old_one_stays() -> None:
    send(patient(), observation())
    assert counts(send(observation(valueString="Hun tegnede en båd."))) == (1, 1, 0, 0)
    entry = Entry.objects.get(kind="Observation")
    assert entry.version == 2
    said = [
        orjson.loads(bytes(v.body))["valueString"] for v in Version.objects.filter(entry_id=entry.id).order_by("number")
    ]
    assert said == ["Hun tegnede et hus.", "Hun tegnede en båd."]


def test_an_old_message_sent_again_does_not_undo_what_came_later() -> None:
    old, new = bundle(patient(), observation()), bundle(patient(), observation(valueString="Ny"))
    send(old)
    send(new)
    report = send(old)
    assert counts(report) == (2, 0, 2, 0)
    assert report.already_received == 2
    assert Entry.objects.get(kind="Observation").version == 2


def test_what_its_source_only_says_once_more_undoes_nothing_that_was_written_here_since() -> None:
    """As a system does that sends all it has every night."""
    send(bundle(patient(), observation()))
    ident = Entry.objects.get(kind="Observation").id

    def now() -> tuple[int, str]:
        newest = Version.objects.filter(entry_id=ident).latest("number")
        return newest.number, orjson.loads(newest.body)["valueString"]

    write(None, {**orjson.loads(Version.objects.get(entry_id=ident).body), "valueString": "Hun tegnede et tårn."})
    assert counts(send(bundle(patient(), observation(), observation("o2")))) == (3, 1, 2, 0)
    assert now() == (2, "Hun tegnede et tårn.")
    boat = observation(valueString="Hun tegnede en båd.")
    assert counts(send(bundle(patient(), boat, observation("o2")))) == (3, 1, 2, 0)
    assert now() == (3, "Hun tegnede en båd.")
    assert counts(send(bundle(observation(), observation("o3")))) == (2, 2, 0, 0)  # what it said first is news again
    assert now() == (4, "Hun tegnede et hus.")


def test_what_many_said_before_is_looked_up_once(django_assert_max_num_queries: Any) -> None:
    """Whatever their number."""
    names = [f"o{number}" for number in range(40)]
    send(patient(), *map(observation, names))
    with django_assert_max_num_queries(30):
        changed = bundle(*(observation(name, valueString="Ny") for name in names))
        assert counts(send(changed)) == (40, 40, 0, 0)


def test_search_rows_follow_the_present_version() -> None:
    send(patient(), observation())
    send(observation(status="amended"))
    ident = Entry.objects.get(kind="Observation").id
    assert set(
        TokenRow.objects.filter(entry_id=ident, code__in=("final", "amended")).values_list("code", flat=True)
    ) == {"amended"}


@pytest.mark.parametrize("base", ["https://x.example/fhir", "urn"])
def test_references_lead_to_their_targets(base: str) -> None:
    content = bundle(patient(), observation())
    if base == "urn":
        content["entry"][0] = {"fullUrl": "urn:uuid:5b1d2f6e-4c1f-4f0e-9f5e-2c8d6a1b0c3d", "resource": patient()}
        del content["entry"][0]["resource"]["id"]
        content["entry"][1]["resource"]["subject"]["reference"] = "urn:uuid:5b1d2f6e-4c1f-4f0e-9f5e-2c8d6a1b0c3d"
    else:
        content["entry"][1]["resource"]["subject"]["reference"] = f"{base}/Patient/alma"
    assert counts(send(content)) == (2, 2, 0, 0)
    target = Entry.objects.get(kind="Patient").id
    body = orjson.loads(bytes(Version.objects.get(entry_id=Entry.objects.get(kind="Observation").id).body))
    assert body["subject"]["reference"] == f"Patient/{target}"


def test_what_comes_before_its_child_waits_for_it() -> None:
    assert counts(send(observation(), {**task(), "id": "t"}, patient())) == (3, 3, 0, 0)


def test_what_never_gets_a_child_is_refused() -> None:
    report = send(observation())
    assert counts(report) == (1, 0, 0, 1)
    assert "hverken er i filen eller i bogen" in report.refusals[0].reason
    assert (report.refusals[0].resource, report.refusals[0].file) == ("Observation/o1", "fil.json")


def test_what_was_refused_for_want_of_a_child_is_taken_when_it_comes_again() -> None:
    send(observation())
    send(patient())
    assert counts(send(observation())) == (1, 1, 0, 0)


def test_one_refused_resource_does_not_take_the_rest_down() -> None:
    report = send(bundle(patient(), observation(status="færdig"), observation("o2")))
    assert counts(report) == (3, 2, 0, 1)
    assert report.refusals[0].resource == "Observation/o1"
    assert "status" in report.refusals[0].path


def test_but_a_transaction_is_all_or_nothing() -> None:
    report = send(bundle(patient(), observation(status="færdig"), kind="transaction"))
    assert counts(report) == (2, 0, 0, 2)
    assert not Entry.objects.exists()
    assert not Delivery.objects.exists()
    assert {r.resource: "samme transaktion" in r.reason for r in report.refusals} == {
        "Observation/o1": False,
        "Patient/alma": True,
    }


def test_a_transaction_with_something_unfiled_is_refused_whole() -> None:
    assert counts(send(bundle(patient(), observation(about="Patient/other"), kind="transaction"))) == (2, 0, 0, 2)
    assert not Entry.objects.exists()


def test_a_job_is_somebodys_for_as_long_as_its_source_says(monkeypatch: pytest.MonkeyPatch) -> None:
    kim, in_ppr = role("kim")
    send(bundle(unit("ppr"), kim, {**in_ppr, "period": {"start": "2026-09-01", "end": "2026-11-25"}}))
    ((ident, job),) = roles().items()

    def works(at: str) -> bool:
        moment = parse(at)[0]
        for module in ("access.scopes", "directory.queries"):
            monkeypatch.setattr(f"barnetsbog.{module}.now", lambda: moment)
        assert job.unit_id
        found = scope_for(ident, level=LoginLevel.SUBSTANTIAL) is not None
        assert bool(roles_in(job.unit_id)) is found and (ident not in away([ident], moment)) is found
        return found

    days = {"2026-08-31": False, "2026-09-01": True, "2026-11-25T23:59:59+01:00": True, "2026-11-26": False}
    assert {at: works(at) for at in days} == days
    send({**kim, "active": False})
    assert not works("2026-11-25")


def test_a_transaction_is_refused_whole_whatever_is_wrong_in_it() -> None:
    """Also what is found out first when it is looked at beside what is there."""
    send(patient("a"), patient("b", number="0606179903"), observation("x", "Patient/a"))
    there = Entry.objects.count()
    for wrong in (
        [observation("y", "Patient/b"), observation("y", "Patient/b", valueString="andet")],
        [observation("x", "Patient/b")],
        [patient("a", number="0606179903")],
    ):
        sent = bundle(observation("ny", "Patient/b"), *wrong, kind="transaction")
        sent["entry"][-1]["fullUrl"] = "urn:uuid:5b1d2f6e-4c1f-4f0e-9f5e-2c8d6a1b0c3d"
        report = send(sent)
        assert counts(report) == (1 + len(wrong), 0, 0, 1 + len(wrong)) and Entry.objects.count() == there
        assert ["samme transaktion" in one.reason for one in report.refusals] == [False, *[True] * len(wrong)]
        assert "Den første er gemt" not in report.refusals[0].reason


def test_two_whose_number_is_not_known_are_two() -> None:
    """Some systems write something else in its place."""
    report = send(patient("a", number="ukendt"), patient("b", number="Ukendt"), patient("c", number=" - "))
    assert counts(report) == (3, 3, 0, 0) and len(all_children()) == 3
    assert "»ukendt« er ikke et personnummer" in report.warnings[0]


@pytest.mark.parametrize(
    "about",
    [
        {"reference": "https://elsewhere.example/fhir/Patient/77"},
        {"reference": "urn:uuid:5b1d2f6e-4c1f-4f0e-9f5e-2c8d6a1b0c3d"},
        {"reference": "Patient?identifier=urn:oid:1.2.208.176.1.2|0707179904"},
        {"reference": "Patient?identifier=urn:x|7"},
        {"identifier": {"system": "urn:oid:1.2.208.176.1.2", "value": "070717-9904"}},
    ],
)
def test_what_is_about_somebody_else_is_not_filed_on_the_child_beside_it(about: Any) -> None:
    send(patient("b", number="0606179903"))
    report = send(bundle(patient(), observation(subject=about)))
    assert counts(report) == (2, 1, 0, 1)
    assert "hverken er i filen eller i bogen" in report.refusals[0].reason


def test_what_may_be_about_anything_is_not_taken_for_somebody() -> None:
    contract = {"resourceType": "Contract", "id": "c", "subject": [{"reference": "https://elsewhere.example/x/7"}]}
    assert counts(send(bundle(patient(), contract))) == (2, 2, 0, 0)


@pytest.mark.parametrize(
    "about",
    [
        {"reference": "Patient?identifier=urn:oid:1.2.208.176.1.2|0606179903"},
        {"identifier": {"system": "urn:oid:1.2.208.176.1.2", "value": "060617-9903"}},
        {"reference": "#barn"},
        {"reference": "https://x.example/fhir/Patient/b/_history/2"},
    ],
)
def test_what_says_by_number_whom_it_is_about_is_filed_on_that_child(about: Any) -> None:
    within = {"resourceType": "Patient", "id": "barn", "identifier": patient(number="060617-9903")["identifier"]}
    contained = {"contained": [within]} if about.get("reference") == "#barn" else {}
    report = send(bundle(patient(), patient("b", number="0606179903"), observation(subject=about, **contained)))
    assert counts(report) == (3, 3, 0, 0)
    assert Entry.objects.get(kind="Observation").child_id == child_by_number("0606179903")


def test_a_change_that_has_to_wait_is_one_all_the_same() -> None:
    """What else came with it has been stored meanwhile, and is no sign that it had come before."""
    send(patient("a"), observation("x", "Patient/a"))
    waits = bundle(observation("y", "Patient/a"), observation("x", "Patient/nr2", valueString="Ny"))
    assert counts(send(waits, patient("nr2"))) == (3, 3, 0, 0)
    assert Entry.objects.get(source_ref="Observation/x").version == 2


_KIND = f"{BASE}/CodeSystem/entry-kind"


@pytest.mark.parametrize(
    ("resource", "column", "value"),
    [
        ({"resourceType": "MedicinalProductUndesirableEffect"}, "kind", "MedicinalProductUndesirableEffect"),
        ({"resourceType": "ServiceRequest", "status": "active", "intent": "order",
          "subject": {"reference": "Patient/alma"}, "extension": [
              {"url": f"{BASE}/StructureDefinition/referral-state", "valueReference": {"display": "x"}}]},
         "status", "active"),
        ({"resourceType": "MedicinalProductAuthorization", "status": {"text": "x" * 40}}, "status", ""),
        ({"resourceType": "Communication", "status": "completed", "category": [
            {"coding": [{"system": _KIND, "code": "child"}]}]}, "what", "message"),
        ({"resourceType": "Goal", "lifecycleStatus": "active", "description": {"text": "x"},
          "subject": {"reference": "Patient/alma"}, "category": [
              {"coding": [{"system": _KIND, "code": "et-ord-som-ingen-har-hørt"}]}]}, "what", "goal"),
    ],
)  # fmt: skip
def test_what_a_column_has_no_room_for_is_in_the_resource_all_the_same(resource: Any, column: str, value: str) -> None:
    sent = bundle(patient(), resource)
    sent["entry"][1]["fullUrl"] = f"https://x.example/fhir/{'a' * 300}"
    assert counts(send(sent)) == (2, 2, 0, 0)
    assert counts(send(sent)) == (2, 0, 2, 0)
    found = Entry.objects.values(column, "source_ref").get(kind=resource["resourceType"])
    assert len(found["source_ref"]) == 160 and found[column] == value


def test_a_sector_that_is_none_of_ours_is_another() -> None:
    send(bundle(unit(sector="en-ukendt-sektor"), *role(), patient(), observation()))
    assert Entry.objects.get(kind="Observation").lane == "other"


def test_two_parallel_names_of_one_child_are_one_child() -> None:
    send(patient("ppr-1"), source="ppr")
    send(patient("gp-7"), source="gp")
    assert len(all_children()) == 1
    assert Entry.objects.filter(kind="Patient").count() == 2


def test_a_temporary_number_and_then_a_cpr_number_are_one_child() -> None:
    temporary = {"system": "urn:oid:1.2.208.176.1.6.1.1", "value": "0505171AB2"}
    send(patient(number=None, identifier=[temporary]))
    send(patient(identifier=[temporary, {"system": "urn:oid:1.2.208.176.1.2", "value": "0505179902"}]))
    assert len(all_children()) == 1
    assert child_by_number("0505179902") == child_by_number("0505171AB2")


def test_a_number_that_was_wrong_leads_to_nobody_once_it_is_corrected() -> None:
    """Whose number it really is must not come into this child's book."""
    send(patient("a", number="0606179903"))
    send(patient("a", number="0505179902"))
    assert child_by_number("0606179903") is None and child_by_number("0505179902")
    send(patient("b", number="0606179903"), source="gp")
    assert len(all_children()) == 2


def test_a_former_number_leads_to_the_child_as_long_as_somebody_says_it() -> None:
    former = {"system": "urn:oid:1.2.208.176.1.2", "value": "060617-9903", "use": "old"}
    send(patient("a", number="0606179903"))
    send(patient("gp", number="0606179903"), source="gp")
    send(patient("a", number="0505179902"))
    assert child_by_number("0606179903") == child_by_number("0505179902")
    send(
        patient("gp", number=None, identifier=[former, {**former, "value": "0505179902", "use": "official"}]),
        source="gp",
    )
    assert child_by_number("0606179903") == child_by_number("0505179902")
    send(patient("gp"), source="gp")
    assert child_by_number("0606179903") is None and len(all_children()) == 1


def test_a_number_that_was_wrong_and_is_put_right_leads_to_whoever_has_it() -> None:
    """Not to the child that it was written for by mistake, in whose book the other's would be filed."""
    send(patient("a", number="0606179903"), observation("o", "Patient/a"))
    (child_id,) = all_children()
    send(patient("hos-laegen", number="0505179902"), source="laege")
    temporary = {"system": "urn:oid:1.2.208.176.1.6.1.1", "value": "0505171AB2"}
    send(patient("a", number=None, identifier=[temporary, *patient(number="0707179904")["identifier"]]))
    send(patient("a", number="0707179904"))
    assert child_by_number("0707179904") == child_by_number("0505171AB2") == child_id
    assert child_by_number("0606179903") is None
    send(patient("b", number="0606179903"), source="laege")
    assert child_by_number("0606179903") not in (None, child_id)


def test_a_number_that_is_another_childs_needs_a_human() -> None:
    send(patient("a", number="0505179902"), patient("b", number="0606179903"))
    report = send(patient("a", number="0606179903"))
    assert counts(report) == (1, 0, 0, 1)
    assert "et andet barn" in report.refusals[0].reason


def test_a_cpr_number_that_fails_modulus_11_is_taken_with_a_warning() -> None:
    report = send(patient(number="0101011234"))
    assert counts(report) == (1, 1, 0, 0)
    assert "modulus 11" in report.warnings[0]
    assert "1234" not in report.warnings[0]


def test_the_same_id_twice_in_one_file() -> None:
    assert counts(send(bundle(patient(), observation(), observation(), kind="batch"))) == (3, 2, 1, 0)
    report = send(bundle(patient(), observation(), observation(valueString="anden"), kind="batch"))
    assert counts(report)[3] == 1
    assert "to gange" in report.refusals[0].reason


def test_a_resource_about_two_children_is_refused() -> None:
    two = {
        "resourceType": "Task",
        "id": "t",
        "status": "requested",
        "intent": "order",
        "for": {"reference": "Patient/a"},
        "focus": {"reference": "Observation/b"},
    }
    report = send(bundle(patient("a"), patient("b", number="0606179903"), observation("b", "Patient/b"), two))
    assert counts(report) == (4, 3, 0, 1)
    assert "andet barns bog" in report.refusals[0].reason


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"{", "ikke gyldig JSON"),
        (b"", "ikke gyldig JSON"),
        (b'{"resourceType":"Patient","id":"a","id":"b"}', "to gange"),
        (b'{"resourceType" :"Patient","id":"a","id":"b"}', "to gange"),
        (b'{"resourceType":"Patient","name":[{"text":"\\u0022:"}],"id":"a","id":"b"}', "to gange"),
        (b'{"resourceType":"Patient","name":[{"text":"\\u003a"}],"id":"a","id":"b"}', "to gange"),
        (b'{"resourceType":"Patient","name":[{"family":"\\ud800"}]}', "ikke gyldig JSON"),
        (b'{"resourceType":"Patient","name":[{"family":"a\\u0000b"}]}', "tegn"),
        (b'{"resourceType":"Patient","birthDate":"2026-02-30"}', "2026-02-30"),
        (b'{"resourceType":"Hund"}', "Hund"),
        (b"[]", ""),
        (b'"x"', ""),
        (b"null", ""),
        (b'{"a":' * 900 + b"1" + b"}" * 900, "for mange lag"),
        (b"[" * 100_000 + b"]" * 100_000, ""),
    ],
)
def test_nonsense_is_refused_with_a_reason(payload: bytes, reason: str) -> None:
    report = send(payload)
    assert counts(report) == (1, 0, 0, 1)
    assert reason in report.refusals[0].reason
    assert report.refusals[0].reason
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("content", "refused"),
    [
        ({"resourceType": "Bundle", "type": "collection", "entry": "x"}, 1),
        ({"resourceType": "Bundle", "type": "collection", "entry": [{"fullUrl": "urn:uuid:1"}, 7, None]}, 3),
        (
            {
                "resourceType": "Bundle",
                "type": "transaction",
                "entry": [{"request": {"method": "DELETE", "url": "Patient/a"}}],
            },
            1,
        ),
        (
            {
                "resourceType": "Bundle",
                "type": "batch",
                "entry": [{"resource": patient(), "request": {"method": "DELETE", "url": "Patient/a"}}],
            },
            1,
        ),
        (
            {
                "resourceType": "Bundle",
                "type": "collection",
                "entry": [{"resource": {"resourceType": "Bundle", "type": "collection"}}],
            },
            1,
        ),
        ({"resourceType": "Bundle", "type": "collection", "entry": [{"fullUrl": 7, "resource": {"id": 5}}]}, 1),
        (
            {
                "resourceType": "Bundle",
                "type": "batch",
                "entry": [
                    {"fullUrl": "https://x.example/\x00", "resource": {"resourceType": "Basic", "code": {"text": "x"}}}
                ],
            },
            1,
        ),
    ],
)
def test_nothing_in_a_bundle_is_dropped_without_a_word(content: Any, refused: int) -> None:
    assert counts(send(content)) == (refused, 0, 0, refused)


def test_lines_that_are_wrong_are_named_by_number() -> None:
    lines = b"\n".join([orjson.dumps(patient()), b"", b"{", orjson.dumps(observation())])
    report = receive([Unit("x.ndjson", lines, "test", first_line=201)], jobs=1)
    assert counts(report) == (3, 2, 0, 1)
    assert "Linje 203" in report.refusals[0].reason
    lost, unnamed = observation("o2", "Patient/other"), {"resourceType": "Observation", "status": "final"}
    lines = b"\n".join(map(orjson.dumps, [lost, unnamed, observation("o3", status="færdig")]))
    report = receive([Unit("x.ndjson", lines, "test", first_line=201)], jobs=1)
    assert [one.path for one in report.refusals] == ["line 202 Observation.code", "Observation.status", "line 201"]


def test_who_wrote_it_gives_the_lane_also_when_the_unit_comes_later() -> None:
    author = {"performer": [{"reference": "PractitionerRole/kim"}]}
    send(patient(), observation(**author))
    assert Entry.objects.get(kind="Observation").lane == "other"
    send(bundle(unit(), *role()))
    entry = Entry.objects.get(kind="Observation")
    assert entry.lane == "ppr"
    assert entry.unit_id == role_named(next(iter(roles()))).unit_id  # type: ignore[union-attr]


def test_what_asks_for_something_asks_it_of_a_unit_that_comes_with_it() -> None:
    """As a message does, which has its receiver with it: somebody must answer a notification within a day."""
    concern = {
        "resourceType": "Communication", "id": "u", "status": "completed", "subject": {"reference": "Patient/alma"},
        "category": [{"coding": [{"system": _KIND, "code": "concern"}]}], "sent": "2026-11-20T10:00:00+01:00",
        "sender": {"reference": "PractitionerRole/kim"}, "recipient": [{"reference": "Organization/familie"}],
    }  # fmt: skip
    send(bundle(unit("familie", "family_dept"), unit(), *role(), patient(), concern))
    titles = sorted(Entry.objects.filter(kind="Task").values_list("title", flat=True))
    assert "Vurder underretningen" in titles
    send(bundle(patient("b", number="0606179903"), {**concern, "id": "v", "subject": {"reference": "Patient/b"}}))
    other = Entry.objects.filter(kind="Task", child_id=child_by_number("0606179903"))
    assert sorted(other.values_list("title", flat=True)) == titles


@pytest.mark.parametrize("author", ["PractitionerRole/lone", "Practitioner/p-lone"])
def test_what_comes_before_its_author_belongs_to_nobody_else_meanwhile(author: str) -> None:
    """Not to the unit that it was sent to, whoever of the two comes first, and not to no sector when its author's job
    comes before the unit."""
    told = {
        "resourceType": "Communication", "id": "m", "status": "completed", "subject": {"reference": "Patient/alma"},
        "sender": {"reference": author}, "recipient": [{"reference": "Organization/ppr"}],
    }  # fmt: skip
    send(bundle(unit(), patient(), told))
    entry = Entry.objects.get(kind="Communication")
    assert (entry.unit_id, entry.lane) == (None, "other")
    send(*role("lone", "sundhed"), {**told, "id": "m2"})
    send(unit("sundhed", "health_visitor"))
    there = Entry.objects.get(kind="Organization", source_ref="Organization/sundhed").id
    placed = Entry.objects.filter(kind="Communication").values_list("unit_id", "lane", "shelf")
    assert set(placed) == {(there, "health_visitor", 26)}


def test_what_an_import_was_stopped_before_is_done_when_it_is_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    from barnetsbog.intake import operations

    send(patient(), observation())
    with monkeypatch.context() as stopped, pytest.raises(KeyboardInterrupt):
        stopped.setattr(operations, "_place_earlier", _stop)
        send(bundle(unit(), *role()))
    assert counts(send(bundle(unit(), *role()))) == (3, 0, 3, 0)
    assert Entry.objects.get(kind="Observation").lane == "ppr"


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_demonstration_takes_only_its_own_fictitious_numbers() -> None:
    from barnetsbog.record.instance import STORY_DAY

    make_demo(STORY_DAY)
    demo = {"system": "https://barnetsbog.example/fhir/identifier/demo-cpr", "value": "6705179902"}
    assert counts(send(patient("a", number=None, identifier=[demo]))) == (1, 1, 0, 0)
    for real in (
        patient("b"),
        patient("c", number=None),
        patient("d", number=None, identifier=[{**demo, "value": "0705179902"}]),
    ):
        report = send(real)
        assert counts(report) == (1, 0, 0, 1)
        assert "opdigtede" in report.refusals[0].reason
    mother = {"resourceType": "RelatedPerson", "id": "m", "patient": {"reference": "Patient/a"}}
    assert counts(send(mother, {**mother, "id": "n", "identifier": [demo]})) == (2, 2, 0, 0)
    report = send({**mother, "id": "o", "identifier": patient()["identifier"]})
    assert counts(report) == (1, 0, 0, 1) and "opdigtede" in report.refusals[0].reason


def test_where_a_file_lay_is_told_to_whoever_imports_it_and_not_to_those_who_read_what_came_in_it() -> None:
    lines = orjson.dumps(patient()) + b"\n" + orjson.dumps(observation(status="x"))
    report = receive([Unit("/srv/indbakke/alma.ndjson", lines, "test", first_line=1)], jobs=1)
    assert [one.file for one in report.refusals] == ["/srv/indbakke/alma.ndjson"]
    assert [*Delivery.objects.values_list("name", flat=True)] == ["alma.ndjson"]


def test_every_unit_is_in_the_log_with_its_numbers() -> None:
    send(bundle(patient(), observation(status="færdig")))
    event = list(all_events())[-1]
    assert (event.action, event.allowed, event.child_id) == ("import", False, all_children()[0])
    assert {name: event.detail[name] for name in ("read", "stored", "refused")} == {
        "read": 2,
        "stored": 1,
        "refused": 1,
    }


def test_ids_are_derived_so_that_what_points_ahead_is_right_from_the_start() -> None:
    send(patient(), observation(hasMember=[{"reference": "Observation/later"}]))
    body = orjson.loads(bytes(Version.objects.get(entry_id=Entry.objects.get(kind="Observation").id).body))
    assert body["hasMember"][0]["reference"] == f"Observation/{derived_id(id_key(), 'test', 'Observation/later')}"


def test_two_that_change_the_same_at_once_lose_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Optimistic locking: what was read is no longer so, the unit is tried again on what is."""
    from barnetsbog.record import store

    send(patient(), observation(valueString="første"))
    send(observation(valueString="en anden var først"))
    real, calls = store.present, []

    def stale(ids: Any) -> Any:
        """What was there before the other one stored its version."""
        calls.append(1)
        return {key: one._replace(version=1) for key, one in real(ids).items()} if len(calls) == 1 else real(ids)

    monkeypatch.setattr(store, "present", stale)
    assert counts(send(observation(valueString="mit"))) == (1, 1, 0, 0)
    entry = Entry.objects.get(kind="Observation")
    said = [
        orjson.loads(bytes(v.body))["valueString"] for v in Version.objects.filter(entry_id=entry.id).order_by("number")
    ]
    assert said == ["første", "en anden var først", "mit"]
    assert entry.version == 3


def test_what_never_comes_to_rest_is_refused_and_nothing_is_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    from barnetsbog.record import store

    send(patient(), observation())
    real = store.present
    monkeypatch.setattr(
        store, "present", lambda ids: {k: v._replace(version=v.version + 7) for k, v in real(ids).items()}
    )
    report = send(observation(valueString="mit"))
    assert counts(report) == (1, 0, 0, 1)
    assert "Prøv igen" in report.refusals[0].reason
    assert Version.objects.filter(number__gt=1).count() == 0


def test_what_the_program_fails_in_is_refused_and_takes_nothing_else_down(monkeypatch: pytest.MonkeyPatch) -> None:
    from barnetsbog.intake import storing

    real = storing.placed

    def fails(rows: Any, *given: Any, **more: Any) -> None:
        if rows.entry[-1].endswith("/bad"):
            raise ValueError("ours")
        real(rows, *given, **more)

    monkeypatch.setattr(storing, "placed", fails)
    bad = observation("bad")
    lines = b"\n".join(map(orjson.dumps, [patient(), bad, observation("good"), observation("none", "Patient/x")]))
    report = receive([Unit("x.ndjson", lines, "test", first_line=1), Unit("y", orjson.dumps(task()), "test")], jobs=1)
    assert counts(report) == (5, 3, 0, 2)
    assert [(one.resource, one.path) for one in report.refusals] == [
        ("Observation/bad", "line 2"), ("Observation/none", "line 4")]  # fmt: skip
    assert "vores fejl" in report.refusals[0].reason
    assert counts(send(bundle(observation("new"), bad, kind="transaction"))) == (2, 0, 0, 2)
    monkeypatch.undo()
    assert counts(send(bad)) == (1, 1, 0, 0)


def test_versions_and_deliveries_can_only_be_added_to() -> None:
    from django.db import DatabaseError, transaction

    send(patient())
    for act in (
        lambda: Version.objects.update(number=9),
        lambda: Version.objects.all().delete(),
        lambda: Delivery.objects.update(name="x"),
    ):
        with pytest.raises(DatabaseError, match="rows are only added"), transaction.atomic():
            act()


def test_who_writes_here_what_stood_there_before_means_it_again() -> None:
    """And is not taken for a delivery that has come before: there is a new version, and no conflict."""
    send(patient(), observation())
    entry = Entry.objects.get(kind="Observation")
    said = orjson.loads(Version.objects.get(entry_id=entry.id).body)
    for text in ("Ja", "Nej", "Ja"):
        write(None, {**said, "valueString": text})
    versions = Version.objects.filter(entry_id=entry.id).order_by("number")
    assert [orjson.loads(one.body)["valueString"] for one in versions][1:] == ["Ja", "Nej", "Ja"]
    assert Entry.objects.get(id=entry.id).version == 4


def test_an_export_gives_what_was_sent_digit_by_digit_also_behind_a_byte_order_mark() -> None:
    told = {name: one for name, one in observation(valueQuantity={"value": 5.4}).items() if name != "valueString"}
    send(bundle(patient()))
    lines = b"\xef\xbb\xbf" + orjson.dumps(told).replace(b"5.4", b"5.40")
    assert counts(receive([Unit("x.ndjson", lines, "test", first_line=1)], jobs=1)) == (1, 1, 0, 0)
    (child_id,) = all_children()
    assert b'"valueQuantity":{"value":5.40}' in exact.dumps(export_child(child_id, account="test"))


def test_what_has_been_taken_out_of_use_stays_so_when_its_source_sends_it_again() -> None:
    send(bundle(unit(), *role(), patient(), care(), observation()))
    ident = Entry.objects.get(kind="Observation").id
    write(None, taken_out(orjson.loads(Version.objects.get(entry_id=ident).body)))
    out = Entry.objects.values("shelf", "status", "title", "month").get(id=ident)
    assert counts(send(observation(valueString="Hun tegnede et stort hus."))) == (1, 1, 0, 0)
    assert Entry.objects.get(id=ident).version == 3
    assert Entry.objects.values("shelf", "status", "title", "month").get(id=ident) == out


def test_in_an_export_what_was_written_here_leads_to_what_stands_beside_it_and_can_be_read_again() -> None:
    send(bundle(unit(), *role(), patient(), care(), observation()))
    (child_id,) = all_children()
    idents = {one.kind: one.id for one in Entry.objects.all()}
    about = {"reference": f"Patient/{idents['Patient']}"}
    ball, goal = task(str(new_id())), str(new_id())
    write(None, {**ball, "for": about, "focus": {"reference": f"Goal/{goal}"},
                 "owner": {"reference": f"PractitionerRole/{idents['PractitionerRole']}"},
                 "requester": {"reference": f"Organization/{idents['Organization']}"}},
          {"resourceType": "Goal", "id": goal, "lifecycleStatus": "active", "description": {"text": "Læse"},
           "subject": about})  # fmt: skip
    found = export_child(child_id, account="test")
    told = {one["resource"]["resourceType"]: one["resource"] for one in found["entry"]}
    assert told["Task"]["for"]["reference"] == "https://x.example/fhir/Patient/alma"
    assert told["Task"]["focus"]["reference"] == f"Goal/{goal}"
    assert told["Observation"]["subject"]["reference"] == "Patient/alma"
    addresses = {one["fullUrl"] for one in found["entry"]}
    assert {told["Task"][name]["reference"] for name in ("for", "owner", "requester")} <= addresses
    assert counts(send(exact.dumps(found), source="kopi")) == (8, 8, 0, 0)
    assert Entry.objects.filter(child_id=child_id, source="kopi").count() == 5


def test_in_an_export_what_somebody_has_written_in_here_is_found_by_the_name_that_its_source_gave_it() -> None:
    send(unit(), *role(), patient(), task(), {**task("t2"), "partOf": [{"reference": "Task/t1"}]})
    (child_id,) = all_children()
    said = orjson.loads(Version.objects.get(entry_id=Entry.objects.get(source_ref="Task/t1").id).body)
    write(None, {**said, "status": "completed"})
    found = export_child(child_id, account="test")
    told = {one["fullUrl"].rpartition("example/")[2]: one["resource"] for one in found["entry"]}
    assert (told["Task/t1"]["id"], told["Task/t1"]["status"]) == ("t1", "completed")
    assert told["Task/t2"]["partOf"] == [{"reference": "Task/t1"}]
    assert counts(send(exact.dumps(found), source="kopi"))[3] == 0


def test_what_somebody_has_answered_here_stands_though_the_source_asks_again_and_not_for_another_time() -> None:
    def visit(start: str = "10", **more: object) -> dict[str, object]:
        people = [{"actor": {"reference": f"RelatedPerson/{one}"}, "status": "needs-action"} for one in ("mor", "far")]
        child = {"actor": {"reference": "Patient/alma"}, "status": "accepted"}
        return {
            "resourceType": "Appointment", "id": "a1", "status": "booked", "description": "Samtale",
            "start": f"2026-12-03T{start}:00:00+01:00", "end": f"2026-12-03T{start}:45:00+01:00",
            "participant": [child, *people], **more,
        }  # fmt: skip

    def answers() -> list[str]:
        found = Entry.objects.get(kind="Appointment")
        said = orjson.loads(Version.objects.get(entry_id=found.id, number=found.version).body)
        return [one["status"] for one in said["participant"]]

    family = [
        {"resourceType": "RelatedPerson", "id": one, "patient": {"reference": "Patient/alma"}} for one in ("mor", "far")
    ]
    send(bundle(patient(), *family, visit()))
    found = Entry.objects.get(kind="Appointment")
    said = orjson.loads(Version.objects.get(entry_id=found.id).body)
    said["participant"][1]["status"] = "declined"
    write(None, said)
    assert counts(send(visit(comment="Tag skoene af."))) == (1, 1, 0, 0)
    assert answers() == ["accepted", "declined", "needs-action"]
    # Moved here, it stays where it was moved to as long as its source only has the old time, and no longer
    moved = orjson.loads(Version.objects.get(entry_id=found.id, number=3).body)
    slot = Slot(*(parse(f"2026-12-04T{at}:00+01:00")[0] for at in ("09:00", "09:30")))
    write(None, with_slot(moved, slot, reason="Syg", by="RelatedPerson/mor"))
    send(visit(comment="Medbring en bog."))
    now = orjson.loads(Version.objects.filter(entry_id=found.id).latest("number").body)
    assert (slot_of(now), now["comment"], reason_of(now)) == (slot, "Medbring en bog.", "Syg")
    send(visit("11"))
    assert answers() == ["accepted", "needs-action", "needs-action"]


def test_what_the_family_objects_to_is_in_the_export_though_its_source_has_sent_it_again() -> None:
    send(patient(), observation())
    (child_id,) = all_children()
    said = orjson.loads(Version.objects.get(entry_id=Entry.objects.get(kind="Observation").id).body)
    write(None, with_objection(said, "Det var ikke et hus."))
    assert counts(send(observation(valueString="Hun tegnede et stort hus."))) == (1, 1, 0, 0)
    told = [one["resource"] for one in export_child(child_id, account="test")["entry"]]
    (found,) = [one for one in told if one["resourceType"] == "Observation"]
    assert (found["valueString"], found["id"]) == ("Hun tegnede et stort hus.", "o1")
    assert objections_of(found) == ("Det var ikke et hus.",)
