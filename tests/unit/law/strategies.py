"""Any family, any answers, any matter, at any moment: few people and few moments, so that they often meet."""

from dataclasses import replace
from datetime import date

from hypothesis import strategies as st

from barnetsbog.kernel.time import DAY
from barnetsbog.law.ages import birthday
from barnetsbog.law.model import (
    Block,
    Capacity,
    CapacityDecision,
    Child,
    Class,
    Consent,
    Custody,
    Holder,
    HolderKind,
    Kind,
    Level,
    Matter,
    Placement,
    Sharing,
    Status,
)
from barnetsbog.law.rulebook import standard
from tests.unit.law.family import ALMA, FATHER, MOTHER, NOW, STEPFATHER

BOOK = standard()
BORN = date(2011, 10, 25)
TURNING = birthday(BORN, 15)
MOMENTS = [NOW - 400 * DAY, NOW - 30 * DAY, NOW - 2, NOW - 1, NOW, NOW + 1, TURNING - 1, TURNING, NOW + 200 * DAY]
ACTS = ["bup-assessment", "ppr-to-bup", "routine-examination", "ppr-consultation", "violence-psychologist"]
SHELVES = [(Block.INTERVENTION, Class.ORDINARY), (Block.CONDITION, Class.HEALTH), (Block.ACTIVITY, Class.ORDINARY)]

moments = st.sampled_from(MOMENTS)
sharings = st.builds(Sharing, st.frozensets(st.sampled_from(SHELVES)), st.sampled_from(Level))
full = st.builds(Sharing, st.frozensets(st.sampled_from(SHELVES), min_size=2), st.sampled_from(Level))
units = st.frozensets(st.sampled_from(["ppr", "school"]))

holders = st.builds(
    Holder,
    person=st.sampled_from([MOTHER, FATHER, "aunt"]),
    kind=st.sampled_from([HolderKind.PARENT, HolderKind.PARENT, HolderKind.PARENT, *HolderKind]),
    valid_from=st.sampled_from([0, 0, *MOMENTS]),
    valid_to=st.sampled_from([2**62, 2**62, *MOMENTS]),
    resident=st.booleans(),
    deceased_at=st.sampled_from([None, None, None, *MOMENTS]),
)
joint = st.just(Custody((Holder(MOTHER, resident=True), Holder(FATHER))))
custodies = st.one_of(joint, st.builds(Custody, st.lists(holders, max_size=3).map(tuple)))

placements = st.builds(Placement, moments, moments, st.frozensets(st.sampled_from(ACTS)))
decisions = st.builds(CapacityDecision, moments, moments, st.booleans())
children = st.builds(
    Child,
    id=st.just(ALMA),
    born=st.sampled_from([BORN, date(2012, 2, 29), date(2016, 1, 1), date(2010, 1, 1), date(2008, 10, 20)]),
    died_at=st.sampled_from([None, None, None, None, *MOMENTS]),
    placements=st.lists(placements, max_size=1).map(tuple),
    capacity_decisions=st.lists(decisions, max_size=1).map(tuple),
    view_recorded=st.booleans(),
    suspected_honour_conflict=st.booleans(),
    risk_assessed=st.booleans(),
)


@st.composite
def consents(draw: st.DrawFn, matter: Matter) -> Consent:
    """Mostly about the matter, by somebody near the child, and now and then wrong in one way."""
    giver = draw(st.sampled_from([ALMA, MOTHER, FATHER, MOTHER, FATHER, "aunt", STEPFATHER]))
    status = draw(st.sampled_from([Status.GIVEN, Status.GIVEN, Status.GIVEN, *Status]))
    answered = draw(st.sampled_from([None, *MOMENTS])) if status is not Status.GIVEN else draw(moments)
    usual = Consent(
        id=draw(st.uuids()).hex,
        giver=giver,
        capacity={ALMA: Capacity.CHILD, STEPFATHER: Capacity.PARENT}.get(giver, Capacity.HOLDER),
        act=matter.act,
        kind=BOOK.act(matter.act).kind,
        sharing=draw(st.one_of(full, sharings)),
        status=status,
        answered_at=answered,
        valid_from=draw(moments),
        valid_to=draw(st.sampled_from([NOW + 100 * DAY, NOW + 900 * DAY, *MOMENTS])),
        disclosers=matter.disclosers,
        recipient=matter.recipient,
        withdrawn_at=draw(st.sampled_from([None, None, None, None, *MOMENTS])),
    )
    wrong = draw(
        st.sampled_from(
            [{}] * 8
            + [
                {"act": "medication"},
                {"recipient": ""},
                {"recipient": "else"},
                {"kind": Kind.RETRIEVAL},
                {"disclosers": frozenset({"ppr"})},
                {"child": "twin"},
                {"capacity": Capacity.OTHER},
            ]
        )
    )
    return replace(usual, **wrong)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Matter, Child, Custody, list[Consent], int]:
    act = draw(st.sampled_from(ACTS))
    shares = act == "ppr-to-bup" or draw(st.booleans())
    matter = Matter(
        act,
        draw(units),
        "bup",
        wanted=draw(full) if shares else None,
        acute=draw(st.sampled_from([False, False, False, True])),
    )
    given = draw(st.lists(consents(matter), max_size=5))
    if draw(st.booleans()):  # everybody who may be needed says yes, so that complete answers are common
        yes = draw(consents(matter))
        for giver, capacity in ((MOTHER, Capacity.HOLDER), (FATHER, Capacity.HOLDER), (ALMA, Capacity.CHILD)):
            given.append(
                replace(
                    yes,
                    id=f"yes-{giver}",
                    giver=giver,
                    capacity=capacity,
                    status=Status.GIVEN,
                    kind=BOOK.act(act).kind,
                    act=act,
                    recipient="bup",
                    child="",
                    disclosers=matter.disclosers,
                    answered_at=draw(st.sampled_from([NOW - 30 * DAY, NOW - 2])),
                    valid_from=NOW - 30 * DAY,
                    valid_to=NOW + 100 * DAY,
                    withdrawn_at=draw(st.sampled_from([None, None, NOW + 1])),
                )
            )
    return matter, draw(children), draw(custodies), given, draw(st.sampled_from([NOW, NOW, NOW, *MOMENTS]))
