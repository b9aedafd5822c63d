"""The book on a telephone: a copy that is kept only when somebody asks, and goes when they log out."""

from collections.abc import Iterator

import pytest

from .conftest import Visitor, demonstration

pytestmark = pytest.mark.journey

KEPT = """async () => {
  const all = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
  return all.flat().map((one) => new URL(one.url).pathname);
}"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A demonstration of their own, for here somebody says where they want to be told."""
    yield from demonstration(tmp_path_factory)


def kept(visitor: Visitor) -> list[str]:
    found: list[str] = visitor.page.evaluate(KEPT)
    return found


def test_sara_keeps_the_next_things_on_her_telephone_until_she_logs_out(on_phone: Visitor) -> None:
    # Given that Sara reads her appointments, and nothing is kept on her telephone
    on_phone.logs_in_as_family("Sara Prøvegaard", "Alma")
    on_phone.opens("/familie/aftaler/")
    assert kept(on_phone) == []
    # When she asks for a copy
    on_phone.follows("Læs det uden net")
    on_phone.is_in_order()
    on_phone.presses("Gem en kopi")
    on_phone.page.get_by_text("Kopien er gemt.").wait_for()
    # Then one page of hers is kept, and nothing else that is not ours
    own = [one for one in kept(on_phone) if not one.startswith("/static/")]
    assert sorted(own) == ["/bog-copy-until", "/familie/uden-net/", "/om/uden-net/"]
    # And without a net she reads it, whatever page of hers she asks for; another page says that there is no net
    on_phone.opens("/familie/aftaler/")
    on_phone.page.context.set_offline(True)
    on_phone.opens("/familie/")
    assert "Dette er en kopi fra" in on_phone.reads() and "Første samtale i BUP Nord" in on_phone.reads()
    on_phone.opens("/om/")
    assert "Der er intet net lige nu" in on_phone.reads()
    # And when the session would have ended, the telephone shows it no more
    on_phone.page.evaluate("caches.open('bog-copy').then(c => c.put('/bog-copy-until', new Response('1')))")
    on_phone.opens("/familie/")
    assert "Der er intet net lige nu" in on_phone.reads()
    # When there is a net again, and she keeps another one and logs out
    on_phone.page.context.set_offline(False)
    on_phone.opens("/familie/uden-net/")
    on_phone.presses("Gem en kopi")
    on_phone.page.get_by_text("Kopien er gemt.").wait_for()
    on_phone.presses("Log af")
    on_phone.page.wait_for_url("**/log-ind/")
    # Then nothing of hers is left
    assert not [one for one in kept(on_phone) if one.startswith(("/familie/", "/bog-copy"))]


def test_a_mother_says_that_she_wants_no_word_by_night(on_phone: Visitor) -> None:
    on_phone.logs_in_as_family("Sara Prøvegaard", "Alma")
    on_phone.follows("Besked om nyt")
    on_phone.is_in_order()
    on_phone.page.get_by_label("Hvordan vil du have besked?").select_option(label="På mail")
    on_phone.presses("Gem mit valg")
    assert "Skriv din mail eller dit mobilnummer." in on_phone.reads()
    on_phone.is_in_order()
    on_phone.page.get_by_label("Din mail eller dit mobilnummer").fill("sara@eksempel.dk")
    on_phone.presses("Gem mit valg")
    assert "Vi har sendt en kode på seks tal til sara@eksempel.dk" in on_phone.reads()
    on_phone.is_in_order()
