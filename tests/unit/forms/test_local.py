"""What an instance changes: records in the place of the program's, everyday changes, and forms that others have made."""

import json
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from barnetsbog.fhir.checking import check
from barnetsbog.forms import common, editing, loading, model, samples
from barnetsbog.forms.answersets import resources_of, with_answers
from barnetsbog.forms.checking import items_of
from barnetsbog.forms.common import Common
from barnetsbog.forms.editing import Heading, NewItem, NewSection, Words
from barnetsbog.forms.files import FormError
from barnetsbog.forms.local import (
    Local,
    Sort,
    dumped,
    find,
    keys,
    must_hold,
    put_together,
    read_local,
    read_package,
    text_of,
    with_local,
    written,
)
from barnetsbog.forms.model import Kind, Op, When
from barnetsbog.forms.questionnaire import questionnaire_of
from barnetsbog.forms.reading import read
from barnetsbog.forms.rules import faults
from barnetsbog.forms.sourcing import Known, Told, source
from barnetsbog.forms.trying import as_it_comes_out, failures
from barnetsbog.law.rulefiles import LawFileError, loaded
from tests.conftest import CORPUS, skip

FORM = "form/status-school"
PROGRAM = loading.program()
RAW = read_package()
TOLD = Told(100, "Et skema udefra.", "I har aftalt det.", ("anybody",), ("other",), ("TI",))
KNOWN = Known(
    put_together(written(Local())).sources.shared.items,
    {item.id: item for form in PROGRAM.values() for item in items_of(form)},
)


def changed(local=None, **records):
    """The catalogue with some records, by the last part of their key."""
    found = local or Local()
    for key, content in records.items():
        found = found.with_record(f"form/{key.replace('_', '-')}", dumped(content))
    return put_together(written(found))


def school(content):
    return changed(status_school=content).forms["status-school"]


# -- records -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", list(keys(RAW)))
def test_every_record_is_written_so_that_it_reads_the_same(key):
    text = dumped(find(RAW, key))
    assert loaded(text, key) == find(RAW, key)
    assert Local().with_record(key, text) == Local()


def test_without_changes_it_is_the_program_s_catalogue():
    found = put_together(written(Local()))
    assert dict(found.forms) == dict(PROGRAM) and found.faults == ()


def test_a_shared_question_that_is_changed_is_changed_wherever_it_is_asked():
    asked = Words.of(KNOWN.shared["mood"])._replace(ask="Hvordan er humøret?")
    content = common.worded(put_together(written(Local())), Common(Sort.QUESTION, "mood"), "mood", asked)
    found = put_together(written(Local({"question/mood": dumped(content)})))
    asked = {form.id for form in editing.used_in(found.forms.values(), "mood")}
    assert asked == {form.id for form in PROGRAM.values() if found.forms[form.id] != form}
    assert "status-school" in asked and len(asked) > 3
    assert editing.item_in(found.forms["status-school"], "mood").ask == "Hvordan er humøret?"


