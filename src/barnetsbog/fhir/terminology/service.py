"""The terminology service: plain questions about what is loaded. No network: what is not loaded is said not to be."""

from dataclasses import replace
from functools import cached_property
from typing import Literal

from barnetsbog.fhir.definitions import codes as built_in_codes
from barnetsbog.fhir.definitions import pack
from barnetsbog.fhir.own import members
from barnetsbog.fhir.packages.library import Definition, Library, Loaded, is_behind
from barnetsbog.fhir.terminology.aliases import addresses, normalised_system
from barnetsbog.fhir.terminology.code_systems import CodeSystem
from barnetsbog.fhir.terminology.concept_maps import elsewhere, reversed_translations, translations
from barnetsbog.fhir.terminology.model import (
    Concept,
    Expansion,
    Missing,
    NotFound,
    NotLoaded,
    Translation,
    Verdict,
    no_such_code,
)
from barnetsbog.fhir.terminology.value_sets import ValueSet
from barnetsbog.kernel.sentences import say

Subsumption = Literal["equivalent", "subsumes", "subsumed-by", "not-subsumed"]
_WELL_KNOWN = (
    "http://snomed.info/sct",
    "http://loinc.org",
    "http://unitsofmeasure.org",
    "http://hl7.org/fhir/",
    "http://terminology.hl7.org/",
)
"""Systems that exist whether or not they are loaded (https://hl7.org/fhir/R4/terminologies-systems.html)."""
_R4 = "http://hl7.org/fhir/ValueSet/"


