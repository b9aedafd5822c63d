"""Skemaer for administrators without a browser: who gets there, what becomes of each change, and that nothing typed is
lost."""

import json
import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from barnetsbog.forms import editing, loading
from barnetsbog.forms.local import Local, dumped, find, put_together, read_package, written
from barnetsbog.forms.questionnaire import questionnaire_of
from barnetsbog.forms.reading import read
from barnetsbog.portal.language import COOKIE
from barnetsbog.publishing import forms
from barnetsbog.publishing.forms import FORMS
from tests.conftest import CORPUS, skip
from tests.integration.portal.conftest import ALMA, text

pytestmark = pytest.mark.django_db(databases=["default", "demo"])

SignIn = Callable[[str], Client]
INDEX = "/administration/skemaer/"
FORM = f"{INDEX}skema/status-school/"
MOOD = f"{FORM}spoergsmaal/mood/"
SHARED = f"{INDEX}faelles/mood/"
SOURCE = f"{INDEX}kilder/form/status-school/"
FAMILY = f"{INDEX}faelles/family/V11/"
PARTS = f"{INDEX}dele/"
LIST = f"{INDEX}faelles/list/felt/svar/felt/"
WISH = {"gør": "send", "valid_from": "25.11.2026", "why": "Skolerne har bedt om det"}
ASKED = "Hvordan er humøret i skolen?"


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """The versions of another test's database."""
    forms.forget()
    yield
    forms.forget()


@pytest.fixture
def ib(as_person: SignIn) -> Client:
    return as_person("administrator")


@pytest.fixture
def vera(as_person: SignIn) -> Client:
    return as_person("administrator-2")


def _page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return unescape(answer.content.decode())


def _seen(client: Client, address: str) -> str:
    return _page(client, address).partition('name="set" value="')[2].partition('"')[0]


def _posts(client: Client, address: str, given: dict[str, object], status: int = 302) -> str:
    answer = client.post(address, given)
    content = unescape(answer.content.decode())
    assert answer.status_code == status, content.partition('role="alert"')[2][:500]
    return content


def _words(ask: str = ASKED, **more: object) -> dict[str, object]:
    return {"ask": ask, "help": "", "child": "", "limit": ""} | more


def _asks(client: Client, address: str = MOOD, status: int = 302, seen: str = "", **more: object) -> str:
    return _posts(client, address, _words(**more) | {"set": seen or _seen(client, address)}, status)


def _forgets(client: Client, key: str, page: str = "", status: int = 302) -> str:
    """A record is as in the program again, by the button of the index as it was seen."""
    name = f"set-{key}"
    seen = (page or _page(client, INDEX)).partition(f'name="{name}" value="')[2].partition('"')[0]
    return _posts(client, INDEX, {"glem": key, name: seen}, status)


def _form(ident: str = "status-school"):
    return put_together(forms.standing().content).forms[ident]


def _publishes(ib: Client, vera: Client) -> None:
    _posts(ib, INDEX, WISH | {"nummer": forms.standing().after})
    _posts(vera, INDEX, {"gør": "godkend", "nummer": forms.standing().after})


# -- who ---------------------------------------------------------------------------------------------------------------


ADDRESSES = (
    INDEX, FORM, MOOD, SHARED, SOURCE, f"{INDEX}proever/", f"{INDEX}hent-ind/", f"{INDEX}kilder/", f"{FORM}om/",
    f"{FORM}tilfoej/", f"{FORM}afsnit/everyday/", f"{FORM}se/sender/", f"{FORM}fil/1", FAMILY, f"{FAMILY}tilfoej/",
    f"{FAMILY}spoergsmaal/looked-after/", f"{FAMILY}afsnit/everyday/", f"{INDEX}familie/V11/navn/", LIST,
    f"{INDEX}faelles/section/the-writer/", f"{INDEX}faelles/family/V9/svar/urgent/", f"{INDEX}faelles/holder-name/",
    f"{FORM}dele/", f"{PARTS}form/status-school/tilfoej/", f"{PARTS}form/status-school/sender/fjern/",
    f"{PARTS}family/V3/tilfoej/", f"{PARTS}family/V3/parents/fjern/",
)  # fmt: skip


@pytest.mark.parametrize("who", ["laerer", "ppr-leder", "dpo"])
def test_nobody_else_finds_the_pages(as_person: SignIn, who: str) -> None:
    client = as_person(who)
    for address in ADDRESSES:
        assert client.get(address).status_code == 404
        assert client.post(address, {"gør": "send", "nummer": "0"}).status_code in (404, 405)
    assert forms.standing().after == 0


def test_every_page_is_there_and_says_what_it_is_about(ib: Client) -> None:
    for address in ADDRESSES:
        assert ib.get(address).status_code == 200, address
    for address in (
        f"{INDEX}skema/nope/", f"{FORM}spoergsmaal/nope/", f"{FORM}afsnit/nope/", f"{FORM}se/nope/", f"{FORM}fil/7",
        f"{INDEX}faelles/family/V99/", f"{INDEX}faelles/shoe/V11/", f"{FAMILY}spoergsmaal/nope/",
        f"{FAMILY}afsnit/nope/", f"{FAMILY}spoergsmaal/bullying/", f"{FAMILY}svar/mood/", f"{INDEX}familie/V99/navn/",
        f"{INDEX}faelles/list/felt/svar/risk/", f"{INDEX}faelles/question/mood/",
        f"{PARTS}form/status-school/nope/fjern/", f"{PARTS}section/the-writer/tilfoej/", f"{INDEX}kilder/form/nope/", f"{INDEX}kilder/shoe/mood/", f"{INDEX}faelles/nope/", f"{INDEX}skema/nope/fil/0",
    ):  # fmt: skip
        assert ib.get(address).status_code == 404, address


