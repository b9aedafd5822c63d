"""Forms, as a teacher begins one that knows Alma already, as her mother answers her part on a phone, and as a child
answers in its own words."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from .conftest import DESKTOP, Visitor, demonstration

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A demonstration of their own, for here people write."""
    yield from demonstration(tmp_path_factory)


def test_a_school_asks_ppr_for_help_and_almas_mother_adds_her_part_on_a_phone(
    visitor: Visitor, on_phone: Visitor
) -> None:
    # Given Alma's teacher, who begins the school's form to PPR
    draft = _begins_the_schools_form(visitor)
    page = visitor.page
    visitor.finds_no_barrier()
    # Then the book has filled in what it knows, and says from where
    visitor.follows("Barnet")
    assert page.get_by_role("textbox", name="Barnets navn").input_value() == "Alma Prøvegaard"
    assert "Hentet fra bogen" in visitor.reads()
    visitor.finds_no_barrier()
    # When one thing is left out and another put right
    page.get_by_role("group", name="Barnets CPR-nummer").get_by_text("Brug ikke").click()
    page.get_by_role("textbox", name="Skole eller dagtilbud").fill("Prøvebakkeskolen, 3. klasse")
    visitor.presses("Gem kladde")
    visitor.follows("Barnet")
    told = visitor.reads()
    assert "Det bliver ikke brugt." in told and "Du har rettet det." in told
    # When she goes on without having said why, she is told what is missing, and what she wrote is there
    visitor.opens(f"{draft}emne/why/")
    page.get_by_label("Giv et eksempel fra hverdagen").fill("Hun gemmer sig, når timen skifter.")
    visitor.presses("Gem og gå videre")
    assert "Der mangler noget" in visitor.reads()
    assert page.get_by_label("Giv et eksempel fra hverdagen").input_value().startswith("Hun gemmer sig")
    visitor.finds_no_barrier()
    page.get_by_label("Hvorfor beder I om hjælp nu?").fill("Skiftene vælter hendes dag.")
    page.get_by_label("Råd til de voksne omkring barnet").check()
    visitor.presses("Gem og gå videre")
    # And the last things that are lacking are found from the page that checks everything
    visitor.opens(f"{draft}tjek/")
    visitor.finds_no_barrier()
    for missing in ("childs-side", "consent"):
        visitor.opens(f"{draft}emne/{missing}/")
        _answers_what_is_required(visitor)
    visitor.opens(f"{draft}tjek/")
    visitor.presses("Jeg er færdig")
    # Then her part has a receipt and is locked, and both parents are asked
    told = visitor.reads()
    assert "Delen er låst." in told and "Sara Prøvegaard" in told and "Jonas Demodal" in told
    # And she can print it for them, in Arabic too
    assert visitor.page.locator("a[href$='?sprog=ar']").count() == 2
    visitor.is_in_order()
    # When Sara opens the book on her phone
    on_phone.logs_in_as_family("Sara", "Alma")
    on_phone.follows("Skemaer")
    assert "Venter på dig" in on_phone.reads()
    on_phone.finds_no_barrier()
    on_phone.page.locator(".bog-answer a").first.click()
    on_phone.follows("Jeres egen side")
    # Then she sees her own questions and nothing of what the school has written
    assert "Skiftene vælter" not in on_phone.reads()
    on_phone.needs_no_sideways_scrolling()
    on_phone.page.get_by_label("Hvad er I selv mest optaget af?").fill("At hun sover.")
    on_phone.presses("Gem og gå videre")
    on_phone.finds_no_barrier()
    on_phone.presses("Jeg er færdig")
    assert "Færdig" in on_phone.reads()
    # And the teacher sees that she is finished, and not what she wrote
    visitor.opens(draft)
    assert "At hun sover" not in visitor.reads()


