"""A text message as a file in a folder, for the program that speaks with a telephone company."""

from pathlib import Path

import orjson

from ... import files
from ...model import Announcement


class SmsFiles:
    """One JSON file a message: `to` (E.164) and `text`. Its name is its key."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def tell(self, said: Announcement) -> None:
        files.put(self.folder, f"{said.key}.json", orjson.dumps({"to": said.address, "text": said.text}))
