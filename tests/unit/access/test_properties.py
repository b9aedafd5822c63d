"""What holds of rights whatever the family: nothing widens them but a yes, a relation or a rule."""

from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from barnetsbog.access.deriving import rights_of
from barnetsbog.access.facts import Blocked, Care, Facts, Fostering, Glass, Referred, Right
from barnetsbog.access.relations import TASKS
from barnetsbog.kernel.time import DAY, FOREVER
from barnetsbog.law.model import Capacity, Consent, Custody, Kind, Matter, Status
from barnetsbog.law.rulebook import standard
from barnetsbog.mandates.model import BLOCKS as MANDATE_BLOCKS
from barnetsbog.mandates.model import Kind as MandateKind
from barnetsbog.mandates.model import Mandate
from barnetsbog.packs.model import ACTS, Pack
from barnetsbog.record.shelves import EVERYTHING, numbers
from tests.unit.access.families import LAW, law
from tests.unit.law import strategies as families
from tests.unit.law.family import ALMA, FATHER, MOTHER, NOW, answer, sharing

SECTORS = ("family_dept", "ppr", "school", "bup", "gp", "health_visitor", "ltt", "hospital", "adult", "other")
MATTERS = [
    Matter(act, frozenset(units), to, sharing("IN/O", "TI/H", "AK/O"))
    for act, units, to in (
        ("ppr-to-bup", {"ppr"}, "bup"), ("ppr-to-bup", {"ppr", "school"}, "bup"), ("coordination", {"bup", "school"}, "ppr"),
        ("ssd-meeting", {"school"}, "ppr"), ("school-to-ppr", {"school"}, "ppr"),
    )
]  # fmt: skip
USED = sorted({rule for found in LAW.relations.units.values() for one in found for rule in one.rules} | {
    rule for found in LAW.relations.persons.values() for one in found for rule in one.rules
} | {"OWN-RECORDS", "OWN-CONSENT-PARTY", "OWN-BREAKGLASS-60", "SL43", "SL41", "FVL29", "BL97-2", "SSD"})  # fmt: skip


@st.composite
def answers(draw: st.DrawFn) -> Consent:
    """A consent about one of the sharings; `wrong` and all, as the law's own tests have them."""
    return draw(families.consents(draw(st.sampled_from(MATTERS))))


@st.composite
def agreed(draw: st.DrawFn) -> tuple[Consent, ...]:
    """Everybody who may be needed says yes to the same, so that complete answers are common."""
    matter = draw(st.sampled_from(MATTERS))
    people = ((MOTHER, Capacity.HOLDER), (FATHER, Capacity.HOLDER), (ALMA, Capacity.CHILD))
    said = {"answered_at": draw(st.sampled_from([NOW - 30 * DAY, NOW - 2])), "valid_from": NOW - 30 * DAY}
    return tuple(
        answer(
            matter,
            who,
            id=f"yes-{who}",
            capacity=capacity,
            sharing=draw(families.full),
            valid_to=NOW + 100 * DAY,
            **said,
        )
        for who, capacity in people
    )


cares = st.builds(Care, st.sampled_from(["c1", "c2"]), st.sampled_from(["ppr", "bup", "school"]), st.sampled_from(SECTORS), families.moments, st.sampled_from([FOREVER, *families.MOMENTS]), st.sampled_from(["", *TASKS]), st.booleans())  # fmt: skip
packs = st.builds(
    Pack, st.sampled_from(["pack", "more"]), st.sampled_from(ACTS), families.moments,
    st.sampled_from([FOREVER, *families.MOMENTS]), st.lists(st.tuples(st.sampled_from(["school", "bup"]), st.sampled_from(SECTORS)), max_size=2).map(tuple),
    st.sampled_from([(), ("e1",), ("e1", "e2")]), st.sampled_from(["", "Trivsel"]), st.sampled_from(["", "leader"]),
)  # fmt: skip
mandates = st.builds(
    Mandate, st.just("helper"), st.sampled_from([ALMA, MOTHER, FATHER]), st.sampled_from(MandateKind),
    st.frozensets(st.sampled_from(MANDATE_BLOCKS), min_size=1), st.just(date(1980, 5, 7)), families.moments,
    st.sampled_from([FOREVER, *families.MOMENTS]), st.sampled_from([None, NOW]),
)  # fmt: skip
everything = st.builds(
    Facts,
    mandates=st.lists(mandates, max_size=2).map(tuple),
    child=families.children,
    custody=families.custodies,
    protected=st.booleans(),
    cares=st.lists(cares, max_size=3).map(tuple),
    fostering=st.lists(st.builds(Fostering, st.just("foster"), st.sampled_from([0, NOW]), st.just(FOREVER)), max_size=1).map(tuple),
    consents=st.tuples(st.one_of(st.just(()), agreed()), st.lists(answers(), max_size=3, unique_by=lambda one: one.id)).map(
        lambda both: (*both[0], *both[1])
    ),
    blocked=st.lists(st.builds(Blocked, st.just("b"), st.sampled_from(["e1", "e2"]), families.moments, st.just(FOREVER)), max_size=2).map(tuple),
    glass=st.lists(st.builds(Glass, st.just("g"), st.just("role"), families.moments, families.moments, st.booleans()), max_size=1).map(tuple),
    referred=st.lists(
        st.builds(Referred, st.just("r"), st.sampled_from([("bup",), ("ppr", "bup")]), st.booleans(), families.moments, st.sampled_from([FOREVER, NOW]), st.sampled_from([(), ("e1",), ("e1", "e2")]), st.booleans()),
        max_size=1,
    ).map(tuple),
    packs=st.lists(packs, max_size=2, unique_by=lambda one: one.id).map(tuple),
)  # fmt: skip
OF_PACKS = {LAW.book.act(act).basis for act in ACTS}