def _answers_what_is_required(visitor: Visitor) -> None:
    """Answers what the page says is missing, one after the other."""
    page = visitor.page
    visitor.presses("Gem og gå videre")
    for link in page.locator(".alert-error a").all():
        field = page.locator(link.get_attribute("href") or "")
        if field.evaluate("e => e.tagName") == "FIELDSET":
            field.locator("input").first.check()
        else:
            field.fill("Hun tegner godt.")
    visitor.presses("Gem og gå videre")


def test_a_child_answers_in_its_own_words_and_is_asked_in_its_own_words(on_phone: Visitor) -> None:
    # Given Noah, who is twelve and has a log-in of his own
    on_phone.logs_in_as_family("Noah", "barnet selv")
    on_phone.unfolds_the_menu()
    on_phone.follows("Skemaer")
    page = on_phone.page
    page.get_by_label("Hvilket skema?").select_option(value="placement-child")
    on_phone.presses("Begynd")
    on_phone.finds_no_barrier()
    # When he opens the first topic
    page.locator(".bog-topics a").first.click()
    # Then he is spoken to, and the page fits his phone
    assert " du " in on_phone.reads()
    on_phone.needs_no_sideways_scrolling()
    on_phone.finds_no_barrier()


def test_a_page_saves_while_she_writes_and_keeps_what_is_typed_when_the_session_is_lost(
    with_policy_on: Visitor, another: Visitor
) -> None:
    """[OSL]: a wrong click loses work, and so does trouble with the log-in."""
    # Given Alma's teacher, who writes in the school's form to PPR
    visitor = with_policy_on
    visitor.page.clock.install()
    draft = _begins_the_schools_form(visitor)
    visitor.opens(f"{draft}emne/why/")
    page, status = visitor.page, visitor.page.locator(".bog-saved")
    why, example = page.get_by_label("Hvorfor beder I om hjælp nu?"), page.get_by_label("Giv et eksempel fra hverdagen")
    why.fill("Skiftene vælter hendes dag.")
    # When she stops to think, what she wrote is saved, and she is told so quietly
    page.clock.run_for(11_000)
    expect(status).to_have_text(re.compile(r"Kladden er gemt kl\. \d\d\.\d\d\."))
    # When a colleague has written something else meanwhile, nothing is written over
    another.logs_in_as("laerer")
    another.opens(f"{draft}emne/why/")
    assert another.page.get_by_label("Hvorfor beder I om hjælp nu?").input_value() == "Skiftene vælter hendes dag."
    another.page.get_by_label("Giv et eksempel fra hverdagen").fill("Hun gemmer sig.")
    another.presses("Gem kladde")
    example.fill("Hun går sin vej.")
    page.clock.run_for(11_000)
    expect(status).to_have_text(re.compile("Nogen har ændret det samme imens"))
    visitor.presses("Gem kladde")
    assert "Den anden har skrevet: Hun gemmer sig." in visitor.reads()
    visitor.presses("Gem kladde")
    # When she is signed out while she writes, it stands there still, and she is told what to do
    visitor.opens(f"{draft}emne/why/")
    session = page.context.cookies()
    page.context.clear_cookies(name="sessionid")
    why.fill("Skiftene vælter hendes dag, hver dag.")
    page.clock.run_for(11_000)
    expect(status).to_have_text(re.compile("Du er logget af. Det, du har skrevet, står her endnu."))
    assert why.input_value() == "Skiftene vælter hendes dag, hver dag."
    # And signed in again, in another tab, it is saved
    page.context.add_cookies([one for one in session if one["name"] == "sessionid"])
    page.clock.run_for(31_000)
    expect(status).to_have_text(re.compile("Kladden er gemt"))
    visitor.opens(f"{draft}emne/why/")
    assert why.input_value() == "Skiftene vælter hendes dag, hver dag."


