"""Which answers belong together: the matters that people were asked about. Pure.

Two givers who are asked about the same act, from the same units to the same unit, are asked about one matter. What is
wanted is what anybody was asked for at most; what everybody said yes to is the law's work.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from barnetsbog.law.model import Consent, Kind, Matter, Sharing, Status

MOVES = frozenset((Kind.DISCLOSURE, Kind.RETRIEVAL))
_GONE = frozenset((Status.ENTERED_IN_ERROR, Status.SUPERSEDED))

Key = tuple[str, tuple[str, ...], str]


class Asked(NamedTuple):
    """A matter and every answer about it, in the order of their ids."""

    matter: Matter
    consents: tuple[Consent, ...]


def key_of(one: Consent | Matter) -> Key:
    return one.act, tuple(sorted(one.disclosers)), one.recipient


def asked_about(consents: Iterable[Consent]) -> dict[Key, Asked]:
    """Every matter, by what makes it one. What was entered in error is no answer."""
    found: Mapping[Key, list[Consent]] = defaultdict(list)
    for one in consents:
        if one.status not in _GONE:
            found[key_of(one)].append(one)
    return {key: _asked(key, sorted(given, key=lambda one: one.id)) for key, given in sorted(found.items())}


def _asked(key: Key, given: list[Consent]) -> Asked:
    act, disclosers, recipient = key
    wanted = widest(one.sharing for one in given)
    purpose = next((one.purpose for one in given if one.purpose), "")
    return Asked(Matter(act, frozenset(disclosers), recipient, wanted, purpose), tuple(given))


def covers(sharing: Sharing, wanted: Sharing) -> bool:
    """Whether what is wanted is part of a sharing, as far as that goes."""
    return wanted.shelves <= sharing.shelves and (not wanted.shelves or wanted.level <= sharing.level)


def widest(sharings: Iterable[Sharing]) -> Sharing | None:
    """What was asked for at most; None when nothing is shared by it."""
    told = [one for one in sharings if one.shelves]
    if not told:
        return None
    return Sharing(frozenset(shelf for one in told for shelf in one.shelves), max(one.level for one in told))
