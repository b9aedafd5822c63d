"""Letting an app in, told so that anybody can follow."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.instances import bog

from .conftest import Visitor, demonstration
from .little_app import NAME, LittleApp

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def app() -> Iterator[LittleApp]:
    found = LittleApp()
    yield found
    found.shutdown()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, app: LittleApp) -> Iterator[str]:
    """A demonstration of their own, where the app is registered as an operator would do it."""

    def registered(data: Path, _address: str) -> None:
        scopes = ("launch/patient", "patient/*.rs", "offline_access")
        asked = [word for one in scopes for word in ("--scope", one)]
        done = bog(
            "fhir", "client", "add", "--id", "kurven", "--name", NAME, "--redirect", app.back, *asked, "--data", data
        )
        assert done.returncode == 0, done.stderr

    for address in demonstration(tmp_path_factory, registered):
        app.fhir = f"{address}/fhir"
        yield address


def test_a_mother_lets_an_app_into_her_daughter_s_book_and_stops_it_again(
    with_policy_on: Visitor, app: LittleApp
) -> None:
    mother = with_policy_on
    # Given that Sara has an app on her telephone that somebody else has made
    mother.page.set_viewport_size({"width": 390, "height": 844})
    mother.page.goto(app.address)
    # When she connects it, she logs in first, and then reads what it asks for
    mother.page.get_by_role("link", name="Forbind").click()
    mother.page.get_by_text("Vis familierne").click()
    mother.page.get_by_role("button", name="Sara Prøvegaard").first.click()
    told = mother.reads()
    assert "Må Kurven læse med?" in told and "mål" in told and "aftaler" in told
    assert "Det gælder kun bogen om Alma." in told and "også når du har logget ud" in told
    mother.needs_no_sideways_scrolling()
    heights = mother.page.eval_on_selector_all("main button", "all => all.map(one => one.offsetHeight)")
    assert len(heights) == 2 and min(heights) >= 44
    # When she says no, the app is told that and nothing more
    mother.presses("Nej tak")
    assert mother.reads() == "Ikke forbundet: access_denied"
    # When she says yes the next time, the app is let in
    mother.page.goto(f"{app.address}/start")
    mother.presses("Ja, giv adgang")
    assert mother.reads() == "Forbundet: patient/Goal.rs patient/Appointment.rs launch/patient offline_access"
    assert app.given["patient"] and app.given["expires_in"] == 300
    # And goes on by itself
    mother.page.goto(f"{app.address}/igen")
    assert "Forbundet" in mother.reads()
    # When she finds it among her apps and stops it
    mother.opens("/")
    mother.follows("Apps")
    assert "Må læse: mål, aftaler." in mother.reads()
    mother.needs_no_sideways_scrolling()
    mother.presses("Stop")
    assert "Appen er stoppet." in mother.reads() and "Du har ikke givet nogen app lov." in mother.reads()
    # Then it is told no
    mother.page.goto(f"{app.address}/igen")
    assert mother.reads() == "Adgangen er slut"


def test_a_psychologist_chooses_the_child_that_an_app_is_let_into(visitor: Visitor, app: LittleApp) -> None:
    visitor.logs_in_as("ppr-psykolog")
    visitor.page.goto(f"{app.address}/start")
    visitor.is_in_order()
    visitor.presses("Ja, giv adgang")
    assert "Vælg, hvilket barn det er." in visitor.reads()
    visitor.is_in_order()
    visitor.page.get_by_label("Hvilket barn?").select_option(label="Alma Prøvegaard, født 7. maj 2017")
    visitor.presses("Ja, giv adgang")
    assert "Forbundet" in visitor.reads()
    visitor.opens("/apps/")
    assert "Kun bogen om Alma." in visitor.reads()
    visitor.is_in_order()
