"""The page for developers: from nothing to a first answer with lines that can be copied, and what there is. It is open,
as `metadata` is, and made of the same."""

from typing import NamedTuple

import orjson
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from barnetsbog.kernel.cpr import CPR_SYSTEM, DEMO_SYSTEM
from barnetsbog.kernel.sentences import DANISH
from barnetsbog.record.instance import is_demo

from . import capability
from .operations import registry
from .views import base_of

_ALMA = f"{DEMO_SYSTEM}|6705179902"
"""The first child of the demonstration, by her invented number."""

_NOBODY = f"{CPR_SYSTEM}|DDMMYYXXXX"


class Kind(NamedTuple):
    """A type of resource: what can be done with it, what it can be searched by, and its operations."""

    name: str
    interactions: list[str]
    parameters: list[str]
    operations: list[str]


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    base = base_of(request)
    facts = {
        "base": base, "port": request.get_port(), "number": _ALMA if is_demo() else _NOBODY, "kinds": _kinds(base),
        "everything": registry.there("everything", "Patient", "id"),
    }  # fmt: skip
    return render(request, "bog/developers.html", facts)


def _kinds(base: str) -> list[Kind]:
    return [
        Kind(
            one["type"], [code["code"] for code in one["interaction"]], [each["name"] for each in one["searchParam"]],
            [f"${each['name']}" for each in one.get("operation", ())],
        )
        for one in orjson.loads(capability.statement(base, DANISH))["rest"][0]["resource"]
    ]  # fmt: skip
