"""create, update, patch, and delete as restriction (FHIR R4 §3.1.0.3 to .8), by id or by criteria that choose one."""

import re
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from barnetsbog.access.reading import open_book
from barnetsbog.fhir.patching import PatchFault, json_patched, path_patched
from barnetsbog.kernel.sentences import say

from . import conditional, judging, searching
from .changes import Change, Done, How, id_of_new
from .model import Answer, Ask, Exchanging, Resource
from .negotiation import JSON_PATCH, preferred
from .outcomes import Fault, fault, no_resource, not_found, other_id, told, well
from .serving import etag, http_date, ident_in, version_now
from .storing import carried_out

_SIGNS = re.compile(r"[\\,$|]")
"""What stands for itself behind a backslash only."""

_TRIES = 3

NOWHERE = UUID(int=1)
"""What an id that the book can't have given leads to: nothing."""

REGISTERED = say(
    "Barnet står i bogen. Begynd enhedens opgave med barnet (EpisodeOfCare), og hent det så. Hvad der ellers står om "
    "barnet, siger svaret ikke.",
    "The child is in the book. Begin the unit's task with the child (EpisodeOfCare), and then fetch it. What else is "
    "said of the child, this answer does not tell.",
)


def create(ask: Ask, kind: str) -> Answer:
    return _done(ask, created(ask, kind))


def update(ask: Ask, kind: str, ident: str) -> Answer:
    return _done(ask, updated(ask, kind, ident))


def patch(ask: Ask, kind: str, ident: str) -> Answer:
    return _done(ask, changed(ask, kind, ident))


def restrict(ask: Ask, kind: str, ident: str) -> Answer:
    """DELETE: it is kept, and nobody reads it any more. Once more is once."""
    try:
        return _done(ask, removed(ask, kind, ident))
    except Fault as found:
        if found.status == 410:
            return Answer(204)
        raise


def where(ask: Ask, kind: str) -> Answer:
    """The same for the one that criteria choose. When somebody has stored it, or another version of it, between the
    choice and the change, it is chosen anew."""
    for _ in range(_TRIES):
        with suppress(conditional.Overtaken):
            return _where(ask, kind)
    return _where(ask, kind)


def _where(ask: Ask, kind: str) -> Answer:
    change = chosen(ask, kind, criteria_of(ask))
    return _done(ask, change) if change else Answer(204)


# -- what is to be done ------------------------------------------------------------------------------------------------


def created(ask: Ask, kind: str) -> Change:
    unless = conditional.if_missing(ask, kind)
    return Change(How.CREATE, kind, id_of_new(kind), ask.place, resource=_sent(ask), unless=unless)


def updated(ask: Ask, kind: str, ident: str) -> Change:
    resource = _sent(ask)
    if resource.get("id") != ident:
        raise other_id(kind, ident)
    conditional.require_met(ask, there=True)
    entry_id = ident_in(ident) or NOWHERE
    return Change(How.UPDATE, kind, entry_id, ask.place, resource=resource, expected=conditional.expected(ask))


def changed(ask: Ask, kind: str, ident: str) -> Change:
    operations = _patch(ask)
    conditional.require_met(ask, there=True)
    entry_id = ident_in(ident) or NOWHERE
    return Change(How.PATCH, kind, entry_id, ask.place, expected=conditional.expected(ask), patch=operations)


def removed(ask: Ask, kind: str, ident: str) -> Change:
    return Change(How.RESTRICT, kind, ident_in(ident) or NOWHERE, ask.place, expected=conditional.expected(ask))


def chosen(ask: Ask, kind: str, criteria: str) -> Change | None:
    """The change of the one that criteria choose: a new resource when an update finds none, None when there is nothing
    to take out of use. The version that was found is the one that is changed."""
    how = {"PUT": How.UPDATE, "PATCH": How.PATCH, "DELETE": How.RESTRICT}[ask.method]
    resource = _sent(ask) if how is How.UPDATE else None
    operations = _patch(ask) if how is How.PATCH else None
    judging.require_scope(ask.who, kind, "s")
    with open_book(ask.who.scope, Exchanging.SEARCH, ask.who.scope.child) as book:
        found = searching.matches(ask, book, kind, criteria)
    ident = conditional.one([hit.row.id for hit in found])
    if how is not How.RESTRICT:
        conditional.require_met(ask, there=ident is not None)
    if resource is not None:
        _require_id(kind, resource, ident)
    if ident is not None:
        named = conditional.expected(ask)
        expected = version_now(found[0].row) if named is None else named
        return Change(
            how, kind, ident, ask.place, resource=resource, expected=expected, chosen=named is None, patch=operations
        )
    if how is How.PATCH:
        raise not_found()
    if resource is None:
        return None
    return Change(How.CREATE, kind, id_of_new(kind), ask.place, resource=resource, unless=criteria, chosen=True)


def _require_id(kind: str, resource: Resource, ident: UUID | None) -> None:
    """Whoever lets criteria choose leaves the id out, or says the one that is chosen."""
    if "id" not in resource:
        if ident is not None:
            resource["id"] = str(ident)
    elif ident is None:
        text = say("Id gives af bogen. Lad det være ude.", "Ids are given by the book. Leave it out.")
        raise fault(422, "business-rule", text, f"{kind}.id")
    elif resource["id"] != str(ident):
        text = say("Den, betingelsen vælger, har et andet id.", "The one that the criteria choose has another id.")
        raise fault(400, "invalid", text, f"{kind}.id")


def criteria_of(ask: Ask) -> str:
    return urlencode([pair for pair in ask.query if pair[0] not in searching.SHAPING])


def criteria(name: str, *parts: str) -> str:
    """Criteria that ask of one value, letter by letter. `parts`: what a | stands between."""
    return urlencode([(name, "|".join(_SIGNS.sub(r"\\\g<0>", one) for one in parts))])


def _sent(ask: Ask) -> Resource:
    if not isinstance(ask.content, dict):
        raise no_resource()
    return ask.content


def _patch(ask: Ask) -> Callable[[Resource], Resource]:
    by_path = isinstance(ask.content, dict)
    if by_path is (ask.content_type == JSON_PATCH):
        text = say(
            "Et JSON Patch sendes som {0}, et FHIRPath Patch som en Parameters-ressource.",
            "A JSON Patch is sent as {0}, a FHIRPath Patch as a Parameters resource.",
            JSON_PATCH,
        )
        raise fault(415, "not-supported", text, "http.content-type")
    return partial(_patched, path_patched if by_path else json_patched, ask.content)


def _patched(how: Callable[[Resource, Any], Resource], operations: Any, resource: Resource) -> Resource:
    try:
        return how(resource, operations)
    except PatchFault as error:
        raise fault(400 if error.malformed else 422, "processing", error.reason, error.place) from None


# -- what is answered --------------------------------------------------------------------------------------------------


def _done(ask: Ask, change: Change) -> Answer:
    return answer(ask, carried_out(ask, [change])[0])


def answer(ask: Ask, done: Done) -> Answer:
    url = f"{ask.base}/{done.kind}/{done.ident}"
    if done.quiet:
        return told(ask.language, 201, [well(REGISTERED)], {"Location": url})
    headers = {"ETag": etag(done.version), "Last-Modified": http_date(done.at)}
    if done.status == 204:
        return Answer(204, None, headers)
    headers |= {"Location" if done.status == 201 else "Content-Location": f"{url}/_history/{done.version}"}
    return preferred(ask, Answer(done.status, done.body, headers))
