"""A mother logs in with MitID (here a provider on this machine), is away too long, and logs off."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.journeys.conftest import PHONE, SCREENS, Visitor, demonstration
from tests.openid_provider import OpenIdProvider, running

pytestmark = [
    pytest.mark.journey,
    pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning"),  # the provider's own
]
MINUTE = 60_000_000
LetGoBy = Callable[[float], None]


@pytest.fixture(scope="module")
def openid() -> Iterator[OpenIdProvider]:
    with running() as provider:
        yield provider


@pytest.fixture(scope="module")
def folder() -> list[Path]:
    return []


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, openid: OpenIdProvider, folder: list[Path]) -> Iterator[str]:
    def with_mitid(data: Path, address: str) -> None:
        (data / "login.toml").write_text(openid.setup(address))
        folder.append(data)

    yield from demonstration(tmp_path_factory, with_mitid)


@pytest.fixture
def go_by(server: str, folder: list[Path]) -> LetGoBy:
    """Lets minutes go by without anything being done."""

    def minutes(many: float) -> None:
        with closing(sqlite3.connect(folder[0] / "bog.sqlite3", timeout=20)) as database, database:
            database.execute("UPDATE login_session SET seen_at = seen_at - ?", [int(many * MINUTE)])

    return minutes


def logs_in(visitor: Visitor, who: str) -> None:
    visitor.opens("/log-ind/")
    visitor.follows("Log ind med MitID")
    visitor.page.get_by_role("button", name=who, exact=True).click()
    visitor.page.wait_for_url(f"{visitor.server}/**")


def test_a_mother_logs_in_and_off_and_nothing_is_left(with_policy_on: Visitor) -> None:
    """As her browser does it: with the policy of the page in force."""
    sara = with_policy_on
    # Given Sara, who has logged in with MitID
    logs_in(sara, "sara")
    assert sara.page.url.endswith("/familie/") and "Alma" in sara.reads()
    # When she logs off
    sara.presses("Log af")
    # Then she is led to log off there too, and back
    sara.page.wait_for_url("**/oauth2/end_session**")
    sara.page.get_by_role("button").first.click()
    sara.page.wait_for_url("**/log-af/faerdig/**")
    assert "Du er logget af" in sara.reads()
    # And whoever presses »back« on the same machine sees nothing of hers
    sara.opens("/om/")
    for _ in range(5):
        sara.page.go_back()
        assert sara.page.get_by_role("button", name="Log af").count() == 0
        assert "Hej" not in (sara.page.text_content("body") or "")


def test_a_mother_who_is_called_away_loses_nothing(with_policy_on: Visitor, go_by: LetGoBy) -> None:
    sara = with_policy_on
    sara.page.set_viewport_size(PHONE)
    sara.page.clock.install()
    # Given Sara, who is writing who is to help
    logs_in(sara, "sara")
    sara.opens("/familie/hjaelpere/ny/")
    assert re.search(r"bliver du logget af kl. \d\d\.\d\d", sara.page.inner_text("body"))
    sara.page.fill("[name=name]", "Tante Gerda Hjælpeby")
    # (in a form with fields that are called as what a script asks of a form, as that of the log is)
    sara.page.eval_on_selector(
        "main form:has([name=name])",
        "form => ['action', 'method'].forEach(name => form.append(Object.assign(document.createElement('input'), {name})))",
    )
    # While she does something in another window, she is not asked
    box = sara.page.get_by_role("dialog")
    with sara.page.expect_response("**/log-ind/bliv/"):
        sara.page.clock.fast_forward("26:00")
    assert not box.is_visible()
    # When nothing has happened for a while, then she is asked, and may stay
    go_by(26)
    sara.page.clock.fast_forward("26:00")
    box.wait_for()
    assert "Er du der stadig?" in box.inner_text() and re.search(r"[34]:\d\d", box.inner_text())
    sara.page.get_by_role("button", name="Bliv logget ind").click()
    box.wait_for(state="hidden")
    # When her telephone sleeps for hours, then the page is gone when it wakes, and what she wrote is not
    go_by(200)
    asked_to_keep: list[str] = []
    sara.page.on(
        "request", lambda request: asked_to_keep.append(request.url) if "/log-ind/gem/" in request.url else None
    )
    sara.page.clock.fast_forward("03:20:00")
    sara.page.wait_for_url("**/log-ind/udloebet/?gemt=ja")
    assert len(asked_to_keep) == 1, "a second asking is refused, and she would be told that nothing is kept"
    assert "Gerda" not in (sara.page.text_content("body") or "") and "er gemt i et døgn" in sara.reads()
    # And when she is back, it is there
    logs_in(sara, "sara")
    assert "Tante Gerda Hjælpeby" in sara.reads() and "Intet er sendt endnu" in sara.reads()
    sara.presses("Fortsæt, hvor jeg slap")
    sara.page.wait_for_url("**/familie/hjaelpere/ny/")
    assert sara.page.input_value("[name=name]") == "Tante Gerda Hjælpeby"


def test_without_a_script_nothing_is_lost_either(without_javascript: Visitor, go_by: LetGoBy) -> None:
    # Given Jonas, who is writing who is to help
    jonas = without_javascript
    logs_in(jonas, "jonas")
    jonas.opens("/familie/hjaelpere/ny/")
    jonas.page.fill("[name=name]", "Onkel Knud Bistandsen")
    # When he sends it too late
    go_by(31)
    jonas.page.locator("main form[method=post] button").last.click()
    # Then he is told, and gets it back when he has logged in
    assert "Det, du skrev, er gemt" in jonas.reads()
    jonas.follows("Log ind igen")
    logs_in(jonas, "jonas")
    jonas.presses("Fortsæt, hvor jeg slap")
    assert jonas.page.input_value("[name=name]") == "Onkel Knud Bistandsen"


def test_every_page_of_log_in_is_in_order(visitor: Visitor, go_by: LetGoBy) -> None:
    """The door, a level too low, somebody in no book, a choice of children, where one is logged in, and what was kept."""
    tanja = visitor
    tanja.opens("/log-ind/")
    tanja.is_in_order_on(*SCREENS)
    for who, told in (("lav", "sikrere måde"), ("fremmed", "ikke noget til dig"), ("tanja", "Hvilket barn?")):
        logs_in(tanja, who)
        assert told in tanja.reads()
        tanja.is_in_order_on(*SCREENS)
    tanja.presses("Oliver Skabelund")
    tanja.follows("Hvor er jeg logget ind?")
    assert "Her, lige nu." in tanja.reads()
    tanja.is_in_order_on(*SCREENS)
    tanja.opens("/familie/hjaelpere/ny/")
    tanja.page.fill("[name=name]", "Onkel Knud Bistandsen")
    tanja.page.evaluate("document.getElementById('bog-session-dialog').showModal()")
    tanja.is_in_order_on(*SCREENS)
    go_by(31)
    tanja.page.keyboard.press("Escape")
    tanja.page.locator("main form[method=post] button").last.click()
    assert "Det, du skrev, er gemt" in tanja.reads()
    tanja.is_in_order_on(*SCREENS)
    logs_in(tanja, "tanja")
    tanja.presses("Oliver Skabelund")
    assert "Onkel Knud Bistandsen" in tanja.reads()
    tanja.is_in_order_on(*SCREENS)
    tanja.presses("Smid det væk")
    tanja.opens("/familie/hjaelpere/ny/")  # and somebody logs in as another in another window
    tanja.page.fill("[name=name]", "Onkel Knud Bistandsen")
    tanja.page.evaluate("document.querySelectorAll('[name=bog-as]').forEach((one) => { one.value = 'x'; })")
    tanja.page.locator("main form[method=post] button").last.click()
    assert "intet er gemt" in tanja.reads() and "Onkel Knud Bistandsen" in tanja.reads()
    tanja.is_in_order_on(*SCREENS)
