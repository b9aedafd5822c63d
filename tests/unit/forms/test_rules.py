"""What is asked, what is lacking, what is worked out: for all sorts of forms, whatever is answered."""

from dataclasses import replace

import pytest
from hypothesis import given

from barnetsbog.forms import answers as a
from barnetsbog.forms import rules
from barnetsbog.forms.model import Becomes, Kind, Op, Option, Part, Party, Section, When
from barnetsbog.forms.rules import Progress

from .answering import leaves
from .inventing import SCHOOL, SCORED, answered, form, group, line, when, yes_no


@given(answered())
def test_what_is_hidden_is_never_required_and_never_sent(made) -> None:
    asked = rules.shown(*made)
    assert all(one.path in asked for one in rules.faults(*made))
    sent = rules.submitted(*made)
    told = {path for path, _ in leaves(sent)}
    hidden = {path for path, _ in leaves(a.normal(made[1])) if path not in asked}
    # A repetition before it may have gone, so a path may be somebody else's now: items without repetitions tell
    assert not {path for path in hidden if "." not in path} & told


@given(answered())
def test_the_rules_answer_whatever_is_answered_and_sending_twice_says_the_same(made) -> None:
    form_, _ = made
    sent = rules.submitted(*made)
    assert rules.worked_out(form_, rules.worked_out(*made)) == rules.worked_out(*made)
    assert a.normal(sent) == sent
    for section in form_.sections:
        assert rules.progress(*made, section) in Progress


@given(answered())
def test_hiding_and_asking_again_loses_nothing_in_the_draft(made) -> None:
    form_, said = made
    never = replace(form_, sections=tuple(replace(one, when=when("nothing")) for one in form_.sections))
    assert rules.shown(never, said) == frozenset() and rules.submitted(never, said) == {}
    assert rules.shown(form_, said) == rules.shown(*made)  # the draft is the same mapping: nothing was taken out


@given(answered())
def test_one_more_repetition_and_away_again_is_as_before(made) -> None:
    form_, said = made
    for item in form_.sections[0].items:
        if item.kind is Kind.GROUP:
            before = a.values_at(said, item.id) or ({},)
            more = a.with_one_more(said, item, item.id)
            after = a.values_at(more, item.id)
            if len(after) > len(before):
                assert a.values_at(a.without_one(more, item.id, len(after) - 1), item.id) == tuple(before)


SCHOOLS = form(group("skoler", yes_no("skiftet"), line("hvorfor", when=when("skiftet"), required=True), line("navn")))


@pytest.mark.parametrize(
    "path", ["g.1.a", "g.x.a", "g.-1.a", f"g.{'9' * 5000}.a", "g.0.b", "h.0.a", "", "g.", ".", "g.0.a.0.b"]
)
def test_where_there_is_no_such_place_nothing_stands(path: str) -> None:
    assert tuple(a.values_at({"g": ({"a": ("x",)},)}, path)) == ()


def test_two_schools_with_different_answers_each_steer_their_own_questions() -> None:
    """smart-forms#705, medplum#10569: a condition in one repetition steers all of them."""
    said = {"skoler": ({"skiftet": (True,)}, {"skiftet": (False,), "hvorfor": ("gammelt",)})}
    asked = rules.shown(SCHOOLS, said)
    assert "skoler.0.hvorfor" in asked and "skoler.1.hvorfor" not in asked
    assert [one.path for one in rules.faults(SCHOOLS, said)] == ["skoler.0.hvorfor"]
    assert rules.submitted(SCHOOLS, said) == {"skoler": ({"skiftet": (True,)}, {"skiftet": (False,)})}


def test_three_earlier_interventions_are_all_kept_and_all_shown() -> None:
    """medplum#7373, #6609: only the last repetition is saved, only the first is shown."""
    said = {"skoler": tuple({"navn": (name,)} for name in ("A", "B", "C"))}
    assert [a.values_at(said, f"skoler.{n}.navn") for n in range(3)] == [("A",), ("B",), ("C",)]
    assert {f"skoler.{n}.navn" for n in range(3)} <= rules.shown(SCHOOLS, said)
    assert rules.submitted(SCHOOLS, said) == said


