"""One folder a channel, each with its `adapter`."""

from pathlib import Path

from ..model import Carrier, Channel
from .digital_post.adapter import DigitalPost
from .digital_post.sender import sender
from .in_app.adapter import InApp
from .print_queue.adapter import PrintQueue


def carriers(folder: Path) -> dict[Channel, Carrier]:
    """Every channel of an instance. `folder`: the instance's own."""
    return {
        Channel.IN_APP: InApp(),
        Channel.PRINT: PrintQueue(folder / "udskrift"),
        Channel.DIGITAL_POST: DigitalPost(folder / "digital-post", sender()),
    }
