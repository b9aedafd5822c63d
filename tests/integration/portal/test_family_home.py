"""The family's first page, plan and helpers: what waits, what comes next, who has the ball, and nobody else's things."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from django.test import Client

from barnetsbog.plan.model import Page
from barnetsbog.portal import plans
from tests.integration.portal.conftest import ALMA, NOAH, text

pytestmark = pytest.mark.django_db(databases=["default", "demo"])

Relative = Callable[[str, str], Client]
FRONT, PLAN, HELPERS = "/familie/", "/familie/plan/", "/familie/hvem-hjaelper/"
LIVA, WILLIAM = "7901129906", "6309119905"


def words(shown: str) -> str:
    """What is read of a page, with one space between words."""
    return re.sub(r"\s+([.,:)])", r"\1", " ".join(re.sub(r"<[^>]*>", " ", shown).split()))


def test_a_mother_reads_what_waits_for_her_what_comes_next_and_whom_to_call(relative: Relative) -> None:
    shown = words(text(relative(ALMA, "Sara Prøvegaard"), FRONT))
    assert "Vi mangler svar fra dig (1) Mor udfylder forældreskemaet før samtalen (senest 30.11.2026)" in shown
    assert "3. december 2026, kl. 10.00-11.00" in shown and "Første samtale i BUP Nord" in shown
    assert "Bolden er hos: Kim Demosen, PPR Eksempelby · Frist: 27. november 2026" in shown
    assert "Du kan altid ringe til Kim Demosen, PPR Eksempelby: 00 00 00 14" in shown


def test_a_task_that_waits_for_her_is_hers_to_end_and_whoever_asked_reads_that_it_is_done(
    relative: Relative, as_person: Callable[[str], Client], child: Callable[[str], UUID]
) -> None:
    mother, father = relative(ALMA, "Sara Prøvegaard"), relative(ALMA, "Jonas Demodal")
    found = re.search(r'<a lang="da" href="(/familie/opgaver/[^"]+)">Mor udfylder forældreskemaet', text(mother, FRONT))
    assert found and "ligger under Skemaer" in text(mother, found[1])
    version = {"version": re.findall(r'name="version" value="(\d+)"', text(mother, found[1]))[0]}
    assert father.get(found[1]).status_code == father.post(found[1], version).status_code == 404
    assert "Tak. Du har sagt, at det er gjort." in text(mother, mother.post(found[1], version)["Location"])
    assert mother.post(found[1], version).status_code == 302, "pressing twice does nothing more"
    assert "Intet venter på dig lige nu" in text(mother, FRONT)
    asker = text(as_person("bup-psykolog"), found[1].replace("/familie/", f"/barn/{child(ALMA)}/"))
    assert "Færdig af Sara Prøvegaard" in words(asker)


def test_what_waits_for_the_father_is_his_and_not_hers(relative: Relative) -> None:
    father = words(text(relative(ALMA, "Jonas Demodal"), FRONT))
    assert "Sig ja eller nej til 1 ting" in father and "forældreskemaet" not in father


def test_the_first_page_names_no_other_parent_s_answer(relative: Relative) -> None:
    for name in ("Henrik Skabelby", "Maria Eksempelsen"):
        shown = text(relative(NOAH, name), FRONT)
        assert "Bolden er hos" in shown and "Få fars svar" not in shown


@pytest.mark.parametrize(
    ("number", "name", "said"),
    [
        (ALMA, "Sara Prøvegaard", "Den anden forælder kan ikke se det."),
        (LIVA, "Else Hjemmeby", "Barnets forældre kan ikke se det."),
        (WILLIAM, "child", "Du vælger selv, om dine forældre må."),
    ],
)
def test_whoever_writes_is_told_who_can_not_read_it(relative: Relative, number: str, name: str, said: str) -> None:
    assert said in words(text(relative(number, name), "/familie/beskeder/ny/"))


def test_nobody_of_a_family_is_told_to_ask_a_leader(relative: Relative, as_person: Callable[[str], Client]) -> None:
    lost = [one.get("/barn/findes-ikke/").content.decode() for one in (relative(WILLIAM, "child"), as_person("laerer"))]
    assert ["spørg den, du plejer at tale med" in one for one in lost] == [True, False]
    assert ["din leder" in one for one in lost] == [False, True]


def test_who_works_with_no_child_is_told_of_none_where_a_page_is_not(as_person: Callable[[str], Client]) -> None:
    for who in ("administrator", "dpo", "analytiker"):
        page = as_person(who).get("/barn/findes-ikke/").content.decode()
        assert "Siden findes ikke" in page and "spørg din leder" in page and "opgave med barnet" not in page
    nobody = Client().get("/log-ind/findes-ikke").content.decode()
    assert "log ind, og prøv igen" in nobody and "din leder" not in nobody


def test_what_is_beyond_the_first_five_of_a_plan_is_folded_up(
    relative: Relative, monkeypatch: pytest.MonkeyPatch
) -> None:
    sara = relative(ALMA, "Sara Prøvegaard")
    assert "flere</summary>" not in text(sara, PLAN)
    shown = plans.plan_shown

    def many(page: Page) -> plans.Shown:
        some = shown(page)
        return some._replace(interventions=(some.interventions * 8)[:8], own_goals=(some.own_goals * 6)[:6])

    monkeypatch.setattr("barnetsbog.portal.family.plan.plan_shown", many)
    page = text(sara, PLAN)
    goals, started = (part.split("</section>")[0] for part in re.split(r'id="(?:egne|indsats)"', page)[1:])
    for part, folded, said in ((goals, 1, "Vis 1 mere"), (started, 3, "Vis 3 flere")):
        before, after = part.split("<details", 1)
        assert before.count("<article") == 5 and after.count("<article") == folded and said in after
        assert part.count("<details") == part.count("</details>") == 1


def test_a_young_person_is_greeted_and_reads_the_own_goal_unaltered(relative: Relative) -> None:
    shown = text(relative(WILLIAM, "child"), FRONT)
    assert "Hej William" in shown and "Jeg vil gerne have én ting om dagen, jeg ikke bare skal igennem." in shown


def test_a_foster_carer_reads_goals_and_helpers_and_no_condition_or_status(relative: Relative) -> None:
    carer = relative(LIVA, "Else Hjemmeby")
    assert "Jeg vil have en kogebog" in text(carer, PLAN) and "Rikke Sagsby" in text(carer, HELPERS)
    assert "Skemaer" not in text(carer, FRONT)


def test_the_plan_and_the_helpers_of_a_family_are_nobody_else_s(as_person: Callable[[str], Client]) -> None:
    for page in (PLAN, HELPERS):
        assert as_person("ppr-psykolog").get(page).status_code == 404
        assert Client().get(page).status_code == 302


def test_the_helpers_say_what_each_does_and_who_has_the_ball(relative: Relative) -> None:
    shown = words(text(relative(ALMA, "Sara Prøvegaard"), HELPERS))
    assert "Kim Demosen Tovholder Har bolden psykolog, PPR Eksempelby" in shown
    assert "Maja Prøvelund lærer, Prøvebakkeskolen" in shown and "Telefon: 00 00 00 30" in shown


def test_a_message_that_waits_stands_before_those_that_do_not_however_many_there_are(
    relative: Relative,
    as_person: Callable[[str], Client],
    child: Callable[[str], UUID],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("barnetsbog.portal.dialogue.A_PAGE", 1)
    sara, kim, address = relative(ALMA, "Sara Prøvegaard"), as_person("ppr-psykolog"), f"/barn/{child(ALMA)}/beskeder/"
    (to,) = re.findall(r'<option value="([^"]+)"[^>]*>Kim Demosen', text(sara, "/familie/beskeder/ny/"))
    for said in ("Hun sover dårligt.", "Hun sover godt."):
        assert sara.post("/familie/beskeder/ny/", {"to": to, "text": said}).status_code == 302
    page = text(kim, address)
    assert "Hun sover godt." in page and "Hun sover dårligt." not in page and "?side=2" in page
    (newest,) = re.findall(rf'href="({address}[0-9a-f-]{{36}}/)"', page)
    assert kim.post(newest, {"text": "Det var dejligt."}).status_code == 302
    assert "Hun sover dårligt." in text(kim, address) and "Det var dejligt." in text(kim, f"{address}?side=2")
