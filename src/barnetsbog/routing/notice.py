"""The notice to general practitioners: that PPR preferably refers what can wait, and when the doctor refers. Made from
the rules in use, so that the letter never says anything else than the page. In Danish, as a letter is."""

from dataclasses import dataclass

from .model import EMERGENCY, Home, Question, Urgency, Verdict
from .rulebook import Rulebook
from .rules import advise

AGE = 10
"""The age that the notice speaks of. The rules of doctors and BUP are the same at all ages; a test watches."""


@dataclass(frozen=True, slots=True)
class Part:
    """A heading, what it says, and a list that may be empty."""

    heading: str
    text: str
    points: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    title: str
    parts: tuple[Part, ...]


def notice(book: Rulebook) -> Notice:
    """The letter. A part that the rules give no ground for is left out."""
    rather, directly, reasons = _of_doctors(book)
    acute = [book.doors[EMERGENCY].call, _open(book, "bup-acute", Urgency.ACUTE)]
    parts = [Part("Når det haster", " ".join(filter(None, acute)))]
    if rather:
        text = f"{reasons['rather']} Det gælder ved:"
        parts.append(Part("Når det kan vente: lad helst PPR henvise", text, rather))
    if directly:
        parts.append(
            Part("Her er det rigtigt, at du selv henviser", f"{reasons['directly']} Det gælder ved:", directly)
        )
    if doubt := _open(book, "samraad", Urgency.PLANNED):
        parts.append(Part("Er du i tvivl?", doubt))
    parts.append(
        Part("Send det hele med første gang", "Mangler der noget, kommer henvisningen tilbage.",
             book.doors["bup"].bring_professional)
    )  # fmt: skip
    return Notice("Til børnenes læger: hvem henviser til BUP?", tuple(parts))


def _open(book: Rulebook, door: str, urgency: Urgency) -> str:
    """What a doctor is told of a door whatever the worry is; empty where it is no way, or nothing is said of it."""
    asked = Question("gp", AGE, next(iter(book.suspicions)), urgency, Home.HERE)
    told = advise(asked, book).about(door)
    return told.reason if told and told.open else ""


def _of_doctors(book: Rulebook) -> tuple[tuple[str, ...], tuple[str, ...], dict[str, str]]:
    """The worries for which PPR should rather be used, those for which the doctor refers, and why."""
    rather, directly, reasons = list[str](), list[str](), dict[str, str]()
    for suspicion in book.suspicions.values():
        told = advise(Question("gp", AGE, suspicion.id, Urgency.PLANNED, Home.HERE), book).about("bup")
        if told and told.instead and told.instead.id == "ppr":
            rather.append(suspicion.term)
            reasons.setdefault("rather", told.reason)
        elif told and told.verdict is Verdict.SHOULD:
            directly.append(suspicion.term)
            reasons.setdefault("directly", told.reason)
    return tuple(rather), tuple(directly), reasons


def as_text(letter: Notice) -> str:
    """The letter as plain text, for a template of letters."""
    parts = [_part(one) for one in letter.parts]
    return "\n\n".join([letter.title, *parts])


def _part(part: Part) -> str:
    return "\n".join([part.heading, part.text, *(f"- {point}" for point in part.points)])
