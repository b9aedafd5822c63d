"""What a reader is told of a book whose child's address is protected, when nothing clears them to know where it is.

Law-and-access §2, Address, and §5: not the address alone tells where a child is, but its school, its doctor, a place in
the calendar, a telephone number, who sent something. What reveals it should be of class X, and is then not read at all;
the veil is for the rest. It takes out what a resource says of places, and puts general words for the names of units
where they stand in other text. Pure.
"""

import base64
import binascii
import re
from collections.abc import Iterable
from typing import Any

from barnetsbog.fhir.own import EXTENSION
from barnetsbog.kernel import exact

PLACES = frozenset(("telecom", "address", "location", "position", "contact", "endpoint"))
"""Members of resources that say where something is, or how to reach it."""

_PLACE_VALUES = frozenset(("valueAddress", "valueContactPoint", "valueContactDetail"))
"""The same as values of any type: of extensions, and of what a task was given."""

_AS_THEY_ARE = frozenset(("resourceType", "id", "reference", "system", "code", "url"))
"""Members that say nothing to people where they are mere text, and that the resource is read by."""

_SAYS_WHERE = frozenset((f"{EXTENSION}place", "http://hl7.org/fhir/StructureDefinition/geolocation"))
"""Extensions that say where something is."""

_POINTS = frozenset(("reference", "identifier"))
"""What names somebody by a key has a name beside it, `display`."""


class Veil:
    """`names`: what must not be read (units, organisations, telephone numbers), with the words to read instead. The
    longest goes first, so that no half of a name is left."""

    def __init__(self, names: Iterable[tuple[str, str]] = ()) -> None:
        self._names = sorted(((one.casefold(), word) for one, word in names if one), key=lambda pair: -len(pair[0]))

    def text(self, text: str) -> str:
        """The text with general words for names; with a capital where the text begins with one."""
        folded = text.casefold()
        for name, word in self._names:
            if name in folded:
                text = re.sub(re.escape(name), _Instead(word), text, flags=re.IGNORECASE)
                folded = text.casefold()
        return text

    def body(self, body: bytes) -> bytes:
        """A resource without places, and with general words for names."""
        return exact.dumps(self._value(exact.loads(body)))

    def _value(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self._value(one) for one in value if not _is_place(one)]
        return self._members(value) if isinstance(value, dict) else value

    def _members(self, value: dict[str, Any]) -> dict[str, Any]:
        left_out = {*PLACES, "data", *(["display"] if _POINTS & value.keys() else [])}
        found = {
            name: one if name in _AS_THEY_ARE and isinstance(one, str) else self._value(one)
            for name, one in value.items()
            if name not in left_out
        }
        return found | {"data": data} if (data := self._attached(value)) else found

    def _attached(self, attachment: dict[str, Any]) -> str:
        """The words of an attached text. A scan or a picture can't be read through, so it is left out."""
        if not str(attachment.get("contentType", "")).startswith("text/plain"):
            return ""
        try:
            told = base64.b64decode(str(attachment.get("data", "")), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return ""
        return base64.b64encode(self.text(told).encode()).decode()


class _Instead:
    """The words that stand for a name where it was found."""

    def __init__(self, word: str) -> None:
        self.word = word

    def __call__(self, found: re.Match[str]) -> str:
        return self.word if found.start() else self.word[:1].upper() + self.word[1:]


def _is_place(value: Any) -> bool:
    """What says of itself that it is one. It goes as a whole: without its value it would say nothing."""
    if not isinstance(value, dict):
        return False
    return value.get("url") in _SAYS_WHERE or not _PLACE_VALUES.isdisjoint(value)
