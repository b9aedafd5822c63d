"""How hard the text of a story's event is to read."""

from barnetsbog.demo.model import Event
from barnetsbog.kernel.lix import lix


def lix_of(event: Event) -> int:
    return lix(event.text)
