"""Appointments and the people around a child, told so that anybody can follow."""

import re
from collections.abc import Iterator

import pytest

from .conftest import Visitor, demonstration

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A demonstration of their own, for here appointments are moved and people stop."""
    yield from demonstration(tmp_path_factory)


def opens_appointments_as(visitor: Visitor, name: str, child: str) -> str:
    visitor.logs_in_as_family(name, child)
    visitor.page.get_by_role("navigation").get_by_role("link", name="Aftaler").click()
    return visitor.reads()


def test_the_psychologist_moves_alma_s_first_visit_and_both_parents_see_it(visitor: Visitor, on_phone: Visitor) -> None:
    # Given that Alma has her first visit in BUP on 3 December at ten
    visitor.logs_in_as("bup-psykolog")
    visitor.opens_the_book_of("Alma Prøvegaard")
    visitor.page.get_by_label("Barnets bog").get_by_role("link", name="Kalender").click()
    visitor.is_in_order()
    visitor.follows("Første samtale i BUP Nord")
    assert "3. december 2026, 10.00-11.00" in visitor.reads()
    visitor.is_in_order()
    # When Ida gives it another time, she must say why
    visitor.follows("Flyt aftalen")
    visitor.page.fill("[name=day]", "10.12.2026")
    visitor.page.fill("[name=start]", "9")
    visitor.page.fill("[name=end]", "10.30")
    visitor.presses("Flyt aftalen")
    assert "Skriv hvorfor. Familien kan læse det." in visitor.reads()
    assert visitor.page.input_value("[name=day]") == "10.12.2026"
    visitor.is_in_order()
    visitor.page.fill("[name=reason]", "Ida er på kursus den dag.")
    visitor.presses("Flyt aftalen")
    # Then it stands at the new time, and everybody is asked again
    told = visitor.reads()
    assert "Aftalen er flyttet" in told and "10. december 2026, 09.00-10.30" in told
    # And both parents see the new time, why, and what to do before
    for parent in ("Sara Prøvegaard", "Jonas Demodal"):
        told = opens_appointments_as(on_phone, parent, "Alma")
        assert "Torsdag 10. december 2026" in told and "Kl. 09.00-10.30: Første samtale i BUP Nord" in told
        assert "Ny tid. Før var det 03.12.2026 kl. 10.00. Ida er på kursus den dag." in told
        assert "Læs børnebrevet med Alma." in told and "Kommer du?" in told
    on_phone.is_in_order()
    heights = on_phone.page.eval_on_selector_all(
        "main button, main a.bog-tall", "all => all.map(one => one.offsetHeight)"
    )
    assert heights and min(heights) >= 44
    # When her father says that he comes, Ida can see it
    on_phone.presses("Ja, jeg kommer")
    assert "Tak for dit svar" in on_phone.reads()
    visitor.page.reload()
    assert re.search(r"Jonas Demodal\s+Kommer\b", visitor.reads())


def test_freja_s_feed_tells_nothing_of_where_she_is(on_phone: Visitor) -> None:
    # Given that Freja lives where nobody may know
    assert "Aftaler" in opens_appointments_as(on_phone, "Katrine Testrup", "Freja")
    # When her mother makes an address for her own calendar and asks for the places too
    on_phone.follows("Få aftalerne i din egen kalender")
    on_phone.page.check("[name=sted]")
    on_phone.presses("Lav en adresse")
    on_phone.is_in_order()
    address = on_phone.page.inner_text("code")
    # Then her telephone is told when, and not what, where or with whom
    content = on_phone.page.request.get(address).text()
    assert content.count("SUMMARY:Aftale") == content.count("BEGIN:VEVENT") > 0
    assert "LOCATION" not in content
    for word in ("Freja", "Katrine", "Maja", "Prøvebakke", "Eksempelby", "Planen", "læge"):
        assert word not in content, word
    # And when she closes it, it is as if it never had been
    on_phone.presses("Luk adressen")
    assert on_phone.page.request.get(address).status == 404


def test_ida_has_stopped_and_kim_gets_her_ball(visitor: Visitor, another: Visitor) -> None:
    # Given that Ida in BUP is August's coordinator and has a ball
    visitor.logs_in_as("bup-psykolog")
    visitor.opens_the_book_of("August Papirsø")
    visitor.follows("Kontakter")
    assert re.search(r"Ida Testrup Tovholder\s+psykolog, BUP Nord\s.*Har bolden", visitor.reads())
    visitor.is_in_order()
    # When she says that she has stopped, she sees what will happen before she presses
    visitor.follows("Jeg er stoppet hos barnet")
    told = visitor.reads()
    assert "»Svar far på hans anmodning om oplysninger« bliver tilbudt den, du vælger." in told
    assert "Opgaven som tovholder bliver tilbudt den, du vælger." in told
    visitor.is_in_order()
    visitor.page.select_option("[name=to]", label="Kim Demosen, PPR Eksempelby")
    visitor.presses("Jeg er stoppet")
    told = visitor.reads()
    assert "Du er skrevet ud af barnets team" in told and "Stoppet 25.11.2026" in told
    assert "Barnet har ingen tovholder" in told
    visitor.is_in_order()
    # Then Kim is offered what she had, and sees that she has stopped
    another.logs_in_as("ppr-psykolog")
    another.opens("/arbejdsliste/")
    assert "August Papirsø" in another.reads()
    another.opens_the_book_of("August Papirsø")
    assert "Svar far på hans anmodning om oplysninger" in another.reads()
    another.follows("Kontakter")
    assert re.search(r"Ida Testrup Tovholder\s+psykolog, BUP Nord\s+Stoppet", another.reads())
    # And the map of rings is the same in another form
    another.follows("Ringe")
    assert another.page.get_by_role("img", name=re.compile("August i midten")).is_visible()
    another.is_in_order()