def test_an_answer_that_is_hidden_is_not_sent_and_comes_back_when_it_is_asked_again() -> None:
    """lforms#185, smart-forms#687: hidden answers are kept, or wanted ones lost."""
    made = form(yes_no("medicin"), line("hvilken", when=when("medicin")))
    said = {"medicin": (True,), "hvilken": ("Ritalin",)}
    hidden = {**said, "medicin": (False,)}
    assert rules.submitted(made, hidden) == {"medicin": (False,)}
    assert rules.submitted(made, {**hidden, "medicin": (True,)}) == said


def test_a_hidden_item_answers_no_condition() -> None:
    made = form(yes_no("a"), yes_no("b", when=when("a")), line("c", when=when("b")))
    assert "c" not in rules.shown(made, {"a": (False,), "b": (True,)})
    assert "c" in rules.shown(made, {"a": (True,), "b": (True,)})


def test_a_repetition_that_says_nothing_lacks_nothing_and_one_that_is_begun_does() -> None:
    made = form(group("g", line("a", required=True), line("b")))
    assert rules.faults(made, {}) == [] == rules.faults(made, {"g": ({},)})
    assert [one.path for one in rules.faults(made, {"g": ({}, {"b": ("x",)})})] == ["g.1.a"]
    assert [one.path for one in rules.faults(form(group("g", line("a", required=True), most=1)), {})] == ["g.0.a"]


def test_a_group_whose_first_question_is_empty_keeps_the_others() -> None:
    """lforms#37: a section is lost when its heading field is empty."""
    said = {"skoler": ({"skiftet": (), "navn": ("Prøveskolen",)},)}
    assert rules.submitted(SCHOOLS, said) == {"skoler": ({"navn": ("Prøveskolen",)},)}


@pytest.mark.parametrize(
    ("op", "value", "holds", "fails"),
    [
        (Op.IS, 3, 3, 4), (Op.IS_NOT, 3, 4, 3), (Op.OVER, 3, 4, 3), (Op.UNDER, 3, 2, 3), (Op.ANSWERED, True, 0, None),
        (Op.ANSWERED, False, None, 0),
    ],
)  # fmt: skip
def test_a_required_question_that_is_hidden_blocks_nobody(op: Op, value: object, holds: object, fails: object) -> None:
    """openmrs-esm-form-engine-lib PR 368, openmrs-module-htmlformentry PR 332: all conditions x required."""
    made = form(line("tal", kind=Kind.NUMBER), line("mere", required=True, when=when("tal", op, value)))
    given_ = {"tal": (holds,)} if holds is not None else {}
    other = {"tal": (fails,)} if fails is not None else {}
    assert [one.path for one in rules.faults(made, given_)] == ["mere"]
    assert rules.faults(made, other) == []


def test_any_of_several_conditions_is_enough_when_the_form_says_so() -> None:
    tests = (*when("a").tests, *when("b").tests)
    both, either = (form(yes_no("a"), yes_no("b"), line("c", when=When(tests, any_of))) for any_of in (False, True))
    assert "c" in rules.shown(either, {"a": (True,)}) and "c" not in rules.shown(both, {"a": (True,)})


def test_a_condition_that_hangs_on_itself_is_answered_all_the_same() -> None:
    assert rules.shown(form(line("a", when=when("b")), line("b", when=when("a"))), {}) == frozenset()


