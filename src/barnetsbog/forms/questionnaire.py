"""A form as FHIR R4 Questionnaire with the extensions of Structured Data Capture. Pure; `reading` is the way back.

Sources: FHIR R4 Questionnaire (https://hl7.org/fhir/R4/questionnaire.html), Structured Data Capture
(https://hl7.org/fhir/uv/sdc/). What a form says and they have no place for stands in extensions of our own (`form`,
`form-part`, `item-part`, `item-kind`, `fill`, `sums`, `becomes`, `child-text`, `marked`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from barnetsbog.fhir.own import BASE, EXTENSION, Resource

from .languages import with_translations
from .model import Becomes, Form, Item, Kind, Op, Option, Part, Section, Test, When, every
from .sources import SOURCES

HL7 = "http://hl7.org/fhir/StructureDefinition/"
SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-"
CONTROLS = "http://hl7.org/fhir/questionnaire-item-control"
PUBLISHER = "Barnets Bog"
FHIRPATH = "text/fhirpath"
LAUNCH_CONTEXTS = "http://hl7.org/fhir/uv/sdc/CodeSystem/launchContext"
OF_THE_CHILD: Resource = {"url": f"{SDC}launchContext", "extension": [
    {"url": "name", "valueCoding": {"system": LAUNCH_CONTEXTS, "code": "patient", "display": "Patient"}},
    {"url": "type", "valueCode": "Patient"},
]}  # fmt: skip
"""Every form is about a child, and `%patient` in its expressions is that child."""
FEW = 5
"""Answers that are shown as buttons; more are a list."""

TYPES = {
    Kind.LINE: "string", Kind.WORDS: "text", Kind.NUMBER: "integer", Kind.DECIMAL: "decimal", Kind.DATE: "date",
    Kind.YES_NO: "boolean", Kind.CHOICE: "choice", Kind.CHOICES: "choice", Kind.CPR: "string", Kind.PHONE: "string",
    Kind.POSTCODE: "string", Kind.EMAIL: "string", Kind.FILE: "attachment", Kind.GROUP: "group", Kind.SHOWN: "display",
}  # fmt: skip
SPECIAL = frozenset({Kind.CPR, Kind.PHONE, Kind.POSTCODE, Kind.EMAIL})
"""Kinds that FHIR has no type for: a string, and which it is in an extension."""
_FORMATS = {
    Kind.CPR: "ddmmåå-xxxx", Kind.PHONE: "8 cifre", Kind.POSTCODE: "4 cifre", Kind.EMAIL: "navn@sted.dk",
    Kind.DATE: "dd.mm.åååå",
}  # fmt: skip
OPERATORS = {Op.IS: "=", Op.IS_NOT: "!=", Op.OVER: ">", Op.UNDER: "<", Op.ANSWERED: "exists"}
_ANSWERS = {
    Kind.NUMBER: "answerInteger", Kind.DECIMAL: "answerDecimal", Kind.YES_NO: "answerBoolean",
    Kind.CHOICE: "answerCoding", Kind.CHOICES: "answerCoding",
}  # fmt: skip


def url_of(form: str) -> str:
    """The canonical address of a form, without its version."""
    return f"{BASE}/Questionnaire/{form}"


def name_of(form: str) -> str:
    """The form's name as a computer's word (que-0)."""
    return "".join(word.capitalize() for word in form.split("-"))


def versioned(form: Form) -> str:
    """As a QuestionnaireResponse names the form that it answers."""
    return f"{url_of(form.id)}|{form.version}"


def answer_system(item: str) -> str:
    """The code system of the answers to choose from: an item means the same in every form, so it is one for each."""
    return f"{BASE}/CodeSystem/form-answer-{item}"


# -- to FHIR -----------------------------------------------------------------------------------------------------------


def questionnaire_of(form: Form) -> Resource:
    """As it is released and kept."""
    return with_translations(_in_danish(form), form.languages)


def exported(form: Form) -> Resource:
    """As others get it: what is released, and the launch context that its expressions speak of (SDC, "launchContext").
    It stands in no released version, and those never change."""
    found = questionnaire_of(form)
    return {**found, "extension": [*found["extension"], OF_THE_CHILD]}


def _in_danish(form: Form) -> Resource:
    kinds = {item.id: item.kind for section in form.sections for item in every(section.items)}
    return {
        "resourceType": "Questionnaire",
        "id": form.id,
        "extension": [_form_extension(form), *(_part_extension(part) for part in form.parts)],
        "url": url_of(form.id),
        "version": str(form.version),
        "name": name_of(form.id),
        "title": form.title,
        "status": "active",
        "subjectType": ["Patient"],
        "publisher": PUBLISHER,
        "purpose": form.purpose,
        **({"copyright": form.licensed.licence} if form.licensed else {}),
        "item": [_section_item(section, kinds) for section in form.sections],
    }


def _own(name: str, **value: Any) -> Resource:
    return {"url": EXTENSION + name, **value}


def _pieces(name: str, pieces: Iterable[tuple[str, str, Any]]) -> Resource:
    """A complex extension of our own: name of the piece, type of its value, value."""
    return _own(name, extension=[{"url": url, kind: value} for url, kind, value in pieces])


def _form_extension(form: Form) -> Resource:
    pieces: list[tuple[str, str, Any]] = [("number", "valueInteger", form.number)]
    if form.family:
        pieces.append(("family", "valueCode", form.family))
    pieces += [("sender", "valueCode", str(one)) for one in form.sender]
    pieces += [("receiver", "valueCode", one) for one in form.receiver]
    pieces += [("block", "valueCode", one) for one in sorted(form.blocks)]
    pieces += [("law", "valueCode", one) for one in form.law]
    pieces += [("law-text", "valueString", form.law_text), ("months", "valueInteger", form.months)]
    pieces.append(("one-page", "valueBoolean", form.one_page))
    if form.licensed:
        one = form.licensed
        pieces += [
            ("instrument", "valueString", one.name), ("owner", "valueString", one.owner),
            ("informant", "valueString", one.informant), ("from-age", "valueInteger", one.ages[0]),
            ("to-age", "valueInteger", one.ages[1]), *(("scale", "valueString", scale) for scale in one.scales),
        ]  # fmt: skip
    return _pieces("form", pieces)


def _part_extension(part: Part) -> Resource:
    pieces: list[tuple[str, str, Any]] = [
        ("id", "valueCode", part.id), ("party", "valueCode", str(part.party)), ("title", "valueString", part.title),
        *(("after", "valueCode", one) for one in part.after),
    ]  # fmt: skip
    if part.each:
        pieces.append(("each", "valueBoolean", True))
    return _pieces("form-part", pieces)


def _section_item(section: Section, kinds: Mapping[str, Kind]) -> Resource:
    return {
        **({"extension": [_own("item-part", valueCode=section.part)]} if section.part else {}),
        "linkId": section.id,
        "text": section.title,
        "type": "group",
        **_enabling(section.when, kinds),
        "item": [*_help(section.id, section.help), *(_item(item, kinds) for item in section.items)],
    }


def _help(of: str, text: str) -> list[Resource]:
    if not text:
        return []
    return [{"extension": [_control("help")], "linkId": f"{of}-help", "text": text, "type": "display"}]


def _control(code: str) -> Resource:
    return {
        "url": f"{HL7}questionnaire-itemControl",
        "valueCodeableConcept": {"coding": [{"system": CONTROLS, "code": code}]},
    }


def _item(item: Item, kinds: Mapping[str, Kind]) -> Resource:
    extensions = list(_item_extensions(item))
    repeats = item.repeats or item.kind is Kind.CHOICES
    inner = [*_help(item.id, item.help), *(_item(one, kinds) for one in item.items)]
    return {
        **({"extension": extensions} if extensions else {}),
        "linkId": item.id,
        "text": item.ask,
        "type": TYPES[item.kind],
        **_enabling(item.when, kinds),
        **({"required": True} if item.required else {}),
        **({"repeats": True} if repeats else {}),
        **({"readOnly": True} if item.sums else {}),
        **({"maxLength": item.limit} if item.limit else {}),
        **({"answerOption": [_answer(item.id, option) for option in item.options]} if item.options else {}),
        **({"item": inner} if inner else {}),
    }


def _item_extensions(item: Item) -> Iterator[Resource]:
    if item.kind in SPECIAL:
        yield _own("item-kind", valueCode=str(item.kind))
    if item.kind in _FORMATS:
        yield {"url": f"{HL7}entryFormat", "valueString": _FORMATS[item.kind]}
    if item.kind is Kind.CHOICES:
        yield _control("check-box")
    if item.kind is Kind.CHOICE:
        yield _control("radio-button" if len(item.options) <= FEW else "drop-down")
    if item.child:
        yield _own("child-text", valueString=item.child)
    if item.marked:
        yield _own("marked", valueString=item.marked)
    if item.anew:
        yield _own("anew", valueBoolean=True)
    whole = item.kind is Kind.NUMBER
    for name, bound in (("minValue", item.low), ("maxValue", item.high)):
        if bound is not None:
            yield {"url": HL7 + name, **({"valueInteger": int(bound)} if whole else {"valueDecimal": bound})}
    if item.unit:
        yield {"url": f"{HL7}questionnaire-unit", "valueCoding": {"display": item.unit}}
    if item.repeats and item.required:
        yield {"url": f"{HL7}questionnaire-minOccurs", "valueInteger": 1}
    if item.most > 1:
        yield {"url": f"{HL7}questionnaire-maxOccurs", "valueInteger": item.most}
    if item.fill:
        yield _own("fill", valueCode=item.fill)
        if item.fill in SOURCES and SOURCES[item.fill].expression:
            yield _expression("initialExpression", SOURCES[item.fill].expression)
    if item.sums:
        yield from (_own("sums", valueCode=one) for one in item.sums)
        yield _expression("calculatedExpression", sum_of(item.sums))
    if item.becomes:
        yield _pieces("becomes", _becomes_pieces(item.becomes))


def _expression(name: str, said: str) -> Resource:
    return {"url": SDC + name, "valueExpression": {"language": FHIRPATH, "expression": said}}


def sum_of(items: Sequence[str]) -> str:
    asked = " or ".join(f"linkId = '{item}'" for item in items)
    return f"%resource.descendants().where({asked}).answer.value.ordinal().sum()"


def _becomes_pieces(becomes: Becomes) -> Iterator[tuple[str, str, Any]]:
    yield "what", "valueCode", becomes.what
    if becomes.code:
        yield "code", "valueCode", becomes.code
    yield from (("part", "valueString", f"{item}={part}") for item, part in becomes.parts.items())


def _answer(item: str, option: Option) -> Resource:
    extensions: list[Resource] = []
    if option.score is not None:
        extensions.append({"url": f"{HL7}ordinalValue", "valueDecimal": option.score})
    if option.child:
        extensions.append(_own("child-text", valueString=option.child))
    coding = {"system": answer_system(item), "code": option.code, "display": option.text}
    return {**({"extension": extensions} if extensions else {}), "valueCoding": coding}


def _enabling(when: When, kinds: Mapping[str, Kind]) -> Resource:
    if not when.tests:
        return {}
    tests = [_enable(test, kinds[test.item]) for test in when.tests]
    return {"enableWhen": tests, **({"enableBehavior": "any" if when.any_of else "all"} if len(tests) > 1 else {})}


def _enable(test: Test, kind: Kind) -> Resource:
    said: Any = test.value
    if test.op is Op.ANSWERED:
        name, said = "answerBoolean", test.value is not False
    else:
        name = _ANSWERS[kind]
        if kind is Kind.NUMBER:
            said = int(said)
        if name == "answerCoding":
            said = {"system": answer_system(test.item), "code": said}
    return {"question": test.item, "operator": OPERATORS[test.op], name: said}
