"""Who has seen, and why one does not see everything: the pages without a browser."""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from barnetsbog.access.people import everybody_with_rights
from barnetsbog.audit.models import Event
from barnetsbog.directory.queries import roles, units
from barnetsbog.record.models import Entry
from barnetsbog.record.shelves import class_of
from tests.integration.portal.conftest import ALMA, EMIL, FREJA, NOAH, breaks, text
from tests.integration.portal.crawling import plain

pytestmark = pytest.mark.django_db(databases=["default", "demo"])

SignIn = Callable[[str], Client]
Find = Callable[[str], UUID]
Relative = Callable[[str, str], Client]
LOG = "/familie/hvem-har-set/"


def test_a_family_reads_who_opened_the_book_and_that_is_logged(
    as_person: SignIn, relative: Relative, child: Find
) -> None:
    for page in ("", "tidslinje/"):
        as_person("ppr-psykolog").get(f"/barn/{child(ALMA)}/{page}")
    mother = relative(ALMA, "Sara Prøvegaard")
    shown = text(mother, LOG)
    assert "Kim Demosen, psykolog" in shown and "PPR Eksempelby" in shown and "Så: overblik, tidslinje" in shown
    assert "PPR&#x27;s arbejde med barnet" in shown and "Et system" in shown
    event = Event.objects.order_by("-id").first()
    assert event and (event.action, event.allowed, event.child_id, event.role) == (
        "log-read",
        True,
        child(ALMA),
        "holder",
    )


def test_a_refusal_is_not_told(as_person: SignIn, relative: Relative, child: Find) -> None:
    assert as_person("specialskole").get(f"/barn/{child(ALMA)}/").status_code == 404
    assert "Henrik Tegneby" not in text(relative(ALMA, "Sara Prøvegaard"), LOG)


def test_no_parent_is_told_what_the_other_reads_and_the_child_is_told_of_both(relative: Relative) -> None:
    mother, father = relative(EMIL, "Lone Fiktivsen"), relative(EMIL, "Bjarne Fiktivsen")
    text(mother, "/familie/")
    assert "En, der har forældremyndighed" not in text(father, LOG)
    assert "En, der har forældremyndighed" in text(relative(EMIL, "child"), LOG)
    text(relative(EMIL, "child"), "/familie/")
    assert "Barnet selv" not in text(father, LOG)


def test_of_a_young_persons_health_the_parents_are_told_nothing(
    as_person: SignIn, relative: Relative, child: Find
) -> None:
    assert as_person("bup-overlaege").get(f"/barn/{child(EMIL)}/").status_code == 200
    assert "Niels Stuegang" in text(relative(EMIL, "child"), LOG)
    assert "BUP" not in text(relative(EMIL, "Lone Fiktivsen"), LOG)


def test_a_father_who_may_not_know_where_she_is_reads_no_place_and_no_name(
    as_person: SignIn, relative: Relative, child: Find
) -> None:
    for who in ("raadgiver", "laerer", "laege"):
        assert as_person(who).get(f"/barn/{child(FREJA)}/").status_code == 200
    breaks(as_person("vagtlaege"), FREJA, "Faldet ned fra et træ i Eksempelby")
    father = relative(FREJA, "Claus Sprogby")
    for address in (LOG, "/familie/hvorfor/"):
        shown = text(father, address)
        named = [one.name for one in (*units().values(), *roles().values()) if one.name and one.name in shown]
        assert named == [] and "træ" not in shown
    assert {"En kommune", "En skole eller et dagtilbud", "En læge", "Et hospital"} <= set(
        re.findall(r"<strong>([^<]*)", text(father, LOG))
    )
    assert "Prøvebakkeskolen" in text(relative(FREJA, "Katrine Testrup"), LOG)


def test_somebody_at_risk_goes_by_their_title(
    as_person: SignIn, relative: Relative, child: Find, settings: Any
) -> None:
    kim = next(str(one.id) for one in roles().values() if one.name == "Kim Demosen")
    as_person("ppr-psykolog").get(f"/barn/{child(ALMA)}/")
    settings.LOG_WITHOUT_NAMES = frozenset((kim,))
    shown = text(relative(ALMA, "Sara Prøvegaard"), LOG)
    assert "Kim Demosen" not in shown and "psykolog" in shown


def test_a_chosen_period_and_nonsense_in_the_address(relative: Relative) -> None:
    mother = relative(ALMA, "Sara Prøvegaard")
    for query in ("periode=30", "periode=x", "side=99", "side=-1", "side=x", "periode=alt&side=2"):
        assert mother.get(f"{LOG}?{query}").status_code == 200


def test_professionals_have_no_such_page(as_person: SignIn) -> None:
    kim = as_person("ppr-psykolog")
    absent = kim.get("/findes-ikke/")
    for address in (LOG, "/familie/hvorfor/"):
        answer = kim.get(address)
        assert answer.status_code == 404 and plain(answer.content) == plain(absent.content)
        assert Client().get(address).status_code == 302


def test_a_foster_carer_has_no_log(child: Find) -> None:
    from barnetsbog.access.scopes import scope_for_person
    from barnetsbog.record.scope import LoginLevel

    found = [
        one for one in everybody_with_rights()
        if (scope := scope_for_person(one.person_id, one.child_id, level=LoginLevel.SUBSTANTIAL)) and scope.role == "foster-carer"
    ]  # fmt: skip
    assert found
    client = Client()
    client.post("/log-ind/", {"person": str(found[0].person_id), "child": str(found[0].child_id)})
    assert client.get("/familie/").status_code == 200
    assert client.get(LOG).status_code == 404
    assert "Hvem har set" not in client.get("/familie/").content.decode()
    refused = Event.objects.filter(action="log-read").order_by("-id").first()
    assert refused and refused.allowed is False


def test_why_is_the_same_whether_or_not_something_is_hidden(as_person: SignIn, child: Find) -> None:
    client, noah = as_person("ppr-psykolog"), child(NOAH)
    address = f"/barn/{noah}/hvorfor/"
    before = client.get(address)
    hidden = [one.id for one in Entry.objects.filter(child_id=noah) if class_of(one.shelf) in "PFH"]
    assert before.status_code == 200 and hidden
    Entry.objects.filter(child_id=noah, id__in=hidden).delete()
    after = client.get(address)
    assert plain(before.content) == plain(after.content)
    shown = text(client, address)
    assert "folkeskoleloven" in shown and "Du ser kun det, du har adgang til. Der kan være mere." in shown


def test_why_prints_no_paragraph_that_the_rule_has_not(as_person: SignIn, child: Find) -> None:
    shown = text(as_person("laerer"), f"/barn/{child(ALMA)}/hvorfor/")
    assert "<strong>folkeskoleloven</strong>" in shown and "folkeskoleloven §" not in shown


@pytest.mark.parametrize("who", ["specialskole", "dpo", "administrator", "vagtlaege"])
def test_why_of_a_child_one_may_not_know_is_not_found(as_person: SignIn, child: Find, who: str) -> None:
    client = as_person(who)
    hidden, absent = (client.get(f"/barn/{one}/hvorfor/") for one in (child(ALMA), uuid4()))
    assert hidden.status_code == absent.status_code == 404
    assert plain(hidden.content) == plain(absent.content)