def test_changes_are_kept_and_read_the_same():
    form = PROGRAM["status-school"]
    local = Local(
        {FORM: dumped(find(RAW, FORM))}, {"egen-1": as_it_comes_out("egen-1", "x", form, samples.answers(form))}
    )
    assert read_local(written(local)) == local and read_local("") == Local()
    assert text_of(RAW, local, FORM) == local.records[FORM] and text_of(RAW, local, "form/nope") is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("number: [", "kan ikke læses"), ("- en", "skal være felter"), ("id: other", "skal være status-school"),
        ("id: status-school\nid: status-school", "står to gange"), ("a: &a [1]\nid: *a", "henvisninger med \\*"),
        ("id: status-school\nnumber: 43\nfamili: V11", "felt 'famili': feltet kendes ikke her"),
        ("x" * 200_001, "længere end"), ("[" * 5000, "kan ikke læses"), ("a: 1\nb: [", "linje"),
        (dumped(find(RAW, FORM) | {"number": 44}), "filen skal hedde"),
        (dumped(find(RAW, FORM) | {"words": 3}), "felt 'words'"),
        (dumped(find(RAW, FORM) | {"overlay": [{"change": "nope", "ask": "x"}]}), "nope"),
        (dumped(find(RAW, FORM) | {"overlay": {"a": "b"}}), "skal være en liste"),
        (dumped(find(RAW, FORM) | {"overlay": [*find(RAW, FORM)["overlay"], {"change": "absence-why", "when": "absence-percent over 9999999999"}]}), "er ikke et svar, som"),
        (dumped(find(RAW, FORM) | {"months": 99999}), "felt 'months': skal være et helt tal fra 0 til 240"),
        *(
            (dumped(find(RAW, FORM) | {"overlay": [{"add": new, "after": "mood"}]}), "skal være et (helt )?tal fra")
            for new in (
                {"id": "n", "kind": "words", "ask": "x", "limit": 10**30}, {"id": "n", "kind": "number", "ask": "x", "low": float("inf")},
                {"id": "n", "kind": "decimal", "ask": "x", "high": float("nan")},
            )
        ),
    ],
)  # fmt: skip
def test_what_can_t_be_read_is_told_by_record_and_field(text, told):
    with pytest.raises(LawFileError, match=told):
        put_together(written(Local({FORM: text})))


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "add", "items", "when", "x"]), inner, max_size=3),
    max_leaves=8,
), st.sampled_from(["overlay", "parts", "sections", "words", "sender", "number", "months"]))  # fmt: skip
@settings(max_examples=40, deadline=None)
def test_whatever_stands_in_a_field_is_either_used_or_refused(value, name):
    with suppress(LawFileError):
        put_together(written(Local({FORM: dumped(find(RAW, FORM) | {name: value})})))


def test_the_same_check_as_the_files_stands_before_publishing():
    hard = "Pædagogisk-psykologiske undersøgelsesproblematikker foranstaltes. " * 3
    content = editing.worded(
        RAW, "status-school", "strengths", _words("strengths")._replace(ask=hard[:200], help=(hard * 2)[:400])
    )
    with pytest.raises(FormError, match="LIX"):
        must_hold(written(Local({FORM: dumped(content)})))
    with pytest.raises(FormError, match="mood er af en anden slags end i programmet"):
        must_hold(written(Local({"question/mood": dumped(find(RAW, "question/mood") | {"kind": "line"})})))
    concern = find(RAW, "form/concern-gp")
    without = [*concern["overlay"], {"drop": "parents-not-told-why"}, {"drop": "parents-know"}]
    with pytest.raises(FormError, match="parents-know og dets svar siger, hvem"):
        must_hold(written(Local({"form/concern-gp": dumped({**concern, "overlay": without})})))
    for weaker in (
        {"change": "concern-kinds", "required": False}, {"change": "concern-kinds", "when": "urgent is today"},
        {"change": "seen", "when": "urgent is today"},
    ):  # fmt: skip
        with pytest.raises(FormError, match="concern-kinds siger, hvem der må vide det; der skal spørges"):
            must_hold(
                written(Local({"form/concern-gp": dumped({**concern, "overlay": [*concern["overlay"], weaker]})}))
            )
    no = dict(find(RAW, "form/withdrawal"))
    (added,) = (
        one["add"] for one in no["overlay"] if isinstance(one.get("add"), dict) and one["add"]["id"] == "withdrawn-from"
    )
    more = added | {"options": added["options"] | {"club": "Klubben"}}
    for steps, told in (
        ([*no["overlay"], {"drop": "withdrawn-from"}], "withdrawn-from og dets svar siger, hvem"),
        ([{**one, "add": more} if one.get("add") == added else one for one in no["overlay"]], "ikke få flere svar"),
    ):
        with pytest.raises(FormError, match=told):
            must_hold(written(Local({"form/withdrawal": dumped(no | {"overlay": steps})})))
    with pytest.raises(FormError, match="kun skemaet »withdrawal« tager et ja tilbage"):
        must_hold(written(Local({"form/egen": dumped(no | {"id": "egen", "number": 100})})))
    for changed_law in ({"law": ["BL18"]}, {"blocks": ["TI"]}):
        with pytest.raises(FormError, match="følger af loven"):
            must_hold(written(Local({FORM: dumped(find(RAW, FORM) | changed_law)})))
    concern = dict(find(RAW, "form/concern-gp")) | {"id": "egen", "number": 100}
    with pytest.raises(FormError, match="et eget skema kan ikke være en underretning"):
        must_hold(written(Local({"form/egen": dumped(concern)})))
    own = {"add": {"id": "mood-own", "kind": "line", "ask": "Hvad?"}, "after": "mood"}
    drifting = own | {"add": own["add"] | {"kind": "words"}}
    records = {
        key: dumped(find(RAW, key) | {"overlay": [*find(RAW, key)["overlay"], step]})
        for key, step in ((FORM, own), ("form/status-preschool", drifting))
    }
    with pytest.raises(FormError, match="mood-own betyder ikke det samme"):
        must_hold(written(Local(records)))


