"""References under a profile: what they may lead to, and where that must be."""

from collections.abc import Callable
from typing import Any, Protocol

from barnetsbog.fhir.packages.model import Json
from barnetsbog.fhir.profiling.codes import not_loaded
from barnetsbog.fhir.profiling.rules import core_type, is_a
from barnetsbog.fhir.profiling.run import Check, Item, Run, Target, resource_kind
from barnetsbog.fhir.targets import target_type


class Wanted(Protocol):
    """A profile that a target should keep to."""

    @property
    def type(self) -> str: ...

    def kept(self, item: Item, run: Run) -> bool | None: ...


def reference_check(name: str, find: Callable[[str], Wanted | None], kind: Json) -> Check:
    """Of one Reference type of an element: its target profiles, and its aggregation modes
    (https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.type.aggregation). `name`: of the
    profile that says so; `find`: another one by its address."""
    urls = [str(url) for url in kind.get("targetProfile", ())]
    modes = frozenset(kind.get("aggregation", ()))

    def check(item: Item, run: Run) -> None:
        if type(item.value) is not dict or type(item.value.get("reference")) is not str:
            return
        reference = item.value["reference"]
        found = run.target(reference)
        if modes and not _where(reference, found) & modes:
            run.error("profile-aggregation", item.chain, name, ", ".join(sorted(modes)))
        if urls:
            _leads(urls, item, reference, found, run)

    def _leads(urls: list[str], item: Item, reference: str, found: Target | None, run: Run) -> None:
        kinds = [_type_of(url) for url in urls]
        kind = resource_kind(found.resource) if found else target_type(reference)
        fitting = [url for url, wanted in zip(urls, kinds, strict=True) if not wanted or is_a(kind or "", wanted)]
        if kind and not fitting:
            told = ", ".join(sorted({wanted for wanted in kinds if wanted}))
            run.error("reference-target", item.chain, kind, told)
        elif found and kind and not _keeps_to_one(fitting, found, item, run):
            told = ", ".join(url.rpartition("/")[2] for url in fitting)
            run.error("profile-target", item.chain, name, reference, told)

    def _type_of(url: str) -> str:
        """The resource type of a target profile; empty when it isn't loaded."""
        if core := core_type(url):
            return core
        known = find(url)
        return known.type if known else ""

    def _keeps_to_one(urls: list[str], found: Target, item: Item, run: Run) -> bool:
        target: Any = Item(found.resource, None, resource_kind(found.resource), item.chain)
        for url in urls:
            if core_type(url):
                return True
            known = find(url)
            if known is None:
                not_loaded(run, item.chain, "profile-not-loaded", url)
                return True
            if known.kept(target, run) is not False:
                return True
        return False

    return check


def _where(reference: str, found: Target | None) -> frozenset[str]:
    """The modes that a reference answers to."""
    if reference.startswith("#"):
        return frozenset(("contained",))
    return frozenset(("bundled", "referenced")) if found else frozenset(("referenced",))
