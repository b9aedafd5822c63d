"""Questionnaires: any form there and back, and what others have written, read as far as it can be and never in silence."""

import copy
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from barnetsbog.fhir.checking import check
from barnetsbog.fhir.own import EXTENSION
from barnetsbog.fhir.sdc import check_questionnaire
from barnetsbog.forms import loading, model
from barnetsbog.forms.model import (
    Becomes,
    Form,
    Item,
    Kind,
    Op,
    Option,
    Part,
    Party,
    Section,
    When,
)
from barnetsbog.forms.questionnaire import exported, questionnaire_of
from barnetsbog.forms.reading import form_of, read

TOPI = {
    "resourceType": "Questionnaire", "status": "active", "version": "2.1.0", "title": "Prøve",
    "item": [{
        "linkId": "1", "text": "Vurdering", "type": "choice",
        "answerOption": [{"valueString": "Grøn"}, {"valueString": "Gul"}],
    }],
}  # fmt: skip


# -- any form ----------------------------------------------------------------------------------------------------------

_texts = st.text(st.characters(categories=("L", "N", "P")), min_size=1, max_size=20)
_options = st.lists(
    st.builds(
        Option, st.sampled_from("abcdef"), _texts, st.none() | st.integers(0, 4).map(float), st.just("") | _texts
    ),
    min_size=2, max_size=4, unique_by=lambda option: option.code,
).map(tuple)  # fmt: skip


@st.composite
def items(draw, taken, before, depth=0):
    kinds = [kind for kind in Kind if depth < 2 or kind is not Kind.GROUP]
    kind = draw(st.sampled_from(kinds))
    ident = f"i{len(taken)}"
    taken.append(ident)
    chosen = kind in (Kind.CHOICE, Kind.CHOICES)
    counted = kind in (Kind.NUMBER, Kind.DECIMAL)
    group = kind is Kind.GROUP
    low = draw(st.none() | st.integers(0, 9).map(float)) if counted else None
    item = Item(
        id=ident, kind=kind, ask=draw(_texts), help="" if kind is Kind.SHOWN else draw(st.just("") | _texts),
        child=draw(st.just("") | _texts), required=kind is not Kind.SHOWN and draw(st.booleans()),
        options=draw(_options) if chosen else (), when=draw(whens(before)),
        limit=draw(st.integers(0, 900)) if kind in (Kind.LINE, Kind.WORDS) else 0, low=low,
        unit=draw(st.just("") | _texts) if counted else "", most=draw(st.sampled_from([0, 1, 3])) if group else 1,
        fill=draw(st.sampled_from(["", "child.name", "interventions"])),
        becomes=draw(st.none() | st.just(Becomes("goal", {ident: "what"}, "x"))), marked=draw(st.just("") | _texts),
        anew=draw(st.booleans()),
        items=tuple(draw(items(taken, [], depth + 1)) for _ in range(draw(st.integers(1, 2)))) if group else (),
    )  # fmt: skip
    before.append(item)
    return item


@st.composite
def whens(draw, before):
    asked = [one for one in before if one.kind in (Kind.CHOICE, Kind.YES_NO, Kind.NUMBER, Kind.LINE)]
    if not asked or draw(st.booleans()):
        return When()
    tests = []
    for one in draw(st.lists(st.sampled_from(asked), min_size=1, max_size=2, unique_by=lambda item: item.id)):
        if one.kind is Kind.CHOICE:
            tests.append(model.Test(one.id, draw(st.sampled_from([Op.IS, Op.IS_NOT])), one.options[0].code))
        elif one.kind is Kind.YES_NO:
            tests.append(model.Test(one.id, Op.IS, draw(st.booleans())))
        elif one.kind is Kind.NUMBER:
            tests.append(
                model.Test(one.id, draw(st.sampled_from([Op.OVER, Op.UNDER, Op.IS])), float(draw(st.integers(0, 9))))
            )
        else:
            tests.append(model.Test(one.id, Op.ANSWERED, draw(st.sampled_from([None, False]))))
    return When(tuple(tests), len(tests) > 1 and draw(st.booleans()))


@st.composite
def forms(draw):
    taken: list[str] = []
    before: list[Item] = []
    parts = (Part("a", Party.SCHOOL, "Skole"), Part("b", Party.PARENT, "Forældre", ("a",), True))
    sections = []
    for number in range(draw(st.integers(1, 3))):
        when = draw(whens(before))
        inside = tuple(draw(items(taken, before)) for _ in range(draw(st.integers(1, 3))))
        part, said = draw(st.sampled_from("ab")), draw(st.just("") | _texts)
        sections.append(Section(f"s{number}", draw(_texts), part, inside, said, when))
    return Form(
        id="a-form", number=3, version=draw(st.integers(1, 9)), title=draw(_texts), purpose=draw(_texts), family="V1",
        sender=(Party.SCHOOL,), receiver=("ppr", "bup"), blocks=frozenset({"TI", "IN"}), law=("BL18",),
        law_text=draw(_texts), months=draw(st.integers(0, 24)), parts=parts, sections=tuple(sections),
        one_page=draw(st.booleans()),
    )  # fmt: skip


@given(forms())
@settings(max_examples=60, deadline=None)
def test_any_form_is_a_valid_questionnaire_and_comes_back_the_same(form):
    questionnaire = exported(form)

    issues = [*check(questionnaire), *check_questionnaire(questionnaire)]
    assert [issue for issue in issues if issue.severity == "error"] == []
    assert read(json.loads(json.dumps(questionnaire))) == (form, ())


# -- what others have written ------------------------------------------------------------------------------------------


