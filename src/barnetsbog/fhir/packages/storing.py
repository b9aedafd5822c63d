"""Packages in an instance's folder: `fhir/packages/NAME#VERSION.fhir`, one file each.

A file is written in the folder above and moved to its place whole, so a package is in or it is not, and the folder's
time, by which a process sees that it must read again, is that of the move. Opening reads the list of contents only; a
definition is read when it is first asked for. Which packages gate stands in `gates.json`.
"""

import fcntl
import hashlib
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Literal

import orjson

from barnetsbog.fhir.packages.archive import read_package
from barnetsbog.fhir.packages.library import Library, Loaded, entries, loaded
from barnetsbog.fhir.packages.model import Json, Package, PackageError

FOLDER = Path("fhir") / "packages"
ENDING = ".fhir"
_OWN = Path(__file__).parents[1] / "profiles"
FORMAT = 1

Outcome = Literal["added", "unchanged", "replaced"]


def add_package(package: Package, data: Path, *, replace: bool = False) -> Outcome:
    """Puts a package into an instance's folder. Twice is once; another content under a known name and version is
    refused unless it is meant (`replace`)."""
    folder = data / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / f"{package.key}{ENDING}"
    draft = folder.parent / f".{package.key}.{os.getpid()}"
    try:
        _write(package, draft)
        with _one_at_a_time(folder):
            known = _fingerprint(place)
            if known == _fingerprint(draft):
                return "unchanged"
            if known and not replace:
                raise PackageError(
                    f"{package.key} er her i forvejen med et andet indhold. "
                    "Intet er ændret. Brug --replace for at bytte."
                )
            draft.replace(place)
    finally:
        draft.unlink(missing_ok=True)
    return "replaced" if known else "added"


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    """For what is read and then written again: no other process does so in between."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)


def open_library(data: Path) -> Library:
    """What is loaded in an instance, and what is built in."""
    added = (_opened(path) for path in sorted((data / FOLDER).glob(f"[!.]*{ENDING}")))
    return Library((own_definitions(), *added))


@cache
def own_definitions() -> Loaded:
    """The book's own profiles, extensions and code systems, as a package."""
    return loaded(read_package(_OWN, "barnetsbog#0.1.0"))


def gated(data: Path) -> frozenset[str]:
    """The packages (`name#version`) whose profiles refuse; those of all others warn."""
    try:
        return frozenset(orjson.loads((data / FOLDER / "gates.json").read_bytes()))
    except FileNotFoundError:
        return frozenset()
    except (ValueError, TypeError):
        raise PackageError("gates.json er skadet. Ret den, eller slet den og brug ./bog fhir gate igen.") from None


def gate(key: str, data: Path, *, shut: bool) -> None:
    """Lets a loaded package refuse what breaks its profiles, or only warn again."""
    folder = data / FOLDER
    if key == own_definitions().key:
        raise PackageError(f"{key} er bogens egne definitioner. De advarer kun.")
    if not (folder / f"{key}{ENDING}").is_file():
        raise PackageError(f"{key} er ikke indlæst.")
    draft = folder.parent / f".gates.{os.getpid()}"
    with _one_at_a_time(folder):
        kept = gated(data) | {key} if shut else gated(data) - {key}
        draft.write_bytes(orjson.dumps(sorted(kept)))
        draft.replace(folder / "gates.json")


def _write(package: Package, place: Path) -> None:
    """One line of JSON that says what is in it and where, and then the definitions, each packed by itself."""
    packed = [zlib.compress(orjson.dumps(one), 6) for one in package.resources]
    ends = list(accumulate(map(len, packed), initial=0))
    contents = {
        "format": FORMAT,
        "name": package.name,
        "version": package.version,
        "dependencies": dict(package.dependencies),
        "entries": entries(package),
        "ends": ends,
    }
    with place.open("wb") as file:
        file.writelines([orjson.dumps(contents), b"\n", *packed])
        file.flush()
        os.fsync(file.fileno())


def _fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _opened(path: Path) -> Loaded:
    """The file stays open: what is read later is of the same package, also when it has been replaced meanwhile, and
    `pread` has no place in the file that processes would share."""
    try:
        file = path.open("rb")
        line = file.readline()
        contents = orjson.loads(line)
        if contents["format"] != FORMAT:
            raise KeyError
        ends = contents["ends"]
    except (OSError, KeyError, TypeError, orjson.JSONDecodeError):
        raise PackageError(f"{path.name} i instansens mappe kan ikke læses. Læg pakken ind igen.") from None

    def read(member: str) -> Json:
        begin, end = ends[int(member)], ends[int(member) + 1]
        found: Json = orjson.loads(zlib.decompress(os.pread(file.fileno(), end - begin, len(line) + begin)))
        return found

    listed = tuple((kind, url, version, member) for kind, url, version, member in contents["entries"])
    return Loaded(contents["name"], contents["version"], contents["dependencies"], listed, read)
