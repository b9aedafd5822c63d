"""The broker as a folder: a file for each notification, which whoever brings them on takes away. A message queue
(`mqtt`, `nats`, `amqp`) is another adapter of the same port."""

import os
from pathlib import Path

from barnetsbog.kernel.sentences import say

from ..model import Parcel, Trouble
from .queues import require_broker


class FileBroker:
    """One folder for each subscription. A file stands there whole or not at all, and once however often it is tried."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def deliver(self, parcel: Parcel, origins: tuple[str, ...]) -> None:
        require_broker(origins)
        place = self.folder / str(parcel.to)
        try:
            place.mkdir(parents=True, exist_ok=True, mode=0o700)
            fresh = place / f".{parcel.key}"
            with fresh.open("wb") as file:
                file.write(parcel.body)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(place / f"{parcel.key}.json")
        except OSError as error:
            why = say(
                "Beskedkøens mappe kan ikke skrives: {0}", "The broker's folder cannot be written: {0}", error.strerror
            )
            raise Trouble(why) from None
