"""The table of law-and-access §4 and its neighbours, one row a line: act, age, custody, who answered what, and the result.

Answers are written `mother+` for a yes, `mother-` for a no, `mother~` for a yes taken back, `mother?` for asked only.
"""

from dataclasses import replace

import pytest

from barnetsbog.kernel.time import FOREVER
from barnetsbog.law import duties
from barnetsbog.law.model import (
    Answer,
    Blocked,
    Complete,
    Consent,
    Custody,
    Holder,
    HolderKind,
    Incomplete,
    Matter,
    NotRequired,
    Placement,
    Review,
    Status,
)
from barnetsbog.law.rulebook import standard
from tests.unit.law.family import (
    ANSWERED,
    ASSESSMENT,
    CONSULTATION,
    EXAMINATION,
    FATHER,
    JOINT,
    MOTHER,
    NOW,
    PPV,
    REFERRAL,
    REPRESENTATIVE,
    SOLE,
    VIOLENCE,
    WIDE,
    answer,
    ask,
    at,
    blocked,
    child,
    complete,
    incomplete,
    missing,
    not_required,
    review,
)

SIGNS = {"+": Status.GIVEN, "-": Status.REFUSED, "~": Status.WITHDRAWN, "?": Status.ASKED}
BORN = {9: "2017-05-05", 11: "2015-05-05", 13: "2013-05-05", 16: "2010-05-05", 18: "2008-05-05"}

SOCIAL = Matter("family-department-to-others", frozenset({"familieafdelingen"}), "skolen", WIDE)
MUNICIPAL = Matter("municipal-social-disclosure", frozenset({"familieafdelingen"}), "skolen", WIDE)
SCHOOL_TO_PPR = Matter("school-to-ppr", frozenset({"skolen"}), "ppr-nord", WIDE)
FETCHED = Matter("municipal-retrieval-without-consent", frozenset({"bup-nord"}), "familieafdelingen", WIDE)
ACUTE = replace(ASSESSMENT, acute=True)

NOBODY_AT_HOME = Custody((Holder(MOTHER), Holder(FATHER)))
BOTH_AT_HOME = Custody((Holder(MOTHER, resident=True), Holder(FATHER, resident=True)))
FATHER_DIED = Custody((Holder(MOTHER, resident=True), Holder(FATHER, deceased_at=at("2026-10-01"))))
UNKNOWN = Custody(JOINT.holders, known=False)
NONE = Custody(())
APPOINTED = Custody((Holder("aunt", HolderKind.APPOINTED, resident=True),))
APPOINTED_BESIDES = Custody((*JOINT.holders, Holder("aunt", HolderKind.APPOINTED)))
TEMPORARY = Custody(
    (Holder(REPRESENTATIVE, HolderKind.REPRESENTATIVE), Holder("temporary", HolderKind.TEMPORARY, resident=True))
)
RETURNED = Custody((*TEMPORARY.holders, Holder(MOTHER, resident=True)))
REPRESENTED = Custody((Holder(REPRESENTATIVE, HolderKind.REPRESENTATIVE),))


def answers(matter: Matter, words: str) -> list[Consent]:
    return [answer(matter, word[:-1], SIGNS[word[-1]]) for word in words.split()]


