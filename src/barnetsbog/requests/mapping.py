"""A request to and from FHIR: a Communication of class D from the one who asks. Pure.

Who wrote it down stands in the extension `author`; what was decided in `request-decision`, and that it was answered in
its status. Each is a version of it.
"""

from dataclasses import replace
from typing import Any
from uuid import UUID

from barnetsbog.fhir.own import (
    complex_extension,
    extension,
    extension_of,
    extensions_of,
    ident_of,
    members,
    parts_of,
    reference_of,
    referred,
    referring,
    without,
)
from barnetsbog.kernel.time import day_start, iso, local_day, parse
from barnetsbog.record.promotion import ENTRY_KIND, RECORD_REQUEST, label_of
from barnetsbog.record.shelves import DRAFT

from .model import Answer, Ground, Request, State, Verdict

Resource = dict[str, Any]
TITLES = {Ground.ACCESS: "Anmodning om aktindsigt", Ground.ORIENTATION: "Anmodning om orientering"}


def registered(request: Request, *, child: str, author: str) -> Resource:
    return {
        "resourceType": "Communication", "id": str(request.id), "meta": {"security": [label_of(DRAFT)]},
        "status": "in-progress", "category": [{"coding": [{"system": ENTRY_KIND, "code": RECORD_REQUEST}]}],
        "topic": {"text": TITLES[request.ground]}, "subject": {"reference": f"Patient/{child}"},
        "sent": iso(day_start(request.received)), "sender": {"reference": request.asker},
        "payload": [{"contentString": request.about}],
        "extension": [
            referring("author", author), extension("request-ground", "Code", request.ground.value),
            referring("request-ball", f"Task/{request.ball}"),
        ],
    }  # fmt: skip


def decided(
    resource: Resource, verdict: Verdict, *, ground: Ground, rules: tuple[str, ...], letter: UUID, by: str
) -> Resource:  # fmt: skip
    """The next version, in which it is decided, by the right that whoever asked has now (`ground`); a decision that was
    not sent yet makes way."""
    told: dict[str, tuple[str, Any]] = {
        "answer": ("Code", verdict.answer.value), "told": ("String", verdict.told.strip()),
        "reason": ("String", verdict.reason.strip()), "complaint": ("String", verdict.complaint.strip()),
        "weighed": ("String", verdict.weighed.strip()), "accepted": ("Boolean", verdict.accepted),
        "rule": ("Code", rules), "by": ("Reference", {"reference": by}),
        "letter": ("Reference", {"reference": f"Communication/{letter}"}),
        "given": ("Uuid", tuple(f"urn:uuid:{one}" for one in verdict.given)),
    }  # fmt: skip
    said = [*without(resource, "request-decision", "request-ground"), extension("request-ground", "Code", ground.value)]
    return {
        **resource, "topic": {"text": TITLES[ground]},
        "extension": [*said, complex_extension("request-decision", told)],
    }  # fmt: skip


def answered(resource: Resource) -> Resource:
    return {**resource, "status": "completed"}


def request_of(resource: Resource) -> Request:
    ground = Ground(str(extension_of(resource, "request-ground")))
    about = next((str(one["contentString"]) for one in members(resource.get("payload"))), "")
    received = local_day(parse(str(resource["sent"]))[0])
    found = Request(
        UUID(str(resource["id"])), ground, reference_of(resource.get("sender")), about, received,
        ident_of(referred(resource, "request-ball")), State.OPEN,
    )  # fmt: skip
    told = next(iter(extensions_of(resource, "request-decision")), None)
    if told is None:
        return found
    state = State.ANSWERED if resource.get("status") == "completed" else State.DECIDED
    letter = next((ident_of(reference_of(one)) for one in parts_of(told, "letter")), None)
    rules = tuple(str(one) for one in parts_of(told, "rule"))
    return replace(found, state=state, verdict=_verdict(told), rules=rules, letter=letter)


def _verdict(told: Resource) -> Verdict:
    given = tuple(UUID(str(one).removeprefix("urn:uuid:")) for one in parts_of(told, "given"))
    return Verdict(
        Answer(_said(told, "answer")), _said(told, "told"), _said(told, "reason"), _said(told, "complaint"),
        _said(told, "weighed"), True in parts_of(told, "accepted"), given,
    )  # fmt: skip


def _said(told: Resource, name: str) -> str:
    return str(next(iter(parts_of(told, name)), ""))
