"""Writes each letter as a MeMo file into the outbox folder, in a folder of the sender system's. Nothing here speaks to
a network."""

from pathlib import Path
from uuid import UUID

from ... import files
from ...model import Parcel, PostSender, Trouble, Unreachable
from . import memo
from .sender import NOT_SET_UP


class DigitalPost:
    def __init__(self, folder: Path, sender: PostSender | None) -> None:
        self.folder, self.sender = folder, sender

    def deliver(self, parcel: Parcel) -> None:
        if self.sender is None:
            raise Trouble(NOT_SET_UP)
        message = memo.message(parcel, self.sender)
        if faults := memo.faults(message):
            raise Unreachable(f"Brevet kan ikke sendes som Digital Post: {faults[0]}")
        files.put(self.folder / self.sender.system, f"{parcel.key}.xml", message)

    def recall(self, key: UUID) -> None:
        if self.sender:
            files.take_away(self.folder / self.sender.system, f"{key}.xml")
