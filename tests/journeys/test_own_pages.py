"""The pages of a child with a grown-up beside it, of a young person, and of a foster carer; and leaving them quickly."""

import re
from collections.abc import Iterator

import pytest

from .conftest import DESKTOP, Visitor, demonstration

pytestmark = pytest.mark.journey

A_DANISH_VOICE = """
window.said = [];
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } addEventListener() {} };
Object.defineProperty(window, "speechSynthesis", { value: {
  getVoices: () => [{ lang: "da-DK" }], speak: (one) => window.said.push(one.text), cancel: () => {}, speaking: false,
} });
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A demonstration of their own, for here something is written."""
    yield from demonstration(tmp_path_factory)


def test_alma_writes_in_her_house_with_her_grandmother_and_shows_one_thing_to_kim(
    on_phone: Visitor, visitor: Visitor, another: Visitor
) -> None:
    # Given that Alma, who is nine, sits with her grandmother and sees whom she meets next
    on_phone.page.context.add_init_script(A_DANISH_VOICE)
    on_phone.logs_in_as_family("Alma Prøvegaard", "barnet selv")
    assert "Hvem møder jeg næste gang?" in on_phone.reads() and "Netværksmøde på skolen" in on_phone.reads()
    on_phone.is_in_order()
    # When she has it read aloud, where the telephone has a Danish voice
    on_phone.presses("Læs højt for mig")
    assert "Hej Alma" in on_phone.page.evaluate("window.said")
    # And writes what frightens her, in her own words, by her grandmother's hand
    on_phone.follows("Mit hus")
    on_phone.is_in_order()
    on_phone.page.get_by_label("Hvad er du ked af eller bange for?").fill("jeg ka ikk li når der bliver råbt")
    on_phone.page.get_by_label("Skriver en voksen for dig?").first.fill("Mormor Lis")
    on_phone.page.get_by_role("button", name=re.compile("^Gem ?: Det, der gør")).click()
    told = on_phone.reads()
    assert "Det er gemt. Kun du kan læse det." in told and "Skrevet ned af Mormor Lis" in told
    on_phone.is_in_order()
    # Then her mother has no trace of it
    another.logs_in_as_family("Sara Prøvegaard", "Alma")
    assert another.opens("/familie/mine-ord/") == 404
    another.opens("/familie/hvem-har-set/")
    assert "egne ord" not in another.reads()
    # And when Alma shows it to Kim, by name and with a time, Kim reads it as it stands
    on_phone.page.get_by_label("Hvem skal læse det?").select_option(label="Kim Demosen, PPR Eksempelby")
    on_phone.presses("Send")
    assert "Det er sendt." in on_phone.reads() and "Bliver læst senest" in on_phone.reads()
    visitor.logs_in_as("ppr-psykolog")
    visitor.opens_the_book_of("Alma Prøvegaard")
    visitor.page.get_by_role("navigation", name="Barnets bog").get_by_role("link", name="Beskeder").click()
    assert "jeg ka ikk li når der bliver råbt" in visitor.reads()
    # And she wishes for somebody to come along, finds a hard word, and has it all on paper
    on_phone.opens("/familie/")
    on_phone.follows("Vælg, hvem der kommer med")
    on_phone.page.get_by_label("Er det en anden? Skriv navnet").fill("Mormor Lis")
    on_phone.is_in_order()
    on_phone.presses("Send mit ønske")
    assert "kommer med: Mormor Lis." in on_phone.reads() and "Beskeden er sendt." in on_phone.reads()
    for page in ("/familie/ord/", "/familie/papir/", "/familie/rettigheder/"):
        on_phone.opens(page)
        on_phone.is_in_order()
    # And somebody comes into the room: she is away at once, and the way back leads nowhere
    on_phone.follows("Luk hurtigt")
    on_phone.page.wait_for_url("**/om/kalender/")
    on_phone.page.go_back()
    on_phone.opens("/familie/")
    assert "/log-ind/" in on_phone.page.url