@pytest.mark.parametrize(
    ("item", "valid", "invalid"),
    [
        (line("x", kind=Kind.NUMBER, low=0, high=10), 10, 11), (line("x", kind=Kind.NUMBER, low=0), 0, -1),
        (line("x", kind=Kind.DECIMAL, high=1.5), 1.5, 1.51), (line("x", kind=Kind.NUMBER), 1, "en"),
        (line("x", limit=5), "abcde", "abcdef"), (line("x", kind=Kind.WORDS, limit=2), "æø", "æøå"),
        (line("x", kind=Kind.DATE), "2024-02-29", "2025-02-29"), (line("x", kind=Kind.DATE), "2026-11", "2026-13"),
        (line("x", kind=Kind.DATE), "2026", "i fjor"), (line("x", kind=Kind.YES_NO), False, "måske"),
        (line("x", kind=Kind.CHOICE, options=SCORED), "often", "gone"),
        (line("x", kind=Kind.CPR), "670517-9902", "991399-1234"), (line("x", kind=Kind.CPR), "6705179902", "670517990"),
        (line("x", kind=Kind.PHONE), "12 34 56 78", "1234567"), (line("x", kind=Kind.PHONE), "+45 12345678", "+45 1234567"),
        (line("x", kind=Kind.PHONE), "+46 70 123 45 67", "02345678"),
        (line("x", kind=Kind.POSTCODE), "8000", "800"), (line("x", kind=Kind.POSTCODE), "0800", "0100"),
        (line("x", kind=Kind.EMAIL), "mor@eksempel.dk", "mor@eksempel"),
    ],
)  # fmt: skip
def test_each_rule_at_its_boundary(item, valid, invalid) -> None:
    """smart-forms#1954: a rule that is the wrong way round."""
    assert rules.faults(form(item), {"x": (valid,)}) == []
    assert [one.path for one in rules.faults(form(item), {"x": (invalid,)})] == ["x"]


def test_a_cpr_number_that_fails_modulus_11_is_a_warning_only() -> None:
    (found,) = rules.faults(form(line("x", kind=Kind.CPR)), {"x": ("010107-1234",)})
    assert found.warning and not found.missing


def test_a_number_in_the_place_of_a_cpr_number_is_one() -> None:
    """Whoever has come to the country has one with letters, or with 60 added to the day."""
    for number in ("710107-AB12", "7101071234"):
        assert rules.faults(form(line("x", kind=Kind.CPR)), {"x": (number,)}) == []


def test_scores_are_added_up_of_what_is_asked_and_of_nothing_there_is_no_sum() -> None:
    choice = line("b", kind=Kind.CHOICE, options=SCORED, when=when("vis"))
    total = line("sum", kind=Kind.NUMBER, sums=("a", "b", "tal"))
    made = form(
        yes_no("vis"), line("a", kind=Kind.CHOICE, options=SCORED), choice, line("tal", kind=Kind.NUMBER), total
    )
    said = {"vis": (True,), "a": ("often",), "b": ("often",), "tal": (3,)}
    assert rules.submitted(made, said)["sum"] == (7,)
    assert rules.submitted(made, {**said, "vis": (False,)})["sum"] == (5,)
    assert "sum" not in rules.submitted(made, {"sum": (99,)})


def test_each_repetition_has_its_own_sum() -> None:
    made = form(group("g", line("a", kind=Kind.NUMBER), line("sum", kind=Kind.NUMBER, sums=("a",))))
    said = rules.worked_out(made, {"g": ({"a": (1,)}, {"a": (5,)})})
    assert [a.values_at(said, f"g.{n}.sum") for n in (0, 1)] == [(1,), (5,)]


def test_more_repetitions_than_there_is_room_for_are_told() -> None:
    made = form(group("g", line("a"), most=2))
    assert [one.path for one in rules.faults(made, {"g": ({"a": ("x",)},) * 3})] == ["g"]
    assert len(a.with_one_more({"g": ({}, {})}, made.sections[0].items[0], "g")["g"]) == 2