@pytest.mark.parametrize("given", [{}, {"gør": "x", "nummer": "0"}, {"gør": "igen", "nummer": "0", "igen": "7"}])
def test_nonsense_is_not_found(ib: Client, given: dict[str, str]) -> None:
    assert ib.post(INDEX, given).status_code == 404
    assert ib.post(FORM, given).status_code == ib.post(FORM, {"udelad": "nope"}).status_code == 404


# -- the table ---------------------------------------------------------------------------------------------------------


def test_the_table_has_every_form_and_can_be_narrowed(ib: Client) -> None:
    page = text(ib, INDEX)
    assert "Katalog (54)" in page
    every = loading.program().values()
    for query, found in (
        ("familie=V11", [one for one in every if one.family == "V11"]),
        ("fra=club", [one for one in every if "club" in one.sender]),
        ("til=samraad", [one for one in every if "samraad" in one.receiver]),
        ("familie=V11&fra=bup", []),
    ):  # fmt: skip
        assert f"Katalog ({len(found)})" in text(ib, f"{INDEX}?{query}") and len(found) < 54


def test_a_form_stands_beside_its_family(ib: Client) -> None:
    page = text(ib, FORM)
    assert "Ved siden af familien V11" in page and "Kun skole" in page and "# Fravær" in page
    assert "Ved siden af programmets skema" in text(ib, f"{INDEX}skema/ppr-assessment/")


# -- changing ----------------------------------------------------------------------------------------------------------


def test_from_a_change_to_a_form_in_use(ib: Client, vera: Client, as_person: SignIn) -> None:
    _asks(ib)
    page = text(ib, INDEX)
    assert "udgave 1001" in page and "Skemaerne er i orden, og alle prøver går godt." in page and "I kladden" in page
    _posts(ib, INDEX, WISH | {"nummer": "1"})
    assert "En anden skal godkende det." in text(ib, INDEX) and 'value="godkend"' not in text(ib, INDEX)
    assert "kan ikke selv godkende" in _posts(ib, INDEX, {"gør": "godkend", "nummer": "2"}, 422)
    _posts(vera, INDEX, {"gør": "godkend", "nummer": "2"})
    assert loading.catalogue()["status-school"].version == 1001
    page = text(ib, FORM)
    assert "Skolerne har bedt om det" in page and "Ib Systemby" in page and "Vera Tjekby" in page
    page = text(ib, INDEX)
    assert ">1001 " in page and "fra 25. november 2026" in page


def test_whoever_has_begun_reads_which_answers_would_not_come_along(
    ib: Client, vera: Client, relative: Callable[[str, str], Client]
) -> None:
    """Alma's mother has written about the kindergarten; the new version asks that of those who need an interpreter."""
    sara = relative(ALMA, "Sara Prøvegaard")
    draft = re.findall(r'href="(/familie/skemaer/[0-9a-f-]{36}/)"', _page(sara, "/familie/skemaer/"))[0]
    address = f"{INDEX}skema/parents-history/spoergsmaal/early-childcare/"
    _asks(ib, address, ask="Hvordan gik det i børnehaven?", item0="interpreter", op0="er", value0="Ja")
    _publishes(ib, vera)
    page = text(sara, draft)
    assert "Der er en ny udgave af skemaet" in page and "1001" not in page
    assert "De her svar kommer ikke med" in page and "Talepædagogen hjalp meget." in page
    version = _page(sara, draft).partition('name="version" value="')[2].partition('"')[0]
    _posts(sara, draft, {"do": "ny-version", "version": version})
    assert "ny udgave" not in text(sara, draft)


def test_back_to_the_program_s_form_gives_it_a_new_number(ib: Client, vera: Client) -> None:
    _asks(ib)
    _publishes(ib, vera)
    _posts(ib, INDEX, {"gør": "igen", "nummer": "2", "igen": "0"})
    _publishes(ib, vera)
    now = loading.catalogue()["status-school"]
    assert now.version == 1002 and now.sections == loading.program()["status-school"].sections


def test_what_two_type_at_once_stands_side_by_side(ib: Client, vera: Client) -> None:
    seen = _seen(vera, MOOD)
    _asks(ib)
    told = _asks(vera, status=409, seen=seen, ask="Mine egne ord?")
    assert "Nogen har ændret det samme imens" in told and ASKED in told and "Mine egne ord?" in told
    again = told.partition('name="set" value="')[2].partition('"')[0]
    _asks(vera, seen=again, ask="Mine egne ord?")
    assert editing.item_in(_form(), "mood").ask == "Mine egne ord?"


def test_what_somebody_else_has_changed_meanwhile_is_not_forgotten_with_it(ib: Client, vera: Client) -> None:
    _asks(ib)
    page = _page(ib, INDEX)
    _asks(vera, ask="Hvordan har barnet det i klassen?")
    assert "En anden har gemt imens" in _forgets(ib, "form/status-school", page, 409)
    assert editing.item_in(_form(), "mood").ask == "Hvordan har barnet det i klassen?"


