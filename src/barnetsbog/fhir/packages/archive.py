"""Reading a package: an NPM archive (.tgz), or a folder that one was unpacked into.

An archive comes from outside and may be made to hurt. Nothing of it is written to a path that it names; what is no
plain file, lies outside the archive, is too big, or is no JSON refuses the whole, and the message names the file.
"""

import gzip
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

import orjson

from barnetsbog.fhir.packages.model import KINDS, Package, PackageError, described, slim
from barnetsbog.kernel import json_faults

MAX_FILE = 64 * 2**20
MAX_TOTAL = 512 * 2**20
MAX_MEMBERS = 50_000
ROOT = "package"
_BLOCK = 1 << 20


def read_package(path: Path, called: str = "") -> Package:
    """The package in an archive or a folder. `called`, `name#version`, is for a folder of definitions that has no
    package.json. Raises PackageError."""
    try:
        found = list(_folder(path) if path.is_dir() else _archive(path))
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile):
        raise PackageError(f"{path.name}: er ikke et helt og gyldigt arkiv (.tgz).") from None
    except OSError as error:
        raise PackageError(f"{path.name}: kan ikke læses: {error.strerror or error}.") from error
    contents = {name: _json(path, name, payload) for name, payload in found}
    name, version, needed = _named(path, contents.pop("package.json", None), called)
    resources = tuple(slim(one) for one in contents.values() if _is_definition(one))
    return Package(name, version, needed, resources)


def _named(path: Path, content: Any, called: str) -> tuple[str, str, dict[str, str]]:
    if content is not None:
        return described(path.name, content)
    name, _, version = called.partition("#")
    if not version:
        raise PackageError(f"{path.name}: der er ingen {ROOT}/package.json.")
    return described(path.name, {"name": name, "version": version, "fhirVersions": ["4.0.1"]})


def _is_definition(content: Any) -> bool:
    if not isinstance(content, dict) or content.get("resourceType") not in KINDS:
        return False
    return isinstance(content.get("url", content.get("id")), str)


def _json(path: Path, name: str, payload: bytes) -> Any:
    try:
        return orjson.loads(payload.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise PackageError(f"{path.name}: {name} er ikke gyldig JSON: {json_faults.why(error)}.") from None


# -- folders ---------------------------------------------------------------------------------------------------------


def _folder(path: Path) -> Iterator[tuple[str, bytes]]:
    inner = path / ROOT if (path / ROOT).is_dir() else path
    for file in sorted(inner.glob("*.json")):
        if file.is_symlink() or not file.is_file():
            raise PackageError(f"{path.name}: {file.name} er ikke en almindelig fil.")
        if file.stat().st_size > MAX_FILE:
            raise PackageError(f"{path.name}: {file.name} er større end {MAX_FILE >> 20} MB.")
        if not file.name.startswith("."):
            yield file.name, file.read_bytes()


# -- archives --------------------------------------------------------------------------------------------------------


class _Limited:
    """What comes out of the packing, and no more of it than a package can need: a small file may unpack to anything."""

    def __init__(self, stream: BinaryIO | gzip.GzipFile, name: str) -> None:
        self._stream, self._name, self._left = stream, name, MAX_TOTAL

    def read(self, size: int) -> bytes:
        found = self._stream.read(size)
        self._left -= len(found)
        if self._left < 0:
            raise PackageError(f"{self._name}: fylder mere end {MAX_TOTAL >> 20} MB pakket ud.")
        return found


def _archive(path: Path) -> Iterator[tuple[str, bytes]]:
    seen: set[str] = set()
    with gzip.open(path, "rb") as unpacked:
        stream: Any = _Limited(unpacked, path.name)
        with tarfile.open(fileobj=stream, mode="r|") as archive:
            for member in archive:
                name = _checked(path, member)
                if name in seen:
                    raise PackageError(f"{path.name}: {member.name} står to gange i arkivet.")
                seen.add(name)
                if len(seen) > MAX_MEMBERS:
                    raise PackageError(f"{path.name}: arkivet har mere end {MAX_MEMBERS} filer.")
                if member.isfile() and _is_wanted(name) and (content := archive.extractfile(member)):
                    yield name.removeprefix(f"{ROOT}/"), content.read()
        while stream.read(_BLOCK):  # to its end, where the checksum is
            pass


def _checked(path: Path, member: tarfile.TarInfo) -> str:
    """The name of a member, when it is a plain file or folder inside the archive."""
    name = member.name
    if not (member.isreg() or member.isdir()) or member.issparse():
        raise PackageError(f"{path.name}: {name} er hverken en almindelig fil eller en mappe.")
    if "\\" in name or "\0" in name or name.startswith("/") or ".." in PurePosixPath(name).parts or ":" in name[:2]:
        raise PackageError(f"{path.name}: {name} peger uden for arkivet.")
    if member.size > MAX_FILE:
        raise PackageError(f"{path.name}: {name} er større end {MAX_FILE >> 20} MB.")
    return str(PurePosixPath(name))


def _is_wanted(name: str) -> bool:
    folder, _, file = name.rpartition("/")
    return folder == ROOT and file.endswith(".json") and not file.startswith(".")
