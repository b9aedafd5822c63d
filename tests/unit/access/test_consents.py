"""What complete consents open for their recipient, and what no consent can."""

from dataclasses import replace

import pytest

from barnetsbog.access.deriving import matters
from barnetsbog.kernel.time import DAY, FOREVER
from barnetsbog.law.model import Block, Capacity, Class, Consent, Kind, Level, Matter, Placement, Sharing, Status
from barnetsbog.record.rights import CONTENT, HEADINGS
from tests.unit.access.families import (
    ALMA,
    BUP,
    FATHER,
    MOTHER,
    NOW,
    PPR,
    SHARED,
    TO_BUP,
    both,
    derived,
    known,
    law,
    level,
    opened,
    sharing,
    withdrawn,
    yes,
)
from tests.unit.law.family import ANSWERED, JUNE, SEPTEMBER, STEPFATHER

SCHOOL_UNIT = "school-unit"
WRITERS = (PPR, SCHOOL_UNIT, "bup", "")


def everything(level: Level) -> Sharing:
    return Sharing(frozenset((block, kind) for block in Block for kind in Class), level)


def at_bup(*consents: Consent, at: int = NOW, **more: object) -> set[str]:
    return opened(derived(consents=consents, **more), BUP, at, writers=WRITERS)


def test_content() -> None:
    """Exactly the shelves agreed to, goals with the interventions, of what the discloser wrote."""
    assert at_bup(*both()) == {f"{place}@{PPR}" for place in ("IN/O", "GO/O", "AK/O", "TI/H")}
    assert {level(derived(consents=both()), BUP, f"{place}@{PPR}") for place in ("IN/O", "TI/H")} == {CONTENT}


def test_headings() -> None:
    matter = replace(TO_BUP, wanted=replace(SHARED, level=Level.HEADINGS))
    rights = derived(consents=both(matter))
    assert {level(rights, BUP, f"{place}@{PPR}") for place in ("IN/O", "GO/O", "AK/O", "TI/H")} == {HEADINGS}
    assert opened(rights, BUP, writers=WRITERS) == at_bup(*both())


@pytest.mark.parametrize("asked", ["IN/O", "KO/O", "TI/O"])
def test_at_shows_the_contacts_headings_and_nothing_else(asked: str) -> None:
    rights = derived(consents=both(replace(TO_BUP, wanted=sharing(asked, level=Level.AT))))
    assert opened(rights, BUP, writers=WRITERS) == {f"KO/O@{PPR}"}
    assert level(rights, BUP, f"KO/O@{PPR}") == HEADINGS


@pytest.mark.parametrize("how", list(Level))
def test_confidential_talk_addresses_and_people_are_nobodys_to_give_away(how: Level) -> None:
    found = at_bup(*both(replace(TO_BUP, wanted=everything(how))))
    assert found and not [place for place in found if place[3] in "PX" or place.startswith("PE")]
    if how is Level.AT:
        assert found == {f"KO/{letter}@{PPR}" for letter in "OFH"}


@pytest.mark.parametrize("only", ["IN/P", "KO/X"])
def test_a_consent_to_nothing_else_opens_nothing_and_makes_nobody_known(only: str) -> None:
    assert not known(derived(consents=both(replace(TO_BUP, wanted=sharing(only)))), BUP)


def test_what_is_shared_is_what_both_agreed_to() -> None:
    mother, father = (
        yes(MOTHER, sharing=sharing("IN/O", "TI/H")),
        yes(FATHER, sharing=sharing("IN/O", "AK/O", level=Level.HEADINGS)),
    )
    rights = derived(consents=(mother, father))
    assert opened(rights, BUP, writers=WRITERS) == {f"IN/O@{PPR}", f"GO/O@{PPR}"}
    assert level(rights, BUP, f"IN/O@{PPR}") == HEADINGS


def test_one_of_two_opens_nothing() -> None:
    assert at_bup(yes(MOTHER)) == set() and not known(derived(consents=(yes(MOTHER),)), BUP)
    assert at_bup(yes(MOTHER), yes(STEPFATHER)) == set()


def test_it_begins_and_ends_to_the_microsecond() -> None:
    consents = both()
    assert [bool(at_bup(*consents, at=moment)) for moment in (ANSWERED - 1, ANSWERED, JUNE - 1, JUNE)] == [
        False,
        True,
        True,
        False,
    ]
    early = both(answered_at=SEPTEMBER - 5)
    assert [bool(at_bup(*early, at=moment)) for moment in (SEPTEMBER - 1, SEPTEMBER)] == [False, True]


def test_a_withdrawal_ends_it_at_once() -> None:
    mother, father = both()
    gone = (mother, withdrawn(father, NOW))
    assert [bool(at_bup(*gone, at=moment)) for moment in (NOW - 1, NOW)] == [True, False]


def test_it_ends_when_the_one_who_answered_may_not_any_more() -> None:
    """At 15 the young person answers; the parents' yes is no yes any longer."""
    assert at_bup(*both(), born="2011-10-21")
    assert not at_bup(*both(), born="2011-10-21", at=NOW + 2 * DAY)
    assert at_bup(yes(ALMA, answered_at=NOW), born="2011-10-20") and not at_bup(yes(ALMA), born="2013-10-01")


def test_a_no_in_a_record_that_names_more_disclosers_counts() -> None:
    wider = replace(TO_BUP, disclosers=frozenset({PPR, SCHOOL_UNIT}))
    refusal = yes(FATHER, wider, status=Status.REFUSED, answered_at=NOW - 5, id="no")
    assert at_bup(*both(), at=NOW - 6) and not at_bup(*both(), refusal)


