"""What a patch answers when it can't be carried out, and how much one may do."""

from collections.abc import Iterable
from typing import Any

from barnetsbog.kernel import exact
from barnetsbog.kernel.sentences import Sentence, say

MOST = 500
"""Operations in one patch."""

LARGEST = 4 * 1024 * 1024
"""Bytes that a patched resource may have: an operation that copies doubles what there is."""


class PatchFault(ValueError):
    """`place`: where in the patch; `malformed`: it is no patch at all (400), else it can't be done here (422)."""

    def __init__(self, place: str, reason: Sentence, *, malformed: bool = False) -> None:
        super().__init__(reason)
        self.place, self.reason, self.malformed = place, reason, malformed


def within_bounds(content: Any, place: str) -> None:
    """Raises when what has been made of a resource is too large."""
    try:
        size = len(exact.dumps(content))
    except TypeError:  # deeper than anything a person needs
        text = say("Ressourcen ville blive indlejret i for mange lag.", "The resource would be nested too deeply.")
        raise PatchFault(place, text) from None
    if size > LARGEST:
        text = say(
            "Ressourcen ville blive større end {0} MB.", "The resource would be larger than {0} MB.", LARGEST >> 20
        )
        raise PatchFault(place, text)


def missing(name: str, place: str) -> PatchFault:
    return PatchFault(place, say("{0} mangler.", "{0} is missing.", name), malformed=True)


def none_of(name: str, known: Iterable[str], place: str) -> PatchFault:
    text = say("{0} skal være en af {1}.", "{0} must be one of {1}.", name, ", ".join(known))
    return PatchFault(place, text, malformed=True)


def whole(place: str) -> PatchFault:
    text = say("Hele ressourcen kan ikke fjernes med et patch.", "A patch cannot remove the whole resource.")
    return PatchFault(place, text)
