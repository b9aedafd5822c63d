"""A right answer to every question of a form, and where something is answered."""

from collections.abc import Iterator, Mapping

from barnetsbog.forms.answers import Values, asks, places, values_at, with_values
from barnetsbog.forms.model import Answers, Form, Item, Kind, Value
from barnetsbog.forms.rules import shown

_RIGHT: dict[Kind, Value] = {
    Kind.DATE: "2026-11-20", Kind.YES_NO: True, Kind.CPR: "6705179902", Kind.PHONE: "12 34 56 78",
    Kind.POSTCODE: "8000", Kind.EMAIL: "navn@eksempel.invalid", Kind.LINE: "Et svar", Kind.WORDS: "Et svar.",
}  # fmt: skip


def right(item: Item) -> Value:
    """Something that is right for a question."""
    if item.options:
        return item.options[0].code
    if item.kind in (Kind.NUMBER, Kind.DECIMAL):
        return int(item.low if item.low is not None else 1)
    value = _RIGHT[item.kind]
    return value[: item.limit] if isinstance(value, str) and item.limit else value


def valid(form: Form, answers: Answers) -> Answers:
    """The answers with a right one wherever something is asked and nothing answered; files left out."""
    for _ in range(6):  # an answer may ask for more
        asked = shown(form, answers)
        for path, item, _section in list(places(form, answers)):
            if path in asked and asks(item) and item.kind is not Kind.FILE and not values_at(answers, path):
                answers = with_values(answers, path, (right(item),))
    return answers


def leaves(answers: Answers, prefix: str = "") -> Iterator[tuple[str, Values]]:
    """Every place where something is answered, without the groups."""
    for key, values in answers.items():
        if any(isinstance(one, Mapping) for one in values):
            for number, one in enumerate(values):
                if isinstance(one, Mapping):
                    yield from leaves(one, f"{prefix}{key}.{number}.")
        else:
            yield prefix + key, values
