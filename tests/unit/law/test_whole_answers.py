"""Whole answers, to the last code and rule: nothing more and nothing less follows than what stands here."""

from dataclasses import replace

from barnetsbog.law.consents import givers
from barnetsbog.law.givers import Giver, Givers, Need
from barnetsbog.law.model import (
    Blocked,
    Capacity,
    Complete,
    Custody,
    Holder,
    HolderKind,
    Incomplete,
    Matter,
    Missing,
    NotRequired,
    Review,
    Status,
)
from barnetsbog.law.rulebook import standard
from tests.unit.law.family import (
    ALMA,
    ANSWERED,
    ASSESSMENT,
    CONSULTATION,
    EXAMINATION,
    FATHER,
    GRANDMOTHER,
    JOINT,
    JUNE,
    MOTHER,
    NOW,
    PPV,
    REFERRAL,
    SOLE,
    VIOLENCE,
    WIDE,
    answer,
    ask,
    child,
    complete,
    incomplete,
    refusal,
)

UNHEARD = child(view_recorded=False)
STRANGER = answer(REFERRAL, GRANDMOTHER)
REJECTED = (("grandmother-ppr-to-bup", "Svaret er givet af en, der ikke kan give samtykke."),)


def test_complete() -> None:
    assert ask(REFERRAL, STRANGER, answer(REFERRAL, MOTHER), answer(REFERRAL, FATHER), who=UNHEARD) == Complete(
        ("SL-CHILD", "FAL3", "OWN-LATEST", "OWN-VALID-GIVER", "OWN-12-MONTHS", "OWN-UNIT", "OWN-INTERSECTION"),
        "Alle, der har forældremyndigheden, skal svare. Det er sket.",
        WIDE,
        JUNE,
        ("father-ppr-to-bup", "mother-ppr-to-bup"),
        duties=("child-view-missing",),
        rejected=REJECTED,
    )


def test_complete_without_anything_to_share() -> None:
    assert ask(CONSULTATION, answer(CONSULTATION, MOTHER)) == Complete(
        ("FAL3", "OWN-LATEST", "OWN-12-MONTHS"),
        "Den, barnet bor hos, skal svare. Det er sket.",
        None,
        JUNE,
        ("mother-ppr-consultation",),
    )


def test_incomplete() -> None:
    assert ask(REFERRAL, answer(REFERRAL, MOTHER), STRANGER, who=UNHEARD) == Incomplete(
        ("SL-CHILD", "FAL3", "OWN-LATEST", "OWN-VALID-GIVER"),
        "Alle, der har forældremyndigheden, skal svare. Der mangler svar fra 1 af 2.",
        (Missing(FATHER, Capacity.HOLDER, asked=False),),
        duties=("child-view-missing",),
        rejected=REJECTED,
    )


def test_incomplete_with_a_place_on_the_waiting_list() -> None:
    stranger = answer(ASSESSMENT, GRANDMOTHER)
    assert ask(ASSESSMENT, answer(ASSESSMENT, MOTHER), stranger) == Incomplete(
        ("SL15", "FAL3", "OWN-LATEST", "OWN-VALID-GIVER", "OWN-WAITING-LIST"),
        "Alle, der har forældremyndigheden, skal svare. Der mangler svar fra 1 af 2.",
        (Missing(FATHER, Capacity.HOLDER, asked=False),),
        duties=("waiting-list-allowed",),
        rejected=(("grandmother-bup-assessment", REJECTED[0][1]),),
    )


def test_blocked() -> None:
    exits = (
        "exit:conversation",
        "exit:familieretshuset",
        "exit:concern-notification",
        "exit:child-protection-examination",
    )
    assert ask(REFERRAL, STRANGER, refusal(REFERRAL, FATHER), who=UNHEARD) == Blocked(
        ("SL-CHILD", "FAL3", "OWN-LATEST", "OWN-VALID-GIVER", "OWN-REFUSAL"),
        "En af dem, der skal svare, har sagt nej eller trukket sit ja tilbage. Der rykkes ikke.",
        (FATHER,),
        duties=("child-view-missing", "no-reminders", *exits),
        rejected=REJECTED,
    )


def test_a_young_person() -> None:
    who = child("2010-01-01", view_recorded=False)
    treatment = complete(ask(ASSESSMENT, answer(ASSESSMENT, ALMA), who=who))
    assert treatment.rules == ("SL15", "SL17-1", "OWN-LATEST", "OWN-12-MONTHS", "OWN-UNIT")
    assert treatment.duties == ("inform:mother", "inform:father", "waiting-list-allowed", "appointment-allowed")
    disclosure = complete(ask(REFERRAL, answer(REFERRAL, ALMA), who=who))
    assert disclosure.rules[:2] == ("SL17-1", "SL17-3")
    assert disclosure.duties == ("inform:mother", "inform:father")