@pytest.mark.parametrize(
    ("since", "until", "wrong"),
    [
        ("2026-09-01", "2026-05-01", True), ("2026-09-01", "2026-09-01", False), ("2026-09-15", "2026-09", False),
        ("2026", "2026-03-01", False), ("2026-09", "2025", True), ("i går", "2025", False), ("2026-09-01", "", False),
    ],
)  # fmt: skip
def test_what_ends_before_it_begins_is_told_before_it_is_sent(since: str, until: str, wrong: bool) -> None:
    days = line("fra", kind=Kind.DATE), line("til", kind=Kind.DATE, ask="Til hvornår?")
    becomes = Becomes("intervention", {"hvad": "what", "fra": "since", "til": "until"})
    made = form(group("g", line("hvad"), *days, becomes=becomes))
    said = {"g": ({"hvad": ("Pauser",)}, {"hvad": ("Ro",), "fra": (since,), "til": (until,)})}
    told = [one.path for one in rules.faults(made, said) if "før det begynder" in one.text]
    assert told == (["g.1.til"] if wrong else [])


def test_a_part_that_no_condition_leaves_anything_in_is_nobodys_to_answer() -> None:
    """open-forms#6259: a signature is demanded for a step that does not apply."""
    father = Part("father", Party.PARENT, "Fars del", ("school",))
    made = form(
        parts=(SCHOOL, father),
        sections=(
            Section("s", "S", "school", (yes_no("two"),)),
            Section("f", "F", "father", (line("sign", required=True),), when=when("two")),
        ),
    )
    assert [one.id for one in rules.needed(made, {"two": (False,)})] == ["school"]
    assert [one.id for one in rules.needed(made, {"two": (True,)})] == ["school", "father"]
    assert not rules.may_begin(father, ()) and rules.may_begin(father, ["school"])


def test_the_list_of_topics_tells_how_far_each_is() -> None:
    made = form(line("a", required=True), line("b"))
    (section,) = made.sections
    assert rules.progress(made, {}, section) is Progress.MISSING
    assert rules.progress(made, {"b": ("x",)}, section) is Progress.BEGUN
    assert rules.progress(made, {"a": ("x",)}, section) is Progress.DONE


def test_a_new_version_tells_what_is_new_gone_and_otherwise_and_what_no_longer_fits() -> None:
    old = form(line("a"), line("b"), line("c", kind=Kind.CHOICE, options=SCORED), line("d"))
    new = form(
        line("a"), line("c", kind=Kind.CHOICE, options=(Option("often", "Tit"),)), line("d", ask="Ny"), line("e")
    )
    said = {"a": ("1",), "b": ("2",), "c": ("never",), "d": ("4",)}
    found = rules.difference(old, new, said, {part.id for part in new.parts})
    assert [one.id for one in found.added] == ["e"] and [one.id for one in found.removed] == ["b"]
    assert [(x.id, y.ask) for x, y in found.changed] == [("c", "Hvad med c?"), ("d", "Ny")]
    assert found.lost == ("b", "c")
    assert rules.moved_to(new, said, found) == {"a": ("1",), "d": ("4",)}


def test_a_new_version_tells_which_answers_it_would_not_ask_for() -> None:
    """Nor send: a condition that was added, or that hangs on an answer which has no place any more."""
    old = form(yes_no("a"), line("b"), line("c"), line("d", when=when("a")), line("e"))
    new = form(line("b"), line("c", when=when("b")), line("d", when=when("b")), line("e", ask="Ny"))
    said = {"a": (True,), "c": ("3",), "d": ("4",), "e": ("5",)}
    found = rules.difference(old, new, said, {part.id for part in new.parts})
    assert found.lost == ("a",) and found.unasked == ("c", "d")
    assert rules.moved_to(new, said, found) == {"c": ("3",), "d": ("4",), "e": ("5",)}
    assert not rules.difference(old, new, {"b": (True,), "c": ("3",)}, {part.id for part in new.parts}).unasked


@given(answered())
def test_the_same_version_differs_in_nothing_and_loses_nothing(made) -> None:
    found = rules.difference(made[0], made[0], made[1], {part.id for part in made[0].parts})
    assert found == rules.Difference()
    assert rules.moved_to(made[0], a.normal(made[1]), found) == a.normal(made[1])


def test_what_was_no_option_before_either_has_not_come_to_be_none() -> None:
    scored = form(line("c", kind=Kind.CHOICE, options=SCORED), line("d", when=when("c", "odd")))
    found = rules.difference(scored, scored, {"c": ("odd",), "d": ("4",)}, {part.id for part in scored.parts})
    assert found == rules.Difference()
    assert rules.difference(form(line("c")), form(line("c")), {"c": ("odd",)}, {"school"}).lost == ()