def test_william_writes_a_goal_of_his_own_and_keeps_a_note_to_himself(on_phone: Visitor, visitor: Visitor) -> None:
    # Given that William, who is fifteen, sees what he may himself, and what changes
    on_phone.page.set_viewport_size(DESKTOP)
    on_phone.logs_in_as_family("William Mønsterby", "barnet selv")
    on_phone.page.get_by_role("navigation").get_by_role("link", name="Rettigheder").click()
    told = on_phone.reads()
    assert "Du siger selv ja eller nej til hjælp fra læge og BUP." in told and "18 år, 3. september 2029" in told
    on_phone.is_in_order()
    # When he writes a goal in his own words, and how close he is, and shares it with nobody
    on_phone.page.get_by_role("navigation").get_by_role("link", name="Mine mål").click()
    on_phone.presses("Gem mit mål")
    assert "Skriv noget først." in on_phone.reads()
    on_phone.is_in_order()
    on_phone.page.get_by_label("Hvad vil du gerne?").fill("ha en dag uden skema")
    on_phone.page.get_by_label(re.compile("Hvor tæt på er du?")).select_option("3")
    on_phone.presses("Gem mit mål")
    assert "ha en dag uden skema" in on_phone.reads() and "Det er ikke delt." in on_phone.reads()
    # Then Thomas, his teacher, does not see it before he says so
    visitor.logs_in_as("Thomas Figurby")
    visitor.opens_the_book_of("William Mønsterby")
    plan = visitor.page.get_by_role("navigation", name="Barnets bog").get_by_role("link", name="Plan og mål")
    plan.click()
    assert "ha en dag uden skema" not in visitor.reads()
    on_phone.page.get_by_role("link", name=re.compile("Sæt et tal")).first.click()
    on_phone.is_in_order()
    on_phone.page.get_by_label(re.compile("Det må deles.")).check()
    on_phone.presses("Gem")
    plan.click()
    assert "ha en dag uden skema" in visitor.reads()
    # And his note of danger is his alone, and he is told whom to call
    on_phone.page.get_by_role("navigation").get_by_role("link", name="Mine noter").click()
    on_phone.page.get_by_label("Hvad vil du skrive?").fill("Nogle dage vil jeg ikke leve mere.")
    on_phone.page.get_by_role("button", name=re.compile("^Gem")).click()
    told = on_phone.reads()
    assert "Ring 112." in told and "Ingen har læst det her." in told and "116 111" in told
    on_phone.is_in_order()


def test_else_sees_her_week_notes_medicine_and_leaves(on_phone: Visitor, without_javascript: Visitor) -> None:
    # Given that Else has Liva living with her
    carer = on_phone
    carer.logs_in_as_family("Else Hjemmeby", "Liva")
    told = carer.reads()
    assert "Denne uge" in told and "Opfølgningsmøde med Liva først" in told and "00 00 00 99" in told
    carer.is_in_order()
    # When she has given Liva a tablet, and writes the hour wrongly first
    carer.follows("Skriv, hvad der er givet")
    carer.page.get_by_label("Hvad fik barnet?").fill("Høfebertablet")
    carer.page.get_by_label("Klokken").fill("i morges")
    carer.presses("Gem noten")
    assert "Skriv klokken som 9.30." in carer.reads()
    carer.is_in_order()
    carer.page.get_by_label("Klokken").fill("7.30")
    carer.presses("Gem noten")
    # Then it stands there, and in her week
    assert "Noten er gemt." in carer.reads() and "kl. 07.30: Høfebertablet" in carer.reads()
    carer.page.get_by_role("navigation").get_by_role("link", name="Denne uge").click()
    assert "Høfebertablet" in carer.reads()


def test_else_asks_for_help_rikke_answers_and_the_visits_stand_where_they_belong(
    on_phone: Visitor, visitor: Visitor, without_javascript: Visitor
) -> None:
    # Given that Else sees what is agreed: whom Liva sees, how often, who is with them, and whom to call
    carer = on_phone
    carer.logs_in_as_family("Else Hjemmeby", "Liva")
    carer.follows("Se, hvad I har aftalt")
    told = carer.reads()
    assert "Samvær med Tanja Skabelund" in told and "Hver anden lørdag kl. 10-16" in told and "Birgit Plejer" in told
    carer.is_in_order()
    # When she writes how it goes, with Liva's own words, and what they need help with
    carer.page.get_by_role("navigation").get_by_role("link", name="Status", exact=True).click()
    assert "Vi griner ved bordet" in carer.reads()
    carer.page.get_by_label("Det har vi brug for hjælp til").fill("Hvem kan køre hende i december?")
    carer.page.get_by_label("Hvad siger barnet selv?").fill("jeg vil ik køre i bus alene")
    carer.presses("Send status")
    assert "Spørg barnet, om kommunen må læse dets ord." in carer.reads()
    carer.is_in_order()
    carer.page.get_by_label("Barnet har sagt ja til, at kommunen læser det").check()
    carer.presses("Send status")
    assert "Din status er sendt" in carer.reads() and "inden tre hverdage" in carer.reads()
    # Then it is a task of Rikke's, which her answer ends
    visitor.logs_in_as("raadgiver")
    visitor.opens_the_book_of("Liva Skabelund")
    visitor.follows("Plejefamiliens status")
    assert "Venter på svar" in visitor.reads() and "jeg vil ik køre i bus alene" in visitor.reads()
    visitor.is_in_order()
    visitor.page.get_by_label("Dit svar til plejefamilien").fill("Birgit finder en taxa.")
    visitor.presses("Send svaret")
    assert "Dit svar er sendt til plejefamilien" in visitor.reads() and "Venter på svar" not in visitor.reads()
    # And when she writes what is agreed of the aunt, what is lacking is said and nothing is lost
    visitor.follows("Skriv en aftale om samvær")
    visitor.page.get_by_label("Hvor tit og hvornår?").fill("Den første tirsdag i måneden")
    visitor.presses("Gem aftalen")
    assert "Vælg, hvem barnet skal se." in visitor.reads()
    visitor.is_in_order()
    visitor.page.get_by_label("Hvem skal barnet se?").select_option(index=1)
    visitor.page.get_by_label("Er der en voksen med?").select_option(index=1)
    visitor.presses("Gem aftalen")
    assert "Aftalen er gemt" in visitor.reads() and "Den første tirsdag i måneden" in visitor.reads()
    # And Else reads the answer, and leaves without JavaScript by a link that logs out
    carer = without_javascript
    carer.logs_in_as_family("Else Hjemmeby", "Liva")
    carer.opens("/familie/beskeder/")
    carer.page.get_by_role("link", name=re.compile("Rikke Sagsby")).first.click()
    assert "Birgit finder en taxa." in carer.reads()
    carer.follows("Luk hurtigt")
    assert carer.page.url.endswith("/om/kalender/") and "Barnets" not in carer.page.inner_text("body")
    carer.opens("/familie/")
    assert "/log-ind/" in carer.page.url


