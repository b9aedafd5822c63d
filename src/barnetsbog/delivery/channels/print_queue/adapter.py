"""One PDF file a letter, named by its key: a file's name tells nothing of a child."""

from pathlib import Path
from uuid import UUID

from ... import files
from ...model import Parcel


class PrintQueue:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def deliver(self, parcel: Parcel) -> None:
        files.put(self.folder, f"{parcel.key}.pdf", parcel.pdf)

    def recall(self, key: UUID) -> None:
        """Also when it has been posted: a printed letter need not lie there."""
        files.take_away(self.folder, f"{key}.pdf")