def test_without_javascript_what_was_typed_is_given_back_too(without_javascript: Visitor) -> None:
    # Given a teacher without script, who is signed out while she writes
    draft = _begins_the_schools_form(without_javascript)
    without_javascript.opens(f"{draft}emne/why/")
    page = without_javascript.page
    session = page.context.cookies()
    page.get_by_label("Hvorfor beder I om hjælp nu?").fill("Skiftene vælter hendes dag.")
    page.context.clear_cookies(name="sessionid")
    # When she presses, she is told, and what she wrote is on the page
    without_javascript.presses("Gem kladde")
    assert "Du er logget af" in without_javascript.reads()
    # Then she signs in beside it, sends it again, and it is saved
    page.context.add_cookies([one for one in session if one["name"] == "sessionid"])
    without_javascript.presses("Send det igen")
    without_javascript.opens(f"{draft}emne/why/")
    assert page.get_by_label("Hvorfor beder I om hjælp nu?").input_value() == "Skiftene vælter hendes dag."


def _begins_the_schools_form(visitor: Visitor) -> str:
    """The address of a new draft."""
    visitor.logs_in_as("laerer")
    visitor.finds("670517-9902")
    visitor.follows("Alma Prøvegaard")
    visitor.follows("Skemaer")
    visitor.page.get_by_label("Hvilket skema?").select_option(label="Indstilling til PPR fra skole")
    visitor.presses("Begynd")
    return visitor.page.url.removeprefix(visitor.server)


def test_by_keyboard_alone_and_at_four_hundred_percent_a_form_says_what_is_wrong_and_loses_nothing(
    on_phone: Visitor,
) -> None:
    """smart-forms#1745, #1741, #1578, #1096, #1809: errors that are not announced, "star" read aloud, content that is lost
    when the page is enlarged. 320 px is 1280 at 400 %."""
    # Given a teacher who sees the page four times as large, and has no mouse
    visitor, page = on_phone, on_phone.page
    page.set_viewport_size(DESKTOP)
    draft = _begins_the_schools_form(visitor)
    page.set_viewport_size({"width": 320, "height": 256})
    visitor.opens(f"{draft}emne/why/")
    visitor.needs_no_sideways_scrolling()
    # Then every question has a name without a star
    names = page.locator("main label, main legend").all_inner_texts()
    assert names and not [one for one in names if "*" in one]
    # When she adds a row, writes in it, and goes on with Enter though something is missing
    before = page.get_by_role("button", name="Fjern").count()
    page.get_by_role("button", name="Tilføj en mere").first.press("Enter")
    page.wait_for_url("**#id_*")
    assert page.get_by_role("button", name="Fjern").count() == before + 1
    visitor.needs_no_sideways_scrolling()
    page.get_by_label("Giv et eksempel fra hverdagen").fill("Hun gemmer sig.")
    page.get_by_role("button", name="Gem og gå videre").last.press("Enter")
    # Then the fault is announced, leads to its field, and the field says it too
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Der mangler noget")
    assert page.title().startswith("Fejl")
    link = alert.get_by_role("link").first
    link.focus()
    page.keyboard.press("Enter")
    field = page.locator(link.get_attribute("href") or "")
    expect(field).to_be_focused()
    told = field.get_attribute("aria-describedby") or ""
    assert any("mangler" in page.locator(f"[id='{one}']").inner_text() for one in told.split())
    assert page.get_by_label("Giv et eksempel fra hverdagen").input_value() == "Hun gemmer sig."
    # When she chooses with the arrows what is to be done with what was fetched
    visitor.opens(f"{draft}emne/the-child/")
    keep = page.locator("[name='valg.child-name'][value=behold]")
    keep.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("[name='valg.child-name'][value=ret]")).to_be_checked()
    visitor.needs_no_sideways_scrolling()