# -- everyday changes --------------------------------------------------------------------------------------------------


def _words(ident, form="status-school"):
    return Words.of(editing.item_in(PROGRAM[form], ident))


def test_a_question_is_worded_differently_and_back_again():
    wanted = _words("should-continue")._replace(ask="Hvad skal I blive ved med?", required=True, limit=0, help="Kort.")
    content = editing.worded(RAW, "status-school", "should-continue", wanted)
    form = school(content)
    assert Words.of(editing.item_in(form, "should-continue")) == wanted
    local = Local({FORM: dumped(content)})
    back = editing.worded(with_local(RAW, local), "status-school", "should-continue", _words("should-continue"))
    assert local.with_record(FORM, dumped(back)) == Local()


def test_help_and_conditions_can_be_taken_away():
    form = PROGRAM["status-school"]
    helped = next(item for item in items_of(form) if item.help and item.kind is not Kind.SHOWN)
    asked = next(item for item in items_of(form) if item.when.tests)
    for item, wanted in ((helped, {"help": ""}), (asked, {"when": When()})):
        content = editing.worded(RAW, form.id, item.id, Words.of(item)._replace(**wanted))
        assert Words.of(editing.item_in(school(content), item.id)) == Words.of(item)._replace(**wanted)


def test_a_condition_is_written_with_the_answers_as_people_read_them():
    form = PROGRAM["status-school"]
    before = editing.asked_before(form, "last")
    mood = next(one for one in before if one.options)
    test = editing.test_of(mood, "er", mood.options[0].text.upper())
    assert test == model.Test(mood.id, Op.IS, mood.options[0].code) and editing.told(test, form) == (
        "er",
        mood.options[0].text,
    )
    number = next(one for one in before if one.kind in (Kind.NUMBER, Kind.DECIMAL))
    assert editing.test_of(number, "over", "10,5") == model.Test(number.id, Op.OVER, 10.5)
    assert editing.told(model.Test(number.id, Op.OVER, 10.5), form) == ("over", "10,5")
    assert editing.told(editing.test_of(mood, "ubesvaret", ""), form) == ("ubesvaret", "")
    for item, op, said, told in (
        (mood, "er", "Måske", "Skriv et af dem"), (mood, "over", "3", "er ikke et tal"),
        (number, "over", "mange", "Skriv et tal"),
        (next(one for one in before if one.kind is Kind.WORDS), "er", "x", "kun spørge, om det er besvaret"),
    ):  # fmt: skip
        with pytest.raises(ValueError, match=told):
            editing.test_of(item, op, said)
    heading = Heading.of(editing.section_in(form, "last"))._replace(when=When((test,)), title="Slut")
    changed_form = school(editing.worded(RAW, form.id, "last", heading))
    assert Heading.of(editing.section_in(changed_form, "last")) == heading