def test_what_is_refused_is_said_in_the_language_of_the_page(ib: Client) -> None:
    ib.cookies[COOKIE] = "en"
    _asks(ib)
    drops = {"gør": "afvis", "remark": ""}
    for given, told in ((WISH | {"valid_from": "01.01.2020"}, "The day has gone"), (drops, "Write why it is not")):
        page = _posts(ib, INDEX, given | {"nummer": forms.standing().after}, 422)
        assert f'<span lang="en">{told}' in page
    _posts(ib, INDEX, WISH | {"nummer": forms.standing().after})
    page = _posts(ib, INDEX, {"gør": "godkend", "nummer": forms.standing().after}, 422)
    assert '<span lang="en">Whoever sent it can\'t approve it.' in page
    assert '<span lang="da">form/status-school' in _posts(ib, SOURCE, {"text": "a: [", "set": _seen(ib, SOURCE)}, 422)


def test_a_source_that_two_change_at_once_shows_both(ib: Client, vera: Client) -> None:
    seen, content = _seen(vera, SOURCE), dict(find(read_package(), "form/status-school"))
    _asks(ib)
    told = _posts(vera, SOURCE, {"text": dumped(content | {"months": 9}), "set": seen}, 409)
    assert "months: 9" in told and ASKED in told


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"ask": " "}, "Skriv noget her."), ({"limit": "x"}, "Skriv et helt tal, eller lad feltet være tomt."),
        ({"limit": "0"}, "Skriv et tal fra 1."), ({"ask": "{hul}"}, "ordet hul mangler"),
        ({"item0": "known-since", "op0": "over", "value0": "3"}, "er ikke et tal"),
        ({"item0": "nope"}, "Vælg en fra listen."), ({"ask": "x" * 401}, "400"),
    ],
)  # fmt: skip
def test_slips_in_a_question_come_back_with_what_was_typed(ib: Client, given: dict[str, str], told: str) -> None:
    page = _asks(ib, status=422, **{"help": "Det her skal blive stående.", **given})
    assert told in page and "Det her skal blive stående." in page
    assert forms.standing().after == 0


def test_a_question_gets_a_condition_in_words(ib: Client) -> None:
    item = next(one for one in editing.asked_before(_form(), "more") if one.options)
    address = f"{FORM}spoergsmaal/more/"
    _asks(ib, address, ask="Andet?", item0=item.id, op0="er", value0=item.options[0].text)
    (test,) = editing.item_in(_form(), "more").when.tests
    assert (test.item, test.value) == (item.id, item.options[0].code)
    page = _page(ib, address)
    assert f'value="{item.options[0].text}"' in page and "Kun nogle gange" in text(ib, FORM)


def test_a_shared_question_says_how_many_forms_it_changes(ib: Client) -> None:
    assert "Ret det i alle skemaer" in text(ib, MOOD)
    used = len(editing.used_in(loading.program().values(), "mood"))
    assert f"Det ændres i {used} skemaer" in text(ib, SHARED)
    _asks(ib, SHARED, status=200)
    assert forms.standing().after == 0  # nothing is kept before somebody has seen what it does
    _asks(ib, SHARED, gem="1")
    assert f"Skemaer, der får en ny udgave ({used})" in text(ib, INDEX)
    assert "I kladden" in text(ib, f"{INDEX}kilder/")


# -- what forms have in common -----------------------------------------------------------------------------------------


def test_a_change_of_a_family_is_seen_in_each_variant_before_it_is_kept(ib: Client) -> None:
    address, ask = f"{FAMILY}spoergsmaal/looked-after/", "Hvordan kommer barnet {there}?"
    seen = _asks(ib, address, 200, ask=ask)
    assert "Hvordan kommer barnet i skolen?" in seen and "Hvordan kommer barnet i dagtilbuddet?" in seen
    assert "Ved siden af familien V11" in seen and "Kun skole" in seen
    assert "47 Status til familieafdelingen: Sundhedspersonale" in seen.partition("Uændrede skemaer")[2]
    assert forms.standing().after == 0
    again = _asks(ib, address, 200, ask=ask, ret="1")
    assert 'name="ask"' in again and ask in again
    _asks(ib, address, ask=ask, gem="1")
    assert editing.item_in(_form(), "looked-after").ask == "Hvordan kommer barnet i skolen?"


def test_a_change_that_a_variant_can_t_bear_is_refused_with_the_variant_s_name(ib: Client) -> None:
    wish = {"udelad": "friends", "set": _seen(ib, FAMILY)}
    told = _posts(ib, FAMILY, wish, 200)
    assert "Det kan ikke gemmes sådan" in told and "43 Status til familieafdelingen: Skole" in told
    assert 'name="gem"' not in told
    _posts(ib, FAMILY, wish | {"gem": "1"}, 422)
    assert forms.standing().after == 0


