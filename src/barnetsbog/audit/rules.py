"""What looks like snooping, as points. Pure: the counts come from `queries`.

Points only rank whom to ask first. One refusal is a mistyped address and one search without result a mistyped name, so
the first of each is free; a child with one's own surname weighs most, because that is what such cases are about.
"""

from dataclasses import replace

from .model import Suspicion

REFUSED, WITHOUT_RESULT, WITHOUT_TIES, SAME_SURNAME = 3, 2, 1, 5
FREE = 1
"""How many refusals, and how many searches without result, everybody has for nothing."""


def scored(found: Suspicion) -> Suspicion:
    """The same counts with their score."""
    score = (
        REFUSED * max(0, found.refused - FREE)
        + WITHOUT_RESULT * max(0, found.searches_without_result - FREE)
        + WITHOUT_TIES * found.children_without_ties
        + SAME_SURNAME * found.same_surname
    )
    return replace(found, score=score)


def ranked(found: list[Suspicion]) -> list[Suspicion]:
    """Those with any points, the highest first; the order of equals is always the same."""
    with_points = [one for one in map(scored, found) if one.score]
    return sorted(with_points, key=lambda one: (-one.score, one.person_id))


def initials(name: str) -> str:
    """Enough to recognise a search by, too little to recognise a child by."""
    return " ".join(f"{part[0].upper()}." for part in name.split()[:6])