def test_a_no_without_a_recipient_counts() -> None:
    refusal = yes(FATHER, status=Status.REFUSED, answered_at=NOW - 5, id="no", recipient="")
    assert not at_bup(*both(), refusal)


def test_the_receiver_is_the_unit_that_is_named() -> None:
    """Law-and-access §7, case 13."""
    rights = derived(consents=both())
    assert not known(rights, "bup-other") and {one.grantee for one in rights if one.source == PPR} == {BUP}


def test_each_discloser_opens_its_own() -> None:
    wider = replace(TO_BUP, disclosers=frozenset({PPR, SCHOOL_UNIT}))
    found = at_bup(*both(wider))
    assert {f"IN/O@{PPR}", f"IN/O@{SCHOOL_UNIT}"} <= found and "IN/O@bup" not in found


@pytest.mark.parametrize("kind", [Kind.TREATMENT, Kind.PARTICIPATION])
def test_a_consent_to_be_treated_opens_no_book(kind: Kind) -> None:
    assert not at_bup(*both(kind=kind))
    assert not known(derived(consents=both(Matter("bup-assessment", frozenset({PPR}), BUP, SHARED))), BUP)


@pytest.mark.parametrize("status", [Status.ASKED, Status.REFUSED, Status.SUPERSEDED, Status.ENTERED_IN_ERROR])
def test_a_question_or_a_no_opens_nothing(status: Status) -> None:
    assert not at_bup(*both(status=status)) and not at_bup(yes(MOTHER), yes(FATHER, status=status))


def test_retrieval_is_shared_like_disclosure() -> None:
    matter = Matter("municipal-data-to-bup", frozenset({PPR}), BUP, sharing("IN/O"))
    assert at_bup(*both(matter)) == {f"IN/O@{PPR}", f"GO/O@{PPR}"}


def test_a_purpose_that_the_law_forbids_is_found_in_any_of_the_answers() -> None:
    matter = Matter("ppr-to-bup", frozenset({PPR}), BUP, SHARED)
    found = matters(
        [yes(MOTHER, matter, id="b", purpose="behandling"), yes(FATHER, matter, id="a", purpose="efterforskning")]
    )
    assert found[0][0].purpose == "behandling, efterforskning"
    assert derived(consents=both())[-1].purpose and {
        one.purpose for one in derived(consents=both()) if one.source not in ("", one.grantee)
    } == {"samtykke"}
    assert {
        one.purpose for one in derived(consents=both(purpose="udredning")) if one.source not in ("", one.grantee)
    } == {"udredning"}


def test_what_is_asked_about_is_grouped_by_act_disclosers_and_recipient() -> None:
    other = replace(TO_BUP, recipient="bup-other")
    found = matters([*both(other), *both()])
    assert [(matter.recipient, [one.id for one in given]) for matter, given in found] == [
        ("bup-other", ["father-ppr-to-bup", "mother-ppr-to-bup"]), (BUP, ["father-ppr-to-bup", "mother-ppr-to-bup"]),
    ]  # fmt: skip
    assert matters(both(replace(TO_BUP, recipient=""))) == []
    wide, narrow = yes(MOTHER), yes(FATHER, sharing=sharing("SA/O", level=Level.AT))
    assert matters([wide, narrow])[0][0].wanted == Sharing(
        SHARED.shelves | {(Block.CONSENT, Class.ORDINARY)}, Level.CONTENT
    )
    assert matters([yes(MOTHER, sharing=sharing())])[0][0].wanted is None


def test_one_basis_and_rule_of_the_answer() -> None:
    (first, *_) = [one for one in derived(consents=both()) if one.source == PPR]
    assert first.basis == "father-ppr-to-bup" and first.rule in law().book.rules


# -- where the municipality decides ----------------------------------------------------------------------------------

DECIDED = {"placements": (Placement(NOW - 50, NOW + 50, frozenset({"ppr-to-bup"})),)}


def municipality(**more: object) -> Consent:
    return replace(yes(MOTHER, id="m"), giver="kommunen", capacity=Capacity.AUTHORITY, **more)  # type: ignore[arg-type]


def test_a_placed_child_for_whom_the_municipality_decides() -> None:
    assert not at_bup(*both(status=Status.REFUSED), **DECIDED)
    assert not at_bup(yes(MOTHER, status=Status.ASKED), **DECIDED)
    assert at_bup(municipality(sharing=sharing("IN/O")), **DECIDED) == {f"IN/O@{PPR}", f"GO/O@{PPR}"}
    assert not at_bup(municipality(status=Status.REFUSED), **DECIDED)
    assert not at_bup(municipality(valid_to=NOW), **DECIDED) and not at_bup(municipality(valid_from=NOW + 1), **DECIDED)
    assert at_bup(municipality(valid_from=NOW, valid_to=NOW + 1), **DECIDED)


def test_its_yes_counts_only_while_it_decides() -> None:
    assert not at_bup(municipality())
    assert [bool(at_bup(municipality(), at=moment, **DECIDED)) for moment in (NOW + 49, NOW + 50)] == [True, False]
    assert not at_bup(municipality(), placements=(Placement(0, FOREVER, frozenset({"bup-to-ppr"})),))


def test_two_of_its_answers_open_what_both_say() -> None:
    two = (municipality(sharing=sharing("IN/O", "AK/O")), municipality(id="m2", sharing=sharing("AK/O", "TI/H")))
    assert at_bup(*(replace(one, id=f"m{n}") for n, one in enumerate(two)), **DECIDED) == {f"AK/O@{PPR}"}
