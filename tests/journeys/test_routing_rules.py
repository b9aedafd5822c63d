"""Two administrators change a routing rule: one writes, the other approves, and the public page follows."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from .conftest import DESKTOP, Visitor, _visitor, demonstration

pytestmark = pytest.mark.journey

RULES = "/administration/henvisningsregler/"
SCHOOL = "/hvilken-doer/?hvem=school&alder=9&hvad=adhd&haster=planned&kommune=eksempelby-kommune"
REASON = "Ring til PPR om tirsdagen, før I skriver. Det kræver, at forældrene siger ja."


@pytest.fixture(scope="module")
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A demonstration of their own, for what they write others would read."""
    yield from demonstration(tmp_path_factory)


@pytest.fixture
def somebody(browser: Browser, own_server: str) -> Iterator[Visitor]:
    yield from _visitor(browser, own_server, viewport=DESKTOP)


def _becomes(visitor: Visitor, who: str) -> None:
    if visitor.page.get_by_role("button", name="Log af").count():
        visitor.presses("Log af")
    visitor.logs_in_as(who)
    visitor.opens(RULES)
    visitor.finds_no_barrier()
    visitor.needs_no_sideways_scrolling()


def test_a_rule_is_changed_tried_approved_by_another_and_taken_back(somebody: Visitor) -> None:
    # Given Ib, who may administer, and a school that should ring PPR before it writes
    _becomes(somebody, "administrator")
    somebody.page.get_by_label("Hvem spørger?").select_option(label="Skole")
    somebody.presses("Vis")
    somebody.follows("Ret S-PPR")
    somebody.page.get_by_label("Grund").fill(REASON)
    somebody.finds_no_barrier()
    somebody.presses("Gem i kladden")
    # When he has tried it and sends it for approval
    assert "Alle prøver går godt, og alle børn har en dør." in somebody.reads()
    somebody.page.get_by_label("Fra hvilken dag?").fill("25.11.2026")
    somebody.page.get_by_label("Hvorfor ændrer I det?").fill("PPR vil høre om barnet først")
    somebody.presses("Send til godkendelse")
    # Then he can't approve it himself, and nobody reads it yet
    assert "En anden skal godkende det." in somebody.reads()
    somebody.opens(SCHOOL)
    assert REASON not in somebody.reads()
    # When Vera approves it
    _becomes(somebody, "administrator-2")
    somebody.page.get_by_role("button", name="Godkend", exact=True).click()
    assert "I brug: version 2, fra 25. november 2026." in somebody.reads()
    # Then a school reads it, without logging in
    somebody.presses("Log af")
    somebody.opens(SCHOOL)
    assert REASON in somebody.reads()
    # And it can be taken back, by the same two steps
    _becomes(somebody, "administrator-2")
    somebody.page.get_by_role("button", name="Brug igen 0").click()
    assert "Ingen regler er ændret." in somebody.reads()


def test_no_door_may_be_shut_for_a_child_who_has_no_other(somebody: Visitor) -> None:
    # Given Ib, who shuts every door of a neighbour that is worried
    _becomes(somebody, "administrator")
    for rule in ("O-FAM", "O-SCHOOL", "O-LTT"):
        somebody.opens(f"{RULES}{rule}/")
        somebody.page.get_by_label("Reglen er tændt").uncheck()
        somebody.presses("Gem i kladden")
    # Then the page says for whom, and it can't be sent
    somebody.page.get_by_label("Fra hvilken dag?").fill("25.11.2026")
    somebody.page.get_by_label("Hvorfor ændrer I det?").fill("Det er nok med lægen")
    somebody.presses("Send til godkendelse")
    told = somebody.reads()
    assert "Det blev ikke gjort" in told and "Uden dør: En anden, der er bekymret, 0 år" in told
    assert somebody.page.get_by_label("Hvorfor ændrer I det?").input_value() == "Det er nok med lægen"
    somebody.finds_no_barrier()
    somebody.opens(f"{RULES}proever/")
    somebody.finds_no_barrier()
    somebody.needs_no_sideways_scrolling()
