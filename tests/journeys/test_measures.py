"""A leader looks at the unit's numbers: what they are, what they count, and which are too small to be told."""

import re

import pytest

from .conftest import Visitor

pytestmark = pytest.mark.journey


def test_hanne_sees_how_ppr_is_doing_and_takes_the_numbers_along(on_phone: Visitor) -> None:
    # Given that Hanne leads PPR
    on_phone.logs_in_as("Hanne Overblik")
    on_phone.opens("/enheden/")
    # When she goes on to the unit's numbers
    on_phone.follows("Enhedens tal")
    # Then each measure has its number on top, and those about few children are not told
    told = on_phone.reads()
    assert re.search(r"Kontakter om året for hvert barn \d,\d", told)
    assert "Dage uden bold skjult" in told
    assert "færre end 5" in told
    assert "Kim Demosen" not in told
    on_phone.needs_no_sideways_scrolling()
    # And she can read what a number counts, out of what, and what to beware of
    on_phone.page.get_by_role("link", name="Hele i første forsøg").click()
    on_phone.page.locator("section:has(#m-first-send) summary").click()
    assert "Alle henvisninger, som enheden sendte i måneden." in on_phone.reads()
    on_phone.finds_no_barrier()
    # And take all of them along to a spreadsheet
    with on_phone.page.expect_download() as found:
        on_phone.follows("Hent alle tal til et regneark (CSV)")
    assert found.value.suggested_filename == "tal.csv"


def test_signe_compares_the_units_of_the_municipality_and_reads_about_no_child(on_phone: Visitor) -> None:
    # Given that Signe counts for the municipality
    on_phone.logs_in_as("Signe Regneby")
    # Then she begins at the numbers of its units, and no small one is told
    told = on_phone.reads()
    assert "Tal på tværs af enheder" in told and "færre end 5" in told
    assert "BUP" not in told and "Alma" not in told
    on_phone.needs_no_sideways_scrolling()
    on_phone.finds_no_barrier()
    # And she can follow one of them through the year
    on_phone.page.locator("section:has(#m-contacts)").get_by_role("link", name="PPR Eksempelby").click()
    assert "November 2026 til nu" in on_phone.reads()
    on_phone.needs_no_sideways_scrolling()