def with_item(**item):
    return {**TOPI, "item": [{"linkId": "1", "text": "Vurdering", **item}]}


def test_plain_answers_are_read():
    form, unsupported = read(TOPI)

    assert [(one.code, one.text) for one in form.sections[0].items[0].options] == [("Grøn", "Grøn"), ("Gul", "Gul")]
    assert unsupported == ("skemaet: versionen 2.1.0 er ikke et helt tal; den bliver 1",)
    long = read({**TOPI, "version": "9" * 5000})  # more digits than a number is read from
    assert long.form and long.form.version == 1


LEFT_OUT = {
    "svarene står et andet sted (http://x.dk/vs)": {"type": "choice", "answerValueSet": "http://x.dk/vs"},
    "typen quantity kan ikke bruges": {"type": "quantity"},
    "typen open-choice kan ikke bruges med de svar": {"type": "open-choice", "answerOption": [{"valueString": "a"}]},
}
NOT_USED = {
    "udvidelsen http://x.dk/e kan ikke bruges": {"type": "string", "extension": [{"url": "http://x.dk/e", "valueCode": "a"}]},
    "'prefix' kan ikke bruges": {"type": "string", "prefix": "1"},
    "'initial' kan ikke bruges": {"type": "string", "initial": [{"valueString": "a"}]},
    "kan kun svares én gang": {"type": "string", "repeats": True},
    "'readOnly' kan kun bruges på en sum": {"type": "string", "readOnly": True},
    "betingelsen kan ikke bruges; der spørges altid": {
        "type": "string", "enableWhen": [{"question": "9", "operator": "=", "answerBoolean": True}]
    },
    "felterne i det (2) udelades": {"type": "string", "item": [{"linkId": "2", "text": "Under", "type": "string"}]},
    "er kodet i http://x.dk/s; det huskes ikke": {
        "type": "choice", "answerOption": [{"valueCoding": {"system": "http://x.dk/s", "code": "a"}}]
    },
    "'_text' kan ikke bruges": {"type": "string", "_text": {"extension": [{"url": "http://x.dk/t", "valueCode": "a"}]}},
}  # fmt: skip


@pytest.mark.parametrize(("says", "item"), LEFT_OUT.items())
def test_what_no_item_can_be_is_left_out_and_named(says, item):
    form, unsupported = read(with_item(**item))

    assert form is None
    assert any(f"felt 1: {says}; feltet udelades" == one for one in unsupported)


@pytest.mark.parametrize(("says", "item"), NOT_USED.items())
def test_what_an_item_has_no_place_for_is_named(says, item):
    form, unsupported = read(with_item(**item))

    assert form.sections[0].items[0].id == "1"
    assert any(says in one for one in unsupported), unsupported


def test_questions_between_groups_are_sections_of_their_own():
    group = {
        "linkId": "g",
        "type": "group",
        "text": "Gruppe",
        "item": [{"linkId": "2", "text": "To", "type": "string"}],
    }
    form, _ = read({**TOPI, "item": [TOPI["item"][0], group, {"linkId": "3", "text": "Tre", "type": "string"}]})

    assert [[item.id for item in section.items] for section in form.sections] == [["1"], ["2"], ["3"]]


@pytest.mark.parametrize(
    "value", [None, 3, "x", [], {}, {"resourceType": "Patient"}, {"resourceType": "Questionnaire"}]
)
def test_what_is_no_questionnaire_is_said_to_be_none(value):
    form, unsupported = read(value)

    assert form is None
    assert unsupported


def test_ours_with_something_foreign_in_it_is_not_ours():
    questionnaire = copy.deepcopy(questionnaire_of(loading.program()["own-consent"]))
    questionnaire["item"][0]["item"][0]["prefix"] = "1"

    with pytest.raises(ValueError, match="felt child-name: 'prefix' kan ikke bruges"):
        form_of(questionnaire)


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_reading_never_fails_whatever_is_put_in(data):
    questionnaire = copy.deepcopy(questionnaire_of(loading.program()["sdq-parent-4-10"]))
    node = questionnaire
    while True:
        key = data.draw(st.sampled_from(sorted(node) if isinstance(node, dict) else range(len(node))))
        inner = node[key]
        if not isinstance(inner, dict | list) or not inner or data.draw(st.integers(0, 4)) == 0:
            node[key] = data.draw(_json)
            break
        node = inner

    form, unsupported = read(questionnaire)
    assert form is not None or unsupported


@pytest.mark.parametrize("name", ["item-part", "item-kind", "fill", "sums", "child-text", "anew"])
def test_an_extension_of_ours_that_holds_something_else_is_named(name: str):
    strange = [{"url": f"{EXTENSION}{name}", "valueQuantity": {"value": 1}}]
    item = {"linkId": "b", "text": "B", "type": "string", "extension": strange}
    section = {"linkId": "a", "text": "A", "type": "group", "extension": strange, "item": [item]}
    form, unsupported = read({"resourceType": "Questionnaire", "status": "active", "title": "X", "item": [section]})
    assert form and any(name in one for one in unsupported)


@pytest.mark.corpus
def test_danish_questionnaires_are_read_or_named(corpus: Path):
    found = {path.name: read(json.loads(path.read_bytes())) for path in corpus.rglob("Questionnaire-*.json")}

    topi = found["Questionnaire-klgateway-children-topi.json"]
    assert [option.text for option in topi.form.sections[0].items[0].options][:2] == ["Grøn", "Gul"]
    mental = found["Questionnaire-MentalHealthQuestionnaire.json"]
    assert mental.form is None  # every question has its answers in a ValueSet elsewhere
    assert sum("svarene står et andet sted" in one for one in mental.unsupported) >= 7
