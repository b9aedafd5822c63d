"""$meta, $meta-add, $meta-delete (FHIR R4, Resource operations): the labels, tags and profiles of one resource.

To add or take away is a change like any other: judged by the same rules, and a version of its own.
"""

from collections.abc import Callable
from typing import Any

from barnetsbog.kernel import exact
from barnetsbog.kernel.sentences import say

from .. import conditional, writing
from ..changes import Change, How
from ..judging import require_scope
from ..model import Answer, Ask, Resource
from ..outcomes import fault
from ..reading import read
from ..serving import ident_in
from ..storing import carried_out
from . import registry
from .inputs import inputs, part, told

LABELLED = say(
    "Et mærke, der beskytter en post, kan ikke tages af her. Ret posten i bogen.",
    "A label that guards an entry cannot be taken off here. Correct the entry in the book.",
)
_LISTS = ("profile", "security", "tag")


def meta(ask: Ask, kind: str, ident: str) -> Answer:
    require_scope(ask.who, kind, "r")
    inputs(ask)
    return _told(read(ask.without("_elements", "_summary"), kind, ident).body)


def _told(body: bytes | None) -> Answer:
    return told(part("return", "Meta", exact.loads(body or b"{}").get("meta", {})))


def meta_add(ask: Ask, kind: str, ident: str) -> Answer:
    return _changed(ask, kind, ident, _added)


def meta_delete(ask: Ask, kind: str, ident: str) -> Answer:
    return _changed(ask, kind, ident, _taken)


def _changed(ask: Ask, kind: str, ident: str, how: Callable[[Resource, Resource], Resource]) -> Answer:
    given = inputs(ask, "meta").object("meta")
    if given is None:
        text = say("Send, hvad det gælder, i parameteren meta.", "Send what it is about in the parameter meta.")
        raise fault(400, "required", text, "http.meta")
    change = Change(
        How.PATCH, kind, ident_in(ident) or writing.NOWHERE, ask.place, expected=conditional.expected(ask),
        patch=lambda resource: {**resource, "meta": how(resource.get("meta") or {}, given)},
    )  # fmt: skip
    return _told(carried_out(ask, [change])[0].body)


def _added(before: Resource, given: Resource) -> Resource:
    more = {name: [one for one in given.get(name, ()) if not _in(one, before.get(name, ()))] for name in _LISTS}
    return {**before, **{name: [*before.get(name, ()), *some] for name, some in more.items() if some}}


def _taken(before: Resource, given: Resource) -> Resource:
    if any(_in(one, before.get("security", ())) for one in given.get("security", ())):
        raise fault(422, "business-rule", LABELLED, "Meta.security")
    kept = {name: [one for one in before.get(name, ()) if not _in(one, given.get(name, ()))] for name in _LISTS}
    return {**{name: one for name, one in before.items() if name not in _LISTS}, **{n: k for n, k in kept.items() if k}}


def _in(one: Any, some: Any) -> bool:
    """Whether a profile or a coding (by system and code) is among others."""
    return any(_key(one) == _key(other) for other in some)


def _key(one: Any) -> Any:
    return (one.get("system"), one.get("code")) if isinstance(one, dict) else one


_DEFINED = "http://hl7.org/fhir/OperationDefinition/Resource-"
registry.add(registry.Operation("meta", meta, f"{_DEFINED}meta", of_one=True))
registry.add(registry.Operation("meta-add", meta_add, f"{_DEFINED}meta-add", of_one=True, changes=True))
registry.add(registry.Operation("meta-delete", meta_delete, f"{_DEFINED}meta-delete", of_one=True, changes=True))
