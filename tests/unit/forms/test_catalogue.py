"""The catalogue that comes with the program: all fifty-four, whole, readable, and as they were released."""

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml

from barnetsbog.fhir.checking import check
from barnetsbog.fhir.own import EXTENSION
from barnetsbog.fhir.sdc import check_questionnaire, check_response
from barnetsbog.forms import loading, mapping, parties
from barnetsbog.forms.assembling import assembled, base_form, scale_item_id
from barnetsbog.forms.checking import FAMILIES, NUMBERS, faults, items_of, words_of
from barnetsbog.forms.files import CATALOGUE, read_all
from barnetsbog.forms.model import Kind, Op, Party, every
from barnetsbog.forms.model import Test as Asks
from barnetsbog.forms.questionnaire import exported, questionnaire_of, versioned
from barnetsbog.forms.reading import form_of, read
from barnetsbog.forms.releasing import lock_faults
from barnetsbog.forms.response import Response, State
from barnetsbog.forms.rules import submitted
from barnetsbog.kernel.lix import lix
from barnetsbog.law.rulebook import standard

from .answering import valid

SOURCES = read_all()
FORMS = assembled(SOURCES)
EACH = pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: f"{form.number:02}-{form.id}")


def test_there_are_fifty_four_forms_of_thirteen_families_and_three_alone():
    assert [form.number for form in FORMS.values()] == list(NUMBERS)
    assert {form.family for form in FORMS.values() if form.family} == set(FAMILIES) == set(SOURCES.bases)
    assert [form.number for form in FORMS.values() if not form.family] == [19, 20, 37]


def test_whoever_has_custody_alone_can_say_so_in_every_consent():
    asked = [item for form in FORMS.values() for item in items_of(form) if item.id == "giver-as"]
    assert len(asked) == 6
    assert all("alene eller sammen" in str(item.options) for item in asked)


def test_nothing_is_wrong_with_it():
    assert faults(FORMS.values(), standard().rules) == ()


def test_what_is_used_is_what_was_released():
    assert list(lock_faults(FORMS.values())) == []
    assert dict(loading.program()) == FORMS


VERSIONS = [(form, version) for form, versions in loading.read_lock().items() for version in versions]


@pytest.mark.parametrize(("form", "version"), VERSIONS)
def test_every_version_of_every_form_keeps_to_r4_and_sdc_and_comes_back_the_same(form, version):
    released = loading.form(form, version)
    questionnaire = exported(released)

    assert check(questionnaire) == [] == check_questionnaire(questionnaire)
    assert read(questionnaire) == read(questionnaire_of(released)) == (released, ())
    assert form_of(json.loads(json.dumps(questionnaire))) == released


@pytest.mark.parametrize(("form", "version"), VERSIONS)
def test_answers_to_every_version_of_every_form_keep_to_r4_and_sdc(form, version):
    asked = loading.form(form, version)
    answers = submitted(asked, valid(asked, {}))
    sent = Response(
        "q1", form, version, asked.title, author="PractitionerRole/r1", answers=answers, state=State.SENT,
        begun_at=0, sent_at=0, to="Organization/u1", structured=True,
    )  # fmt: skip
    excerpt = mapping.excerpt(sent, asked, b"k" * 32)
    draft = replace(sent, state=State.DRAFT, sent_at=None, answers={})
    for one in (sent, excerpt, draft):
        resource = mapping.resource_of(one, asked, child="Patient/c1")
        assert check(resource) == []
        assert check_response(resource, exported(asked), whole=one is sent) == []


def test_a_rule_that_traces_prints_nothing_of_what_is_checked(capsys):
    check(questionnaire_of(FORMS["own-consent"]))

    assert capsys.readouterr().out == ""


def test_a_form_can_be_had_in_a_version_that_is_released_and_in_no_other():
    newest, first = loading.program()["status-school"], loading.form("status-school", 1)
    assert loading.form("status-school", 1) is first != newest == loading.form("status-school", newest.version)
    assert versioned(newest) == f"https://barnetsbog.example/fhir/Questionnaire/status-school|{newest.version}"
    for form, version in (("status-school", 99), ("no-such-form", 1)):
        with pytest.raises(KeyError):
            loading.form(form, version)


# -- what the field must be able to rely on ----------------------------------------------------------------------------


