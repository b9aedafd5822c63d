"""Where acute reads are logged while the log can't be written: a file in the instance's folder.

Each line is chained to the one before and keyed, and is on the disk before the answer is given. When the log is back,
`sealing.seal` moves the lines into it, ids and times unchanged, and removes the file once that is committed. A line
that is not as it was written is never taken in: the file is kept aside and the log says so.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

import orjson
from django.conf import settings

from barnetsbog.kernel.decisions import LogDown
from barnetsbog.kernel.folder import Made

from .chain import START, Chain
from .encoding import Line, as_text, from_text, leaf_of
from .keys import chain

FILE, ASIDE = Made.SPOOL.value, Made.SPOOL_ASIDE.value
FULL = "Opslaget kan hverken logges eller gemmes til senere logning, og derfor kan det ikke vises."


@dataclass(frozen=True, slots=True)
class Spooled:
    """What is in the spool: the lines that are as they were written, and the first that is not (counted from 1)."""

    lines: list[Line]
    damaged: int | None = None


def append(*lines: Line) -> None:
    """Keeps lines. Returns when they are on the disk; raises `LogDown` when they can't be."""
    try:
        with _locked() as file:
            content = _whole_lines(file.read())
            os.ftruncate(file.fileno(), len(content))
            last = content.rstrip(b"\n").rpartition(b"\n")[2]
            previous = bytes.fromhex(orjson.loads(last)["hash"]) if last else START
            text = b""
            for line in lines:
                previous = chain().spooled(previous, leaf_of(line))
                text += _encoded(line, previous)
            try:
                _write(file, text)
                os.fsync(file.fileno())
            except OSError:
                os.ftruncate(file.fileno(), len(content))  # of answers that will not be given
                raise
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LogDown(FULL) from error


def _write(file: FileIO, text: bytes) -> None:
    """All of it: where the disk has room for the beginning only, that is written, and no error says so before the next
    writing."""
    while text:
        text = text[file.write(text) :]


def _whole_lines(content: bytes) -> bytes:
    """Without a line that was being written when the process died: its answer was never given."""
    return content[: content.rfind(b"\n") + 1]


def _encoded(line: Line, mark: bytes) -> bytes:
    return orjson.dumps({"event": as_text(line), "hash": mark.hex()}) + b"\n"


def waiting() -> bool:
    """Whether there is anything to take in. A sealer may take the file away at any time, here and below."""
    try:
        return (Path(settings.DATA) / FILE).stat().st_size > 0
    except FileNotFoundError:
        return False


def read() -> Spooled:
    """What is in the spool now."""
    try:
        content = (Path(settings.DATA) / FILE).read_bytes()
    except FileNotFoundError:
        return Spooled([])
    return parsed(content, chain())


def parsed(content: bytes, keyed: Chain) -> Spooled:
    """The lines as far as they chain."""
    lines: list[Line] = []
    previous = START
    for number, text in enumerate(_whole_lines(content).splitlines(), 1):
        try:
            given = orjson.loads(text)
            line, mark = from_text(given["event"]), bytes.fromhex(given["hash"])
        except (ValueError, TypeError, KeyError):
            return Spooled(lines, number)
        previous = keyed.spooled(previous, leaf_of(line))
        if mark != previous:
            return Spooled(lines, number)
        lines.append(line)
    return Spooled(lines)


@contextmanager
def emptied() -> Iterator[Spooled]:
    """The spool's content, for the block to store; the file is removed when the block ends well, or set aside when
    some of it was damaged."""
    with _locked() as file:
        found = parsed(file.read(), chain())
        yield found
        path = Path(settings.DATA) / FILE
        if found.damaged is None:
            path.unlink()
        else:
            path.rename(_free_name(path.with_name(ASIDE)))


def _free_name(path: Path) -> Path:
    number = 1
    while path.exists():
        number += 1
        path = path.with_name(f"{ASIDE}.{number}")
    return path


@contextmanager
def _locked() -> Iterator[FileIO]:
    """The file, ours alone; what was removed while we waited for it is opened anew."""
    path = Path(settings.DATA) / FILE
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "r+b", buffering=0) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if _inode(path) == os.fstat(file.fileno()).st_ino:
                _keep_name(path)
                yield file
                return


def _inode(path: Path) -> int | None:
    try:
        return path.stat().st_ino
    except FileNotFoundError:
        return None


def _keep_name(path: Path) -> None:
    """A new file's name must be on the disk too."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
