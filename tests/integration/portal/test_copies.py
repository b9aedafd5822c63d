"""A family's own copy: the book and the log on paper and as FHIR, and nothing that its reader may not see."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import orjson
import pytest
from django.test import Client
from pypdf import PdfReader

from barnetsbog.access.scopes import scope_for, scope_for_person
from barnetsbog.audit.models import Event
from barnetsbog.directory import queries as directory
from barnetsbog.fhir import check
from barnetsbog.intake.writing import submit, writing
from barnetsbog.kernel.time import local_day
from barnetsbog.plan.model import Said
from barnetsbog.plan.operations import write_own_view
from barnetsbog.portal.demo_login import people
from barnetsbog.record.models import Entry, Version
from barnetsbog.record.scope import LoginLevel
from tests.integration.portal.conftest import ALMA, FREJA, NOAH, text

pytestmark = pytest.mark.django_db(databases=["default", "demo"])

Relative = Callable[[str, str], Client]
PAGE, BOOK, LOG = "/familie/kopi/", "/familie/kopi/bog", "/familie/kopi/log"


def words(answer: Any) -> str:
    assert answer.status_code == 200 and answer["Content-Type"] == "application/pdf"
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages).split())


def test_a_mother_takes_the_book_along_and_that_is_logged(relative: Relative) -> None:
    mother = relative(ALMA, "Sara Prøvegaard")
    assert "Hent bogen som PDF" in text(mother, PAGE)
    answer = mother.post(BOOK)
    assert "Alma" not in answer["Content-Disposition"] and "Første samtale i BUP Nord" in words(answer)
    event = Event.objects.order_by("-id").first()
    assert event and (event.action, event.role) == ("export", "holder")


def test_the_copy_says_no_more_than_the_book_does_to_its_reader(relative: Relative) -> None:
    copies = {name: words(relative(NOAH, name).post(BOOK)) for name in ("Henrik Skabelby", "Maria Eksempelsen")}
    secret = "Noah skrev til sin rådgiver"
    assert secret in words(relative(NOAH, "child").post(BOOK)) and not any(secret in one for one in copies.values())


def test_a_copy_leads_to_nothing_that_its_reader_may_not_see(relative: Relative, child: Any) -> None:
    """Noah's group is made to lead to what he has told in confidence: his mother reads of the group alone."""
    known = Entry.objects.get(child_id=child(NOAH), title="Gruppe for børn med to hjem")
    secret = Entry.objects.get(child_id=child(NOAH), title__startswith="Noah skrev til sin")
    said = orjson.loads(bytes(Version.objects.get(entry_id=known.id, number=known.version).body))
    scope = scope_for(next(one for one in people() if one.key == "ppr-psykolog").role_id, level=LoginLevel.SUBSTANTIAL)
    assert scope
    with writing(scope, "write", child(NOAH)) as book:
        to = {"url": "https://x.example/leads-to", "valueReference": {"reference": f"{secret.kind}/{secret.id}"}}
        assert not submit(book, [{**said, "extension": [*said.get("extension", ()), to]}]).refusals
    for name, knows in (("child", True), ("Maria Eksempelsen", False)):
        copied = relative(NOAH, name).post(BOOK, {"som": "fhir"}).content
        assert str(known.id).encode() in copied
        assert (b"leads-to" in copied, f"{secret.kind}/{secret.id}".encode() in copied) == (knows, knows)


def test_as_fhir_it_is_a_bundle_of_what_can_be_read(relative: Relative) -> None:
    answer = relative(ALMA, "Sara Prøvegaard").post(BOOK, {"som": "fhir"})
    assert answer["Content-Type"] == "application/fhir+json"
    bundle = orjson.loads(answer.content)
    assert len(bundle["entry"]) > 20 and not check(bundle)
    assert not any(one["resource"]["resourceType"] == "RelatedPerson" for one in bundle["entry"])
    # What refers to another of them leads there: the address of each ends with what the references say
    child = next(one for one in bundle["entry"] if one["resource"]["resourceType"] == "Patient")
    base = child["fullUrl"].removesuffix(f"Patient/{child['resource']['id']}")
    about = {one["resource"].get("subject", {}).get("reference") for one in bundle["entry"]} - {None}
    assert base.startswith("https://") and {base + one for one in about} == {child["fullUrl"]}


