"""How far the profile check agrees with the official validator, on the examples of published packages.

A package that is published with its examples (`example/`) carries the verdict of HL7's own validator on each of them
(`validation-summary.json`). Agreement is to say the same of an example: that it has errors, or that it has none.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from barnetsbog.fhir.checking import check
from barnetsbog.fhir.issues import Issue
from barnetsbog.fhir.packages import Library, Package, PackageError, read_package
from barnetsbog.fhir.packages.library import loaded
from barnetsbog.fhir.profiling.checking import Profiles

Cause = Literal["false alarm", "other version", "not loaded", "unseen"]

_CAUSES: dict[str, Cause] = {
    "profile-not-loaded": "not loaded",
    "profile-other-version": "other version",
    "terminology-not-loaded": "not loaded",
    "codes-other-version": "other version",
}
"""What a warning says of why an error wasn't seen, the likeliest first."""
_SUMMARY = "validation-summary.json"
_CODES_ALONE = "CodeSystem-*.json"


@dataclass(frozen=True, slots=True)
class Disagreement:
    """An example of which we say something else than the official validator."""

    example: str
    cause: Cause
    """`false alarm`: we find an error where it finds none. Else it finds one that we don't: because the profile is here
    in another version only, because a profile or code system is not loaded, or for a reason of another kind."""
    issues: tuple[Issue, ...]
    """Our errors, or for what we missed, our warnings."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """One package's examples."""

    package: str
    examples: int
    judged: int
    """Those of which there is an official verdict."""
    disagreements: tuple[Disagreement, ...]

    @property
    def agreed(self) -> int:
        return self.judged - len(self.disagreements)

    @property
    def false_alarms(self) -> int:
        return sum(one.cause == "false alarm" for one in self.disagreements)


def corpus_packages(corpus: Path) -> dict[Path, Package]:
    """The packages of a folder of folders, each with a package.tgz or unpacked, by folder. Code systems without a
    package.json come as a package of the folder's name (`NAME-VERSION`). Raises PackageError."""
    found: dict[Path, Package] = {}
    for folder in sorted(path for path in corpus.glob("*/*") if path.is_dir()):
        archive = folder / "package.tgz"
        if archive.is_file() or (folder / "package.json").is_file():
            found[folder] = read_package(archive if archive.is_file() else folder)
        elif any(folder.glob(_CODES_ALONE)):
            name, _, version = folder.name.rpartition("-")
            found[folder] = read_package(folder, f"{name}#{version}")
    if not found:
        raise PackageError(f"{corpus}: her er ingen FHIR-pakker.")
    return found


def agreements(packages: dict[Path, Package]) -> Iterator[Agreement]:
    """The agreement of each package that has examples, all packages loaded."""
    profiles = Profiles(Library(loaded(one) for one in packages.values()))
    for folder, package in packages.items():
        if (folder / "example").is_dir():
            yield _agreement(folder, package.key, profiles)


def _agreement(folder: Path, package: str, profiles: Profiles) -> Agreement:
    summary = folder / _SUMMARY
    verdicts = json.loads(summary.read_bytes()) if summary.is_file() else {}
    files = sorted((folder / "example").glob("*.json"))
    judged, disagreements = 0, list[Disagreement]()
    for file in files:
        content = json.loads(file.read_bytes())
        verdict = verdicts.get(f"{content.get('resourceType')}/{content.get('id')}")
        if verdict is not None:
            judged += 1
            issues = [*check(content), *profiles.check(content, within=package)]
            if found := _disagreement(file.name, bool(verdict["errors"]), issues):
                disagreements.append(found)
    return Agreement(package, len(files), judged, tuple(disagreements))


def _disagreement(example: str, officially_wrong: bool, issues: list[Issue]) -> Disagreement | None:
    errors = tuple(issue for issue in issues if issue.severity == "error")
    if bool(errors) == officially_wrong:
        return None
    if errors:
        return Disagreement(example, "false alarm", errors)
    rules = {issue.rule for issue in issues}
    return Disagreement(example, next((_CAUSES[rule] for rule in _CAUSES if rule in rules), "unseen"), tuple(issues))
