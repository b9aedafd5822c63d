"""Reading a resource strictly: every helper gives a plain value or says in Danish why there is none.

A consent is read in order to open something. So what is unclear, unknown or contradictory is never guessed: `Unclear`
carries the reason up to whoever asked.
"""

from typing import Any

from barnetsbog.fhir.own import members
from barnetsbog.kernel.time import FOREVER, day_end, day_start, local_day, moment, parse

Resource = dict[str, Any]


class Unclear(ValueError):
    """Why a resource can't be read precisely."""


def only(values: list[Any], what: str) -> Any:
    """The one value there is."""
    if len(values) != 1:
        raise Unclear(f"{what} mangler." if not values else f"{what} er angivet flere gange.")
    return values[0]


def target(value: Any, kinds: tuple[str, ...], what: str) -> tuple[str, str]:
    """Type and id of a reference to something here. A reference that leads elsewhere names nobody we know."""
    reference = value.get("reference") if isinstance(value, dict) else None
    kind, _, ident = reference.partition("/") if isinstance(reference, str) else ("", "", "")
    if kind not in kinds or not ident or "/" in ident:
        raise Unclear(f"{what} peger ikke på nogen, bogen kender.")
    return kind, ident


def text_in(resource: Any, key: str) -> str:
    value = resource.get(key) if isinstance(resource, dict) else None
    return value if isinstance(value, str) else ""


def instant_in(resource: Any, key: str, what: str, *, end: bool = False) -> int | None:
    """The moment under a key; None when the key isn't there. An end is the first moment that is not included."""
    if not isinstance(resource, dict) or resource.get(key) is None:
        return None
    try:
        at = parse(text_in(resource, key), end=end)[0]
    except (ValueError, OverflowError):
        raise Unclear(f"{what} er ikke en dato.") from None
    return at + 1 if end and at < FOREVER else at


def period_of(value: Any, what: str) -> tuple[int | None, int]:
    """Start (None when not said) and the first moment after the end (`FOREVER` when there is none)."""
    if value is not None and not isinstance(value, dict):
        raise Unclear(f"{what} kan ikke læses.")
    start, end = instant_in(value, "start", what), instant_in(value, "end", what, end=True)
    ends = FOREVER if end is None else end
    if start is not None and ends <= start:
        raise Unclear(f"{what} slutter, før den begynder.")
    return start, ends


def no_modifiers(resource: Any) -> None:
    """A modifier changes the meaning of what it stands on; not knowing it, nobody may act on the rest."""
    if isinstance(resource, dict):
        if "modifierExtension" in resource or "implicitRules" in resource:
            raise Unclear("Samtykket har en betingelse, som bogen ikke kender.")
        for value in resource.values():
            no_modifiers(value)
    for one in members(resource):
        no_modifiers(one)


# -- writing moments so that they read back the same -------------------------------------------------------------------


def written(at: int) -> str:
    """A FHIR dateTime: a bare day when the moment is its Danish midnight."""
    if day_start(local_day(at)) == at:
        return local_day(at).isoformat()
    return moment(at).isoformat()


def written_period(start: int | None, end: int) -> Resource:
    """Start and end as FHIR means them: the end is included there and not here."""
    found = {} if start is None else {"start": written(start)}
    return found if end >= FOREVER else {**found, "end": _last(end)}


def _last(end: int) -> str:
    day = local_day(end - 1)
    whole_day = day_end(day) == end
    return day.isoformat() if whole_day else moment(end - 1).isoformat()