@pytest.mark.parametrize(
    ("matter", "age", "custody", "words", "result", "people", "rule"),
    [
        # PPR consultation without testing: the resident holder
        (CONSULTATION, 13, JOINT, "mother+", Complete, "", "FAL3"),
        (CONSULTATION, 13, JOINT, "father+", Incomplete, "mother", "FAL3"),
        (CONSULTATION, 13, JOINT, "mother+ father-", Complete, "", "FAL3"),
        (CONSULTATION, 13, JOINT, "mother- father+", Blocked, "mother", "OWN-REFUSAL"),
        (CONSULTATION, 13, NOBODY_AT_HOME, "mother+ father+", Review, "", "OWN-UNKNOWN"),
        (CONSULTATION, 13, BOTH_AT_HOME, "father+", Complete, "", "FAL3"),
        (CONSULTATION, 13, BOTH_AT_HOME, "mother- father+", Blocked, "mother", "OWN-OBJECTION"),
        (CONSULTATION, 16, JOINT, "mother+", Complete, "", "FAL3"),
        (CONSULTATION, 13, Custody((Holder(MOTHER),)), "mother+", Complete, "", "FAL3"),
        # PPV with tests: the municipality's choice, all unless it has chosen
        (PPV, 13, JOINT, "mother+", Incomplete, "father", "OWN-PPV-ALL"),
        (PPV, 13, JOINT, "mother+ father+", Complete, "", "OWN-PPV-ALL"),
        (PPV, 16, JOINT, "alma+", Incomplete, "mother father", "FSL-PPV"),
        (SCHOOL_TO_PPR, 13, JOINT, "mother+", Incomplete, "father", "OWN-SCHOOL-PPR-ALL"),
        # PPR -> BUP: all holders
        (REFERRAL, 13, JOINT, "", Incomplete, "mother father", "FAL3"),
        (REFERRAL, 13, JOINT, "mother? father?", Incomplete, "mother father", "FAL3"),
        (REFERRAL, 13, JOINT, "mother+ father+", Complete, "", "OWN-INTERSECTION"),
        (REFERRAL, 13, JOINT, "mother+ father-", Blocked, "father", "OWN-REFUSAL"),
        (REFERRAL, 13, JOINT, "mother- father-", Blocked, "mother father", "OWN-REFUSAL"),
        (REFERRAL, 13, JOINT, "father-", Blocked, "father", "OWN-REFUSAL"),
        (REFERRAL, 13, JOINT, "mother+ father~", Blocked, "father", "OWN-REFUSAL"),
        (REFERRAL, 13, SOLE, "mother+", Complete, "", "FAL3"),
        (REFERRAL, 13, SOLE, "father+", Incomplete, "mother", "OWN-VALID-GIVER"),
        (REFERRAL, 13, FATHER_DIED, "mother+", Complete, "", "FAL3"),
        # BUP
        (ASSESSMENT, 13, JOINT, "mother+", Incomplete, "father", "SL15"),
        (ASSESSMENT, 13, JOINT, "foster+", Incomplete, "mother father", "OWN-VALID-GIVER"),
        (ASSESSMENT, 13, JOINT, "grandmother+ mother+", Incomplete, "father", "OWN-VALID-GIVER"),
        # acute
        (ACUTE, 13, JOINT, "", NotRequired, "", "SL19"),
        (ACUTE, 13, UNKNOWN, "mother-", NotRequired, "", "SL19"),
        (ACUTE, 13, JOINT, "alma- mother- father-", NotRequired, "", "SL19"),
        (ACUTE, 16, JOINT, "mother- father-", NotRequired, "", "SL19"),
        (ACUTE, 16, JOINT, "alma+", NotRequired, "", "SL19"),
        # but who answers alone and has said no is not treated by the machine's word
        (ACUTE, 16, JOINT, "alma- mother+ father+", Review, "", "SL17-1"),
        (ACUTE, 16, UNKNOWN, "alma~", Review, "", "SL19"),
        (ACUTE, 18, JOINT, "alma-", Review, "", "OWN-REFUSAL"),
        (replace(REFERRAL, acute=True), 13, JOINT, "mother+", Incomplete, "father", "FAL3"),
        # an ordinary examination: any one, until another objects
        (EXAMINATION, 13, JOINT, "mother+", Complete, "", "STPS-ROUTINE"),
        (EXAMINATION, 13, JOINT, "father+", Complete, "", "STPS-ROUTINE"),
        (EXAMINATION, 13, JOINT, "", Incomplete, "mother father", "STPS-ROUTINE"),
        (EXAMINATION, 13, JOINT, "mother+ father-", Blocked, "father", "OWN-OBJECTION"),
        (EXAMINATION, 13, JOINT, "mother+ father~", Blocked, "father", "OWN-OBJECTION"),
        (EXAMINATION, 13, JOINT, "mother+ stepfather-", Complete, "", "STPS-ROUTINE"),
        # from 15
        (ASSESSMENT, 16, JOINT, "alma+", Complete, "", "SL17-1"),
        (ASSESSMENT, 16, JOINT, "mother+ father+", Incomplete, "alma", "SL17-1"),
        (ASSESSMENT, 16, JOINT, "alma- mother+ father+", Blocked, "alma", "SL17-1"),
        (REFERRAL, 16, JOINT, "alma+ mother-", Complete, "", "SL17-3"),
        (EXAMINATION, 16, JOINT, "mother+", Incomplete, "alma", "SL17-1"),
        # unclear in the law
        (SOCIAL, 16, JOINT, "alma+ mother+ father+", Review, "", "SOC-15-17"),
        (SOCIAL, 13, JOINT, "mother+ father+", Complete, "", "FAL3"),
        (MUNICIPAL, 16, JOINT, "alma+ mother+ father+", Review, "", "SOC-15-17"),
        (MUNICIPAL, 16, JOINT, "mother- father-", Review, "", "SOC-15-17"),
        # but the young person's own no is not unclear
        (SOCIAL, 16, JOINT, "alma- mother+ father+", Blocked, "alma", "SOC-15-17"),
        (MUNICIPAL, 16, JOINT, "alma~", Blocked, "alma", "SOC-15-17"),
        (Matter("placement"), 13, JOINT, "mother+ father+", Review, "", "BL46-47"),
        # violence, under 12
        (VIOLENCE, 11, JOINT, "mother+", Complete, "", "BL41"),
        (VIOLENCE, 11, JOINT, "mother+ father-", Complete, "", "BL41"),
        (VIOLENCE, 11, JOINT, "", Incomplete, "mother father", "BL41"),
        (VIOLENCE, 11, JOINT, "father-", Incomplete, "mother", "BL41"),
        (VIOLENCE, 11, JOINT, "mother- father-", Blocked, "mother father", "BL41"),
        (VIOLENCE, 13, JOINT, "mother+ father+", Review, "", "BL41"),
        (VIOLENCE, 16, JOINT, "alma+ mother+ father+", Review, "", "BL41"),
        (VIOLENCE, 11, SOLE, "mother+", Complete, "", "FAL3"),
        (replace(VIOLENCE, wanted=WIDE, recipient="bup-nord"), 11, JOINT, "mother+", Incomplete, "father", "FAL3"),
        # unaccompanied, appointed, unknown
        (ASSESSMENT, 13, REPRESENTED, "representative+", Complete, "", "UDL56A"),
        (ASSESSMENT, 13, TEMPORARY, "representative+", Incomplete, "temporary", "FAL-TFM"),
        (ASSESSMENT, 13, TEMPORARY, "temporary+", Complete, "", "FAL-TFM"),
        (ASSESSMENT, 13, RETURNED, "temporary+", Incomplete, "mother", "FAL3"),
        (ASSESSMENT, 13, RETURNED, "mother+", Complete, "", "FAL3"),
        (ASSESSMENT, 13, APPOINTED, "aunt+", Complete, "", "FAL28"),
        (ASSESSMENT, 13, APPOINTED_BESIDES, "aunt+ mother+ father+", Review, "", "FAL28"),
        (ASSESSMENT, 13, UNKNOWN, "mother+ father+", Review, "", "OWN-UNKNOWN"),
        (ASSESSMENT, 16, UNKNOWN, "alma+", Review, "", "OWN-UNKNOWN"),
        (ASSESSMENT, 13, NONE, "mother+", Review, "", "OWN-UNKNOWN"),
        # statutes
        (FETCHED, 13, JOINT, "mother- father-", NotRequired, "", "RSL11C"),
        (Matter("lay-representative"), 13, UNKNOWN, "", NotRequired, "", "BL6"),
        (Matter("conversation-with-child"), 9, JOINT, "mother- father-", NotRequired, "", "BL5-TALK"),
        (Matter("no-such-act"), 13, JOINT, "mother+ father+", Review, "", "OWN-UNKNOWN"),
    ],
)
def test_the_table(
    matter: Matter, age: int, custody: Custody, words: str, result: type[Answer], people: str, rule: str
) -> None:
    given = ask(matter, *answers(matter, words), who=child(BORN[age]), custody=custody)
    assert type(given) is result, given
    assert rule in given.rules
    if isinstance(given, Incomplete):
        assert [each.person for each in given.missing] == people.split()
    if isinstance(given, Blocked):
        assert list(given.by) == people.split()