class Terminology:
    """Questions of value sets, code systems and concept maps. Addresses are canonical, with `|version` when wanted.

    `within` is the package from which an address is read, when it is read from one.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self._systems: dict[int, CodeSystem] = {}
        self._sets: dict[int, ValueSet] = {}
        self._supplements: dict[str, list[Definition]] | None = None

    # finding

    def code_system(self, system: str, version: str = "", within: Loaded | None = None) -> CodeSystem | None:
        """A code system under any of its addresses. A value set or a coding may ask for a version that isn't the one
        that is loaded; the codes of the one that is are the best answer there is."""
        for address in addresses(system):
            found = self._library.find("CodeSystem", f"{address}|{version}" if version else address, within)
            found = found or self._library.find("CodeSystem", address, within)
            if found:
                if id(found) not in self._systems:
                    self._systems[id(found)] = CodeSystem(found.content, found.package, self._supplements_of(found.url))
                return self._systems[id(found)]
        return None

    def value_set(self, canonical: str, within: Loaded | None = None) -> ValueSet | None:
        found = self._library.find("ValueSet", canonical, within) or _built_in(canonical)
        if found is None:
            return None
        if id(found) not in self._sets:
            self._sets[id(found)] = ValueSet(found, self.code_system, self.value_set)
        return self._sets[id(found)]

    def _supplements_of(self, url: str) -> list[dict[str, object]]:
        if self._supplements is None:
            self._supplements = {}
            for one in self._library.all("CodeSystem"):
                if extended := str(one.content.get("supplements", "")).partition("|")[0]:
                    self._supplements.setdefault(extended, []).append(one)
        return [one.content for one in self._supplements.get(url, ())]

    # value sets

    def contains(
        self,
        canonical: str,
        system: str | None,
        code: str,
        within: Loaded | None = None,
        missing: Missing | None = None,
    ) -> bool | None:
        """Whether a code is in a value set; None when it can't be told. `system` None: a plain `code`, of any."""
        gathered = Missing() if missing is None else missing
        found = self.value_set(canonical, within)
        if found is None:
            gathered.note(canonical)
            return None
        answer = found.contains(system, code, gathered)
        if answer is False and is_behind(found.package, within):
            gathered.note(canonical)
            return None
        if answer is False and system and not self._is_known(system):
            gathered.note(system)
            return None
        return answer

    def _is_known(self, system: str) -> bool:
        """Whether anything tells what a system of codes is. Of one that nobody defines here nothing can be told, not
        even that a code of it is in the wrong place."""
        return system.startswith(_WELL_KNOWN) or normalised_system(system) in self._named_systems

    @cached_property
    def _named_systems(self) -> frozenset[str]:
        listed = {definition.url for definition in self._library.all("CodeSystem")}
        for definition in self._library.all("ValueSet"):
            compose = definition.content.get("compose")
            for part in members(compose.get("include")) if isinstance(compose, dict) else ():
                listed.add(str(part.get("system", "")))
        return frozenset(normalised_system(one) for one in listed)

    def expand(
        self,
        canonical: str,
        *,
        text: str = "",
        offset: int = 0,
        count: int | None = None,
        active_only: bool = False,
        language: str = "",
    ) -> Expansion:
        """The codes of a value set. `text` must be in a code or in one of its names (case doesn't count). Raises
        NotLoaded when the value set isn't here; what it builds on that isn't is told in `missing`."""
        found = self.value_set(canonical)
        if found is None:
            raise NotLoaded(canonical)
        missing = Missing()
        wanted = text.casefold()
        chosen = [
            one
            for one in found.concepts(missing).values()
            if not (one.inactive and active_only)
            and (not wanted or any(wanted in name.casefold() for name in (one.code, *one.names())))
        ]
        page = chosen[offset : None if count is None else offset + count]
        return Expansion(found.url, len(chosen), offset, tuple(_in(one, language) for one in page), tuple(missing.urls))

    def validate_code(self, canonical: str, system: str | None, code: str, display: str = "") -> Verdict:
        """Whether a code is in a value set, and whether it is called that."""
        missing = Missing()
        inside = self.contains(canonical, system, code, missing=missing)
        if not inside:
            no = (
                None
                if inside is None
                else say("Koden »{0}« er ikke i {1}.", "The code “{0}” is not in {1}.", code, canonical)
            )
            return Verdict(inside, no, missing=tuple(missing.urls))
        verdict = self._named(system, code, display, tuple(missing.urls))
        return (
            verdict
            if verdict.result or not self._calls(canonical, system, code, display)
            else replace(verdict, result=True, message=None)
        )

    def _calls(self, canonical: str, system: str | None, code: str, display: str) -> bool:
        """Whether a value set has a name of its own for a code."""
        found = self.value_set(canonical)
        listed = found.concepts(Missing()) if found else {}
        known = (listed.get((address, code)) for address in addresses(system or ""))
        return any(one.is_called(display) for one in known if one)

    # code systems

    def validate_in_system(self, system: str, code: str, display: str = "", version: str = "") -> Verdict:
        """Whether a code system has a code, and whether it is called that."""
        try:
            self.lookup(system, code, version)
        except NotLoaded as error:
            return Verdict(None, missing=error.args)
        except NotFound:
            return Verdict(False, no_such_code(code, system))
        return self._named(system, code, display, (), version)

    def _named(
        self, system: str | None, code: str, display: str, missing: tuple[str, ...], version: str = ""
    ) -> Verdict:
        known = self.code_system(system, version) if system else None
        concept = known.find(code) if known else None
        if concept and display and not concept.is_called(display):
            no = say("{0} hedder »{1}«, ikke »{2}«.", "{0} is called “{1}”, not “{2}”.", code, concept.display, display)
            return Verdict(False, no, concept.display, missing)
        return Verdict(True, display=concept.display if concept else "", missing=missing)

    def lookup(self, system: str, code: str, version: str = "", language: str = "") -> Concept:
        """Everything that is known of a code. Another version than the one that is asked for won't do, and a code that
        a fragment doesn't have may exist. Raises NotLoaded or NotFound."""
        found = self.code_system(system, version)
        if found is None or not found.is_version(version):
            raise NotLoaded(f"{system}|{version}" if version else system)
        concept = found.find(code)
        if concept is None:
            raise NotFound(system, code) if found.complete else NotLoaded(system)
        return _in(concept, language)

    def subsumes(self, system: str, one: str, other: str, version: str = "") -> Subsumption:
        """How two codes of a system lie to each other. Raises NotLoaded or NotFound."""
        first, second = self.lookup(system, one, version), self.lookup(system, other, version)
        known = self.code_system(system, version)
        if known is None or first.code == second.code:
            return "equivalent"
        if first.code in known.ancestors(second.code):
            return "subsumes"
        return "subsumed-by" if second.code in known.ancestors(first.code) else "not-subsumed"

    # concept maps

    def translate(
        self, system: str, code: str, *, canonical: str = "", target: str = "", reverse: bool = False
    ) -> list[Translation]:
        """What a code becomes, by one concept map or by all that are loaded; `target` is the system that is wanted.
        Raises NotLoaded when the named map isn't here, or one that it leaves the code to."""
        named = self._library.find("ConceptMap", canonical) if canonical else None
        if canonical and named is None:
            raise NotLoaded(canonical)
        maps = [named] if named else self._library.all("ConceptMap")
        if reverse:
            return [one for each in maps for one in reversed_translations(each.content, system, code, target)]
        for each in maps:  # which grows by those that they leave the code to
            for url in elsewhere(each.content, system, code, target):
                other = self._library.find("ConceptMap", url, each.package)
                if other is None and canonical:
                    raise NotLoaded(url)
                maps += [other] if other and other not in maps else []
        return [one for each in maps for one in translations(each.content, system, code, target)]


def _in(concept: Concept, language: str) -> Concept:
    return replace(concept, display=concept.displayed(language)) if language else concept


_NOWHERE = Loaded("hl7.fhir.r4.core", "4.0.1", {}, (), lambda _: {})


def _built_in(canonical: str) -> Definition | None:
    """The required value sets of R4, which are part of the program."""
    url, _, version = canonical.partition("|")
    name = url.removeprefix(_R4)
    if not url.startswith(_R4) or version not in ("", "4.0.1") or name not in pack()["codes"]:
        return None
    if name not in _MADE:
        include = [
            {"system": system, "concept": [{"code": code} for code in codes]}
            for system, codes in built_in_codes(name).items()
        ]
        content = {"resourceType": "ValueSet", "url": url, "compose": {"include": include}}
        package = Loaded(_NOWHERE.name, _NOWHERE.version, {}, (), lambda _: content)
        _MADE[name] = Definition("ValueSet", url, "4.0.1", package, "")
    return _MADE[name]


_MADE: dict[str, Definition] = {}