class Point(NamedTuple):
    """One thing that somebody is let into: who, shelf, whose words, entry, level."""

    who: str
    shelf: int
    source: str
    lane: str
    entry: str
    level: int


def points(rights: list[Right], at: int) -> set[Point]:
    """All that these rights open at a moment, in the smallest pieces. Shelf -1: that there is a book."""
    return set().union(*(opened(one) for one in rights if one.level and one.start <= at < one.end))


@lru_cache(maxsize=4096)
def opened(one: Right) -> frozenset[Point]:
    """What one right opens while it lasts."""
    levels = range(2, one.level + 1)
    if one.entry:
        return frozenset(Point(one.grantee, -2, one.source, one.lane, one.entry, level) for level in levels)
    shelves = {
        Point(one.grantee, shelf, one.source, one.lane, "", level) for shelf in numbers(one.shelves) for level in levels
    }
    return frozenset(shelves | {Point(one.grantee, -1, "", "", "", 2)})


def moments(*some: list[Right]) -> list[int]:
    """Every moment at which something changes, and the one before."""
    edges = {edge for rights in some for one in rights for edge in (one.start, one.end)}
    return sorted({moment for edge in edges for moment in (edge - 1, edge)} | {NOW})


def never_wider(after: list[Right], before: list[Right], start: int = 0) -> None:
    for moment in moments(after, before):
        if moment >= start:
            assert points(after, moment) <= points(before, moment)


@given(everything)
def test_every_right_is_a_right(facts: Facts) -> None:
    """By a rule that is there, for a time that is not empty, of shelves that exist, and each once."""
    rights = rights_of(facts, LAW)
    assert rights == sorted(set(rights))
    for one in rights:
        assert one.rule in LAW.book.rules and one.purpose and one.grantee and one.basis
        assert one.start < one.end <= FOREVER and not one.shelves & ~EVERYTHING
        assert one.level in (0, 2, 3) and bool(one.entry) == (
            one.rule in ("OWN-CONSENT-PARTY", "OWN-BLOCK", "OWN-CLOSED", *OF_PACKS)
            or (one.rule in ("OWN-REFERRED", "OWN-MOVED", "BL133") and not one.shelves)
        )


@given(everything, st.randoms(use_true_random=False))
def test_the_order_of_the_facts_does_not_matter_and_twice_is_once(facts: Facts, random: object) -> None:
    shuffled = facts._replace(**{
        name: tuple(random.sample(value, len(value)))  # type: ignore[attr-defined]
        for name, value in facts._asdict().items() if isinstance(value, tuple) and name not in ("child", "custody")
    }, custody=replace(facts.custody, holders=tuple(reversed(facts.custody.holders))))  # fmt: skip
    twice = facts._replace(
        cares=facts.cares * 2,
        fostering=facts.fostering * 2,
        consents=facts.consents * 2,
        blocked=facts.blocked * 2,
        glass=facts.glass * 2,
    )
    assert rights_of(facts, LAW) == rights_of(shuffled, LAW) == rights_of(facts, LAW) == rights_of(twice, LAW)


@given(everything, st.sampled_from(USED), st.sampled_from([NOW, NOW + 1, families.TURNING]))
def test_switching_a_rule_off_or_letting_it_end_never_widens(facts: Facts, rule: str, end: int) -> None:
    before = rights_of(facts, LAW)
    never_wider(rights_of(facts, law(off=[rule])), before)
    ended = rights_of(facts, law(expire={rule: end}))
    never_wider(ended, before)
    assert all(points(ended, moment) == points(before, moment) for moment in moments(before, ended) if moment < end)


