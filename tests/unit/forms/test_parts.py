"""Who answers a form is changed without anything being lost: every section is somebody's, and stays where it stands."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from barnetsbog.forms import common, editing
from barnetsbog.forms.common import Common
from barnetsbog.forms.editing import Heading, NewItem, NewSection
from barnetsbog.forms.files import FormError
from barnetsbog.forms.local import Local, Sort, Tried, dumped, find, put_together, read_package, with_local, written
from barnetsbog.forms.model import Form, Kind, Party
from barnetsbog.forms.parties import only_send
from barnetsbog.forms.parts import Division, PartWords, divided, division, part_id, with_part, without_part
from barnetsbog.forms.samples import answers
from barnetsbog.forms.trying import as_it_comes_out

RAW = read_package()
NOW = put_together(written(Local()))
FORMS = [Common(Sort.FORM, one) for one in NOW.forms]
RECORDS = [*FORMS, *(Common(Sort.FAMILY, one) for one in RAW.families)]
V3, V4, SCHOOL = Common(Sort.FAMILY, "V3"), Common(Sort.FAMILY, "V4"), Common(Sort.FORM, "status-school")
PPR = PartWords("ppr", "PPR", "ppr", ("sender",), False)


def kept(*changes: tuple[Common, object]) -> Tried:
    local = Local()
    for one, content in changes:
        local = local.with_record(one.key, dumped(content))
    return put_together(written(local))


def alone(one: Common, content: object) -> Tried:
    """A form put together by itself, for what needs no judgement of the whole catalogue."""
    name = next(name for name, form in RAW.forms.items() if form["id"] == one.ident)
    raw = replace(RAW, forms={name: content})  # type: ignore[dict-item]
    return Tried(raw, NOW.sources, {one.ident: editing.as_form(raw, content)}, ())  # type: ignore[arg-type]


def whose(form: Form) -> dict[str, str]:
    return {section.id: section.part for section in form.sections}


def asked(form: Form) -> list[tuple[str, list[str]]]:
    return [(section.id, [item.id for item in section.items]) for section in form.sections]


@pytest.mark.parametrize("one", RECORDS, ids=lambda one: one.key)
def test_what_is_divided_as_it_was_is_no_change(one: Common) -> None:
    assert divided(NOW, one, division(NOW, one)) == find(RAW, one.key)


@pytest.mark.parametrize("one", FORMS, ids=lambda one: one.key)
def test_a_part_more_and_one_less_again_is_the_form_as_it_was(one: Common) -> None:
    """Whoever its parts are from, and whether its sections say whose they are or not."""
    was = division(NOW, one)
    new, last = PartWords("ny", "En del mere", "anybody", (was.parts[0].id,), False), list(was.sections)[-1]
    have = alone(one, divided(NOW, one, with_part(was, new, was.parts[0].id, {last})))
    form = have.forms[one.ident]
    assert whose(form) == was.sections | {last: "ny"} and asked(form) == asked(NOW.forms[one.ident])
    back = divided(have, one, without_part(division(have, one), "ny", was.sections[last]))
    assert alone(one, back).forms[one.ident] == NOW.forms[one.ident]


STEPS = st.lists(
    st.tuples(st.sampled_from(("add", "remove")), st.integers(0, 9), st.sets(st.integers(0, 30))), max_size=5
)


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(FORMS), STEPS)
def test_whatever_is_added_and_removed_every_section_is_asked_by_somebody(one, steps):
    have = NOW
    for act, number, chosen in steps:
        now = division(have, one)
        part = now.parts[number % len(now.parts)]
        if act == "add":
            new = PartWords(part_id("Del", now), "Del", "anybody", (part.id,), False)
            sections = list(now.sections)
            wanted = with_part(now, new, part.id, {sections[place % len(sections)] for place in chosen})
        elif len(now.parts) == 1:
            continue
        else:
            wanted = without_part(now, part.id, now.parts[(number + 1) % len(now.parts)].id)
        have = alone(one, divided(have, one, wanted))
        assert division(have, one) == wanted
        form = have.forms[one.ident]
        assert asked(form) == asked(NOW.forms[one.ident]) and set(whose(form).values()) <= {x.id for x in form.parts}
        ids = [x.id for x in form.parts]
        assert all(set(x.after) <= set(ids[:place]) for place, x in enumerate(form.parts))


def test_who_waited_for_a_part_that_is_gone_waits_for_those_it_waited_for() -> None:
    a, b, c = (
        PartWords(one, one, "anybody", after, False) for one, after in (("a", ()), ("b", ("a",)), ("c", ("b", "a")))
    )
    found = without_part(Division((a, b, c), {"x": "a", "y": "b"}), "b", "c")
    assert found == Division((a, c._replace(after=("a",))), {"x": "a", "y": "c"})


@pytest.mark.parametrize(
    ("part", "to", "told"),
    [
        ("nope", "sender", "delen nope findes ikke"), ("parents", "", "sig, hvem der skal svare på afsnittene i »Forældrene«"),
        ("parents", "parents", "sig, hvem der skal svare"), ("parents", "nope", "sig, hvem der skal svare"),
    ],
)  # fmt: skip
def test_no_section_is_lost_with_its_part(part: str, to: str, told: str) -> None:
    with pytest.raises(FormError, match=told):
        without_part(division(NOW, V3), part, to)


def test_the_last_part_stays_and_no_two_have_the_same_name() -> None:
    now = division(NOW, SCHOOL)
    with pytest.raises(FormError, match="mindst en del"):
        without_part(now, "sender", "")
    with pytest.raises(FormError, match="allerede en del"):
        with_part(now, PPR._replace(id="sender"), "", ())
    assert [one.id for one in with_part(now, PPR, "", ()).parts] == ["ppr", "sender"]
    assert part_id("Sender", now) == "sender-2" and part_id("?", now) == "x"


def test_a_part_without_sections_and_a_section_without_a_part_are_told_before_sending() -> None:
    have = kept((SCHOOL, divided(NOW, SCHOOL, with_part(division(NOW, SCHOOL), PPR, "sender", ()))))
    assert have.faults == ("43-status-school: del ppr: »PPR« har ingen afsnit; giv den et, eller fjern den",)
    new = editing.with_section(have.raw, SCHOOL.ident, NewSection("PPR", LINE, "ppr"), "last", ())
    assert kept((SCHOOL, new)).faults == ()
    family = Common(Sort.FAMILY, "V11")
    with_more = common.with_section(RAW, family, NewSection("Til alle", LINE._replace(ask="Og så?")), "last", ())
    found = kept((SCHOOL, new), (family, with_more))
    assert found.faults == (
        "43-status-school: afsnit til-alle: skemaet har flere dele, så sig, hvem der svarer på »Til alle«",
    )
    now = division(found, SCHOOL)
    right = divided(found, SCHOOL, now._replace(sections={**now.sections, "til-alle": "ppr"}))
    assert kept((SCHOOL, right), (family, with_more)).faults == ()


LINE = NewItem("Hvad mere?", Kind.LINE, "", False, ())


def test_other_words_for_a_section_leave_it_with_its_part() -> None:
    have = kept((SCHOOL, divided(NOW, SCHOOL, with_part(division(NOW, SCHOOL), PPR, "sender", {"last"}))))
    said = Heading.of(editing.section_in(have.forms[SCHOOL.ident], "last"))
    other = editing.worded(have.raw, SCHOOL.ident, "last", said._replace(title="Til allersidst"))
    form = kept((SCHOOL, other)).forms[SCHOOL.ident]
    assert (form.sections[-1].title, form.sections[-1].part) == ("Til allersidst", "ppr")
    raw = with_local(RAW, Local().with_record(SCHOOL.key, dumped(other)))
    back = kept((SCHOOL, editing.worded(raw, SCHOOL.ident, "last", said)))
    assert back.forms[SCHOOL.ident] == have.forms[SCHOOL.ident]


def test_a_family_with_a_part_more_has_it_in_every_variant_and_each_says_itself_what_is_left_to_say() -> None:
    new = with_part(division(NOW, V4), PPR._replace(after=("answer",)), "answer", {"last"})
    content = divided(NOW, V4, new)
    assert list(content["sections"][1])[:3] == ["id", "title", "part"]  # where people look for it
    found = kept((V4, content))
    several = {form.id for form in found.forms.values() if form.family == "V4" and len(form.parts) == 2}
    assert several and "placement-parents" not in several  # which has parts of its own
    for ident in several:
        sections = whose(found.forms[ident])
        assert sections.get("last", "ppr") == "ppr" and set(sections.values()) <= {"answer", "ppr"}
    form = found.forms["placement-school"]
    assert whose(form)["q-tried"] == "answer"  # as the section that its overlay puts it beside
    (line,) = [
        line for effect in common.effects(NOW, found.raw) if effect.form.id == form.id
        for line in effect.lines if line.left.startswith("# ")
    ]  # fmt: skip
    assert (line.left, line.right) == ("# Til sidst", "# Til sidst · Del: PPR")
    assert [fault for fault in found.faults if "placement-parents" in fault] == [
        "15-placement-parents: afsnit last: delen ppr findes ikke; sig, hvem der svarer på »Til sidst«"
    ]


def test_who_answers_a_part_of_a_family_and_in_which_order() -> None:
    now = division(NOW, V3)
    sender, parents = now.parts
    content = divided(NOW, V3, now._replace(parts=(sender, parents._replace(after=(), each=False))))
    found = {effect.form.id: effect.lines for effect in common.effects(NOW, kept((V3, content)).raw)}
    assert "ppr-referral-parents" not in found
    (line,) = found["ppr-referral-school"]
    assert (line.left, line.right) == (
        "Del: Forældrene (forældre, hver for sig, efter skole)", "Del: Forældrene (forældre)"
    )  # fmt: skip


def test_a_test_case_holds_when_its_part_is_gone_and_its_sections_are_somebody_else_s() -> None:
    one = Common(Sort.FORM, "ppr-referral-school")
    form = NOW.forms[one.ident]
    cases = {"egen-1": as_it_comes_out("egen-1", "Alt er svaret", form, answers(form))}
    content = divided(NOW, one, without_part(division(NOW, one), "parents", "sender"))
    found = put_together(written(Local().with_record(one.key, dumped(content)).with_cases(cases)))
    assert found.faults == () and len(found.forms[one.ident].parts) == 1


def test_whoever_may_begin_a_form_and_has_no_part_of_it_is_known() -> None:
    """The only part is answered by whoever begins; of several, each answers their own."""
    assert [one.id for one in NOW.forms.values() if only_send(one)] == []
    giver = Common(Sort.FORM, "consent-social")  # begun by a parent or the child, answered by whoever it was
    new = with_part(division(NOW, giver), PPR._replace(after=()), "giver", ())
    assert only_send(kept((giver, divided(NOW, giver, new))).forms[giver.ident]) == (Party.CHILD,)
    concern = Common(Sort.FORM, "concern-professional")
    more = with_part(division(NOW, concern), PPR._replace(after=()), "sender", ())
    found = kept((concern, divided(NOW, concern, more)))
    assert only_send(found.forms[concern.ident]) == ()  # anybody is all of them
    assert "38-concern-professional: en underretning har kun en del, så den ikke venter på andre" in found.faults


def test_what_an_adult_was_asked_is_not_the_child_s_to_answer() -> None:
    child = PartWords("barnet", "Barnet", "child", (), False)
    found = kept((SCHOOL, divided(NOW, SCHOOL, with_part(division(NOW, SCHOOL), child, "sender", {"the-good"}))))
    assert any("giv barnet sit eget felt" in fault for fault in found.faults)
