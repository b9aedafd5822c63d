"""A QuestionnaireResponse against SDC 3.0 and against the Questionnaire that it answers. Pure; asked of what has passed
the base check.

While it is in progress what is lacking is no fault, and an answer that isn't of its type is a warning: a draft keeps
what was typed.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from barnetsbog.fhir.dates import bounds
from barnetsbog.fhir.issues import Chain, Issue, Report
from barnetsbog.fhir.own import Resource, members, value_of

from .extensions import HL7, Place
from .questionnaires import demanding, extensions

_DAY = re.compile(r"[0-9]{4}(-|$)")
"""How a date begins, and a time of the day doesn't."""
_FINISHED = frozenset({"completed", "amended"})
_CHOSEN = frozenset({"valueCoding", "valueString", "valueInteger", "valueDate", "valueTime", "valueReference"})
_TYPES: Mapping[str, frozenset[str]] = {
    "boolean": frozenset({"valueBoolean"}), "decimal": frozenset({"valueDecimal"}),
    "integer": frozenset({"valueInteger"}), "date": frozenset({"valueDate"}), "dateTime": frozenset({"valueDateTime"}),
    "time": frozenset({"valueTime"}), "string": frozenset({"valueString"}), "text": frozenset({"valueString"}),
    "url": frozenset({"valueUri"}), "attachment": frozenset({"valueAttachment"}),
    "reference": frozenset({"valueReference"}), "quantity": frozenset({"valueQuantity"}),
    "choice": _CHOSEN, "open-choice": _CHOSEN,
}  # fmt: skip


def check_response(response: Resource, questionnaire: Resource | None = None, *, whole: bool = True) -> list[Issue]:
    """`questionnaire`: what it answers, when it is known; without it only the response itself is looked at. `whole`:
    all of the form is in it, so that what must be answered is; a part of a form is not whole."""
    report = Report()
    chain = (None, "QuestionnaireResponse", None)
    demand = demanding(response, report)
    for name in ("questionnaire", "authored"):
        if name not in response:
            demand("cardinality-min", chain, name)
    address, _, version = str(response.get("questionnaire", "")).partition("|")
    if address and not version:
        demand("sdc-version", chain)
    if "subject" not in response:
        report.warning("sdcqr-1", chain)
    extensions(response, Place.RESPONSE, chain, report)
    _in_items(response, chain, report)
    if questionnaire is None:
        return report
    if address != questionnaire.get("url") or version not in ("", str(questionnaire.get("version", ""))):
        report.error("sdc-other-form", chain)
        return report
    _Answers(report, response, whole).items(response, questionnaire, chain, [])
    return report


def _in_items(element: Resource, chain: Chain, report: Report) -> None:
    """What holds whatever the form: extensions, and that a question's answers stand together (sdcqr-2)."""
    answered: set[str] = set()
    for number, item in enumerate(members(element.get("item"))):
        here = (chain, "item", number)
        extensions(item, Place.ANSWERED, here, report)
        if "answer" in item:
            if item.get("linkId") in answered:
                report.error("sdcqr-2", here)
            answered.add(str(item.get("linkId")))
        _in_items(item, here, report)
        for place, answer in enumerate(members(item.get("answer"))):
            _in_items(answer, (here, "answer", place), report)


class _Answers:
    def __init__(self, report: Report, response: Resource, whole: bool) -> None:
        self.report, self.root = report, response
        self.finished = response.get("status") in _FINISHED
        self.demanding = self.finished and whole

    def items(self, given: Resource, asked: Resource, chain: Chain, above: list[Resource]) -> None:
        """What is answered in an element, beside what is asked there."""
        around = [*above, given]
        questions = {str(one.get("linkId")): one for one in members(asked.get("item"))}
        order = {ident: place for place, ident in enumerate(questions)}
        last, times = 0, dict.fromkeys(questions, 0)
        for number, item in enumerate(members(given.get("item"))):
            here, ident = (chain, "item", number), str(item.get("linkId"))
            question = questions.get(ident)
            if question is None:
                self.report.error("sdc-not-asked", here, ident)
                continue
            if order[ident] < last:
                self.report.error("sdc-order", here, ident)
            last = max(last, order[ident])
            times[ident] += 1
            if times[ident] > 1 and not question.get("repeats"):
                self.report.error("sdc-repeats", here, ident)
            self.item(item, question, here, around)
        for ident, question in questions.items():
            if self.demanding and not times[ident]:
                self.lacking(question, chain, around)
            elif question.get("type") == "group":
                self.occurs(question, times[ident], chain)

    def item(self, item: Resource, question: Resource, chain: Chain, around: list[Resource]) -> None:
        kind, ident = str(question.get("type")), str(question.get("linkId"))
        answers = list(members(item.get("answer")))
        if self.finished and not _enabled(question, around) and _answered(item):
            self.report.error("sdc-disabled", chain, ident)
            return
        if kind in ("group", "display"):
            if answers:
                self.report.error("sdc-no-question", chain, ident)
            self.items(item, question, chain, around)
            return
        if len(answers) > 1 and not question.get("repeats"):
            self.report.error("sdc-repeats", chain, ident)
        if self.demanding and question.get("required") and not answers and _enabled(question, around):
            self.report.error("sdc-required", chain, ident)
        self.occurs(question, len(answers), chain)
        for number, answer in enumerate(answers):
            here = (chain, "answer", number)
            self.answer(answer, question, here)
            self.items(answer, question, here, around)

    def occurs(self, question: Resource, there: int, chain: Chain) -> None:
        """Whether a group stands, or a question is answered, as often as the form says, where it is there at all."""
        least, most = (_bound(question, f"questionnaire-{name}Occurs") for name in ("min", "max"))
        tell = self.report.error if self.finished else self.report.warning
        if isinstance(most, int) and there > most:
            tell("sdc-too-many", chain, str(question.get("linkId")), str(most))
        if self.demanding and isinstance(least, int) and 0 < there < least:
            tell("sdc-too-few", chain, str(question.get("linkId")), str(least))

    def lacking(self, question: Resource, chain: Chain, around: list[Resource]) -> None:
        """What must be answered of a question, or of the questions of a group, that isn't there at all."""
        if not _enabled(question, around):
            return
        if question.get("type") != "group":
            if question.get("required"):
                self.report.error("sdc-required", chain, str(question.get("linkId")))
        elif question.get("required") or not question.get("repeats"):
            for one in members(question.get("item")):
                self.lacking(one, chain, around)

    def answer(self, answer: Resource, question: Resource, chain: Chain) -> None:
        found = next((key for key in answer if key.startswith("value")), "")
        if not found:
            return
        kind, value = str(question.get("type")), answer[found]
        tell = self.report.error if self.finished else self.report.warning
        if found not in _TYPES.get(kind, frozenset()):
            tell("sdc-type", chain, kind, found.removeprefix("value"))
        elif kind == "choice" and "answerOption" in question and not any(
            _same(value, value_of(one)) for one in members(question["answerOption"])
        ):  # fmt: skip
            tell("sdc-option", chain, str(question.get("linkId")))
        if isinstance(value, str) and len(value) > question.get("maxLength", len(value)):
            tell("sdc-length", chain, str(question["maxLength"]))
        low, high = (_bound(question, name) for name in ("minValue", "maxValue"))
        if not all(_compares(*one) is not False for one in ((">=", value, low), ("<=", value, high))):
            tell("sdc-outside", chain, str(low), str(high))