def test_a_family_is_arranged_named_and_gets_something_new(ib: Client) -> None:
    order = [one.id for one in editing.section_in(_form("status-club"), "the-good").items]
    _posts(ib, FAMILY, {"ned": order[0], "set": _seen(ib, FAMILY), "gem": "1"})
    assert [one.id for one in editing.section_in(_form("status-club"), "the-good").items][:2] == order[1::-1]
    new = {"ask": "Hvad siger klassen?", "kind": "line", "help": "", "after": "strengths", "title": "", "options": ""}
    _posts(ib, f"{FAMILY}tilfoej/", new | {"set": _seen(ib, f"{FAMILY}tilfoej/"), "gem": "1"})
    shared = {"shared_after": "the-good", "set": _seen(ib, f"{FAMILY}tilfoej/")}
    assert "medicine står 2 gange" in _posts(ib, f"{FAMILY}tilfoej/", shared | {"shared": "medicine"}, 200)
    _posts(ib, f"{FAMILY}tilfoej/", shared | {"shared": "network", "gem": "1"})
    assert editing.item_in(_form("status-club"), "hvad-siger-klassen") and editing.item_in(_form(), "network")
    name = f"{INDEX}familie/V11/navn/"
    part = {"title-sender": "{place}", "party-sender": "anybody"}
    told = _posts(ib, name, part | {"title": "Nyt: {place}", "set": _seen(ib, name)}, 200)
    assert "Del: Skole (enhver fagperson)" in told
    _posts(ib, name, part | {"title": "Nyt: {place}", "set": _seen(ib, name), "gem": "1"})
    assert (_form().title, _form().parts[0].party) == ("Nyt: Skole", "anybody")
    heading = f"{FAMILY}afsnit/everyday/"
    _posts(ib, heading, {"title": "Hverdagen {there}", "help": "", "set": _seen(ib, heading), "gem": "1"})
    assert editing.section_in(_form(), "everyday").title == "Hverdagen i skolen"
    assert not put_together(forms.standing().content).faults


def test_answers_to_choose_from_are_changed_in_all_forms_at_once(ib: Client) -> None:
    rows = {
        "text0": "Bedre", "child0": "Det går bedre", "place0": "2", "text1": "Det er det samme", "place1": "1",
        "text2": "", "place2": "3", "text3": "Det er for tidligt at sige", "place3": "4", "text4": "Det skifter", "place4": "5",
    }  # fmt: skip
    told = _posts(ib, LIST, rows | {"set": _seen(ib, LIST)}, 200)
    assert "Det skifter" in told and forms.standing().after == 0
    more = _posts(ib, LIST, rows | {"set": _seen(ib, LIST), "linjer": "1"}, 200)
    assert 'name="text6"' in more and "Det skifter" in more
    _posts(ib, LIST, rows | {"set": _seen(ib, LIST), "gem": "1"})
    found = put_together(forms.standing().content).sources.shared.options["felt"]
    assert [(one.code, one.text) for one in found] == [
        ("same", "Det er det samme"), ("better", "Bedre"), ("unsure", "Det er for tidligt at sige"), ("det-skifter", "Det skifter"),
    ]  # fmt: skip
    assert "Skriv mindst to svar." in _posts(ib, LIST, {"text0": "Kun et", "set": _seen(ib, LIST)}, 422)


def test_a_part_is_added_given_sections_and_taken_away_and_nothing_is_lost_when_two_do_it_at_once(
    ib: Client, vera: Client
) -> None:
    form, start = f"{PARTS}form/status-school/", [(one.id, "sender") for one in _form().sections]
    parts, add, away = f"{FORM}dele/", f"{form}tilfoej/", f"{form}ppr/fjern/"
    new = {"title": "PPR", "party": "ppr", "place": "sender", "after": ["sender"], "sections": ["last", "the-good"]}
    seen = _seen(vera, add)
    told = _posts(ib, add, new | {"set": seen}, 200)
    assert "Del: PPR (PPR, efter Skole)" in told and "# Til sidst · Del: PPR" in told and forms.standing().after == 0
    _posts(ib, add, new | {"set": seen, "gem": "1"})
    assert [one.id for one in _form().parts] == ["sender", "ppr"]
    whose = dict(start) | {"last": "ppr", "the-good": "ppr"}
    assert [(one.id, one.part) for one in _form().sections] == list(whose.items())
    assert not put_together(forms.standing().content).faults
    # Vera had begun before that; and no two parts have the same name, nor waits one for what comes later
    told = _posts(vera, add, new | {"title": "Klubben", "set": seen}, 409)
    assert (
        "Nogen har ændret det samme imens" in told
        and 'value="Klubben"' in told
        and "PPR: Det, der går godt; Til sidst" in told
    )
    told = _posts(vera, add, new | {"title": "ppr", "place": "", "set": _seen(vera, add)}, 422)
    assert "Der er allerede en del, der hedder sådan." in told and "»Skole« står ikke før delen." in told
    # the other first, and one section back
    said = {
        "title-sender": "{place}", "party-sender": "sender", "place-sender": "1", "title-ppr": "PPR", "party-ppr": "ppr",
        "place-ppr": "1", **{f"section-{section}": part for section, part in whose.items()}, "section-last": "sender",
    }  # fmt: skip
    told = _posts(ib, parts, said | {"after-ppr": "sender", "set": _seen(ib, parts)}, 422)
    assert "»Skole« står ikke før delen." in told
    stale, gone = _seen(vera, parts), _seen(vera, away)
    _posts(ib, parts, said | {"set": _seen(ib, parts), "gem": "1"})
    assert [one.id for one in _form().parts] == ["ppr", "sender"] and _form().sections[-1].part == "sender"
    assert _form().sections[0].part == "sender"  # whoever comes first, what was the school's is the school's
    # away again, but not its sections
    assert "Vælg en." in _posts(ib, away, {"to": "", "set": _seen(ib, away)}, 422)
    _posts(ib, away, {"to": "sender", "set": _seen(ib, away), "gem": "1"})
    assert _form() == loading.program()["status-school"] and not forms.standing().local.records
    told = _posts(vera, parts, said | {"title-sender": "Jer i skolen", "set": stale}, 409)
    assert 'value="Jer i skolen"' in told
    assert "Nogen har ændret det samme imens" in _posts(vera, away, {"to": "sender", "set": gone}, 409)
    last = f"{form}sender/fjern/"
    assert "Det er den eneste del" in text(ib, last)
    assert "mindst en del" in _posts(ib, last, {"set": _seen(vera, add)}, 422)
    # a part of the family leaves a form with a part of its own to say who answers, on its page
    family = f"{PARTS}family/V4/tilfoej/"
    told = _posts(
        ib, family, new | {"place": "answer", "after": [], "sections": ["last"], "set": _seen(ib, family)}, 200
    )
    assert "15-placement-parents: afsnit last: delen ppr findes ikke" in told and "# Til sidst · Del: ingen" in told
    _posts(
        ib, family, new | {"place": "answer", "after": [], "sections": ["last"], "set": _seen(ib, family), "gem": "1"}
    )
    for name, said in (
        ("parents", {"title-answer": "Jer som forældre", "party-answer": "parent", "each-answer": "on"}),
        ("child", {"title-answer": "Dig", "party-answer": "child"}),
    ):
        own = f"{INDEX}skema/placement-{name}/"
        assert "Ingen svarer på det" in text(ib, own)
        seen = {"set": _seen(ib, f"{own}dele/")}
        assert "Vælg en." in _posts(ib, f"{own}dele/", said | {"section-last": ""} | seen, 422)
        _posts(ib, f"{own}dele/", said | {"section-last": "answer", "gem": "1"} | seen)
        assert "Ingen svarer på det" not in text(ib, own)
    assert not put_together(forms.standing().content).faults
    # a new section for a part that has none yet, and what must be put right before it is sent
    _posts(ib, add, new | {"sections": [], "set": _seen(ib, add), "gem": "1"})
    assert "»PPR« har ingen afsnit" in text(ib, FORM)
    question = {
        "ask": "Hvad siger PPR?",
        "kind": "words",
        "options": "",
        "help": "",
        "after": "last",
        "title": "PPR's ord",
    }
    _posts(ib, f"{FORM}tilfoej/", question | {"part": "ppr"})
    assert _form().sections[-1].part == "ppr" and not put_together(forms.standing().content).faults