@EACH
def test_texts_are_as_easy_as_their_readers_need(form):
    for part in form.parts:
        hardest = {Party.CHILD: 20, Party.PARENT: 30}.get(part.party, 40)
        said = [words_of(one, part.party is Party.CHILD) for one in form.sections if one.part == part.id]
        assert lix(" ".join(said)) <= hardest


@EACH
def test_a_yes_and_a_no_that_say_more_have_their_comma(form):
    said = [text for item in items_of(form) for one in item.options for text in (one.text, one.child)]
    assert [text for text in said if re.match(r"(Ja|Nej|Ikke nu) (?!til )", text)] == []


@EACH
def test_nobody_is_asked_much_that_must_be_answered(form):
    """Of what is asked at once, without a condition."""
    for part in form.parts:
        mine = [item for one in form.sections if one.part == part.id and not one.when.tests for item in one.items]
        required = [item.id for item in mine if item.required and not item.when.tests]
        assert len(required) <= 16, required


def test_every_form_about_danger_says_whom_to_ring_first():
    for form in FORMS.values():
        ids = [item.id for item in items_of(form)]
        if "suicidal" in ids:
            assert ids.index("acute-shown") < ids.index("self-harm") < ids.index("suicidal"), form.id


@pytest.mark.parametrize("form", ["screening-18", "mapping-19", "examination-20"])
def test_no_decision_without_the_childs_view_or_why_it_is_not_asked(form):
    asked = [item for item in items_of(FORMS[form]) if item.id == "child-not-asked"]

    assert [(item.required, item.when.tests) for item in asked] == [
        (True, (Asks("childs-own-words", Op.ANSWERED, False),))
    ]


def test_suspected_conflict_of_honour_warns_before_the_parents_are_mentioned():
    for form in ("concern-professional", "concern-gp"):
        ids = [item.id for item in items_of(FORMS[form])]
        assert ids.index("concern-honour-shown") < ids.index("parents-know")


@pytest.mark.parametrize("form", ["bup-referral-ppr", "bup-referral-caseworker", "bup-referral-gp", "bup-referral-ltt"])
def test_a_referral_to_bup_asks_what_bup_sends_back_for(form):
    asked = {item.id for item in items_of(FORMS[form])}

    assert asked >= {
        "writer-phone", "child-cpr", "child-address", "parents-phone", "custody", "custody-holders", "parents-apart",
        "both-accepted", "interpreter", "suspicion", "suspicion-why", "symptoms", "function-school", "function-home",
        "function-leisure", "family-illness", "earlier-assessments", "height", "weight", "medicine", "allergy",
        "substances", "caseworker", "interventions-tried", "consent-given", "attachments",
    }  # fmt: skip


def test_only_the_child_answers_in_the_childs_forms():
    for form in ("own-consent", "placement-child", "sdq-11-17"):
        assert [part.party for part in FORMS[form].parts] == [Party.CHILD]
        for item in items_of(FORMS[form]):
            assert "barnet" not in (item.child or item.ask).lower(), item.id


def test_both_parents_answer_one_each():
    for form in ("consent-assessment", "placement-parents", "parents-history"):
        assert all(part.each for part in FORMS[form].parts if part.party is Party.PARENT)


def test_a_yes_or_a_danger_is_asked_anew_each_time():
    items = {item.id: item for form in FORMS.values() for item in items_of(form)}

    for item in ("consent-answer", "consent-given", "self-harm", "suicidal", "safety-now", "urgent", "writer-name"):
        assert items[item].anew, item
    for item in ("interventions-tried", "custody", "school-day", "medicine"):
        assert not items[item].anew, item


def test_variants_of_a_status_differ_where_the_places_do():
    own = {
        "status-school": "learning", "status-preschool": "goodbye-hello", "status-after-school": "after-school-arrives",
        "status-club": "club-group", "status-health": "hearing", "status-placement": "contact-held",
    }  # fmt: skip
    for form, item in own.items():
        assert item in {one.id for one in items_of(FORMS[form])}
        others = set(own) - {form}
        assert all(item not in {one.id for one in items_of(FORMS[other])} or item == "learning" for other in others)
        assert any(one.marked.startswith("Kun ") for one in items_of(FORMS[form]))


def test_every_variant_can_be_seen_beside_its_base():
    for variant in SOURCES.variants:
        if variant.family:
            assert base_form(variant, SOURCES).sections != FORMS[variant.id].sections


# -- licences ----------------------------------------------------------------------------------------------------------