def test_what_is_dropped_can_be_had_again():
    content = editing.without(RAW, "status-school", "mood")
    raw = with_local(RAW, Local({FORM: dumped(content)}))
    assert editing.item_in(school(content), "mood") is None
    assert "mood" in editing.dropped(raw, school(content))
    assert editing.again(raw, "status-school", "mood") == find(RAW, FORM)
    assert editing.section_in(school(editing.without(RAW, "status-school", "the-good")), "the-good") is None


@pytest.mark.parametrize("form", PROGRAM.values(), ids=lambda form: form.id)
def test_what_is_moved_down_is_moved_up_again(form):
    """Whatever its place, or a condition needs the order, and that is what is said."""
    for ident in [section.id for section in form.sections][:2] + [item.id for item in form.sections[0].items][-2:]:
        try:
            down = editing.moved(RAW, form, ident, up=False)
            raw = with_local(RAW, Local({f"form/{form.id}": dumped(down)}))
            there = editing.as_form(RAW, down)
            up = editing.moved(raw, there, ident, up=True)
            assert there == form or editing.as_form(raw, up) == form
        except FormError as error:
            assert "før det her" in str(error)


def test_questions_and_sections_are_added():
    names = editing.names_in(PROGRAM.values())
    new = NewItem("Hvordan er Ærø?", Kind.CHOICE, "Kort.", True, ("God", "Ikke god", "God"))
    form = school(editing.with_new(RAW, "status-school", new, "mood", names))
    item = editing.item_in(form, "hvordan-er-aeroe")
    assert [one.code for one in item.options] == ["god", "ikke-god", "god-2"] and item.required and item.help == "Kort."
    assert [one.id for one in editing.section_in(form, "everyday").items][:2] == ["mood", "hvordan-er-aeroe"]
    form = school(editing.with_shared(RAW, "status-school", "medicine", "everyday"))
    assert editing.section_in(form, "everyday").items[-1].id == "medicine"
    line = NewItem("Hvad mere?", Kind.LINE, "", False, ())
    form = school(editing.with_section(RAW, "status-school", NewSection("Mood", line), "everyday", names))
    section = form.sections[[one.id for one in form.sections].index("everyday") + 1]
    assert (section.title, section.id, section.items[0].ask) == ("Mood", "mood-2", "Hvad mere?")
    several = PROGRAM["ppr-referral-school"]
    after = several.sections[-1]
    for new, part in ((NewSection("Mere", line), after.part), (NewSection("Mere", line, "sender"), "sender")):
        found = changed(ppr_referral_school=editing.with_section(RAW, several.id, new, after.id, names))
        assert found.forms[several.id].sections[-1].part == part != several.sections[-1 if part == "sender" else 0].part


def test_what_a_form_says_of_itself():
    wanted = editing.About("", "Et formål.", "En lov.", 3, ("school",), ("bup",), ("IN", "TI"), True)
    form = school(editing.about(RAW, "status-school", wanted))
    assert (form.title, form.purpose, form.law_text, form.months, form.receiver, form.one_page) == (
        PROGRAM["status-school"].title, "Et formål.", "En lov.", 3, ("bup",), True
    )  # fmt: skip


# -- cases -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", PROGRAM.values(), ids=lambda form: form.id)
def test_invented_answers_are_right_and_make_a_case_that_holds(form):
    answers = samples.answers(form)
    files = {item.id for item in items_of(form) if item.kind is Kind.FILE}
    wrong = [one for one in faults(form, answers) if not one.warning and one.path.split(".")[-1] not in files]
    assert wrong == []
    assert list(failures(form, as_it_comes_out("a", "A", form, answers))) == []