@pytest.mark.parametrize(
    ("matter", "words", "reason"),
    [
        (CONSULTATION, "mother+", "Den, barnet bor hos, skal svare. Det er sket."),
        (PPV, "mother+", "Alle, der har forældremyndigheden, skal svare. Der mangler svar fra 1 af 2."),
        (REFERRAL, "", "Alle, der har forældremyndigheden, skal svare. Der mangler svar fra 2 af 2."),
        (REFERRAL, "mother-", "En af dem, der skal svare, har sagt nej eller trukket sit ja tilbage. Der rykkes ikke."),
        (EXAMINATION, "mother+", "Én indehaver er nok, når ingen anden har gjort indsigelse. Det er sket."),
        (ACUTE, "", "Det er akut. Behandlingen må ske uden samtykke."),
        (FETCHED, "", "Loven kræver ikke samtykke til dette."),
        (Matter("no-such-act"), "", "Handlingen »no-such-act« kendes ikke."),
        (
            Matter("placement"),
            "",
            "Hvem der skal sige ja til en anbringelse, er ikke læst i loven og afgøres ikke af programmet.",
        ),
    ],
)
def test_the_reason_is_one_that_a_page_can_show(matter: Matter, words: str, reason: str) -> None:
    assert ask(matter, *answers(matter, words)).reason == reason