def test_yaras_father_is_asked_in_arabic_and_what_he_writes_stays(on_phone: Visitor) -> None:
    # Given Yara's father, who wants to understand the form before he answers
    on_phone.logs_in_as_family("Karim Al-Prøve", "Yara")
    on_phone.follows("Skemaer")
    page = on_phone.page
    page.get_by_label("Hvilket skema?").select_option(value="parents-history")
    on_phone.presses("Begynd")
    # When he chooses Arabic
    on_phone.presses("العربية")
    assert (
        page.locator("h1 span").get_attribute("lang") == "ar" and page.locator("h1 span").get_attribute("dir") == "rtl"
    )
    assert "لم يراجع مترجم" in on_phone.reads()  # and it says that no translator has read it yet
    assert page.locator("a[href*='/papir/']").get_attribute("href").endswith("?sprog=ar")
    on_phone.is_in_order()
    # Then the questions, their answers and the buttons are in Arabic, written from right to left
    on_phone.follows("الآن")
    assert page.get_by_role("textbox", name="كيف يكون يوم عادي في البيت؟").get_attribute("dir") == "auto"
    page.get_by_role("group", name="كيف ينام الطفل؟").get_by_label("جيداً", exact=True).check()
    page.get_by_role("textbox", name="ما الذي يهدئ طفلك؟").fill("أغنية من جدتها")
    on_phone.is_in_order()
    # And so is all of the page around them, what is wrong with an answer, and the Danish questions are beside it
    assert page.locator("html").get_attribute("dir") == "rtl" and "Luk hurtigt" not in page.inner_text("body")
    page.get_by_text("انظر الأسئلة بالدنماركية").click()
    assert "Hvordan sover barnet?" in on_phone.reads()
    on_phone.presses("احفظ المسودة")
    on_phone.follows("راجع أجوبتك")
    assert "هناك شيء ناقص" in on_phone.reads()
    assert "ما أكثر شيء يشغلك؟" in on_phone.reads() and "Du mangler" not in on_phone.reads()
    on_phone.is_in_order()
    on_phone.follows("العودة إلى النموذج")
    # And when he goes back to Danish, what he has written is there, and so is the page
    on_phone.presses("Dansk")
    on_phone.follows("Nu")
    assert page.get_by_label("Hvad får dit barn til at falde til ro?").input_value() == "أغنية من جدتها"
    assert page.get_by_role("group", name="Hvordan sover barnet?").get_by_label("Godt").is_checked()
    # And what he is asked to say yes or no to is there in Arabic, with the Danish beside it
    on_phone.opens("/familie/ja-og-nej/")
    on_phone.follows("العربية")
    assert "هنا تقول نعم أو لا" in on_phone.reads() and "لم يراجع مترجم هذا النص بعد" in on_phone.reads()
    on_phone.is_in_order()
    page.get_by_role("link", name=re.compile("انظر جوابك|أجب")).first.click()
    assert "هل يُسمح لـ" in on_phone.reads()
    page.get_by_text("انظر النص بالدنماركية").click()
    assert "Du kan sige nej igen når som helst." in on_phone.reads()
    on_phone.is_in_order()


def test_whoever_goes_back_after_sending_it_again_gets_the_page_and_no_question_of_the_browser(
    visitor: Visitor,
) -> None:
    visitor.logs_in_as("ppr-psykolog")
    visitor.opens_the_book_of("Alma Prøvegaard")
    writing = f"{visitor.page.url}opgaver/ny/"
    visitor.page.goto(writing)
    visitor.page.context.clear_cookies(name="sessionid")
    visitor.presses("Opret opgaven")
    assert "Du er logget af" in visitor.reads()
    other = Visitor(visitor.page.context.new_page(), visitor.server)
    other.opens("/log-ind/ppr-psykolog")
    other.page.get_by_role("button", name="Log ind", exact=True).click()
    visitor.presses("Send det igen")  # it is empty, and refused
    assert "Det er ikke gemt endnu" in visitor.reads()
    visitor.page.go_back()
    assert visitor.page.url == writing and "Ny opgave" in visitor.reads()
