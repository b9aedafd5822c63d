"""What holds within a Bundle (https://hl7.org/fhir/R4/bundle.html): addresses, and what must be there."""

from collections.abc import Iterator
from typing import Any

from barnetsbog.fhir.issues import Chain
from barnetsbog.fhir.packages.model import Json
from barnetsbog.fhir.primitives import shown
from barnetsbog.fhir.profiling.run import Run
from barnetsbog.fhir.references import references

_LOOSE = frozenset(("batch", "transaction", "batch-response", "transaction-response", "searchset", "history"))
"""Types whose entries are not all in the Bundle, or have no address yet."""


def check_bundle(bundle: Json, run: Run, chain: Chain) -> None:
    kind, entries = bundle.get("type"), bundle.get("entry")
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        if isinstance(entry, dict) and isinstance(entry.get("resource"), dict):
            _entry(str(kind), entry, index, run, (chain, "entry", index))


def _entry(kind: str, entry: Json, index: int, run: Run, chain: Chain) -> None:
    full_url, resource = entry.get("fullUrl"), entry["resource"]
    ident = resource.get("id")
    if isinstance(full_url, str) and isinstance(ident, str) and kind not in _LOOSE and not _is_of(full_url, ident):
        run.error("bundle-id", (chain, "fullUrl", None), shown(full_url), shown(ident))
    if kind in _LOOSE:
        return
    for place, reference in _addresses(resource):
        if not isinstance(full_url, str):
            if ":" not in reference:
                run.error("bundle-no-full-url", (chain, "fullUrl", None), shown(reference))
                return
        elif (
            _must_be_here(kind, index, place, reference)
            and run.bundles
            and not run.bundles[-1].find(reference, resource)
        ):
            run.error("bundle-not-found", (chain, "resource", None), shown(reference))


def _is_of(full_url: str, ident: str) -> bool:
    """Whether an address may be that of a resource with an id. A urn names it by itself."""
    return full_url.startswith(("urn:oid:", "urn:uuid:")) or full_url.rpartition("/")[2] == ident


def _addresses(resource: Json) -> Iterator[tuple[str, str]]:
    """The references to other resources, each with the member it stands under."""
    for name, value in resource.items():
        if isinstance(value, dict | list):
            for one in references(value if isinstance(value, list) else [value]):
                if not one["reference"].startswith("#"):
                    yield name, one["reference"]


def _must_be_here(kind: str, index: int, name: str, reference: str) -> bool:
    """What a Bundle must hold: what a document's Composition and a message's focus lead to, and every urn."""
    if reference.startswith("urn:uuid:"):
        return kind in ("document", "message", "collection")
    if index or (":" in reference.partition("/")[0] and not reference.startswith("http")):
        return False
    return (kind == "document" and name in _OF_A_DOCUMENT) or (kind == "message" and name == "focus")


_OF_A_DOCUMENT: Any = frozenset(("subject", "encounter", "author", "attester", "custodian", "event", "section"))
