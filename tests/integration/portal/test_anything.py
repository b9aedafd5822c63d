"""Whatever R4 allows may come into a book from another system, and every page of it still opens."""

import random
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from barnetsbog.exchange.fhir import kinds
from barnetsbog.fhir.own import referring
from barnetsbog.portal.demo_login import people
from barnetsbog.record.models import Entry
from tests.builders import Json, bundle, send
from tests.integration.portal.conftest import ALMA
from tests.integration.portal.crawling import addresses, crawl, get
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