@pytest.mark.parametrize(
    ("custody", "who", "matter", "reason"),
    [
        (SOLE, child(), ASSESSMENT, "Den, der har forældremyndigheden alene, skal svare. Der mangler svar fra 1 af 1."),
        (
            JOINT,
            child("2010-01-01"),
            ASSESSMENT,
            "Den unge er fyldt 15 år og svarer selv. Der mangler svar fra 1 af 1.",
        ),
        (
            JOINT,
            child("2008-01-01"),
            ASSESSMENT,
            "Den unge er fyldt 18 år og bestemmer selv. Der mangler svar fra 1 af 1.",
        ),
        (
            JOINT,
            child("2017-01-01"),
            VIOLENCE,
            "Én indehaver af forældremyndigheden er nok. Der mangler svar fra 2 af 2.",
        ),
        (UNKNOWN, child(), ASSESSMENT, "Det er ikke afklaret, hvem der har forældremyndigheden."),
        (NONE, child(), ASSESSMENT, "Ingen kendt person har forældremyndigheden."),
        (NOBODY_AT_HOME, child(), CONSULTATION, "Det er ikke oplyst, hvem af indehaverne barnet bor hos."),
        (
            APPOINTED_BESIDES,
            child(),
            ASSESSMENT,
            "Der er udpeget en midlertidig indehaver, men en forælder står også som indehaver.",
        ),
        (JOINT, child("2026-10-21"), ASSESSMENT, "Barnets fødselsdag ligger efter tidspunktet."),
        (
            JOINT,
            child(died_at=NOW),
            ASSESSMENT,
            "Barnet er dødt. Hvad der må ske nu, skal vurderes af et menneske.",
        ),
        (
            JOINT,
            child(placements=(Placement(0, FOREVER, frozenset({"bup-assessment"})),)),
            ASSESSMENT,
            "Barnet er anbragt, og kommunen har truffet afgørelse om dette.",
        ),
    ],
)
def test_the_reason_says_what_is_so(custody: Custody, who: object, matter: Matter, reason: str) -> None:
    assert ask(matter, who=who, custody=custody).reason == reason  # type: ignore[arg-type]


def test_a_young_persons_no_is_told_as_hers() -> None:
    result = blocked(ask(ASSESSMENT, answer(ASSESSMENT, "alma", Status.REFUSED), who=child("2010-01-01")))
    assert result.reason == "Den unge har sagt nej eller trukket sit ja tilbage. Der rykkes ikke."
    assert duties.EXIT_FAMILY_COURT not in result.duties


def test_an_unknown_birthday_is_for_a_human_being_unless_nobody_need_answer() -> None:
    unborn = replace(child(), born=None)
    result = review(ask(ASSESSMENT, answer(ASSESSMENT, MOTHER), answer(ASSESSMENT, FATHER), who=unborn))
    assert result.reason == "Barnets fødselsdag er ikke kendt."
    assert result.rules == ("OWN-UNKNOWN",)
    not_required(ask(ACUTE, who=unborn))
    placed = replace(unborn, placements=(Placement(0, FOREVER, frozenset({"bup-assessment"})),))
    review(ask(ASSESSMENT, who=placed))


def test_the_day_of_birth_counts_and_the_day_before_does_not() -> None:
    missing(ask(ASSESSMENT, who=child("2026-10-20")))
    review(ask(ASSESSMENT, who=child("2026-10-21")))