def test_who_answers_a_form_and_the_answers_that_it_has_itself(ib: Client) -> None:
    form = f"{INDEX}skema/consent-sms/"
    assert f"{form}dele/" in _page(ib, form)
    address = f"{form}dele/"
    assert "Vælg en." in _posts(ib, address, {"title-giver": "Du", "party-giver": "", "set": _seen(ib, address)}, 422)
    _posts(ib, address, {"title-giver": "Du", "party-giver": "child", "set": _seen(ib, address), "gem": "1"})
    found = put_together(forms.standing().content).forms["consent-sms"]
    assert [(one.title, one.party, one.each) for one in found.parts] == [("Du", "child", False)]
    answers = f"{INDEX}faelles/form/consent-sms/svar/sms-when/"
    assert answers in _page(ib, f"{form}spoergsmaal/sms-when/")
    rows = {"text0": "Syv dage før", "place0": "1", "text1": "Aldrig", "place1": "2", "set": _seen(ib, answers)}
    told = _posts(ib, answers, rows, 200)
    assert "Syv dage før" in told
    _posts(ib, answers, rows | {"gem": "1"})
    item = editing.item_in(put_together(forms.standing().content).forms["consent-sms"], "sms-when")
    assert item and [one.text for one in item.options] == ["Syv dage før", "Aldrig"]


def test_what_two_change_at_once_in_a_family_is_refused_before_anything_is_kept(ib: Client, vera: Client) -> None:
    address = f"{FAMILY}spoergsmaal/looked-after/"
    seen = _seen(vera, address)
    _asks(ib, address, ask="Ibs?", gem="1")
    for more in ({}, {"gem": "1"}):
        told = _asks(vera, address, 409, seen=seen, ask="Veras?", **more)
        assert "Nogen har ændret det samme imens" in told and "Ibs?" in told and "Veras?" in told


def test_a_condition_gets_more_lines_when_somebody_asks(ib: Client) -> None:
    address = f"{FORM}spoergsmaal/more/"
    item = next(one for one in editing.asked_before(_form(), "more") if len(one.options) > 3)
    rows = {
        f"{name}{row}": value for row, option in enumerate(item.options[:4])
        for name, value in (("item", item.id), ("op", "er"), ("value", option.text))
    }  # fmt: skip
    page = _asks(ib, address, 200, ask="Andet?", linjer="1", **rows)
    assert 'name="item5"' in page and forms.standing().after == 0
    _asks(ib, address, ask="Andet?", any_of="any", **rows)
    when = editing.item_in(_form(), "more").when
    assert when.any_of and [test.value for test in when.tests] == [option.code for option in item.options[:4]]
    assert 'name="item4"' in _page(ib, address)


# -- more of one form --------------------------------------------------------------------------------------------------


