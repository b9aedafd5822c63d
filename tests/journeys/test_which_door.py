"""Which door? Somebody who is worried finds the right one, without logging in."""

import pytest

from .conftest import DESKTOP, Visitor

pytestmark = pytest.mark.journey


def _asks(visitor: Visitor, *, who: str, age: str, worry: str, urgent: str, where: str = "Eksempelby Kommune") -> str:
    visitor.opens("/log-ind/")
    visitor.page.get_by_role("link", name="Bekymret for et barn?").click()
    for field, chosen in (
        ("Hvem er du?", who), ("Hvor gammelt er barnet?", age), ("Hvad er du mest bekymret for?", worry),
        ("Hvilken kommune bor barnet i?", where),
    ):  # fmt: skip
        visitor.page.get_by_label(field).select_option(label=chosen)
    visitor.page.get_by_label(urgent).check()
    visitor.presses("Find den rette dør")
    return visitor.reads()


def test_a_mother_with_a_worried_question_finds_ppr_by_way_of_the_school(on_phone: Visitor) -> None:
    # Given a mother with a restless child of nine, and her phone
    told = _asks(on_phone, who="Forælder", age="9 år", worry="Uro og svært ved at holde fokus (måske ADHD)", urgent="Det kan godt vente lidt")  # fmt: skip
    # Then she reads of danger first, then of the right door, and where to begin
    assert told.index("Ring 112") < told.index("Den rette dør: PPR") < told.index("Begynd her")
    assert "Skolen eller dagtilbuddet." in told and "PPR Eksempelby: 00 00 00 14" in told
    # And why she can't send the child to psychiatry herself
    assert "BUP skal have en henvisning." in told
    on_phone.finds_no_barrier()
    on_phone.needs_no_sideways_scrolling()


def test_a_doctor_with_a_new_depression_is_told_that_bup_is_right(visitor: Visitor) -> None:
    told = _asks(visitor, who="Praktiserende læge", age="14 år", worry="Trist og uden lyst (måske depression)", urgent="Det kan ikke vente mange dage")  # fmt: skip
    assert "Den rette dør: BUP" in told and "Når det er nyt, er det rigtigt, at lægen selv henviser." in told
    assert "Dit direkte telefonnummer" in told and "BUP Nord Visitation" in told
    visitor.finds_no_barrier()


def test_a_girl_of_sixteen_finds_somebody_to_talk_to(on_phone: Visitor) -> None:
    told = _asks(on_phone, who="Barn eller ung", age="16 år", worry="Har det ikke godt", urgent="Det kan godt vente lidt", where="Demolev Kommune")  # fmt: skip
    assert "Den rette dør: Kommunens samtaletilbud (LTT)" in told
    assert "Trappen Demolev" in told and "du skal ikke have en henvisning" in told
    assert "BørneTelefonen" in told
    on_phone.finds_no_barrier()


def test_in_danger_one_reads_112_first(on_phone: Visitor) -> None:
    told = _asks(on_phone, who="Skole", age="15 år", worry="Selvskade eller tanker om at dø", urgent="Barnet er i fare nu")  # fmt: skip
    assert told.index("Ring 112") < 80
    assert "Den rette dør: Barnets egen læge" in told and "Livslinien" in told
    # And nobody is sent to wait for a meeting
    assert "Vent ikke på et møde eller en henvisning." in told.partition("Ikke den vej")[2]


def test_the_address_can_be_kept_and_says_nothing_about_anybody(without_javascript: Visitor) -> None:
    visitor = without_javascript
    _asks(visitor, who="Skole", age="8 år", worry="Svært ved at lære", urgent="Det kan godt vente lidt")
    kept = visitor.page.url.removeprefix(visitor.server)
    assert kept == "/hvilken-doer/?hvem=school&alder=8&hvad=learning&haster=planned&kommune=eksempelby-kommune&svar=1"
    visitor.opens("/om/")
    visitor.opens(kept)
    assert "Den rette dør: PPR" in visitor.reads()


def test_a_slip_is_pointed_out_and_what_was_chosen_is_kept(visitor: Visitor) -> None:
    visitor.opens("/hvilken-doer/")
    visitor.page.get_by_label("Hvem er du?").select_option(label="Skole")
    visitor.presses("Find den rette dør")
    assert "Vælg barnets alder." in visitor.reads()
    assert visitor.page.get_by_label("Hvem er du?").input_value() == "school"
    visitor.finds_no_barrier()


def test_no_barrier_on_the_pages_beside_it(visitor: Visitor) -> None:
    for address in ("/hvilken-doer/", "/hvem-kan-henvise/", "/besked-til-laeger/"):
        visitor.opens(address)
        visitor.is_in_order_on({"width": 320, "height": 800}, DESKTOP)