def _answered(item: Resource) -> bool:
    if any(value_of(one) is not None for one in members(item.get("answer"))):
        return True
    return any(_answered(one) for one in members(item.get("item")))


def _bound(question: Resource, name: str) -> Any:
    return next((value_of(one) for one in members(question.get("extension")) if one.get("url") == HL7 + name), None)


# -- conditions (R4, Questionnaire.item.enableWhen) --------------------------------------------------------------------


def _enabled(question: Resource, around: Sequence[Resource]) -> bool:
    tests = [_holds(one, around) for one in members(question.get("enableWhen"))]
    if not tests:
        return True
    return any(tests) if question.get("enableBehavior") == "any" else all(tests)


def _holds(test: Resource, around: Sequence[Resource]) -> bool:
    answers = _nearest(str(test.get("question")), around)
    operator = test.get("operator")
    wanted = next((value for key, value in test.items() if key.startswith("answer")), None)
    if operator == "exists":
        return bool(answers) is bool(wanted)
    if operator == "!=":  # as R4 has it: also when nothing is answered
        return not any(_same(one, wanted) for one in answers)
    if operator == "=":
        return any(_same(one, wanted) for one in answers)
    return any(_compares(str(operator), one, wanted) for one in answers)


def _nearest(ident: str, around: Sequence[Resource]) -> list[Any]:
    """The answers of a question, of the occurrence that shares the closest ancestor: a row's own before another's."""
    for element in reversed(around):
        found = [item for item in _below(element) if item.get("linkId") == ident]
        if found:
            return [
                said for item in found for one in members(item.get("answer")) if (said := value_of(one)) is not None
            ]
    return []


def _below(element: Resource) -> Iterator[Resource]:
    for item in members(element.get("item")):
        yield item
        yield from _below(item)
        for answer in members(item.get("answer")):
            yield from _below(answer)


def _compares(operator: str, one: Any, wanted: Any) -> bool | None:
    """None when the two can't be compared: numbers, quantities of one unit, days and times of a day can."""
    (low, high), (least, most) = _span(one, wanted), _span(wanted, one)
    if low is None or least is None or type(low) is not type(least):
        return None
    made: Mapping[str, bool] = {">": low > most, "<": high < least, ">=": low >= least, "<=": high <= most}
    return made.get(operator, False)


def _span(value: Any, beside: Any) -> tuple[Any, Any]:
    """The first and the last of what a value stands for; twice None for what has no order."""
    if isinstance(value, dict) and isinstance(beside, dict) and _unit(value) == _unit(beside):
        value = value.get("value")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value), float(value)
    if not isinstance(value, str):
        return None, None
    try:
        return bounds(value) if _DAY.match(value) else (value, value)
    except ValueError:  # words that begin like a year
        return value, value


def _unit(quantity: Resource) -> tuple[Any, Any]:
    """By its code, or else in words."""
    return quantity.get("system"), quantity.get("code") or quantity.get("unit")


_TELLING = ("system", "code", "reference", "value")


def _same(one: Any, wanted: Any) -> bool:
    """Codings, references and quantities by what tells them apart; those that have nothing of it by their words."""
    if isinstance(one, dict) and isinstance(wanted, dict):
        keys = _TELLING if any(key in one or key in wanted for key in _TELLING) else ("display",)
        return all(one.get(key) == wanted.get(key) for key in keys)
    return bool(one == wanted) and isinstance(one, bool) is isinstance(wanted, bool)
