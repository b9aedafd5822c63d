"""What is loaded: definitions by canonical address, several versions side by side.

An address may name its version (`url|version`). One that doesn't means the version that its own package depends on, and
else the newest: packages of different ages are loaded together, and each must read as it was written.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from barnetsbog.fhir.packages.model import Json, Package


@dataclass(frozen=True, slots=True)
class Loaded:
    """A package that is loaded: what it says of itself, and a way to each of its definitions."""

    name: str
    version: str
    dependencies: Mapping[str, str]
    entries: tuple[tuple[str, str, str, str], ...]
    """Each definition's resource type, canonical address, business version, and name within the package."""
    read: Callable[[str], Json]

    @property
    def key(self) -> str:
        return f"{self.name}#{self.version}"


class Definition:
    """One definition of a package; its content is read when it is first asked for."""

    def __init__(self, kind: str, url: str, version: str, package: Loaded, member: str) -> None:
        self.kind, self.url, self.version, self.package, self._member = kind, url, version, package, member

    @cached_property
    def content(self) -> Json:
        return self.package.read(self._member)

    def read(self) -> Json:
        """Its content, which is not kept: for whoever looks through many."""
        return self.package.read(self._member)

    @property
    def name(self) -> str:
        """What it is called in a message."""
        return str(self.content.get("name") or self.url.rpartition("/")[2])

    @property
    def key(self) -> tuple[str, str]:
        return self.package.key, self.url


class Library:
    """All loaded packages. Reading it changes nothing but what it has in memory."""

    def __init__(self, packages: Iterable[Loaded] = ()) -> None:
        self.packages = tuple(sorted(packages, key=lambda one: (one.name, newness(one.version))))
        self._by_url: dict[tuple[str, str], list[Definition]] = {}
        for package in self.packages:
            for kind, url, version, member in package.entries:
                found = Definition(kind, url, version, package, member)
                self._by_url.setdefault((kind, url), []).append(found)
        for versions in self._by_url.values():
            versions.sort(key=lambda one: (newness(one.version), newness(one.package.version)))

    @classmethod
    def of(cls, *packages: Package) -> "Library":
        """A library of packages that are in memory."""
        return cls(loaded(package) for package in packages)

    def __bool__(self) -> bool:
        return bool(self._by_url)

    def find(self, kind: str, canonical: str, within: Loaded | None = None) -> Definition | None:
        """The definition at an address, read from within a package; None when it isn't loaded."""
        url, _, version = canonical.partition("|")
        found = self._by_url.get((kind, url), [])
        if version:
            found = [one for one in found if same_version(one.version, version)]
        if not found:
            return None
        if within is None:
            return found[-1]
        if own := next((one for one in found if one.package is within), None):
            return own
        return min(found, key=lambda one: _distance(one.package, within))

    def all(self, kind: str) -> list[Definition]:
        """Every definition of a type, the newest version of each address."""
        return [versions[-1] for (one, _), versions in self._by_url.items() if one == kind]

    def every(self, kind: str) -> list[Definition]:
        """Every version of every definition of a type, by address, the oldest first."""
        found = (versions for (one, _), versions in sorted(self._by_url.items()) if one == kind)
        return [one for versions in found for one in versions]

    def lacking(self) -> dict[str, list[str]]:
        """For each package, what it builds on that isn't loaded in that version. The definitions of R4 are built in."""
        keys = {package.key for package in self.packages}
        return {
            package.key: lacking
            for package in self.packages
            if (
                lacking := [
                    f"{name}#{version}"
                    for name, version in sorted(package.dependencies.items())
                    if f"{name}#{version}" not in keys and name != "hl7.fhir.r4.core"
                ]
            )
        }


def loaded(package: Package) -> Loaded:
    """A package in memory as a library takes it."""
    members = {str(number): one for number, one in enumerate(package.resources)}
    return Loaded(package.name, package.version, package.dependencies, entries(package), members.__getitem__)


def entries(package: Package) -> tuple[tuple[str, str, str, str], ...]:
    return tuple(
        (one["resourceType"], str(one.get("url", one.get("id"))), str(one.get("version", "")), str(number))
        for number, one in enumerate(package.resources)
    )


def newness(version: str) -> tuple[Any, ...]:
    """Orders versions: by their numbers, and one that is on its way (`1.0.0-draft`) before the one that is there."""
    numbers, _, stage = version.partition("-")
    return tuple(int(one) for one in re.findall(r"\d{1,18}", numbers)), not stage, stage


def same_version(one: str, other: str) -> bool:
    """Whether a version is the one asked for, or one of the same line when only the line is named (`2`; an edition of
    SNOMED CT, `http://snomed.info/sct/554471000005108`)."""
    return one == other or one.startswith((f"{other}.", f"{other}/"))


def is_meant(package: Loaded, within: Loaded | None) -> bool:
    """Whether a package is the one that another builds on, or a later correction of it (`2.0.2` for `2.0.1`). What a
    package of another version says may not be what was meant."""
    wanted = within.dependencies.get(package.name) if within and package is not within else None
    if wanted is None or wanted in ("current", "dev", "latest", package.version):
        return True
    if wanted.endswith(".x"):
        return package.version.startswith(wanted.removesuffix("x"))
    asked, here = newness(wanted), newness(package.version)
    return bool(asked[0][:2] == here[0][:2] and asked <= here)


def is_behind(package: Loaded, within: Loaded | None) -> bool:
    """Whether a package is older than the one that another builds on. Codes are added from version to version and
    hardly ever taken away: what a later version doesn't have, an earlier one hadn't, and not the other way round."""
    wanted = within.dependencies.get(package.name) if within else None
    return wanted is not None and not is_meant(package, within) and newness(package.version) < newness(wanted)


def _distance(package: Loaded, within: Loaded) -> tuple[Any, ...]:
    """How far a package is from the one that is built on: first that one, then the next newer, then the newest older.
    Of a package that isn't built on, the newest is nearest."""
    wanted, here = within.dependencies.get(package.name), newness(package.version)
    asked = newness(wanted) if wanted else None
    if asked is None or here < asked:
        return (1, tuple(-one for one in here[0]), not here[1])
    return (0, here)
