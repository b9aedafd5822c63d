"""Writes each letter as a MeMo file into the outbox folder. Nothing here speaks to a network."""

from pathlib import Path
from uuid import UUID

from ... import files
from ...model import Parcel, Unreachable
from . import memo


class DigitalPost:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def deliver(self, parcel: Parcel) -> None:
        message = memo.message(parcel)
        if faults := memo.faults(message):
            raise Unreachable(f"Brevet kan ikke sendes som Digital Post: {faults[0]}")
        files.put(self.folder, f"{parcel.key}.xml", message)

    def recall(self, key: UUID) -> None:
        files.take_away(self.folder, f"{key}.xml")
