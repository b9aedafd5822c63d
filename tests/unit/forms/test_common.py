"""What several forms have in common is changed in its own record, and what that does to each form is known before."""

from dataclasses import replace

import pytest

from barnetsbog.forms import common, editing
from barnetsbog.forms.common import Common, Effect
from barnetsbog.forms.editing import Heading, NewItem, NewSection, Words
from barnetsbog.forms.local import Local, Sort, Tried, dumped, find, put_together, read_package, with_local, written
from barnetsbog.forms.model import Kind, Op, Option, Test, When, every

RAW = read_package()
NOW = put_together(written(Local()))
V11, WRITER = Common(Sort.FAMILY, "V11"), Common(Sort.SECTION, "the-writer")
RECORDS = [
    *(Common(Sort.FAMILY, one) for one in RAW.families),
    *(Common(Sort.SECTION, one["id"]) for one in RAW.shared["sections"]),
]
NEW = NewItem("Hvad siger klassen?", Kind.CHOICE, "", True, ("Godt", "Skidt"))


def with_record(one: Common, content: object) -> Tried:
    return put_together(written(Local().with_record(one.key, dumped(content))))


def effects(one: Common, content: object) -> dict[str, Effect]:
    raw = with_local(RAW, Local().with_record(one.key, dumped(content)))
    return {effect.form.id: effect for effect in common.effects(NOW, raw)}


def forms_of(family: str) -> set[str]:
    return {form.id for form in NOW.forms.values() if form.family == family}


@pytest.mark.parametrize("one", RECORDS, ids=lambda one: one.key)
def test_every_family_and_section_can_be_looked_at_and_said_again_without_a_change(one: Common) -> None:
    """What nobody has changed is written as it was: whatever its form, by its name, with other words, or where it
    stands."""
    form, own, record = common.as_form(NOW, one), common.own_names(RAW, one), find(RAW, one.key)
    shown = [section for section in form.sections if section.id in own]
    for section in shown:
        assert common.worded(NOW, one, section.id, Heading.of(section)) == record, section.id
    items = [item for section in shown for item in every(section.items) if item.id in own]
    for item in items:
        assert common.worded(NOW, one, item.id, Words.of(item)) == record, item.id
    assert items or one.ident in ("V7", "V8") or not shown


@pytest.mark.parametrize("one", RECORDS, ids=lambda one: one.key)
def test_what_is_moved_up_and_down_again_stands_where_it_stood(one: Common) -> None:
    for name in common.own_names(RAW, one):
        up = common.moved(RAW, one, name, up=True)
        if up != find(RAW, one.key):
            back = common.moved(with_local(RAW, Local({one.key: dumped(up)})), one, name, up=False)
            assert back == find(RAW, one.key), name


def test_a_question_of_a_family_is_asked_anew_in_the_forms_that_do_not_say_it_themselves() -> None:
    said = Words.of(editing.item_in(common.as_form(NOW, V11), "looked-after"))  # type: ignore[arg-type]
    content = common.worded(NOW, V11, "looked-after", said._replace(ask="Hvordan kommer barnet {there}?"))
    found = effects(V11, content)
    assert set(found) == {"status-school", "status-preschool"}  # the others say it in their overlay, or drop it
    (line,) = found["status-school"].lines
    assert "af sted om morgenen" in line.left and "Hvordan kommer barnet i skolen?" in line.right
    assert any(row.badge == "Kun skole" and not row.left for row in found["status-school"].family)
    assert editing.item_in(with_record(V11, content).forms["status-school"], "looked-after").ask == (  # type: ignore[union-attr]
        "Hvordan kommer barnet i skolen?"
    )


def test_what_an_overlay_needs_can_t_be_taken_away_and_it_is_said_which_form_needs_it() -> None:
    found = effects(V11, common.without(RAW, V11, "friends"))
    assert "friends" in found["status-school"].problem and found["status-school"].lines == ()
    assert {one.problem for name, one in found.items() if name != "status-school"} == {""}


def test_shared_words_are_kept_by_name_and_what_differs_beside_it() -> None:
    said = Words.of(NOW.sources.shared.items["strengths"])
    content = common.worded(NOW, V11, "strengths", said._replace(help="Skriv kort."))
    topic = next(one for one in content["sections"] if one.get("id") == "the-good")
    assert topic["items"][0] == {"item": "strengths", "help": "Skriv kort."}


def test_a_condition_may_have_as_many_parts_as_somebody_writes() -> None:
    """R4 joins them by all or by any."""
    form = NOW.forms["concern-professional"]
    item = editing.item_in(form, "concern-kinds")
    assert item
    tests = tuple(Test(item.id, Op.IS, option.code) for option in item.options[:6])
    wanted = Words.of(editing.item_in(form, "concern-judged"))._replace(when=When(tests, any_of=True))  # type: ignore[arg-type]
    changed = with_record(
        Common(Sort.FAMILY, "V9"), common.worded(NOW, Common(Sort.FAMILY, "V9"), "concern-judged", wanted)
    )
    for one in ("concern-professional", "concern-gp"):
        assert editing.item_in(changed.forms[one], "concern-judged").when == wanted.when  # type: ignore[union-attr]