# -- what is typed -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("3.12.2026", "2026-12-03"), ("03-12-2026", "2026-12-03"), ("2026-12-03", "2026-12-03"), ("12.2026", "2026-12"),
        ("2026", "2026"), ("31.11.2026", ""), ("i dag", ""), ("29.2.2024", "2024-02-29"), ("", ""),
    ],
)  # fmt: skip
def test_days_are_read_as_danes_write_them(text: str, iso: str) -> None:
    assert a.iso_day(text) == iso
    if iso:
        assert a.iso_day(a.written_day(iso)) == iso


@pytest.mark.parametrize("nought", "٠۰")
def test_the_digits_of_an_arabic_or_a_persian_keyboard_are_read(nought: str) -> None:
    def theirs(text: str) -> str:
        return "".join(chr(ord(nought) + int(one)) if one.isdigit() else one for one in text)

    for kind, text, value in (
        (Kind.NUMBER, "12", 12), (Kind.DECIMAL, "31٫5", 31.5), (Kind.DATE, "3.12.2026", "2026-12-03"),
        (Kind.CPR, "670517-9902", "670517-9902"), (Kind.PHONE, "00 00 00 14", "00 00 00 14"), (Kind.POSTCODE, "8000", "8000"),
    ):  # fmt: skip
        assert a.typed(line("x", kind=kind), [theirs(text)]) == (value,)
    assert a.typed(line("x", kind=Kind.WORDS), [theirs("kl. 10")]) == (theirs("kl. 10"),)


def test_what_can_t_be_read_is_kept_as_it_was_typed() -> None:
    assert a.typed(line("x", kind=Kind.NUMBER), ["tolv"]) == ("tolv",)
    assert a.typed(line("x", kind=Kind.WORDS), ["En\rto\r\ntre\nfire"]) == ("En\nto\ntre\nfire",)  # PDF and HTML
    assert a.typed(line("x", kind=Kind.DECIMAL), ["12,5"]) == (12.5,)
    assert a.typed(line("x", kind=Kind.YES_NO), ["ja"]) == (True,)
    assert a.typed(line("x", kind=Kind.WORDS), ["  Åse Øster-Ægir \r\n😅"]) == ("  Åse Øster-Ægir \n😅",)


def test_a_choice_can_be_cleared_again() -> None:
    """primero R2-3665, R2-3615, R2-3890: a choice can't be cleared, an empty text is kept."""
    item = line("x", kind=Kind.CHOICE, options=SCORED)
    said = a.with_values({}, "x", a.typed(item, ["often"]))
    assert a.with_values(said, "x", a.typed(item, [""])) == {}
    assert a.typed(line("y"), ["   "]) == ()


def test_a_row_that_goes_takes_its_marks_along_and_the_others_move_up() -> None:
    """smart-forms#1940: marks are wrong after a row was deleted."""
    assert a.moved_up("g.1.a", "g", 1) is None
    assert a.moved_up("g.2.a", "g", 1) == "g.1.a" and a.moved_up("g.0.a", "g", 1) == "g.0.a"
    assert a.moved_up("h.2.a", "g", 1) == "h.2.a" and a.moved_up("g", "g", 0) == "g"


def test_what_is_sent_in_the_place_of_a_sum_answers_no_condition() -> None:
    made = form(
        line("tal", kind=Kind.NUMBER), replace(line("i-alt", kind=Kind.NUMBER), sums=("tal",)),
        line("hvorfor", when=when("i-alt", Op.ANSWERED)),
    )  # fmt: skip
    assert "hvorfor" not in rules.shown(made, {"i-alt": (9,)})
    assert "hvorfor" in rules.shown(made, {"tal": (2,), "i-alt": (9,)})
    assert rules.submitted(made, {"tal": (2,), "i-alt": (9,)})["i-alt"] == (2,)