def test_what_is_unclear_keeps_what_must_be_done() -> None:
    appointed = Custody((*JOINT.holders, Holder("aunt", HolderKind.APPOINTED)))
    nobody_at_home = Custody((Holder(MOTHER), Holder(FATHER)))
    cases = ((Custody(()), ASSESSMENT), (appointed, ASSESSMENT), (nobody_at_home, CONSULTATION))
    for custody, matter in cases:
        result = ask(matter, who=UNHEARD, custody=custody)
        assert isinstance(result, Review)
        assert result.duties == ("child-view-missing",)


def test_who_must_answer_how_many_and_what_follows_whatever_they_say() -> None:
    def found(matter: Matter, custody: Custody = JOINT, born: str = "2013-10-01") -> tuple[object, ...]:
        result = givers(matter, child(born, view_recorded=False), custody, NOW, standard())
        assert isinstance(result, Givers)
        return result.people, result.need, result.rules, result.duties

    mother, father = Giver(MOTHER, Capacity.HOLDER), Giver(FATHER, Capacity.HOLDER)
    alma = Giver(ALMA, Capacity.CHILD)
    heard = ("child-view-missing",)
    home = Custody(tuple(replace(holder, resident=True) for holder in JOINT.holders))
    assert found(REFERRAL) == ((mother, father), Need.ALL, ("SL-CHILD", "FAL3"), heard)
    assert found(REFERRAL, SOLE) == ((mother,), Need.ALL, ("SL-CHILD", "FAL3"), heard)
    assert found(EXAMINATION) == (
        (mother, father),
        Need.UNOPPOSED,
        ("SL15", "SL-CHILD", "FAL3", "STPS-ROUTINE"),
        heard,
    )
    assert found(CONSULTATION)[:2] == ((mother,), Need.ALL)
    assert found(CONSULTATION)[3] == heard
    assert found(CONSULTATION, home)[:2] == ((mother, father), Need.UNOPPOSED)
    assert found(VIOLENCE, born="2017-01-01") == ((mother, father), Need.ONE, ("BL5", "FAL3", "BL41"), heard)
    assert found(PPV)[2] == ("FSL-PPV", "FSL-CHILD", "FAL3", "OWN-PPV-ALL")
    assert found(ASSESSMENT, born="2010-01-01")[:2] == ((alma,), Need.ALL)
    assert found(PPV, born="2008-01-01") == ((alma,), Need.ALL, ("FSL-PPV", "VML1"), ())


def test_what_says_nothing_may_come_first() -> None:
    other = answer(Matter("medication"), MOTHER)
    complete(ask(REFERRAL, other, STRANGER, answer(REFERRAL, MOTHER), other, answer(REFERRAL, FATHER)))


def test_what_is_asked_or_will_be_said_is_no_fault() -> None:
    asked = answer(REFERRAL, FATHER, Status.ASKED)
    later = answer(REFERRAL, FATHER, answered_at=NOW + 1)
    assert incomplete(ask(REFERRAL, asked, later)).rejected == ()


def test_a_change_at_this_very_moment_is_not_one_ahead() -> None:
    custody = Custody((Holder(MOTHER, resident=True), Holder(FATHER, valid_from=NOW)))
    mothers = answer(REFERRAL, MOTHER, withdrawn_at=NOW + 7)
    fathers = answer(REFERRAL, FATHER, answered_at=NOW)
    assert complete(ask(REFERRAL, mothers, fathers, custody=custody)).until == NOW + 7
    fresh = answer(REFERRAL, MOTHER, answered_at=ANSWERED)
    assert complete(ask(REFERRAL, fresh, fathers, custody=custody)).until == JUNE


def test_the_objects_flag_is_a_yes_or_a_no() -> None:
    no = refusal(REFERRAL, ALMA)
    result = complete(ask(REFERRAL, no, STRANGER, answer(REFERRAL, MOTHER), answer(REFERRAL, FATHER)))
    assert result.duties == ("child-objects",)


def test_a_rule_that_is_off() -> None:
    off = standard().with_changes(off=["SL15"])
    stranger = answer(ASSESSMENT, GRANDMOTHER)
    assert ask(ASSESSMENT, answer(ASSESSMENT, MOTHER), stranger, who=UNHEARD, book=off) == Review(
        ("SL15", "SL-CHILD", "FAL3", "OWN-LATEST", "OWN-VALID-GIVER", "OWN-WAITING-LIST"),
        "Reglen SL15 er slået fra eller gælder ikke på det tidspunkt. Et menneske skal vurdere det.",
        duties=("child-view-missing",),
        rejected=(("grandmother-bup-assessment", REJECTED[0][1]),),
    )


def test_a_purpose_that_is_wrong_or_not_said() -> None:
    bare = Matter("ssp-exchange")
    assert ask(bare) == Blocked(("RPL115",), "Formålet skal være oplyst, før det må ske.", ("RPL115",))
    wrong = Matter("ssp-exchange", purpose="efterforskning")
    assert ask(wrong) == Blocked(("RPL115",), "Reglen må ikke bruges til det formål.", ("RPL115",))


def test_acute() -> None:
    assert ask(replace(ASSESSMENT, acute=True)) == NotRequired(
        ("SL19",),
        "Det er akut. Behandlingen må ske uden samtykke.",
        "SL19",
        duties=("waiting-list-allowed", "appointment-allowed"),
    )
