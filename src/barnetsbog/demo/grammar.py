"""Which fields a kind of entry may have, and which words are allowed in them.

This is the table in `README.md` as data. The parsers are made for one story at a time, because what counts as a known
person or unit depends on whose story it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from barnetsbog.access.relations import TASKS
from barnetsbog.consent.acts import ACTS
from barnetsbog.demo.model import CHILD
from barnetsbog.demo.values import (
    Parse,
    Unreadable,
    listed,
    moment,
    one_of,
    prose,
    score,
    text,
    whole,
    yes_no,
)
from barnetsbog.fostering.model import Support
from barnetsbog.law.model import Block, Capacity, Class, HolderKind

SECTORS = ("school", "ppr", "health_visitor", "gp", "bup", "ltt", "family_dept", "hospital", "adult", "police", "other")
ROLES = (
    "psychologist", "teacher", "school_leader", "pedagogue", "caseworker", "gp", "health_visitor", "bup_clinician",
    "bup_secretary", "nurse", "ltt", "consultant", "manager", "carer", "other", "administrator", "dpo", "analyst",
)  # fmt: skip
ORGANISATION_KINDS = ("municipality", "region", "practice", "state", "other")
RELATIONS = (
    "mother", "father", "parent", "stepparent", "grandparent", "sibling", "foster_carer", "guardian", "network",
)  # fmt: skip
MANDATES = ("bisidder", "fuldmagt")
GENDERS = ("male", "female")
SOURCES = ("journal", "skolesystem", "fagsystem", "borgerportal")
CARE_KINDS = TASKS
BREAKAGES = ("bad-date", "unknown-code", "missing-status")
LEVELS = ("at", "overskrifter", "indhold")
ANSWERS = ("ja", "nej", "intet svar", "trukket")
FORMS = ("MitID", "papir", "mundtligt")
HOLDERS = tuple(kind.value for kind in HolderKind)
EVIDENCE = ("cpr", "court", "manual")
BLOCKS = tuple(block.value for block in Block)
CLASSES = (Class.ORDINARY.value, Class.SOCIAL.value, Class.HEALTH.value)
"""The child's confidential talk and a protected address can't be shared by a tick in a form."""
PURPOSES = ("schooling", "assessment", "treatment", "support", "coordination", "transfer")
CAPACITIES = tuple(capacity.value for capacity in Capacity)

STATES: Mapping[str, tuple[str, ...]] = {
    "condition": ("aktiv", "ophørt"),
    "intervention": ("i gang", "afsluttet", "planlagt"),
    "appointment": ("aftalt", "holdt", "aflyst", "udeblevet"),
    "referral": ("sendt", "modtaget", "mangler", "returneret", "afvist", "accepteret", "trukket", "afsluttet"),
    "task": ("tilbudt", "i gang", "færdig"),
}

REQUIRED: Mapping[str, tuple[str, ...]] = {
    "measure": ("instrument",),
    "referral": ("to",),
    "consent": ("giver", "what", "answer"),
    "carer-status": ("to",),
    "contact-plan": ("to", "about", "often", "support"),
    "care-agreement": ("to",),
}
"""Fields without which an entry of the kind says nothing."""

ATTRIBUTES = {"with": "with_", "from": "from_"}
"""Field names that Python keeps for itself."""


@dataclass(frozen=True)
class Names:
    """Every id that can be written in one story."""

    people: frozenset[str]
    professionals: frozenset[str]
    units: frozenset[str]

    def person(self, value: Any) -> str:
        return self._known(value, self.people | self.professionals | {CHILD}, "person")

    def receiver(self, value: Any) -> str:
        """Somebody or some unit."""
        return self._known(value, self.people | self.professionals | self.units | {CHILD}, "person eller enhed")

    def unit(self, value: Any) -> str:
        return self._known(value, self.units, "enhed")

    def professional(self, value: Any) -> str:
        return self._known(value, self.professionals, "fagperson")

    def relative(self, value: Any) -> str:
        return self._known(value, self.people | {CHILD}, "person i `people` eller child")

    @staticmethod
    def _known(value: Any, known: frozenset[str], what: str) -> str:
        if not isinstance(value, str) or value not in known:
            raise Unreadable(f"»{value}« er ikke en kendt {what}")
        return value


def fields_of(kind: str, names: Names) -> dict[str, Parse[Any]]:
    """The extra fields of a kind, each with its parser."""
    made = _MADE.get(kind)
    fields = made(names) if made else {}
    if kind in STATES:
        fields["state"] = one_of(STATES[kind])
    return fields


def _period(_names: Names) -> dict[str, Parse[Any]]:
    return {"until": moment}


def _measure(_names: Names) -> dict[str, Parse[Any]]:
    return {"instrument": text, "value": score, "unit": text}


def _goal(names: Names) -> dict[str, Parse[Any]]:
    return {"quote": text, "said_to": names.person, "share": yes_no, "scale": whole}


def _appointment(names: Names) -> dict[str, Parse[Any]]:
    people = listed(names.receiver)
    return {"until": moment, "place": text, "with": people, "asked": people, "prepare": prose, "part_of": text}


def _task(names: Names) -> dict[str, Parse[Any]]:
    return {
        "holder": names.receiver,
        "offered_to": names.receiver,
        "due": moment,
        "done": moment,
        "waits_for": listed(text),
    }


def _consent(names: Names) -> dict[str, Parse[Any]]:
    return {
        "giver": names.relative,
        "from_unit": listed(names.unit),
        "to_unit": names.unit,
        "what": text,
        "level": one_of(LEVELS),
        "answer": one_of(ANSWERS),
        "from": moment,
        "until": moment,
        "form": one_of(FORMS),
        "act": one_of(ACTS),
        "blocks": listed(one_of(BLOCKS)),
        "classes": listed(one_of(CLASSES)),
        "purpose": one_of(PURPOSES),
        "capacity": one_of(CAPACITIES),
        "language": text,
        "text_version": text,
        "answers": text,
    }


def _agreement(names: Names) -> dict[str, Parse[Any]]:
    return {"to": listed(names.receiver), "call": names.professional, "until": moment}


def _contact_plan(names: Names) -> dict[str, Parse[Any]]:
    more = {"about": names.relative, "often": text, "place": text, "support": one_of([one.value for one in Support])}
    return {**_agreement(names), **more}


def _carer_status(names: Names) -> dict[str, Parse[Any]]:
    topics = dict.fromkeys(("school", "friends", "health", "contact", "help", "quote"), prose)
    return {"to": listed(names.receiver), **topics}


_MADE: Mapping[str, Callable[[Names], dict[str, Parse[Any]]]] = {
    "meeting": lambda names: {"with": listed(names.receiver), "minutes": whole},
    "measure": _measure,
    "document": lambda _names: {"type": text},
    "letter": lambda names: {"to": listed(names.receiver)},
    "message": lambda names: {"to": listed(names.receiver)},
    "concern": lambda names: {"to": listed(names.receiver)},
    "condition": _period,
    "intervention": lambda names: {**_period(names), "effect": prose},
    "goal": _goal,
    "appointment": _appointment,
    "referral": lambda names: {"to": names.unit, "taken_by": names.unit, "because": text},
    "task": _task,
    "consent": _consent,
    "carer-status": _carer_status,
    "contact-plan": _contact_plan,
    "care-agreement": _agreement,
    "plan": lambda _names: {"type": text, "goals": listed(text), "follow_up": moment},
}