@given(everything, st.data())
def test_a_withdrawal_never_widens(facts: Facts, data: st.DataObject) -> None:
    """Nor does a no. It may be about anything, by anybody, at any moment."""
    before = rights_of(facts, LAW)
    if not facts.consents:
        return
    taken, at = data.draw(st.sampled_from(facts.consents)), data.draw(families.moments)
    back = replace(taken, status=Status.WITHDRAWN, withdrawn_at=at, answered_at=taken.answered_at or at - DAY)
    others = tuple(one for one in facts.consents if one is not taken)
    never_wider(rights_of(facts._replace(consents=(*others, back)), LAW), before, start=at)
    no = replace(taken, id="no", status=Status.REFUSED, answered_at=at, withdrawn_at=None)
    never_wider(rights_of(facts._replace(consents=(*facts.consents, no)), LAW)[:], _with_reader(before, no), start=at)


def _with_reader(rights: list[Right], no: Consent) -> list[Right]:
    """Whoever said no may read it."""
    parties = {no.giver, no.recipient, *no.disclosers} - {""}
    more = [Right(one, no.id, 0, 3, "OWN-CONSENT-PARTY", "samtykke", 0, FOREVER, entry=no.id) for one in parties]
    return sorted([*rights, *more])


@given(everything)
def test_without_any_yes_nothing_is_disclosed(facts: Facts) -> None:
    without = facts._replace(consents=tuple(one for one in facts.consents if one.status is not Status.GIVEN))
    disclosed = [
        one for one in rights_of(without, LAW) if one.basis in {each.id for each in facts.consents} and not one.entry
    ]
    assert disclosed == []


@given(everything)
def test_removing_a_giver_who_must_answer_closes(facts: Facts) -> None:
    """For what all must say yes to, taking away all that one of them has said never opens more."""
    before = rights_of(facts, LAW)
    for giver in {one.giver for one in facts.consents}:
        said = [one for one in facts.consents if one.giver == giver]
        if any(one.status is not Status.GIVEN or one.withdrawn_at for one in said):
            continue
        left = rights_of(facts._replace(consents=tuple(one for one in facts.consents if one.giver != giver)), LAW)
        assert _asked(left) <= _asked(before)


def _asked(rights: list[Right]) -> set[tuple[str, str]]:
    """Who is let into whose words by consent at all."""
    return {(one.grantee, one.source) for one in rights if one.source and one.rule != "OWN-RECORDS"}


@given(everything, st.data())
def test_ending_a_relation_never_widens(facts: Facts, data: st.DataObject) -> None:
    """But for the ended task itself, by which it can be begun again: that is known to its unit from then on."""
    facts = facts._replace(cares=tuple(one._replace(closed=False) for one in facts.cares))
    before, at = rights_of(facts, LAW), data.draw(families.moments)
    for index in range(len(facts.cares)):
        gone = facts.cares[:index] + facts.cares[index + 1 :]
        cut = (*gone, facts.cares[index]._replace(end=min(at, facts.cares[index].end)))
        never_wider(rights_of(facts._replace(cares=gone), LAW), before)
        never_wider(rights_of(facts._replace(cares=cut), LAW), before)
    never_wider(rights_of(facts._replace(fostering=(), glass=()), LAW), before)
    never_wider(rights_of(facts._replace(protected=True), LAW), rights_of(facts._replace(protected=False), LAW))


@given(everything)
def test_what_is_not_known_is_nothing(facts: Facts) -> None:
    born = rights_of(facts._replace(child=replace(facts.child, born=None)), LAW)
    custody = rights_of(facts._replace(custody=replace(facts.custody, known=False)), LAW)
    people = {holder.person for holder in facts.custody.holders} | {ALMA, "foster"}
    assert not [one for one in born if one.grantee in people and not one.entry]
    assert not [one for one in custody if one.rule == "FAL3"]
    assert rights_of(Facts(replace(facts.child, born=None), Custody((), known=False)), LAW) == []


@given(everything)
def test_a_block_only_closes(facts: Facts) -> None:
    before = rights_of(facts._replace(blocked=()), LAW)
    after = rights_of(facts, LAW)
    assert [one for one in after if one.rule != "OWN-BLOCK"] == before


def test_what_the_strategies_find_is_worth_looking_at() -> None:
    """Complete consents are among the examples, so that the properties are not of nothing."""
    found: list[Right] = []

    @given(everything)
    @settings(max_examples=60, deadline=None, derandomize=True, database=None)
    def look(facts: Facts) -> None:
        found.extend(rights_of(facts, LAW))

    look()
    assert {"OWN-RECORDS", "FAL3", "BL3", "SL17-3", "OWN-BREAKGLASS-60", "OWN-BLOCK"} <= {one.rule for one in found}
    assert any(one.source and one.rule != "OWN-RECORDS" for one in found)
    assert standard().act("ppr-to-bup").kind is Kind.DISCLOSURE
