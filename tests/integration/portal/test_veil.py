"""Freja's address is protected: who is not cleared to know where she is walks her whole book and finds no place in it.

Salted first: an appointment with a place, a letter and a document that name her school, a telephone number in a text.
None of them is of the class that reveals an address: their sources forgot.
"""

import re
from collections.abc import Callable
from uuid import UUID

import orjson
import pytest
from django.test import Client

from barnetsbog.demo.loading import SOURCE
from barnetsbog.directory import queries as directory
from barnetsbog.directory.model import RoleName, UnitName
from barnetsbog.fhir.own import EXTENSION
from barnetsbog.intake.model import Unit
from barnetsbog.intake.operations import receive
from tests.builders import Json, bundle
from tests.integration.portal.conftest import FREJA, breaks, text
from tests.integration.portal.crawling import Page, as_role, crawl
from tests.integration.portal.planting import _keys
from tests.samples import ALL

pytestmark = pytest.mark.django_db(databases=["default", "demo"])

PLACE = "Gyldenrisvej 7, 1. sal"
SCHOOL, DOCTOR, CRISIS = "Prøvebakkeskolen", "Lægehuset Demo", "Krisecentret Læ"
OF_EVERYBODY = ("/samtykke/spoerg/", "/flytning/")
"""Whom one may ask or send to: every unit there is, the same for every child."""
WHY = "Pigen er fundet alene om natten"


def _salt(key: str) -> list[Json]:
    child, teacher, doctor = f"Patient/{key}", "PractitionerRole/maja", "PractitionerRole/laege-a"
    return [
        {
            "resourceType": "Appointment", "id": "saltet-aftale", "status": "booked", "description": f"Møde på {SCHOOL}",
            "start": "2026-12-03T10:00:00+01:00", "end": "2026-12-03T11:00:00+01:00", "comment": f"Ring til {DOCTOR} på 00 00 00 70",
            "extension": [{"url": f"{EXTENSION}place", "valueString": PLACE}],
            "participant": [{"actor": {"reference": one}, "status": "accepted"} for one in (child, teacher)],
            "meta": {"security": [{"code": "ordinary"}]},
        },
        {
            "resourceType": "Communication", "id": "saltet-brev", "status": "completed", "sent": "2026-11-20",
            "subject": {"reference": child}, "sender": {"reference": doctor}, "topic": {"text": f"Brev fra {DOCTOR}"},
            "payload": [{"contentString": f"Maja Prøvelund på {SCHOOL} i Eksempelby Kommune har skrevet."}],
            "recipient": [{"reference": "Organization/prove"}],
        },
        {
            "resourceType": "Task", "id": "saltet-opgave", "status": "in-progress", "intent": "order",
            "description": f"{SCHOOL} sender en plan", "for": {"reference": child}, "authoredOn": "2026-11-12",
            "requester": {"reference": teacher}, "owner": {"reference": "PractitionerRole/raadgiver"},
            "restriction": {"period": {"end": "2026-11-26"}},
        },
        {
            "resourceType": "EpisodeOfCare", "id": "saltet-opgave-ltt", "status": "active", "patient": {"reference": child},
            "managingOrganization": {"reference": "Organization/ltt-eks"}, "period": {"start": "2026-11-01"},
            "type": [{"text": "Samtaler"}],
        },
    ]  # fmt: skip


@pytest.fixture
def freja(child: Callable[[str], UUID]) -> UUID:
    found = child(FREJA)
    payload = orjson.dumps(bundle(*_salt(_keys()[found])))
    report = receive([Unit("salt.json", payload, SOURCE)], jobs=1)
    assert not report.refusals, report.refusals
    return found


def _role(name: str) -> RoleName:
    return next(one for one in directory.roles().values() if one.name == name)


def _secrets(reader: RoleName) -> set[str]:
    """Every name, number and place there is, but the reader's own."""
    own = {reader.unit, reader.organisation}
    units = directory.units().values()
    names = {part for unit in units if unit.name not in own for part in _said_of(unit)}
    own_phones = {unit.phone for unit in units if unit.name == reader.unit}
    phones = {unit.phone for unit in units if unit.phone} - own_phones
    people = {role.name for role in directory.roles().values() if role.unit_id != reader.unit_id and role.name}
    return names | phones | people | {PLACE}


def _said_of(unit: UnitName) -> set[str]:
    return {unit.name, unit.name.removesuffix(" Kommune")} - {""}