def test_sections_and_what_a_form_says_of_itself(ib: Client) -> None:
    address = f"{FORM}afsnit/everyday/"
    _posts(ib, address, {"title": "Hverdagen", "help": "", "set": _seen(ib, address)})
    assert editing.section_in(_form(), "everyday").title == "Hverdagen"
    assert "Skriv noget her." in _posts(ib, address, {"title": "", "help": "", "set": _seen(ib, address)}, 422)
    about = {
        "title": "",
        "purpose": "Nyt formål.",
        "law_text": "En lov.",
        "months": "3",
        "sender": ["school"],
        "receiver": ["bup"],
        "blocks": ["TI"],
    }
    _posts(ib, f"{FORM}om/", about | {"set": _seen(ib, f"{FORM}om/")})
    assert (_form().purpose, _form().receiver, _form().months) == ("Nyt formål.", ("bup",), 3)
    told = _posts(ib, f"{FORM}om/", about | {"months": "999", "sender": [], "set": ""}, 422)
    assert "Skriv et tal fra 0 til 240." in told and "Vælg mindst en." in told and "Nyt formål." in told


def test_questions_are_moved_dropped_and_taken_in_again(ib: Client) -> None:
    order = [one.id for one in editing.section_in(_form(), "everyday").items]
    _posts(ib, FORM, {"ned": order[0], "set": _seen(ib, FORM)})
    assert [one.id for one in editing.section_in(_form(), "everyday").items][:2] == [order[1], order[0]]
    _posts(ib, FORM, {"op": order[0], "set": _seen(ib, FORM)})
    assert [one.id for one in editing.section_in(_form(), "everyday").items] == order
    seen = _seen(ib, FORM)
    _posts(ib, FORM, {"udelad": "mood", "set": seen})
    assert editing.item_in(_form(), "mood") is None and "Tag med igen" in text(ib, FORM)
    assert "En anden har gemt imens" in _posts(ib, FORM, {"udelad": "friends", "set": seen}, 409)
    _posts(ib, FORM, {"igen": "mood", "set": _seen(ib, FORM)})
    assert editing.item_in(_form(), "mood")


def test_a_question_and_a_section_are_added(ib: Client) -> None:
    new = {
        "ask": "Hvad siger klassen?",
        "kind": "choice",
        "options": "Godt\nSkidt",
        "help": "",
        "after": "mood",
        "title": "",
    }
    _posts(ib, f"{FORM}tilfoej/", new)
    assert editing.item_in(_form(), "hvad-siger-klassen").options[1].text == "Skidt"
    _posts(ib, f"{FORM}tilfoej/", {"shared": "medicine", "shared_after": "everyday"})
    assert editing.section_in(_form(), "everyday").items[-1].id == "medicine"
    _posts(ib, f"{FORM}tilfoej/", new | {"ask": "Mere?", "kind": "line", "after": "last", "title": "Til allersidst"})
    assert _form().sections[-1].title == "Til allersidst"
    for wrong, told in (
        ({"options": "Godt"}, "Skriv mindst to svar"), ({"after": "mood", "title": "X"}, "Et nyt afsnit står efter et afsnit"),
        ({"kind": "group"}, "Vælg en fra listen."),
    ):  # fmt: skip
        page = _posts(ib, f"{FORM}tilfoej/", new | wrong, 422)
        assert told in page and "Hvad siger klassen?" in page
    assert "Vælg en fra listen." in _posts(ib, f"{FORM}tilfoej/", {"shared": "mood", "shared_after": "everyday"}, 422)


def test_the_source_is_refused_by_line_and_field_with_the_text_kept(ib: Client) -> None:
    for wrong, told in (("a: b\noverlay: [", "linje 3"), ("id: status-school\nnumber: 43\nshoe: 1", "felt 'shoe'")):
        page = _posts(ib, SOURCE, {"text": wrong, "set": _seen(ib, SOURCE)}, 422)
        assert told in page and wrong in page
    assert forms.standing().after == 0
    content = dict(find(read_package(), "form/status-school"))
    _posts(ib, SOURCE, {"text": dumped(content | {"months": 9}).replace("\n", "\r\n"), "set": _seen(ib, SOURCE)})
    assert _form().months == 9
    _forgets(ib, "form/status-school")
    assert _form() == loading.program()["status-school"]


def test_nothing_that_is_typed_is_run_and_no_person_s_number_stays(ib: Client) -> None:
    ask = "{% debug %} {{ settings.SECRET_KEY }} <script>alert(1)</script> $(7*7) 670517-9902"
    told = _asks(ib, status=422, ask=ask)
    assert "ordet" in told  # braces are words of the catalogue, and these have no meaning
    _asks(ib, ask="<script>alert(1)</script> $(7*7) %(x)s 670517-9902")
    asked = editing.item_in(_form(), "mood").ask
    assert asked.startswith("<script>alert(1)</script> $") and "670517-9902" not in asked
    source = forms.standing().text("form/status-school") + "# som hos 670517-9902\n"
    assert "der står et CPR-nummer" in _posts(ib, SOURCE, {"text": source, "set": _seen(ib, SOURCE)}, 422)
    raw = ib.get(f"{FORM}se/sender/").content.decode()
    assert "<script>alert" not in raw and "&lt;script&gt;alert(1)" in raw


def test_a_form_of_one_s_own_begins_as_another(ib: Client) -> None:
    _posts(ib, FORM, {"kopi": "1"})
    own = _form("egen-status-school")
    assert own.number == 100 and own.sections == _form().sections
    assert "spørger om det samme" in text(ib, INDEX)
    page = text(ib, f"{INDEX}skema/egen-status-school/om/")
    assert "Hvad handler det om?" in page and "Hvad handler det om?" not in text(ib, f"{FORM}om/")
    _forgets(ib, "form/egen-status-school")
    assert "egen-status-school" not in put_together(forms.standing().content).forms


