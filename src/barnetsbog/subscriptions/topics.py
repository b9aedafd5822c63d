"""What can be subscribed to (`topics.yaml`). Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from barnetsbog.fhir.own import BASE
from barnetsbog.kernel.sentences import Sentence
from barnetsbog.law.rulefiles import loaded

FILE = Path(__file__).parent / "topics.yaml"
TOPIC = f"{BASE}/SubscriptionTopic/"


@dataclass(frozen=True, slots=True)
class Topic:
    """`types`: resource types that are its focus; `kinds`: our kinds of entries, none for all; `criteria`: a search
    that an entry must meet, with {unit} for the subscriber's; `first`: the first version only; `filters`: the search
    parameters that a subscription may narrow it by."""

    name: str
    title: Sentence
    types: frozenset[str]
    kinds: frozenset[str]
    criteria: str
    first: bool
    filters: frozenset[str]

    @property
    def url(self) -> str:
        return f"{TOPIC}{self.name}"

    @property
    def of_unit(self) -> bool:
        """Whether it asks which unit is told."""
        return "{unit}" in self.criteria

    def is_about(self, kind: str, what: str, version: int) -> bool:
        """Whether a version of an entry (its type, our kind of it, its number) is one of these."""
        return kind in self.types and (not self.kinds or what in self.kinds) and (version == 1 or not self.first)


@cache
def topics() -> Mapping[str, Topic]:
    """All of them, by address."""
    told: Any = loaded(FILE.read_text(encoding="utf-8"), FILE.name)
    found = [_topic(one) for one in told]
    return {one.url: one for one in found}


def _topic(said: Mapping[str, object]) -> Topic:
    def names(key: str) -> frozenset[str]:
        given = said.get(key, ())
        assert isinstance(given, Iterable)
        return frozenset(map(str, given))

    first = bool(said.get("first", False))
    title = Sentence(str(said["title"]), str(said["english"]))
    return Topic(
        str(said["name"]), title, names("types"), names("kinds"), str(said.get("criteria", "")), first,
        names("filters"),
    )  # fmt: skip
