"""What the book adds to FHIR: the address of its own definitions (`fhir/profiles`), and reading and writing under it.

Every room may need to find an extension of ours or the target of a reference, or to say one; that lives here, so that
rooms below the record can use it too. Reading expects nothing of a resource: what isn't there is empty.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any
from uuid import UUID

from barnetsbog.kernel.cpr import PERSON_NUMBER_SYSTEMS, looks_like_one, normalise
from barnetsbog.kernel.time import parse

BASE = "https://barnetsbog.example/fhir"
EXTENSION = f"{BASE}/StructureDefinition/"

Resource = dict[str, Any]


# -- reading -----------------------------------------------------------------------------------------------------------


def members(value: Any) -> Iterator[Resource]:
    """The objects in a list; none when it is no list."""
    return (one for one in value if isinstance(one, dict)) if isinstance(value, list) else iter(())


def in_use(value: Any, at: int) -> Iterator[Resource]:
    """Those of a person's names, numbers and addresses that are neither marked as old nor have ended."""
    for one in members(value):
        end = (one.get("period") or {}).get("end")
        if one.get("use") != "old" and (not end or parse(end, end=True)[0] >= at):
            yield one


def number_of(person: Resource, systems: Collection[str], at: int) -> str:
    """The number that somebody has in one of these systems now; empty when there is none."""
    known = (one for one in in_use(person.get("identifier"), at) if one.get("system") in systems)
    return next((str(one["value"]) for one in known if one.get("value")), "")


def person_numbers(identifiers: Any) -> list[tuple[str, str]]:
    """The person numbers in a list of identifiers, as they are compared: system and number. What only stands in the
    place of one ("ukendt", "-") is none, or everybody whose number is not known would be one and the same."""
    told = ((one.get("system"), one.get("value")) for one in members(identifiers))
    return [
        (system, normalise(value)) for system, value in told
        if system in PERSON_NUMBER_SYSTEMS and isinstance(value, str) and looks_like_one(value)
    ]  # fmt: skip


def reference_of(value: Any) -> str:
    if isinstance(value, list):
        value = value[0] if value else None
    return str(value.get("reference", "")) if isinstance(value, dict) else ""


def ident_of(reference: str) -> UUID | None:
    """The id in a reference to something here; None when it leads out of the book."""
    try:
        return UUID(reference.rpartition("/")[2])
    except ValueError:
        return None


def texts_in(value: Any) -> list[str]:
    """The texts in a list of simple values. It may have holes (null) that only an extension explains (R4 §2.6.2.3)."""
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def written(name: Resource) -> str:
    """A HumanName as it is written: its own text, or the given names and the family name."""
    return str(name.get("text") or " ".join((*texts_in(name.get("given")), str(name.get("family", ""))))).strip()


def value_of(extension: Resource) -> Any:
    return next((value for key, value in extension.items() if key.startswith("value")), None)


def extensions_of(resource: Resource, name: str) -> list[Resource]:
    """Every one of our own extensions of that name: a complex one is read with `parts_of`."""
    if "extension" not in resource:  # as nearly always, and everything that is received is asked several times
        return []
    return [found for found in members(resource.get("extension")) if found.get("url") == EXTENSION + name]


def extension_of(resource: Resource, name: str) -> Any:
    """The value of one of our own extensions, or None."""
    return next((value_of(found) for found in extensions_of(resource, name)), None)


def referred(resource: Resource, name: str) -> str:
    """The reference in one of our own extensions; empty when there is none."""
    return reference_of(extension_of(resource, name))


def all_referred(resource: Resource, name: str) -> tuple[str, ...]:
    """The references in our own extensions of that name, in their order."""
    return tuple(reference_of(value_of(found)) for found in extensions_of(resource, name))


def parts_of(extension: Resource, name: str) -> list[Any]:
    """The values of a complex extension's parts of that name."""
    return [value_of(part) for part in members(extension.get("extension")) if part.get("url") == name]


def codes_of(concepts: Any, system: str) -> list[str]:
    """The codes of one code system in a list of codings or of concepts."""
    found: list[str] = []
    for one in members(concepts):
        if one.get("system") == system:
            found.append(str(one.get("code", "")))
        found += codes_of(one.get("coding"), system)
    return found


# -- writing -----------------------------------------------------------------------------------------------------------


def extension(name: str, kind: str, value: Any) -> Resource:
    """One of our own extensions. `kind`: the FHIR type of its value (`String`, `Code`, `DateTime`)."""
    return {"url": EXTENSION + name, f"value{kind}": value}


def referring(name: str, reference: str) -> Resource:
    """One of our own extensions that points at something."""
    return extension(name, "Reference", {"reference": reference})


def complex_extension(name: str, parts: Mapping[str, tuple[str, Any]]) -> Resource:
    """An extension of ours with parts. A part without a value is left out; one with several stands several times."""
    values = [
        (part, kind, one)
        for part, (kind, value) in parts.items()
        for one in (value if isinstance(value, tuple) else (value,))
    ]
    told = [{"url": part, f"value{kind}": one} for part, kind, one in values if one not in ("", None)]
    return {"url": EXTENSION + name, "extension": told}


def without(element: Resource, *names: str) -> list[Resource]:
    """The extensions of an element but for these of ours: what a next version keeps as it stands."""
    urls = {EXTENSION + name for name in names}
    return [one for one in members(element.get("extension")) if one.get("url") not in urls]