def test_a_draft_that_an_update_of_the_program_has_broken_is_told_and_put_right(ib: Client) -> None:
    """What is in force stays in force."""
    _asks(ib)
    content = written(Local(forms.standing().local.records | {"form/status-club": "id: status-club\nfamily: V99"}))
    FORMS.draft._default_manager.create(
        number=2, at=0, role_id=forms.standing().history[0].role_id, person_id=None, content=content, submitted=False,
        valid_from=None, why="",
    )  # fmt: skip
    assert "skema status-club" in text(ib, INDEX) and "Katalog (54)" in text(ib, INDEX)
    for address in ADDRESSES:
        assert ib.get(address).status_code == 200, address
    assert "status-club" in _asks(ib, status=422, ask="Det her er ikke tabt?")
    assert "status-club" in _posts(ib, INDEX, WISH | {"nummer": "2"}, 422)
    _forgets(ib, "form/status-club")
    assert "Skemaerne er i orden" in text(ib, INDEX) and editing.item_in(_form(), "mood").ask == ASKED


# -- trying ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["ppr-referral-school", "placement-child", "sdq-parent-4-10", "parents-history"])
def test_each_party_s_part_can_be_seen_filled_and_empty(ib: Client, form: str) -> None:
    for part in loading.program()[form].parts:
        address = f"{INDEX}skema/{form}/se/{part.id}/"
        assert part.title in text(ib, address)
        page = _page(ib, f"{address}?tom=1")
        assert 'name="tom"' in page
        assert ib.post(address, {"tom": "1", "proev": ""}).status_code == 200


def test_a_child_is_spoken_to_in_its_own_words(ib: Client) -> None:
    part = next(one for one in loading.program()["placement-child"].parts)
    assert "Hvad hedder du?" in text(ib, f"{INDEX}skema/placement-child/se/{part.id}/")


def test_what_is_typed_is_tried_and_kept_as_a_case(ib: Client) -> None:
    address = f"{FORM}se/sender/"
    typed = {"her": ["mood", "absence-percent"], "mood": "Godt nok.", "absence-percent": "120"}
    page = _posts(ib, address, typed | {"proev": ""}, 200)
    assert "Godt nok." in page and "100 eller mindre" in page and "absence-why" in page
    assert "Skriv, hvad prøven hedder." in _posts(ib, address, typed | {"gem": "1", "titel": " "}, 422)
    kept = typed | {"absence-percent": "20", "gem": "1", "titel": "Meget fravær"}
    assert "opdigtede nummer" in _posts(ib, address, kept | {"mood": "Som hos 010115-1234."}, 422)
    _posts(ib, address, kept)
    assert "Meget fravær" in text(ib, f"{INDEX}proever/") and "Går ikke godt" not in text(ib, f"{INDEX}proever/")
    _posts(ib, FORM, {"udelad": "mood", "set": _seen(ib, FORM)})
    assert "Går ikke godt" in text(ib, f"{INDEX}proever/")
    told = _posts(ib, INDEX, WISH | {"nummer": forms.standing().after}, 422)
    assert "Prøven »Meget fravær«" in told and WISH["why"] in told
    _posts(ib, f"{INDEX}proever/", {"fjern": "egen-1"})
    _posts(ib, INDEX, WISH | {"nummer": forms.standing().after})


@pytest.mark.parametrize("path", ["nope", "tried.99999999.what", "tried.0.what.0.x", "mood.1.mood", ".", "mood."])
def test_places_that_are_not_in_the_form_are_passed_over(ib: Client, path: str) -> None:
    for given in ({"her": path, path: "x"}, {"flere": path}, {"fjern": path}):
        assert ib.post(f"{FORM}se/sender/", given).status_code == 200


def test_repetitions_are_tried_too(ib: Client) -> None:
    group = next(item for section in _form().sections for item in section.items if item.repeats)
    page = _posts(ib, f"{FORM}se/sender/", {"flere": group.id}, 200)
    assert f'value="{group.id}.1"' in page
    inner = f"{group.id}.1.{group.items[0].id}"
    page = _posts(ib, f"{FORM}se/sender/", {"her": inner, inner: "Det andet"}, 200)
    assert "Det andet" in page
    page = _posts(ib, f"{FORM}se/sender/", {"her": inner, inner: "Det andet", "fjern": f"{group.id}.0"}, 200)
    assert "Det andet" in page and f'value="{group.id}.1"' not in page


# -- in and out --------------------------------------------------------------------------------------------------------


def _file(content: object, name: str = "q.json") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content if isinstance(content, bytes) else json.dumps(content).encode())


TOLD = {
    "title": "",
    "purpose": "Et skema udefra.",
    "law_text": "Aftalt.",
    "sender": ["anybody"],
    "receiver": ["other"],
    "blocks": ["TI"],
}
FOREIGN = {
    "resourceType": "Questionnaire", "status": "active", "id": "Humor", "title": "Humør", "url": "http://x.example/q",
    "item": [
        {"linkId": "1", "type": "choice", "text": "Hvordan går det?", "answerValueSet": "http://x.example/vs|1.0"},
        {"linkId": "2", "type": "reference", "text": "Hvem?"},
    ],
}  # fmt: skip
SET = {
    "resourceType": "ValueSet", "status": "active", "url": "http://x.example/vs",
    "compose": {"include": [{"system": "http://x.example/cs"}]},
}  # fmt: skip
SYSTEM = {
    "resourceType": "CodeSystem", "status": "active", "url": "http://x.example/cs", "content": "complete",
    "concept": [{"code": "1", "display": "Godt"}, {"code": "2", "display": "Skidt"}],
}  # fmt: skip


