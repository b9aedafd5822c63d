"""What goes with a letter: a document's own file, or what another entry says, as plain text. Pure."""

from collections.abc import Iterator
from typing import Any

from barnetsbog.delivery.model import File
from barnetsbog.fhir.own import members
from barnetsbog.forms.answers import written_day
from barnetsbog.kernel.numbers import danish
from barnetsbog.kernel.time import local_day
from barnetsbog.record.entries import EntryRow

from . import mapping

Resource = dict[str, Any]
_WORDS = frozenset(
    ("valueString", "contentString", "description", "summary", "conclusion", "comment", "patientInstruction", "text")
)
"""Where a resource keeps what somebody has written."""
_NOT_SAID = frozenset(("extension", "meta", "contained", "category", "type", "topic", "name"))


def file(row: EntryRow, resource: Resource) -> File:
    attachment = next(members(resource.get("content")), {}).get("attachment")
    if attachment and attachment.get("data"):
        return mapping.file_of({**attachment, "title": row.title})
    if resource.get("resourceType") == "QuestionnaireResponse":
        said = "\n\n".join(answered(resource.get("item")))
    else:
        said = "\n\n".join(one for one in words(resource) if one != row.title)
    text = f"{row.title}\n{local_day(row.start):%d.%m.%Y}\n\n{said}\n"
    return File(f"{row.title}.txt", "text/plain; charset=utf-8", text.encode())


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