def test_rikke_suspects_an_honour_conflict_and_nobody_writes_to_livas_mother_before_the_risk_is_assessed(
    visitor: Visitor, on_phone: Visitor
) -> None:
    # Given that Liva's teacher has called, and Rikke finds the page where she looks for whom she may call
    visitor.logs_in_as("raadgiver")
    visitor.opens_the_book_of("Liva Skabelund")
    book = visitor.page.url.removeprefix(visitor.server)
    visitor.opens(f"{book}kontakter/")
    visitor.follows("Æreskonflikt")
    # When she forgets what it rests on, nothing is saved; when she writes it, everybody waits
    visitor.presses("Gem mistanken")
    assert "Skriv, hvad mistanken bygger på." in visitor.reads()
    visitor.is_in_order()
    visitor.page.get_by_label("Hvad bygger mistanken på?").fill("Hun skal giftes til sommer, siger hun til sin lærer.")
    visitor.presses("Gem mistanken")
    assert "Forældre og netværk må ikke inddrages endnu" in visitor.reads()
    visitor.is_in_order()
    # Then a message to her mother is not sent, and what was written is not lost
    visitor.opens(f"{book}beskeder/ny/")
    visitor.page.get_by_label("Hvem skal læse det?").select_option(label=_of_mother(visitor))
    visitor.page.get_by_label("Hvad vil du skrive?").fill("Kan du komme på fredag?")
    visitor.presses("Send")
    assert "Risikoen skal vurderes" in visitor.reads()
    assert visitor.page.get_by_label("Hvad vil du skrive?").input_value() == "Kan du komme på fredag?"
    # And her mother finds nothing of it
    on_phone.logs_in_as_family("Tanja Skabelund", "Liva")
    for page in ("/familie/", "/familie/beskeder/", "/familie/hvem-har-set/"):
        on_phone.opens(page)
        assert "æreskonflikt" not in on_phone.reads().casefold() and "mistanke" not in on_phone.reads().casefold()
    # When Rikke follows her task, and writes what the risk is
    visitor.opens(f"{book}opgaver/")
    visitor.follows("Vurder risikoen for æreskonflikt")
    visitor.follows("Mistanke om æreskonflikt")
    visitor.page.get_by_label("Hvad viser vurderingen?").fill("Ingen i familien kender til et bryllup.")
    visitor.page.get_by_label("Må forældre og netværk inddrages nu?").select_option(
        label="Ja. Der er ingen æreskonflikt"
    )
    visitor.presses("Gem vurderingen")
    # Then the task is done, and one can write to her mother again
    assert "Vurderingen er gemt" in visitor.reads() and "Rikke Sagsby" in visitor.reads()
    visitor.is_in_order()
    visitor.opens(f"{book}opgaver/")
    assert "Vurder risikoen" not in visitor.page.locator("main").inner_text().partition("Afsluttet")[0]


def _of_mother(visitor: Visitor) -> str:
    found = [
        one
        for one in visitor.page.get_by_label("Hvem skal læse det?").locator("option").all_inner_texts()
        if "Tanja" in one
    ]
    return found[0]