def test_a_licensed_form_asks_for_results_and_never_for_what_the_instrument_asks():
    allowed = {
        "child-name", "child-cpr", "child-school", "child-class", "measured-day", "measured-version", "measured-by",
        "measured-note", "measured-medicine", "measured-place", "measured-lessons", "known-since", "sdq-felt-right",
        "ftf-most-important", "scq-period",
    }  # fmt: skip
    for variant in SOURCES.variants:
        if variant.instrument:
            found = SOURCES.instruments[variant.instrument]
            scales = {scale_item_id(found.id, scale.id) for scale in found.scales}
            items = {item.id: item for item in items_of(FORMS[variant.id])}
            assert set(items) <= allowed | scales
            assert all(items[scale].kind in (Kind.NUMBER, Kind.DECIMAL) for scale in scales)
            assert FORMS[variant.id].licensed == found.instrument
    assert sorted(FORMS[one.id].number for one in SOURCES.variants if one.instrument) == list(range(30, 37))


def test_no_instrument_has_anything_but_scales_in_the_repository():
    content = yaml.safe_load((CATALOGUE / "instruments.yaml").read_text(encoding="utf-8"))

    assert not any({"items", "options"} & set(one) for one in content["instruments"])
    assert not list(Path(CATALOGUE).rglob("licensed*"))


# -- the sources -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", [path for path in CATALOGUE.rglob("*.yaml") if path.name != "lock.yaml"], ids=lambda path: path.name
)
def test_a_source_reads_the_same_where_the_fast_reader_is_not_installed(path):
    text = path.read_text(encoding="utf-8")

    assert yaml.load(text, yaml.SafeLoader) == yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    assert max(map(len, text.splitlines())) <= 120


def test_every_shared_question_is_used():
    used = {item.id for form in FORMS.values() for item in items_of(form)}
    unused = [item for item in SOURCES.shared.items if item not in used]

    assert unused == []
    assert set(SOURCES.shared.topics) <= {one.id for form in FORMS.values() for one in form.sections}


def test_what_is_in_a_group_is_found():
    group = next(item for item in items_of(FORMS["status-school"]) if item.id == "interventions-tried")

    assert [item.id for item in every([group])][:3] == ["interventions-tried", "tried-what", "tried-by"]


def test_every_extension_of_ours_is_defined_where_it_stands():
    defined = {path.name for path in (Path(loading.__file__).parents[1] / "fhir" / "profiles").glob("*.json")}

    def urls(value):
        if isinstance(value, dict):
            for one in value.get("extension", []):
                yield one["url"]
            value = list(value.values())
        if isinstance(value, list):
            for one in value:
                yield from urls(one)

    ours = {url for form in FORMS.values() for url in urls(questionnaire_of(form)) if url.startswith(EXTENSION)}
    assert len(ours) == 9  # all but `sums`, which only a licence holder's questions have
    assert {f"StructureDefinition-{url.removeprefix(EXTENSION)}.json" for url in ours} <= defined


@pytest.mark.parametrize(
    ("ident", "born", "fits"),
    [
        ("sdq-11-17", date(2017, 5, 7), False),  # nine years old
        ("sdq-11-17", date(2015, 11, 25), True),  # eleven today
        ("sdq-11-17", date(2015, 11, 26), False),
        ("sdq-parent-4-10", date(2017, 5, 7), True),
        ("sdq-parent-4-10", date(2015, 7, 1), True),  # was ten when the parents answered in June
        ("sdq-parent-4-10", date(2014, 11, 25), False),
        ("sdq-11-17", None, True),
        ("placement-parents", date(2017, 5, 7), True),
    ],
)
def test_an_instrument_is_offered_for_children_of_its_age(ident, born, fits):
    assert parties.is_of_age(loading.program()[ident], born, date(2026, 11, 25)) is fits


def test_those_who_live_with_a_placed_child_answer_for_themselves():
    """TV2 Fyn 2019, kl.dk: the staff of a place of placement were shut out of the school's system, and had to be a
    parent to get in. Here they are a party of their own, every colleague of the unit, and no parent."""
    found = loading.program()["status-placement"]
    assert parties.may_begin(found, parties.professional("Organization/sted", "other"))
    assert not parties.may_begin(found, parties.parent("RelatedPerson/mor"))
    assert not parties.may_begin(found, parties.professional("Organization/skole", "school"))