def _walked(client: Client, freja: UUID, most: int = 200 if ALL else 60) -> list[Page]:
    """The book: what its pages lead to, the nearest first, and no other child's."""
    start = [f"/barn/{freja}/", f"/barn/{freja}/tidslinje/?alle=1", f"/barn/{freja}/tidslinje/?vis=aar&alle=1"]
    pages = list(crawl(client, start, most=most, alike=60, within=f"/barn/{freja}/"))
    assert len(pages) > 5
    assert [page.address for page in pages if page.status not in (200, 404, 405)] == []
    return [page for page in pages if not page.address.endswith(OF_EVERYBODY)]


def _body(page: Page) -> str:
    """The page without its frame, in which the reader's own unit stands."""
    return re.sub(r"\s+", " ", page.text.partition("<main")[2]) + str(page.headers)


def _found(pages: list[Page], secrets: set[str]) -> dict[str, str]:
    bodies = {page.address: _body(page).casefold() for page in pages}
    return {secret: address for address, body in bodies.items() for secret in secrets if secret.casefold() in body}


@pytest.mark.parametrize("name", ["Hanne Overblik", "Mette Holdbar", "Nanna Døråben"])
def test_who_is_not_cleared_finds_no_place(freja: UUID, name: str) -> None:
    reader = _role(name)
    assert _found(_walked(as_role(reader), freja), _secrets(reader)) == {}


def test_nor_does_who_has_broken_the_glass(freja: UUID, as_person: Callable[[str], Client]) -> None:
    client, reader = as_person("vagtlaege"), _role("Vagn Hastesen")
    assert breaks(client, FREJA, WHY).status_code == 302
    pages = _walked(client, freja)
    assert _found(pages, _secrets(reader)) == {}
    told = " ".join(_body(page) for page in pages)
    assert "Freja lånte sit høreværn" in told and "En skole eller et dagtilbud" in told
    assert "Møde på en skole eller et dagtilbud" in told and "Som kilden sendte det" not in told


def test_with_a_reason_of_its_own_the_places_are_told(freja: UUID, as_person: Callable[[str], Client]) -> None:
    client = as_person("vagtlaege")
    assert breaks(client, FREJA, WHY, address="1", address_reason="Vi skal køre pigen hjem").status_code == 302
    told = " ".join(_body(page) for page in _walked(client, freja, 30))
    assert SCHOOL in told and PLACE in told


def test_who_is_cleared_sees_the_book_as_it_is(freja: UUID, as_person: Callable[[str], Client]) -> None:
    told = " ".join(_body(page) for page in _walked(as_person("ppr-psykolog"), freja, 30))
    assert SCHOOL in told and PLACE in told and "Maja Prøvelund" in told and "00 00 00 30" in told


def test_the_work_list_is_of_many_children_and_veils_one(freja: UUID) -> None:
    client = as_role(_role("Hanne Overblik"))
    rows = re.findall(r"<tr>.*?</tr>", text(client, "/arbejdsliste/?fane=alle"), flags=re.S)
    hers, others = ([row for row in rows if (str(freja) in row) is mine] for mine in (True, False))
    assert len(hers) == 1 and not [one for one in _secrets(_role("Hanne Overblik")) if one in hers[0]]
    assert "En skole eller et dagtilbud sender en plan" in hers[0] and "En kommune" in hers[0]
    assert any(one in row for row in others for one in _secrets(_role("Hanne Overblik")))


def test_asking_for_one_writer_after_the_other_tells_nothing(freja: UUID) -> None:
    client = as_role(_role("Hanne Overblik"))
    pages = [
        text(client, f"/barn/{freja}/tidslinje/?alle=1&af={_role(name).id}")
        for name in ("Maja Prøvelund", "Jytte Kølin")
    ]
    assert len({page.count("<li>") for page in pages}) == 1
    assert "Møde på en skole" in pages[1] and str(_role("Maja Prøvelund").id) not in pages[1]


def test_whoever_oversees_the_log_is_told_who_and_not_where(freja: UUID, as_person: Callable[[str], Client]) -> None:
    as_person("laerer").get(f"/barn/{freja}/")
    client = as_person("dpo")
    page = client.post("/tilsyn/", {"number": FREJA, "case": "2026-7"}).content.decode().partition("<main")[2]
    assert "Maja Prøvelund" in page and SCHOOL not in page and "En skole eller et dagtilbud" in page
