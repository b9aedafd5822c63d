"""What is said to somebody in Danish or in English, whichever they ask for: a sentence that has both with it.

A rule says why in a sentence, and whoever passes it on answers in the asker's language. Pages have the catalogues; this
is for what other systems are told, too.
"""

from typing import Self

DANISH, ENGLISH = "da", "en"


class Sentence(str):
    """A text in Danish, which is used as any text is, and what it is called in English."""

    __slots__ = ("english",)
    english: str

    def __new__(cls, danish: str, english: str) -> Self:
        made = super().__new__(cls, danish)
        made.english = english
        return made

    def __reduce__(self) -> tuple[type[Self], tuple[str, str]]:
        """How it is copied: it is made of two texts."""
        return type(self), (str(self), self.english)

    def spoken(self, language: str) -> str:
        return self.english if language == ENGLISH else str(self)


def say(danish: str, english: str, *values: object) -> Sentence:
    """`values` stand where {0}, {1} ... do. One that is a sentence is said in each language."""
    told = (one.english if isinstance(one, Sentence) else one for one in values)
    return Sentence(danish.format(*values), english.format(*told))


def sentence_of(text: object) -> Sentence:
    """A reason as it was given. One that was given in Danish only says so in English."""
    return text if isinstance(text, Sentence) else say("{0}", "This is said in Danish only: {0}", text)
