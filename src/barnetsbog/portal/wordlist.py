"""The words of the child's pages, explained: read from `wordlist.yaml`, and found in what grown-ups have written."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from django.utils.text import slugify

from barnetsbog.law.rulefiles import loaded

FILE = Path(__file__).with_name("wordlist.yaml")


class Explained(NamedTuple):
    """A word, what it means, and both in English. `also`: its other forms."""

    word: str
    means: str
    en: str
    en_means: str
    also: tuple[str, ...] = ()

    @property
    def anchor(self) -> str:
        return f"ord-{slugify(self.en)}"


class Piece(NamedTuple):
    """A part of a text; `word`: what it is a form of, where it is explained."""

    text: str
    word: Explained | None = None


@cache
def word_list() -> tuple[Explained, ...]:
    read: Any = loaded(FILE.read_text(encoding="utf-8"), FILE.name)
    return tuple(Explained(**{**one, "also": tuple(one.get("also", ()))}) for one in read)


@cache
def _forms() -> dict[str, Explained]:
    return {form.casefold(): one for one in word_list() for form in (one.word, *one.also)}


@cache
def _pattern() -> re.Pattern[str]:
    longest_first = sorted(_forms(), key=len, reverse=True)
    return re.compile(rf"\b({'|'.join(map(re.escape, longest_first))})\b", re.IGNORECASE)


def pieces(text: str) -> Iterator[Piece]:
    """A text cut at the words that are explained, each word the first time it stands there."""
    end, told = 0, set[str]()
    for found in _pattern().finditer(text):
        word = _forms()[found[0].casefold()]
        if word.word in told:
            continue
        told.add(word.word)
        yield Piece(text[end : found.start()])
        yield Piece(found[0], word)
        end = found.end()
    yield Piece(text[end:])
