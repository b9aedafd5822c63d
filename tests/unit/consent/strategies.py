"""Consents as they can be: what the property tests draw from."""

from datetime import date, timedelta

from hypothesis import strategies as st

from barnetsbog.consent.acts import ACTS, MOVES
from barnetsbog.kernel.time import DAY, FOREVER, day_start, local_day
from barnetsbog.law.model import Block, Capacity, Class, Consent, Level, Sharing, Status

ids = st.text("abz09-", min_size=1, max_size=20)
days = st.dates(date(1990, 1, 1), date(2060, 1, 1)).map(day_start)
instants = st.one_of(days, st.integers(day_start(date(1990, 1, 1)), day_start(date(2060, 1, 1))))
shelves = st.frozensets(st.tuples(st.sampled_from(Block), st.sampled_from(Class)))
sharings = st.builds(Sharing, shelves, st.sampled_from(Level))
evidence = st.one_of(
    st.just(""), ids.map(lambda i: f"DocumentReference/{i}"), st.sampled_from(["Scannet papir", "Brev"])
)


@st.composite
def consents(draw: st.DrawFn) -> Consent:
    act = draw(st.sampled_from(sorted(ACTS)))
    moves = ACTS[act] in MOVES
    status = draw(st.sampled_from(Status))
    start = draw(instants)
    length = draw(st.integers(1, 400 * DAY))
    end = start + length if draw(st.booleans()) else day_start(local_day(start + length) + timedelta(days=1))
    open_ended = status is not Status.GIVEN and draw(st.booleans())
    return Consent(
        id=draw(ids), giver=draw(ids), capacity=draw(st.sampled_from(Capacity)), act=act, kind=ACTS[act],
        sharing=draw(sharings), status=status, answered_at=None if status is Status.ASKED else draw(instants),
        valid_from=start, valid_to=FOREVER if open_ended else end,
        disclosers=draw(st.frozensets(ids, min_size=1 if moves else 0, max_size=4)),
        recipient=draw(ids) if moves else draw(st.one_of(st.just(""), ids)),
        withdrawn_at=draw(instants) if status is Status.WITHDRAWN else None,
        purpose=draw(st.sampled_from(["", "treatment", "schooling"])), form=draw(st.sampled_from(["", "mitid", "paper"])),
        language=draw(st.sampled_from(["da", "ar", "prs"])), text_version=draw(st.sampled_from(["", "9f8e7d"])),
        evidence=draw(evidence),
    )  # fmt: skip
