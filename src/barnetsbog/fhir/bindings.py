"""Required bindings: the value sets of which a code must be a member.

Only value sets that the package lists in full are here; one that is defined by a foreign terminology can't be judged
without it and is left alone.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

from barnetsbog.fhir.definitions import codes as listed
from barnetsbog.fhir.primitives import Fault, shown

_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Binding:
    """A value set: its codes by system, and all of them for a plain `code`."""

    systems: dict[str, frozenset[str]]
    codes: frozenset[str]
    shown: str

    def holds(self, coding: Any) -> bool:
        system, code = (coding.get("system", ""), coding.get("code")) if isinstance(coding, dict) else ("", None)
        return isinstance(system, str) and isinstance(code, str) and code in self.systems.get(system, ())

    def fault(self, kind: str, value: dict[str, Any]) -> Fault | None:
        """What is wrong with a Coding or a CodeableConcept that must come from here."""
        if kind == "Coding":
            return None if self.holds(value) else Fault("code-binding", (shown(value.get("code")), self.shown))
        codings = value.get("coding")
        if kind != "CodeableConcept" or (isinstance(codings, list) and any(map(self.holds, codings))):
            return None
        return Fault("concept-binding", (self.shown,))


@cache
def binding(name: str) -> Binding:
    systems = {system: frozenset(codes) for system, codes in listed(name).items()}
    every = sorted(code for codes in systems.values() for code in codes)
    few = ", ".join(every[:_SHOWN]) + (" …" if len(every) > _SHOWN else "")
    return Binding(systems, frozenset(every), few)
