"""A form that is answered, to FHIR and back."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from barnetsbog.fhir.checking import check
from barnetsbog.fhir.own import EXTENSION
from barnetsbog.forms import answers as a
from barnetsbog.forms import loading, mapping
from barnetsbog.forms.queries import of_body
from barnetsbog.forms.response import Kept, Origin, Response, Source, State, Turn, TurnState
from barnetsbog.kernel.time import parse

from .answering import leaves
from .inventing import answered, form, group, line

NOON = parse("2026-11-25T12:00:00+01:00")[0]
JOB, CHILD = "PractitionerRole/r1", "Patient/c1"


def response(made, said, **more) -> Response:
    return Response(
        "q1", made.id, made.version, made.title, author=JOB, answers=a.normal(said), begun_at=NOON, **more
    )  # fmt: skip


@pytest.mark.parametrize(
    "odd", [{"url": f"{EXTENSION}form-turn", "extension": [{"url": "state", "valueCode": "new"}]},
            {"url": f"{EXTENSION}sent-at", "valueString": "i går"}],
)  # fmt: skip
def test_what_says_of_itself_what_no_form_of_ours_does_is_no_form_and_stops_nothing(odd, monkeypatch) -> None:
    found = form(line("a"))
    monkeypatch.setattr(loading, "form", lambda *_: found)
    body = {"questionnaire": f"{mapping.CANONICAL}{found.id}|{found.version}", "status": "completed"}
    assert of_body(None, body) and of_body(None, {**body, "extension": [odd]}) is None


@given(answered(), st.sampled_from(Kept))
def test_what_is_answered_comes_back_as_it_was_and_is_valid_fhir(made, kept: Kept) -> None:
    form_, said = made
    origins = {
        path: Origin(Source("Condition/c", 2, "Organization/u", date(2026, 3, 3)), tuple(values), kept)
        for path, values in leaves(a.normal(said))
    }
    before = response(form_, said, origins=origins)
    resource = mapping.resource_of(before, form_, child=CHILD)
    assert mapping.response_of(resource, form_) == before
    assert not [one for one in check(resource) if one.severity in ("error", "fatal")]


def test_turns_receipts_and_the_version_of_the_form_stand_in_it() -> None:
    made = replace(form(line("a")), version=3)
    turns = (
        Turn("school", "Organization/s", TurnState.FINISHED, JOB, NOON, ball="Task/t"),
        Turn("child", CHILD, TurnState.ASKED, sheet="QuestionnaireResponse/s"),
    )
    before = response(made, {"a": ("x",)}, turns=turns, state=State.SENT, sent_at=NOON, to="Organization/ppr")
    resource = mapping.resource_of(before, made, child=CHILD)
    assert resource["questionnaire"].endswith("|3") and resource["status"] == "completed"
    assert mapping.response_of(resource, made) == before and before.finished_parts == {"school"}
    # One from elsewhere may name a version that is no number of ours
    for odd in ("", "3.0", "9" * 5000):
        assert mapping.named_form({"questionnaire": f"{mapping.CANONICAL}{made.id}|{odd}"}) is None
    # What the child says of who may read its sheet stands in that and not in the form
    child = (turns[1]._replace(shared=False),)
    sheet = replace(before, turns=child, sheet_of="QuestionnaireResponse/f")
    for one, told in ((sheet, child), (replace(before, turns=child), turns[1:])):
        assert mapping.response_of(mapping.resource_of(one, made, child=CHILD), made).turns == told


@pytest.mark.parametrize(
    ("said", "held"),
    [
        ({"concern-kinds": ("care", "honour"), "parents-know": ("agree",)}, True),
        ({"concern-kinds": ("violence",), "parents-know": ("no",)}, True),
        ({"concern-kinds": ("sexual",)}, True),
        ({"concern-kinds": ("care",), "parents-know": ("cannot",)}, True),
        ({"honour-suspected": ("unsure",)}, True),
        ({"concern-kinds": ("violence",), "parents-know": ("disagree",)}, False),
        ({"concern-kinds": ("care",), "parents-know": ("no",), "honour-suspected": ("no",)}, False),
    ],
)
def test_what_the_parents_may_not_know_yet_is_between_those_who_write_and_get_it(said, held: bool) -> None:
    """Barnets lov § 18; and the questions are those of the catalogue."""
    made = form(*(line(one) for one in said), family="V9")
    resource = mapping.resource_of(response(made, said, state=State.SENT, sent_at=NOON), made, child=CHILD)
    assert (resource["meta"]["security"][0]["code"] == "between") is held
    asked = {one.id: one for name in ("concern-gp", "screening-18") for one in a.items_of(loading.program()[name])}
    assert all(code in [one.code for one in asked[ident].options] for ident, codes in said.items() for code in codes)


def test_a_draft_is_its_writers_and_a_sheet_told_in_confidence_the_child_s() -> None:
    made = form(line("a"))

    def labels(one: Response) -> list[str]:
        meta = mapping.resource_of(one, made, child=CHILD).get("meta", {})
        return [label["code"] for label in meta.get("security", ())]

    sheet = response(made, {}, sheet_of="QuestionnaireResponse/q", turns=(Turn("child", CHILD, shared=False),))
    assert labels(response(made, {})) == ["draft"] == labels(sheet)
    assert labels(replace(sheet, state=State.SENT, sent_at=NOON)) == ["child-private"]
    assert labels(response(made, {}, sent_at=NOON, state=State.SENT)) == []


def test_empty_repetitions_and_empty_parents_with_filled_children_come_back() -> None:
    made = form(group("g", line("a"), line("b")))
    before = response(made, {"g": ({}, {"b": ("x",)}, {})})
    assert mapping.response_of(mapping.resource_of(before, made, child=CHILD), made).answers == before.answers
