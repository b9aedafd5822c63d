"""What goes with a letter: a document's own files, or what another entry says, as plain text. Pure."""

import html
import re
from collections.abc import Iterator
from typing import Any

from barnetsbog.delivery.model import File
from barnetsbog.fhir.own import extensions_of, members, value_of
from barnetsbog.forms.answers import written_day
from barnetsbog.kernel.numbers import danish
from barnetsbog.kernel.time import day_told
from barnetsbog.record.entries import EntryRow

from . import mapping

Resource = dict[str, Any]
ELSEWHERE = "En fil hører til, som ikke ligger i bogen. Den følger ikke med her."
"""What stands in the place of a file that another system only points at."""

_WORDS = frozenset(
    (
        "valueString", "contentString", "description", "summary", "conclusion", "comment", "patientInstruction", "text",
        "statusReason",
    )
)  # fmt: skip
"""Where a resource keeps what somebody has written."""
_OURS = {
    "text": "", "place": "Sted", "measure": "Sådan ser vi, om det virker", "told-otherwise": "Sådan kom det frem",
    "not-asked-reason": "Derfor er barnet ikke spurgt", "tried": "Det er prøvet", "gap": "Mangler",
    "route-override": "Derfor en anden vej", "move-reason": "Begrundelse", "alternative": "I stedet",
    "objection": "Indvending fra familien",
}  # fmt: skip
"""The extensions of ours that hold what somebody has written, and what stands before each."""
_NOT_SAID = frozenset(("extension", "meta", "contained", "category", "type", "topic", "name"))


def files(row: EntryRow, resource: Resource) -> list[File]:
    """Each file that an entry is or has, and what it says itself: nothing of it stays behind without a word."""
    attached = _attached(resource)
    names = (row.title if at == 1 else f"{row.title} ({at})" for at in range(1, len(attached) + 1))
    found = [mapping.file_of({**one, "title": name}) for one, name in zip(attached, names, strict=True)]
    own = () if "content" in resource and found else _said(row, resource)
    elsewhere = [ELSEWHERE] if any(one.get("url") and not one.get("data") for one in _attachments(resource)) else []
    said = "\n\n".join([*own, *_in_our_extensions(resource), *elsewhere])
    if said or not found:
        text = f"{row.title}\n{day_told(row.start, row.exactness)}\n\n{said}\n"
        found.append(File(f"{row.title}.txt", "text/plain; charset=utf-8", text.encode()))
    return found


def readable(row: EntryRow, resource: Resource) -> str:
    """All that an entry says, as far as a program can read it: not what is in a scan."""
    plain = [one for one in _attached(resource) if str(one.get("contentType", "")).startswith("text/")]
    texts = (mapping.file_of(one).content.decode(errors="replace") for one in plain)
    return "\n".join([row.title, *texts, *_said(row, resource), *_in_our_extensions(resource)])


def _attached(resource: Resource) -> list[Resource]:
    return [one for one in _attachments(resource) if one.get("data")]


def _attachments(resource: Resource) -> Iterator[Resource]:
    """Of a document, a report, and what came as a message or a letter from a system of ours."""
    yield from (one.get("attachment") or {} for one in members(resource.get("content")))
    yield from members(resource.get("presentedForm"))
    yield from (one.get("contentAttachment") or {} for one in members(resource.get("payload")))


def _said(row: EntryRow, resource: Resource) -> Iterator[str]:
    match resource.get("resourceType"):
        case "QuestionnaireResponse":
            yield from answered(resource.get("item"))
        case "Composition":
            yield from _sections(resource.get("section"))
        case _:
            yield from (one for one in words(resource) if one != row.title)


def _in_our_extensions(resource: Resource) -> Iterator[str]:
    """The minutes of a meeting, and what the family says is wrong, stand in these."""
    for name, label in _OURS.items():
        for one in extensions_of(resource, name):
            yield f"{label}: {value_of(one)}" if label else str(value_of(one))


def _sections(some: Any) -> Iterator[str]:
    """A Composition's words are the narratives of its sections."""
    for one in members(some):
        told = html.unescape(re.sub(r"<[^>]*>", " ", str((one.get("text") or {}).get("div", ""))))
        yield from filter(None, (str(one.get("title", "")), " ".join(told.split())))
        yield from _sections(one.get("section"))


def answered(items: Any) -> Iterator[str]:
    """The questions of a form that were answered, each with all of its answer, under the headings that they stand
    under. The same answer to two questions stands twice."""
    for one in members(items):
        answers = list(members(one.get("answer")))
        inside = [*answered(one.get("item")), *(text for answer in answers for text in answered(answer.get("item")))]
        said = [text for answer in answers if (text := _answer(answer))]
        if said or inside:
            yield "\n".join([str(one.get("text", "")), *said])
        yield from inside


def _answer(answer: Resource) -> str:
    for key, value in answer.items():
        match key:
            case "valueBoolean":
                return "Ja" if value else "Nej"
            case "valueCoding":
                return str(value.get("display") or value.get("code", ""))
            case "valueAttachment":
                return "Et bilag"
            case "valueDate":
                return written_day(str(value))
            case _ if key.startswith("value"):
                return "\n".join(words(value, key)) or str(value)
    return ""


def words(value: Any, key: str = "") -> Iterator[str]:
    """Everything a resource says in words, in its own order."""
    if isinstance(value, dict) and "unit" in value and "value" in value:
        yield f"{_number(value['value'])} {value['unit']}"
    elif isinstance(value, dict):
        for name, part in value.items():
            if name not in _NOT_SAID:
                yield from words(part, name)
    elif isinstance(value, list):
        for part in value:
            yield from words(part, key)
    elif key in _WORDS and isinstance(value, str) and value.strip():
        yield value.strip()
    elif key in ("valueInteger", "valueDecimal"):
        yield _number(value)


def _number(value: Any) -> str:
    return danish(value) if isinstance(value, int | float) else str(value)
