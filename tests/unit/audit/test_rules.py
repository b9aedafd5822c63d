"""What looks like snooping, and what doesn't."""

from uuid import UUID

import pytest

from barnetsbog.audit.model import Suspicion
from barnetsbog.audit.rules import initials, ranked, scored

ONE, OTHER = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize(
    ("found", "score"),
    [
        (Suspicion(ONE, 0), 0),
        (Suspicion(ONE, 0, refused=1, searches_without_result=1, children=40), 0),
        (Suspicion(ONE, 0, refused=3), 6),
        (Suspicion(ONE, 0, searches_without_result=4), 6),
        (Suspicion(ONE, 0, children_without_ties=5), 5),
        (Suspicion(ONE, 0, same_surname=1), 5),
        (Suspicion(ONE, 0, 2, 2, 2, 2), 17),
    ],
)
def test_points(found: Suspicion, score: int) -> None:
    assert scored(found).score == score


def test_the_most_conspicuous_come_first_and_the_others_not_at_all() -> None:
    found = [Suspicion(ONE, 0, children_without_ties=1), Suspicion(OTHER, 0, same_surname=1), Suspicion(UUID(int=3), 0)]
    assert [(one.person_id, one.score) for one in ranked(found)] == [(OTHER, 5), (ONE, 1)]
    assert ranked(found[::-1]) == ranked(found)


def test_more_never_means_less() -> None:
    for name in ("refused", "searches_without_result", "children_without_ties", "same_surname"):
        scores = [scored(Suspicion(ONE, 0, **{name: n})).score for n in range(5)]
        assert scores == sorted(scores) and scores[-1] > scores[0]


@pytest.mark.parametrize(("name", "kept"), [("Alma Prøvegaard", "A. P."), (" åse  øst ", "Å. Ø."), ("", "")])
def test_initials(name: str, kept: str) -> None:
    assert initials(name) == kept
