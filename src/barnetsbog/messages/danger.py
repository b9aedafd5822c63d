"""Reads the file that says when a message tells of danger, and whom one can call."""

import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from barnetsbog.fhir import folded
from barnetsbog.law.rulefiles import LawFileError, loaded

FILE = Path(__file__).with_name("danger.yaml")
LOCAL = "danger-local.yaml"
_APART = 3
"""Words that may stand between those of a phrase."""


class DangerError(LawFileError):
    """The file can't be used. The sentence is for the one who edits it."""


class Number(NamedTuple):
    """Somebody to call, and when."""

    name: str
    number: str
    when: str


class Danger(NamedTuple):
    phrases: re.Pattern[str]
    numbers: tuple[Number, ...]

    def told_in(self, text: str) -> bool:
        """Whether a message tells of danger. When in doubt it does: a person reads it and decides."""
        return self.phrases.search(" ".join(_words(text))) is not None


def read(text: str, name: str) -> Danger:
    """`LawFileError`: the text can't be used, and why."""
    loaded(text, name)
    content = yaml.load(text, yaml.BaseLoader)  # noqa: S506 - only texts: 0112 is a number to call, and not 74
    if not isinstance(content, dict) or {*content} != {"phrases", "numbers"}:
        raise DangerError(f"{name}: filen skal have felterne phrases og numbers og ikke andre")
    phrases, numbers = content["phrases"], content["numbers"]
    if not isinstance(phrases, list) or not phrases or not all(isinstance(one, str) for one in phrases):
        raise DangerError(f"{name}: phrases skal være en liste af ord, og den må ikke være tom")
    for phrase in phrases:
        if not any(word.strip("*") for word in _words(phrase, "*")):  # it would stand in every message
            raise DangerError(f"{name}: »{phrase}« i phrases har ingen ord")
    if not isinstance(numbers, list) or not numbers:
        raise DangerError(f"{name}: numbers må ikke være tom")
    return Danger(re.compile("|".join(map(_pattern, phrases))), tuple(_number(one, name) for one in numbers))


def _number(given: Any, name: str) -> Number:
    whole = isinstance(given, dict) and {*given} == set(Number._fields)
    if not whole or not all(isinstance(one, str) and one.strip() for one in given.values()):
        raise DangerError(f"{name}: hvert nummer skal have name, number og when")
    return Number(**given)


def _pattern(phrase: str) -> str:
    """Whole words in their order, with few between them."""
    between = rf"(?: \w+){{0,{_APART}}} "
    words = (r"\w+" if word == "*" else re.escape(word).replace(r"\*", r"\w*") for word in _words(phrase, "*"))
    return rf"\b{between.join(words)}\b"


def _words(text: str, also: str = "") -> list[str]:
    return re.findall(rf"[\w{re.escape(also)}]+", folded(text))


@cache
def of_instance(folder: Path) -> Danger:
    """The file of the instance in this folder, or ours."""
    local = folder / LOCAL
    path = local if local.exists() else FILE
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as fault:
        raise DangerError(f"{path.name} kan ikke læses: {fault}") from fault
    return read(text, path.name)
