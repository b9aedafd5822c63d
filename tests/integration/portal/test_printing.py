"""Whoever prints a page has a copy of it, and the log says so."""

import re
from collections.abc import Callable
from html import unescape
from uuid import UUID, uuid4

import pytest
from django.test import Client

from barnetsbog.audit.models import Event
from tests.integration.portal.conftest import ALMA, text

pytestmark = pytest.mark.django_db(databases=["default", "demo"])


def noted() -> list[tuple[UUID | None, bool, str]]:
    """The prints that the log knows: about whom, whether it was let, and of what."""
    found = Event.objects.filter(action="print").order_by("at", "id")
    return [(one.child_id, one.allowed, one.detail["what"]) for one in found]


def test_what_is_printed_stands_in_the_log_and_the_family_reads_it(
    as_person: Callable[[str], Client], relative: Callable[[str, str], Client], child: Callable[[str], UUID]
) -> None:
    kim, alma = as_person("ppr-psykolog"), child(ALMA)
    assert kim.post("/udskrevet/", {"side": f"/barn/{alma}/tidslinje/"}).status_code == 204
    assert kim.post("/udskrevet/", {"side": "/arbejdsliste/"}).status_code == 204
    assert "Handler om AP. Formål: PPR's arbejde med barnet." in unescape(text(kim, f"/barn/{alma}/"))
    assert noted() == [(alma, True, "timeline"), (None, True, "work-list")]
    sara = relative(ALMA, "Sara Prøvegaard")
    assert sara.post("/familie/udskrevet/", {"side": "/familie/plan/"}).status_code == 204
    assert noted()[-1] == (alma, True, "family-plan")
    assert "udskrift" in text(sara, "/familie/hvem-har-set/").lower()


def test_on_paper_the_heading_names_a_child_by_initials_alone(
    as_person: Callable[[str], Client], child: Callable[[str], UUID]
) -> None:
    page = text(as_person("ppr-psykolog"), f"/barn/{child(ALMA)}/plan/")
    (heading,) = re.findall(r'<h1 class="bog-child">(.*?)</h1>', page)
    on_paper = re.sub(r'<bdi class="d-print-none">.*?</bdi>', "", heading)
    assert "Alma Prøvegaard" in heading and re.sub(r"<[^>]+>", "", on_paper) == "AP, 9 år"


def test_what_cannot_be_seen_has_not_been_printed(as_person: Callable[[str], Client]) -> None:
    kim = as_person("ppr-psykolog")
    for path in (f"/barn/{uuid4()}/", "", "/findes/ikke/", "//andre.example/", "/log-ind/", "\x00"):
        assert kim.post("/udskrevet/", {"side": path}).status_code == 204
    assert [allowed for _, allowed, _what in noted()] == [False]  # the one that is a page, of nobody that is known
    assert Client().post("/udskrevet/", {"side": "/arbejdsliste/"}).status_code != 204 and len(noted()) == 1


def test_a_list_that_goes_over_several_pages_says_so_on_paper_and_its_links_keep_what_was_chosen(
    as_person: Callable[[str], Client], child: Callable[[str], UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("responsibility", "deadlines"):
        monkeypatch.setattr(f"barnetsbog.{module}.queries.PAGE", 2)
    kim = as_person("ppr-psykolog")
    for chosen in ("fane=alle&orden=navn", "fane=frister&vis=alle"):
        page = unescape(text(kim, f"/arbejdsliste/?{chosen}"))
        last = max(int(one) for one in re.findall(rf'href="\?{re.escape(chosen)}&side=(\d+)"', page))
        assert f'<span class="bog-paper-only">Side 1 af {last}</span>' in page
        assert f"Side {last} af {last}" in text(kim, f"/arbejdsliste/?{chosen}&side={last}")
    monkeypatch.setattr("barnetsbog.timeline.queries.PAGE", 2)
    timeline = f"/barn/{child(ALMA)}/tidslinje/"
    assert 'bog-paper-only">Side 1 af 20</span>' in text(kim, timeline)
    assert 'bog-paper-only">Side' not in text(kim, f"{timeline}?alle=1")
    monkeypatch.undo()
    assert 'bog-paper-only">Side' not in text(as_person("ppr-psykolog"), "/arbejdsliste/?fane=alle")
