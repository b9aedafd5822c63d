"""The profile check as others call it: a resource and the loaded packages in, issues out, never an exception."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from barnetsbog.fhir.issues import Chain, Issue
from barnetsbog.fhir.packages.library import Library, Loaded
from barnetsbog.fhir.packages.model import Json
from barnetsbog.fhir.profiling.bundles import check_bundle
from barnetsbog.fhir.profiling.codes import coding_check, not_loaded
from barnetsbog.fhir.profiling.compiling import Asked, Compiler
from barnetsbog.fhir.profiling.rules import core_type, is_a
from barnetsbog.fhir.profiling.run import Item, Mark, Run, resource_kind
from barnetsbog.fhir.terminology.service import Terminology

_DEEPEST = 200


@dataclass(frozen=True, slots=True)
class Found:
    """An issue, and the packages (`name#version`) of the profiles that ask for what is broken; none when none does."""

    issue: Issue
    packages: frozenset[str]


class Profiles:
    """Checks resources against the profiles of a library: those they claim (`meta.profile`), those that are given,
    those of their extensions, and the codes of the code systems that are loaded. Base R4 is `fhir.check`'s.

    Keep one and use it again: it compiles each profile once.
    """

    def __init__(self, library: Library, terms: Terminology | None = None) -> None:
        self.library = library
        self.terms = terms or Terminology(library)
        self._compiler = Compiler(library, self.terms)

    def check(self, resource: Any, profiles: Iterable[str] = (), within: str = "") -> list[Issue]:
        """Everything in which a resource breaks its profiles. Warnings tell what could not be judged; that one of
        `profiles` isn't loaded is an error.

        `within`: a loaded package (`name#version`) that the resource was made for. Addresses without a version are read
        as it reads them; without it, the newest is meant.
        """
        return [found.issue for found in self.judge(resource, profiles, within)]

    def judge(self, resource: Any, profiles: Iterable[str] = (), within: str = "") -> list[Found]:
        """As `check`, and with each issue the packages that ask."""
        kind = resource_kind(resource)
        if not kind:
            return []
        package = next((one for one in self.library.packages if one.key == within), None)
        judgement = _Judgement(self._compiler, package, Run(resource))
        root = Item(resource, None, kind, (None, kind, None))
        try:
            for url in profiles:
                judgement.against(url, root, asked=True)
            judgement.resource(root)
        except RecursionError:
            judgement.too_deep(root)
            judgement.take()
        return judgement.found


class _Judgement:
    """One resource being judged."""

    def __init__(self, compiler: Compiler, within: Loaded | None, run: Run) -> None:
        self._compiler, self._within, self._run = compiler, within, run
        self._known: dict[Issue, set[str]] = {}
        self._seen: dict[str, set[Mark]] = {}

    @property
    def found(self) -> list[Found]:
        return [Found(issue, frozenset(packages)) for issue, packages in self._known.items()]

    def _ask(self, asked: Asked, item: Item) -> None:
        """What one package has asked of a value, another one may ask, too: it is told of each."""
        package = asked.profile.definition.package.key
        self._run.seen = self._seen.setdefault(package, set())
        try:
            asked.report(item, self._run)
        except RecursionError:
            self.too_deep(item)
        self.take(package)

    def take(self, package: str = "") -> None:
        """Keeps what has been reported since the last time, once each."""
        for issue in self._run.report:
            self._known.setdefault(issue, set()).update({package} - {""})
        self._run.report.clear()

    def too_deep(self, item: Item) -> None:
        """Told beside what was found on the way there, which is as wrong as it was."""
        self._run.doubt = 0
        self._run.report.warning("too-deep-for-profiles", item.chain)

    def against(self, url: str, item: Item, *, asked: bool = False) -> None:
        """A resource against one profile. `asked`: it is what is asked about, and not only what the resource claims."""
        found = self._compiler.find(url, self._within)
        if found is None:
            self._without(url, item, asked=asked)
            return
        profile = found.profile
        if not profile.is_of(item):
            self._run.error("profile-resource", item.chain, profile.name, profile.type, item.kind)
            self.take(profile.definition.package.key)
        else:
            self._ask(found, item)

    def _without(self, url: str, item: Item, *, asked: bool) -> None:
        """Of R4 itself, or of a profile that isn't here. Who asks of one must be told that there is no answer
        (Resource/$validate, R4); of one that is claimed it may be known elsewhere."""
        if core := core_type(url):
            if not is_a(item.kind, core):
                self._run.error("profile-resource", item.chain, core, core, item.kind)
        elif asked:
            self._run.error("profile-not-loaded", item.chain, url)
        else:
            not_loaded(self._run, item.chain, "profile-not-loaded", url)
        self.take()

    def resource(self, item: Item, _run: Run | None = None) -> None:
        """A resource by what it claims, and everything in it. (Within another it is called as a check is.)"""
        for url in _claims(item.value):
            self.against(url, item)
        if item.kind == "Bundle":
            check_bundle(item.value, self._run, item.chain)
            self.take()
        self._members(item.value, item.chain, 0)

    def _members(self, content: Json, chain: Chain, depth: int) -> None:
        for name, value in content.items():
            if type(value) is dict:
                self._object(name, value, (chain, name, None), depth)
            elif type(value) is list:
                for index, one in enumerate(value):
                    if type(one) is dict:
                        self._object(name, one, (chain, name, index), depth)

    def _object(self, name: str, value: Json, chain: Chain, depth: int) -> None:
        """Something within a resource: another resource, an extension, a code, or what holds such."""
        if depth > _DEEPEST:
            return
        if name in ("resource", "contained") and (kind := resource_kind(value)):
            self._run.inside(value, self.resource, Item(value, None, kind, chain))
            return
        if name in ("extension", "modifierExtension"):
            self._extension(value, chain)
        elif type(value.get("system")) is str and "code" in value and "value" not in value:
            coding_check(self._compiler.terms, value, chain, self._run, self._within)
            self.take()
        self._members(value, chain, depth + 1)

    def _extension(self, value: Json, chain: Chain) -> None:
        """An extension that is defined in a package keeps to its definition, wherever it stands."""
        url = value.get("url")
        asked = self._compiler.find(url, self._within) if type(url) is str and ":" in url else None
        if asked and asked.profile.type == "Extension":
            self._ask(asked, Item(value, None, "Extension", chain))


def _claims(resource: Json) -> Iterator[str]:
    """The profiles that a resource says it keeps to."""
    meta = resource.get("meta")
    claimed = meta.get("profile") if isinstance(meta, dict) else None
    return (url for url in claimed if isinstance(url, str)) if isinstance(claimed, list) else iter(())
