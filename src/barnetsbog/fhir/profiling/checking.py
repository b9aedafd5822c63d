"""The profile check as others call it: a resource and the loaded packages in, issues out, never an exception."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from barnetsbog.fhir.definitions import resource_types
from barnetsbog.fhir.issues import Chain, Issue
from barnetsbog.fhir.packages.library import Library
from barnetsbog.fhir.packages.model import Json
from barnetsbog.fhir.profiling.bundles import check_bundle
from barnetsbog.fhir.profiling.codes import coding_check, not_loaded
from barnetsbog.fhir.profiling.compiling import Compiler
from barnetsbog.fhir.profiling.rules import CORE
from barnetsbog.fhir.profiling.run import Item, Run
from barnetsbog.fhir.terminology.service import Terminology

_DEEPEST = 200


@dataclass(frozen=True, slots=True)
class Found:
    """An issue, and the package (`name#version`) of the profile that it is about; empty when it is about none."""

    issue: Issue
    package: str


class Profiles:
    """Checks resources against the profiles of a library: those they claim (`meta.profile`), those that are given, those
    of their extensions, and the codes of the code systems that are loaded. Base R4 is `fhir.check`'s.

    Keep one and use it again: it compiles each profile once. Not shared between threads.
    """

    def __init__(self, library: Library, terms: Terminology | None = None) -> None:
        self.library = library
        self.terms = terms or Terminology(library)
        self._compiler = Compiler(library, self.terms)

    def check(self, resource: Any, profiles: Iterable[str] = (), within: str = "") -> list[Issue]:
        """Everything in which a resource breaks its profiles. Warnings tell what could not be judged.

        `within`: a loaded package (`name#version`) that the resource was made for. Addresses without a version are read
        as it reads them; without it, the newest is meant.
        """
        return [found.issue for found in self.judge(resource, profiles, within)]

    def judge(self, resource: Any, profiles: Iterable[str] = (), within: str = "") -> list[Found]:
        """As `check`, and with each issue the package that asks."""
        if type(resource) is not dict or resource.get("resourceType") not in resource_types():
            return []
        run = Run(resource)
        self._found: list[Found] = []
        self._within = next((one for one in self.library.packages if one.key == within), None)
        root = Item(resource, None, resource["resourceType"], (None, resource["resourceType"], None))
        try:
            for url in profiles:
                self._against(url, root, run)
            self._resource(root, run)
        except RecursionError:
            run.report.clear()
            run.report.warning("too-deep-for-profiles", root.chain)
            self._take(run, "")
        return self._found

    def _take(self, run: Run, package: str) -> None:
        known = {found.issue for found in self._found}
        self._found += [Found(issue, package) for issue in dict.fromkeys(run.report) if issue not in known]
        run.report.clear()

    def _against(self, url: str, item: Item, run: Run) -> None:
        """One resource against one profile."""
        asked = self._compiler.find(url, self._within)
        profile = asked.profile if asked else None
        if asked is None or profile is None:
            if url.removeprefix(CORE) != item.kind:
                not_loaded(run, item.chain, "profile-not-loaded", url)
            self._take(run, "")
        elif profile.type not in (item.kind, "Resource", "DomainResource"):
            run.error("profile-resource", item.chain, profile.name, profile.type, item.kind)
            self._take(run, profile.definition.package.key)
        else:
            asked.report(item, run)
            self._take(run, profile.definition.package.key)

    def _resource(self, item: Item, run: Run) -> None:
        """A resource by what it claims, and everything in it."""
        for url in claims(item.value):
            self._against(url, item, run)
        if item.kind == "Bundle":
            check_bundle(item.value, run, item.chain)
            self._take(run, "")
        self._members(item.value, item.chain, run, 0)

    def _members(self, content: Json, chain: Chain, run: Run, depth: int) -> None:
        for name, value in content.items():
            if type(value) is dict:
                self._object(name, value, (chain, name, None), run, depth)
            elif type(value) is list:
                for index, one in enumerate(value):
                    if type(one) is dict:
                        self._object(name, one, (chain, name, index), run, depth)

    def _object(self, name: str, value: Json, chain: Chain, run: Run, depth: int) -> None:
        """Something within a resource: another resource, an extension, a code, or what holds such."""
        if depth > _DEEPEST:
            return
        if name in ("resource", "contained") and value.get("resourceType") in resource_types():
            run.inside(value, self._resource, Item(value, None, value["resourceType"], chain))
            return
        if name in ("extension", "modifierExtension"):
            self._extension(value, chain, run)
        elif type(value.get("system")) is str and "code" in value and "value" not in value:
            coding_check(self.terms, value, chain, run, self._within)
            self._take(run, "")
        self._members(value, chain, run, depth + 1)

    def _extension(self, value: Json, chain: Chain, run: Run) -> None:
        """An extension that is defined in a package keeps to its definition, wherever it stands."""
        url = value.get("url")
        asked = self._compiler.find(url, self._within) if type(url) is str and ":" in url else None
        if asked and asked.profile.type == "Extension":
            asked.report(Item(value, None, "Extension", chain), run)
            self._take(run, asked.profile.definition.package.key)


def claims(resource: Json) -> Iterator[str]:
    """The profiles that a resource says it keeps to."""
    meta = resource.get("meta")
    claimed = meta.get("profile") if isinstance(meta, dict) else None
    return (url for url in claimed if isinstance(url, str)) if isinstance(claimed, list) else iter(())