def test_a_questionnaire_is_taken_in_with_its_answers_and_everything_lost_is_told(ib: Client, vera: Client) -> None:
    page = _posts(ib, f"{INDEX}hent-ind/", TOLD | {"filer": [_file(FOREIGN), _file(SET), _file(SYSTEM)]}, 200)
    assert "'url' kan ikke bruges" in page and "felt 2: typen reference kan ikke bruges" in page
    assert "felt 1: hedder her x-1" in page
    form = _form("humor")
    assert [one.text for one in form.sections[0].items[0].options] == ["Godt", "Skidt"] and form.number == 100
    assert "Humør" in text(ib, INDEX) and "Ikke i brug" in text(ib, INDEX)
    _publishes(ib, vera)
    assert loading.catalogue()["humor"].version == 1001
    out = ib.get(f"{INDEX}skema/humor/fil/1001")
    assert out["Content-Disposition"].endswith('"Questionnaire-humor-1001.json"')
    assert read(json.loads(out.content)) == (loading.catalogue()["humor"], ())


def test_a_bundle_and_a_form_of_ours_twice(ib: Client) -> None:
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"resource": FOREIGN}, {"resource": SET}, {"resource": SYSTEM}],
    }
    _posts(ib, f"{INDEX}hent-ind/", TOLD | {"filer": [_file(bundle)], "title": "Eget navn"}, 200)
    assert _form("humor").title == "Eget navn"
    page = _posts(
        ib, f"{INDEX}hent-ind/", TOLD | {"filer": [_file(questionnaire_of(loading.program()["status-school"]))]}, 200
    )
    assert "Alt i filen kunne bruges." in page and _form("status-school-2").number == 101


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ([], "Vælg en fil med et Questionnaire."), ([b"{"], "kan ikke læses som JSON"), ([b"[1]"], "Vælg en fil"),
        ([FOREIGN, FOREIGN], "Der er flere skemaer"), ([b" " * 2_000_001], "for stor"),
        ([FOREIGN | {"item": []}], "intet i skemaet"), ([FOREIGN | {"item": "x"}], "intet i skemaet"),
        ([FOREIGN | {"item": [{"linkId": "1", "type": "reference", "text": "Hvem?"}]}], "felt 1: typen reference"),
        ([FOREIGN, SET | {"compose": 7}], "svarene står et andet sted"), ([{"resourceType": "Bundle", "entry": [1, {"resource": 2}]}], "Vælg en fil"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_form_is_refused_with_what_was_typed(ib: Client, files: list[object], told: str) -> None:
    page = _posts(ib, f"{INDEX}hent-ind/", TOLD | {"filer": [_file(one) for one in files]}, 422)
    assert told in page and "Et skema udefra." in page and forms.standing().after == 0


def test_a_questionnaire_as_deep_as_a_well(ib: Client) -> None:
    node: dict[str, object] = {
        "linkId": "x",
        "type": "group",
        "text": "x",
        "item": [{"linkId": "y", "type": "string", "text": "y"}],
    }
    for number in range(400):
        node = {"linkId": f"g{number}", "type": "group", "text": "g", "repeats": True, "item": [node]}
    answer = ib.post(f"{INDEX}hent-ind/", TOLD | {"filer": [_file(FOREIGN | {"item": [node]})]})
    assert answer.status_code in (200, 422)


QUESTIONNAIRES = sorted(CORPUS.glob("*/*/Questionnaire-*.json"))


@pytest.mark.corpus
@pytest.mark.parametrize("path", QUESTIONNAIRES or [None], ids=lambda path: path.stem if path else "absent")
def test_every_questionnaire_of_the_corpus_is_taken_in_and_asks_its_questions(ib: Client, path: Path | None) -> None:
    if path is None:
        skip(f"the third-party FHIR corpus is not at {CORPUS}")
    beside = [one for kind in ("ValueSet", "CodeSystem") for one in path.parent.glob(f"{kind}-*.json")]
    files = [_file(one.read_bytes(), one.name) for one in (path, *beside)]
    _posts(ib, f"{INDEX}hent-ind/", TOLD | {"filer": files}, 200)
    form = next(one for one in put_together(forms.standing().content).forms.values() if one.number == 100)
    page = _page(ib, f"{INDEX}skema/{form.id}/se/{form.parts[0].id}/")
    asked = [item for section in form.sections for item in section.items]
    assert asked and all(item.ask in page for item in asked)
    assert all(option.text in page for item in asked for option in item.options)
    out = json.loads(ib.get(f"{INDEX}skema/{form.id}/fil/0").content)
    assert read(out) == (form, ())


def test_a_family_has_a_name_where_it_is_chosen_though_each_form_fills_it_in(as_person: SignIn) -> None:
    ib = as_person("administrator")
    for address in ("", "kilder/"):
        page = text(ib, f"/administration/skemaer/{address}")
        assert "{" not in page
        assert "V11 Status til familieafdelingen: …" in page and re.search(r"V7 \w[^<…]+ m\.fl\.", page)
