"""What a child goes by whose name nobody has told: a newborn, a child that has come alone."""

from uuid import UUID

from django.utils.html import escape
from django.utils.translation import get_language

from barnetsbog.kernel.sentences import DANISH, Sentence

from .model import ChildName


class _Nameless(Sentence):
    """It stands where a name does, on every page, and each page says it in its own language."""

    __slots__ = ()

    def __html__(self) -> str:
        return escape(self.spoken(get_language() or DANISH))


NAMELESS = _Nameless("Barn uden navn", "Unnamed child")


def unknown(child_id: UUID) -> ChildName:
    """Somebody the directory knows nothing of."""
    return ChildName(child_id, "", "", NAMELESS, None, "")