def test_a_case_tells_what_no_longer_comes_out_and_new_questions_break_none():
    form = PROGRAM["status-school"]
    case = as_it_comes_out("egen-1", "Alt er svaret", form, samples.answers(form))
    cases = {"egen-1": case}
    new = NewItem("Noget nyt?", Kind.LINE, "", True, ())
    content = editing.with_new(RAW, form.id, new, "mood", editing.names_in(PROGRAM.values()))
    assert put_together(written(Local({FORM: dumped(content)}, cases))).faults == ()
    gone = editing.without(RAW, form.id, "mood")
    (told,) = put_together(written(Local({FORM: dumped(gone)}, cases))).faults
    assert told.startswith("Prøven »Alt er svaret«: der spørges ikke om »")
    empty = as_it_comes_out("egen-2", "Intet er svaret", form, {})
    required = editing.worded(RAW, form.id, "mood", _words("mood")._replace(required=True))
    (told,) = put_together(written(Local({FORM: dumped(required)}, {"egen-2": empty}))).faults
    assert "er forkert eller mangler" in told
    with pytest.raises(FormError, match="Intet er svaret"):
        must_hold(written(Local({FORM: dumped(required)}, {"egen-2": empty})))


def test_a_case_knows_what_is_worked_out():
    from .inventing import form as invented
    from .inventing import line

    form = invented(
        line("a", kind=Kind.NUMBER),
        line("b", kind=Kind.NUMBER),
        line("sum", kind=Kind.NUMBER, sums=("a", "b")),
        id="one",
    )
    case = as_it_comes_out("x", "X", form, {"a": (2,), "b": (3,)})
    assert dict(case.sums) == {"sum": 5}
    assert list(failures(form, replace(case, sums={"sum": 6}))) == ["»Hvad med sum?« skulle give 6 og giver 5"]


# -- from others -------------------------------------------------------------------------------------------------------


def _read(questionnaire, *others, number=100):
    """A Questionnaire as a record, and what is told of it."""
    found = read(with_answers(questionnaire, others))
    assert found.form is not None
    content, told = source(found.form, f"udefra-{number}", KNOWN, TOLD._replace(number=number))
    return content, (*found.unsupported, *told)


def _taken_in(*contents):
    return put_together(written(Local({f"form/{one['id']}": dumped(one) for one in contents})))


def _imported(questionnaire, *others):
    content, told = _read(questionnaire, *others)
    made = _taken_in(content)
    return made.forms[content["id"]], made.faults, told


def test_every_form_of_ours_comes_back_as_a_form_that_asks_the_same():
    ours = list(enumerate(PROGRAM.values(), 100))
    read_all = [_read(json.loads(json.dumps(questionnaire_of(form))), number=number) for number, form in ours]
    made = _taken_in(*(content for content, _ in read_all))
    assert [told for _, told in read_all if told] == []
    assert all("tager et ja tilbage" in one for one in made.faults)  # which only the program's own form does
    for number, form in ours:
        back = made.forms[f"udefra-{number}"]
        plain = [replace(one, items=tuple(_unmarked(item) for item in one.items)) for one in form.sections]
        assert list(back.sections) == plain and back.parts == form.parts
        assert (back.number, back.title, back.law) == (number, form.title, form.law)


def _unmarked(item):
    return replace(item, marked="", items=tuple(map(_unmarked, item.items)))


@pytest.mark.parametrize("value", [12.5, 1e30])
def test_a_condition_that_no_answer_meets_is_left_out_and_told(value):
    foreign = {
        "resourceType": "Questionnaire", "status": "active", "title": "Fremmed", "item": [
            {"linkId": "days", "type": "integer", "text": "Hvor mange dage?"},
            {"linkId": "why", "type": "text", "text": "Hvorfor?", "enableWhen": [
                {"question": "days", "operator": ">", "answerDecimal": value}
            ]},
        ],
    }  # fmt: skip
    form, wrong, told = _imported(foreign)
    assert "why: betingelsen kan ikke bruges her" in " ".join(told) and wrong == ()
    assert not any(item.when.tests for section in form.sections for item in section.items)