def test_something_new_stands_in_every_variant() -> None:
    new = common.with_new(RAW, V11, NEW, "strengths", ())
    found = with_record(V11, new)
    for form in forms_of("V11"):
        assert editing.item_in(found.forms[form], "hvad-siger-klassen"), form
    assert [one.text for one in editing.item_in(found.forms["status-club"], "hvad-siger-klassen").options] == [
        "Godt",
        "Skidt",
    ]  # type: ignore[union-attr]
    section = with_record(V11, common.with_section(RAW, V11, NewSection("Mere", NEW), "the-good", ()))
    assert all(editing.section_in(section.forms[form], "mere") for form in forms_of("V11"))
    shared = with_record(V11, common.with_shared(RAW, V11, "medicine", "last"))
    assert all(editing.item_in(shared.forms[form], "medicine") for form in forms_of("V11"))


def test_a_shared_section_gets_a_question_wherever_it_stands() -> None:
    found = with_record(WRITER, common.with_new(RAW, WRITER, NEW, "the-writer", ()))
    having = [form.id for form in NOW.forms.values() if editing.section_in(form, "the-writer")]
    assert having and all(editing.item_in(found.forms[one], "hvad-siger-klassen") for one in having)


# -- answers to choose from --------------------------------------------------------------------------------------------

FELT = Common(Sort.LIST, "felt")


def test_a_list_of_answers_is_the_same_said_again() -> None:
    for name, options in NOW.sources.shared.options.items():
        one = Common(Sort.LIST, name)
        assert with_record(one, common.answers(RAW, one, name, options)).sources.shared.options[name] == options


def test_answers_are_worded_ordered_added_and_taken_away_in_every_form_that_has_them() -> None:
    better, same, worse, unsure = NOW.sources.shared.options["felt"]
    wanted = (worse, better._replace(text="Bedre", child="Det går bedre"), unsure, Option("", "Det skifter"))
    content = common.answers(RAW, FELT, "felt", wanted)
    assert list(content) == ["worse", "better", "unsure", "det-skifter"] and "same" not in content
    found = effects(FELT, content)
    assert set(found) == {form.id for form in common.used_by(NOW, FELT)} and len(found) > 20
    assert all(
        "Det skifter" in line.right and "Det er det samme" in line.left for one in found.values() for line in one.lines
    )
    assert same.code == "same"


def test_an_answer_that_a_condition_asks_for_can_t_be_taken_away() -> None:
    """Else a form would wait for an answer that nobody can give."""
    risk = Common(Sort.LIST, "risk")
    found = effects(
        risk,
        common.answers(RAW, risk, "risk", [one for one in NOW.sources.shared.options["risk"] if one.code != "past"]),
    )
    assert any("past" in one.problem for one in found.values())


def test_the_answers_of_a_question_are_changed_where_it_is_written() -> None:
    family = Common(Sort.FAMILY, "V9")
    assert isinstance(common.options_of(RAW, family, "urgent"), dict)
    assert common.options_of(RAW, family, "mood") is None
    item = editing.item_in(NOW.forms["concern-gp"], "urgent")
    assert item
    content = common.answers(RAW, family, "urgent", [*item.options, Option("", "Det ved jeg ikke")])
    changed = editing.item_in(with_record(family, content).forms["concern-gp"], "urgent")
    assert changed == replace(item, options=(*item.options, Option("det-ved-jeg-ikke", "Det ved jeg ikke")))


def test_the_answers_that_an_overlay_adds_are_changed_in_its_form_and_others_where_they_stand() -> None:
    for form in NOW.forms.values():
        own = Common(Sort.FORM, form.id)
        for item in (one for section in form.sections for one in every(section.items) if one.options):
            place = common.answers_of(NOW, form, item.id)
            assert place, (form.id, item.id)
            if place == own:
                assert common.answers(RAW, own, item.id, item.options) == find(RAW, own.key), item.id
    sms = Common(Sort.FORM, "consent-sms")
    assert common.answers_of(NOW, NOW.forms[sms.ident], "sms-when") == sms
    content = common.answers(RAW, sms, "sms-when", [Option("week", "Syv dage før"), Option("", "Aldrig")])
    item = editing.item_in(with_record(sms, content).forms[sms.ident], "sms-when")
    assert item and item.options == (Option("week", "Syv dage før"), Option("aldrig", "Aldrig"))
    assert set(effects(sms, content)) == {sms.ident} == {one.id for one in common.used_by(NOW, sms)}
    assert common.answers_of(NOW, NOW.forms["concern-gp"], "urgent") == Common(Sort.FAMILY, "V9")
    assert common.answers_of(NOW, NOW.forms["concern-gp"], "concern-seen") is None


def test_a_question_in_a_shared_group_is_found_in_the_group() -> None:
    one = common.holder_of(RAW, "holder-name")
    assert one == Common(Sort.QUESTION, "custody-holders")
    item = editing.item_in(NOW.forms["bup-referral-ppr"], "holder-name") or next(
        item for form in NOW.forms.values() if (item := editing.item_in(form, "holder-name"))
    )
    content = common.worded(NOW, one, "holder-name", Words.of(item)._replace(ask="Hele navnet"))
    assert all(
        found.ask == "Hele navnet"
        for form in with_record(one, content).forms.values()
        if (found := editing.item_in(form, "holder-name"))
    )
