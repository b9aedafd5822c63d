"""Whatever R4 allows may come into a book from another system, and every page of it still opens; and whatever is pasted
into a page, it is kept or refused in words."""

import random
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from barnetsbog.exchange.fhir import kinds
from barnetsbog.fhir.own import referring
from barnetsbog.portal.demo_login import people
from barnetsbog.record.models import Entry, Version
from tests.builders import Json, bundle, send
from tests.integration.portal.conftest import ALMA
from tests.integration.portal.crawling import addresses, crawl, get
from tests.integration.portal.test_sent_twice import CASES, Case, filled
from tests.inventing import invented
from tests.samples import EXAMPLES

pytestmark = pytest.mark.django_db(databases=["default", "demo"])

FRAME = "EpisodeOfCare", "RelatedPerson", "Patient", "Consent"
"""What rights come of: whoever looks must keep theirs."""


def from_elsewhere(child: str, author: str) -> Iterator[Json]:
    """Resources of every type that a book holds, about one child, written by somebody."""
    for kind in sorted({*kinds.SERVED} - {*FRAME}):
        for number in range(EXAMPLES // 8):
            found = invented(kind, random.Random(f"{kind} {number}"))
            name = next((one for one in ("subject", "patient", "for") if found and one in found), "")
            if found and name:
                about: Any = {"reference": child}
                found[name] = [about] if isinstance(found[name], list) else about
                mine = [*found.get("extension", ()), referring("author", author)]
                yield {**found, "id": f"{kind}-{number}", "extension": mine}


def test_every_page_opens_whatever_has_come_in(
    as_person: Callable[[str], Client], relative: Callable[[str, str], Client], child: Callable[[str], UUID]
) -> None:
    alma, psychologist = child(ALMA), next(one.role_id for one in people() if one.key == "ppr-psykolog")
    told_of, before = Entry.objects.get(child_id=alma, kind="Patient"), {*Entry.objects.values_list("id", flat=True)}
    author = Entry.objects.get(id=psychologist).source_ref
    report = send(bundle(*from_elsewhere(told_of.source_ref, author)), source=told_of.source)
    assert (report.refused, report.stored) == (0, report.read)
    new = [one for one in Entry.objects.filter(child_id=alma) if one.id not in before]
    reader = as_person("ppr-psykolog")
    for entry in new:
        found = get(reader, f"/barn/{alma}/{entry.id}/").status
        assert found == (404 if entry.what in ("other", "team") else 200), (entry.kind, entry.title)
    for address in addresses({"child_id": alma, "entry_id": new[0].id}):
        assert get(reader, address).status < 500, address
    for somebody in (reader, relative(ALMA, "child"), relative(ALMA, "Sara Prøvegaard")):
        assert all(page.status < 500 for page in crawl(somebody, most=30))


@pytest.mark.parametrize("case", CASES, ids=[f"{one.address} {one.given.get('om', '')}" for one in CASES])
def test_a_sign_that_can_t_be_kept_is_said_and_nothing_breaks(
    case: Case, as_person: Callable[[str], Client], relative: Callable[[str, str], Client], child: Callable[[str], UUID]
) -> None:
    """A soft line break of a slide (U+000B) comes along when a text is pasted; FHIR has no place for it."""
    free = [
        name for name in ("title", "name", "words", "minutes", "text", "about", "what", "contact") if name in case.given
    ]
    if not free or case.who == "administrator":
        return
    client = relative(case.number, case.who) if case.address.startswith("/familie/") else as_person(case.who)
    address, before = case.address.format(child(case.number)), Version.objects.count()
    for name in free:
        odd = client.post(address, filled(client, address, case.given | {name: f"{case.given[name]}\x0bmere"}))
        assert odd.status_code == 422 and "et tegn i teksten, som ikke kan gemmes" in odd.content.decode()
    assert Version.objects.count() == before