def test_after_death_nothing_is_complete() -> None:
    yes = (answer(ASSESSMENT, MOTHER), answer(ASSESSMENT, FATHER))
    assert complete(ask(ASSESSMENT, *yes, who=child(died_at=NOW + 1))).until == NOW + 1
    assert review(ask(ASSESSMENT, *yes, who=child(died_at=NOW))).rules == ("OWN-DEATH",)


def test_a_decision_of_the_municipality_counts_in_its_period_and_for_its_acts() -> None:
    placement = Placement(at("2026-10-01"), at("2026-11-01"), frozenset({"bup-assessment"}))
    who = child(placements=(placement,), view_recorded=False)
    assert isinstance(ask(ASSESSMENT, who=who, when=at("2026-10-01") - 1), Incomplete)
    first = not_required(ask(ASSESSMENT, who=who, when=at("2026-10-01")))
    assert first.rules == ("BL97-2", "BL3", "SL-CHILD")
    assert duties.CHILD_VIEW_MISSING in first.duties
    assert isinstance(ask(ASSESSMENT, who=who, when=at("2026-11-01")), Incomplete)
    assert isinstance(ask(Matter("bup-treatment"), who=who), Incomplete)


def test_acute_gives_no_right_where_the_act_has_none_and_says_so() -> None:
    result = incomplete(ask(replace(REFERRAL, acute=True)))
    assert duties.ACUTE_NO_BASIS in result.duties
    assert duties.ACUTE_NO_BASIS not in ask(REFERRAL).duties
    young = incomplete(ask(replace(REFERRAL, acute=True), who=child("2010-01-01")))
    grown = incomplete(ask(replace(REFERRAL, acute=True), who=child("2008-01-01")))
    assert duties.ACUTE_NO_BASIS in young.duties
    assert duties.ACUTE_NO_BASIS in grown.duties


def test_acute_lets_an_appointment_be_made() -> None:
    assert ask(ACUTE).duties == duties.PLACE_AND_TIME
    assert ask(Matter("medication", acute=True)).duties == ()


def test_no_waiting_list_for_what_has_none_or_is_refused() -> None:
    assert duties.WAITING_LIST not in ask(REFERRAL, answer(REFERRAL, MOTHER)).duties
    assert duties.WAITING_LIST not in ask(ASSESSMENT, answer(ASSESSMENT, MOTHER, Status.REFUSED)).duties
    off = standard().with_changes(off=["OWN-WAITING-LIST"])
    result = incomplete(ask(ASSESSMENT, answer(ASSESSMENT, MOTHER), book=off))
    assert duties.WAITING_LIST not in result.duties
    assert "OWN-WAITING-LIST" not in result.rules


def test_bl41_holds_since_15_april_2024_and_under_12() -> None:
    yes = answer(VIOLENCE, MOTHER, valid_from=at("2024-04-01"), valid_to=at("2024-06-01"), answered_at=at("2024-04-01"))
    who = child("2015-05-05")
    assert missing(ask(VIOLENCE, yes, who=who, when=at("2024-04-15") - 1)) == {FATHER}
    complete(ask(VIOLENCE, yes, who=who, when=at("2024-04-15")))
    almost = child("2014-10-21")
    assert complete(ask(VIOLENCE, answer(VIOLENCE, MOTHER), who=almost)).until == at("2026-10-21")
    review(ask(VIOLENCE, answer(VIOLENCE, MOTHER), who=child("2014-10-20")))


def test_the_same_person_in_two_periods_is_one_giver() -> None:
    custody = Custody((Holder(MOTHER, resident=True), Holder(FATHER), Holder(FATHER, valid_from=ANSWERED)))
    result = complete(ask(REFERRAL, answer(REFERRAL, MOTHER), answer(REFERRAL, FATHER), custody=custody))
    assert result.consents == ("father-ppr-to-bup", "mother-ppr-to-bup")


def test_born_29_february_names_the_rule() -> None:
    assert "OWN-FEB29" in ask(ASSESSMENT, who=child("2012-02-29")).rules
    assert "OWN-FEB29" not in ask(ASSESSMENT, who=child("2012-02-28")).rules
    assert "OWN-FEB29" not in ask(ASSESSMENT, who=child("2012-03-29")).rules