def test_the_log_on_paper_says_who_and_why_however_long_it_is(
    as_person: Callable[[str], Client], relative: Relative, child: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for who in ("ppr-psykolog", "laerer"):
        as_person(who).get(f"/barn/{child(ALMA)}/")
    monkeypatch.setattr("barnetsbog.access.own_log.MOST", 1)
    mother = relative(ALMA, "Sara Prøvegaard")
    assert "Kim Demosen" not in text(mother, "/familie/hvem-har-set/?periode=alt")
    shown = words(mother.post(LOG))
    assert "Kim Demosen" in shown and "Maja Prøvelund" in shown and "PPR's arbejde med barnet" in shown


def test_it_is_nobody_else_s(as_person: Callable[[str], Client], relative: Relative) -> None:
    assert as_person("ppr-psykolog").get(PAGE).status_code == 404
    carer = relative("7901129906", "Else Hjemmeby")
    assert [carer.get(PAGE).status_code, carer.post(BOOK).status_code, carer.post(LOG).status_code] == [404] * 3
    assert Client().post(BOOK).status_code == 401


def test_what_is_wrong_is_told_from_the_book_itself(relative: Relative) -> None:
    mother = relative(ALMA, "Sara Prøvegaard")
    address = text(mother, "/familie/bog/").partition('href="/familie/bog/')[2].partition('"')[0]
    page = f"/familie/bog/{address}"
    assert "Noget er forkert" in text(mother, page)
    empty = mother.post(f"{page}forkert/", {"text": " "})
    assert empty.status_code == 422 and "Skriv din besked." in empty.content.decode()
    sent = mother.post(f"{page}forkert/", {"text": "Det var ikke mig."}, follow=True)
    assert "Beskeden er sendt." in sent.content.decode() and "Handler om" in sent.content.decode()


def test_who_has_notified_is_told_by_no_copy_and_by_no_answer(relative: Relative, child: Any) -> None:
    """A complaint about a notification goes to whoever leads: that it is not answered by its writer tells nothing."""
    mother = relative(FREJA, "Katrine Testrup")
    concern = Entry.objects.filter(child_id=child(FREJA), what="concern").latest("start")
    assert concern.author_id and concern.unit_id
    copied = mother.post(BOOK, {"som": "fhir"}).content
    (said,) = [one["resource"] for one in orjson.loads(copied)["entry"] if one["resource"]["id"] == str(concern.id)]
    assert not {str(concern.author_id), str(concern.unit_id)} & {
        *orjson.dumps(said).decode().replace("/", '"').split('"')
    }
    page = f"/familie/bog/{concern.id}/forkert/"
    assert "Den, der har skrevet det" not in text(mother, page)
    sent = mother.post(page, {"text": "Det var ikke sådan."}, follow=True).content.decode()
    assert "Beskeden er sendt." in sent and directory.units([concern.unit_id])[concern.unit_id].name not in sent


def test_a_child_s_own_signs_keep_nobody_s_copy_from_being_made(relative: Relative, child: Any) -> None:
    """What paper can't show stands there by its name; as FHIR it is as it was written."""
    alma = Entry.objects.get(child_id=child(ALMA), what="child").id
    by = scope_for_person(alma, child(ALMA), level=LoginLevel.SUBSTANTIAL)
    assert by
    write_own_view(by=by, child_id=child(ALMA), said=Said("Jeg er glad 😀", local_day(by.at), True))
    mother = relative(ALMA, "Sara Prøvegaard")
    assert "Jeg er glad [grinning face]" in words(mother.post(BOOK))
    assert "Jeg er glad 😀".encode() in mother.post(BOOK, {"som": "fhir"}).content
