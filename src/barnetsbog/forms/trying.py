"""Test cases of forms: given these answers, what must be asked, what must be wrong, and what must be worked out. Pure.

A case is kept as it came out when somebody found it right. It speaks only of the questions that there were then: a new
question breaks none.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from . import rules
from .answers import asks, items_of, places, values_at
from .model import Answers, Form, Value


@dataclass(frozen=True, slots=True)
class Case:
    """`shown`, `hidden`: the places that are asked, and are not; `faults`: those where something is wrong; `sums`: what
    is worked out, by place."""

    id: str
    title: str
    form: str
    answers: Answers
    shown: frozenset[str]
    hidden: frozenset[str]
    faults: frozenset[str]
    sums: Mapping[str, Value]

    @property
    def content(self) -> dict[str, Any]:
        """As JSON; `case_of` is the way back."""
        return {
            "title": self.title, "form": self.form, "answers": self.answers, "shown": sorted(self.shown),
            "hidden": sorted(self.hidden), "faults": sorted(self.faults), "sums": dict(self.sums),
        }  # fmt: skip


def case_of(ident: str, content: Mapping[str, Any]) -> Case:
    return Case(
        ident, content["title"], content["form"], _frozen(content["answers"]), frozenset(content["shown"]),
        frozenset(content["hidden"]), frozenset(content["faults"]), content["sums"],
    )  # fmt: skip


def _frozen(answers: Mapping[str, Any]) -> Answers:
    return {
        key: tuple(_frozen(one) if isinstance(one, Mapping) else one for one in values)
        for key, values in answers.items()
    }


def as_it_comes_out(ident: str, title: str, form: Form, answers: Answers) -> Case:
    """A case that holds: these answers, and what the form makes of them."""
    asked = rules.shown(form, answers)
    everywhere = {one.path for one in places(form, answers) if asks(one.item)}
    return Case(
        ident, title, form.id, answers, frozenset(asked & everywhere), frozenset(everywhere - asked),
        frozenset(_wrong(form, answers)), _sums(form, answers),
    )  # fmt: skip


def failures(form: Form, case: Case) -> Iterator[str]:
    """What does not come out as the case says, in sentences."""
    asked, wrong = rules.shown(form, case.answers), frozenset(_wrong(form, case.answers))
    known = case.shown | case.hidden
    yield from (f"der spørges ikke om »{one}«" for one in _told(form, case.shown - asked))
    yield from (f"der spørges om »{one}«" for one in _told(form, case.hidden & asked))
    yield from (f"»{one}« skulle være forkert eller mangle" for one in _told(form, case.faults - wrong))
    yield from (f"»{one}« er forkert eller mangler" for one in _told(form, (wrong & known) - case.faults))
    sums = _sums(form, case.answers)
    for path, said in case.sums.items():
        if sums.get(path) != said:
            yield f"»{_ask(form, path)}« skulle give {said} og giver {sums.get(path, 'ingenting')}"


def _told(form: Form, paths: Iterable[str]) -> list[str]:
    return [_ask(form, path) for path in sorted(paths)]


def _ask(form: Form, path: str) -> str:
    """The question at a place; its id when it is gone."""
    ident = path.rpartition(".")[2]
    return next((item.ask for item in items_of(form) if item.id == ident), ident)


def _wrong(form: Form, answers: Answers) -> Iterator[str]:
    return (one.path for one in rules.faults(form, answers) if not one.warning)


def _sums(form: Form, answers: Answers) -> dict[str, Value]:
    done = rules.worked_out(form, answers)
    found = {one.path: values_at(done, one.path) for one in places(form, done) if one.item.sums}
    return {path: values[0] for path, values in found.items() if values and not isinstance(values[0], Mapping)}