def test_names_that_others_use_are_made_ours_and_told():
    foreign = {
        "resourceType": "Questionnaire", "status": "active", "title": "Fremmed", "item": [
            {"linkId": "1.A", "type": "choice", "text": "Vælg", "answerOption": [
                {"valueCoding": {"system": "http://loinc.org", "code": "LA-1", "display": "Den ene"}},
                {"valueCoding": {"system": "http://loinc.org", "code": "LA-2", "display": "Den anden"}},
            ]},
            {"linkId": "mood", "type": "text", "text": "Skriv", "enableWhen": [
                {"question": "1.A", "operator": "=", "answerCoding": {"code": "LA-1"}}
            ]},
        ],
    }  # fmt: skip
    form, _, told = _imported(foreign)
    first, second = form.sections[0].items
    assert (first.id, second.id) == ("x-1-a", "mood-2") and second.when == When((model.Test("x-1-a", Op.IS, "la-1"),))
    assert "felt 1.A: hedder her x-1-a" in told and "felt mood: hedder her mood-2" in told
    assert any("svarene har fået navne" in one for one in told)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["resourceType", "entry", "resource", "contained", "id", "url", "item", "compose", "concept"]),
        inner | st.sampled_from(["Bundle", "ValueSet", "CodeSystem", "Questionnaire"]), max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip


@given(_JSON, _JSON)
@settings(max_examples=100, deadline=None)
def test_whatever_comes_with_a_questionnaire_is_used_or_left(value, other):
    resources = [*resources_of(value), *resources_of(other)]
    questionnaire = {"resourceType": "Questionnaire", "status": "active", "item": [
        {"linkId": "1", "type": "string", "text": "Hvad?"}
    ]}  # fmt: skip
    assert with_answers(questionnaire, resources) == questionnaire


def test_a_set_that_needs_a_terminology_server_is_left_and_one_of_a_whole_system_is_used():
    node = {"linkId": "1", "type": "choice", "text": "Hvad?", "answerValueSet": "#v"}
    questionnaire = {"resourceType": "Questionnaire", "status": "active", "item": [node]}
    system = {"resourceType": "CodeSystem", "status": "active", "url": "s", "content": "complete", "concept": [
        {"code": "a", "display": "A", "concept": [{"code": "b"}]}
    ]}  # fmt: skip
    for include, codes in (
        ({"system": "s"}, ["a", "b"]), ({"system": "s", "concept": [{"code": "b"}]}, ["b"]), ({"system": "other"}, None),
        ({"system": "s", "filter": [{"property": "p", "op": "=", "value": "x"}]}, None), ({"valueSet": ["x"]}, None),
    ):  # fmt: skip
        contained = {"resourceType": "ValueSet", "id": "v", "status": "active", "compose": {"include": [include]}}
        others = [*resources_of({**questionnaire, "contained": [contained]}), system]
        (found,) = with_answers(questionnaire, others)["item"]
        assert [one["valueCoding"]["code"] for one in found.get("answerOption", [])] == (codes or [])
        assert ("answerValueSet" in found) is (codes is None)


def _beside(path):
    """The value sets and code systems that lie beside a Questionnaire."""
    return [
        json.loads(one.read_bytes())
        for kind in ("ValueSet", "CodeSystem")
        for one in path.parent.glob(f"{kind}-*.json")
    ]


QUESTIONNAIRES = sorted(CORPUS.glob("*/*/Questionnaire-*.json"))


@pytest.mark.corpus
@pytest.mark.parametrize("path", QUESTIONNAIRES or [None], ids=lambda path: path.stem if path else "absent")
def test_every_questionnaire_of_the_corpus_reads_and_goes_out_and_in_again_the_same(path):
    if path is None:
        skip(f"the third-party FHIR corpus is not at {CORPUS}")
    form, _, told = _imported(json.loads(path.read_bytes()), *_beside(path))
    assert told != ()  # none of them is written for us, and nothing is dropped in silence
    out = json.loads(json.dumps(questionnaire_of(form)))
    assert [issue for issue in check(out) if issue.severity == "error"] == []
    assert read(out) == (form, ())
    again, _, more = _imported(out)
    assert again.sections == form.sections and more == ()
    assert samples.answers(form)
