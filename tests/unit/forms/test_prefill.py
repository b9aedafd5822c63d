"""What is known stands in the form, with its source; and what is answered becomes entries, once."""

from dataclasses import replace
from datetime import date

import pytest

from barnetsbog.fhir.checking import check
from barnetsbog.fhir.own import complex_extension
from barnetsbog.forms import extraction, loading, prefill, samples
from barnetsbog.forms.answers import moved_up, without_one
from barnetsbog.forms.assembling import every
from barnetsbog.forms.model import Becomes, Form, Kind, Option
from barnetsbog.forms.prefill import Found, Known
from barnetsbog.forms.response import Response, Source
from barnetsbog.forms.sources import SOURCES
from barnetsbog.kernel.time import parse

from .inventing import SCORED, form, group, line, origin, yes_no

NOON = parse("2026-11-25T12:00:00+01:00")[0]
TRIED = group(
    "proevet", line("proevet-what"), line("proevet-since", kind=Kind.DATE), fill="interventions",
    becomes=Becomes("intervention", {"proevet-what": "what", "proevet-since": "since"}),
)  # fmt: skip


def source(entry: str = "CarePlan/1", day: date | None = date(2026, 3, 3)) -> Source:
    return Source(entry, 1, "Organization/ppr", day)


def interventions(*names: str) -> Known:
    return Known({"interventions": tuple(
        Found({"text": name, "what": name, "since": "2026-03"}, source(f"CarePlan/{name}")) for name in names
    )})  # fmt: skip


@pytest.mark.parametrize("names", [(), ("Pauser",), ("Åse Øster-Ægir", "B", "C", "D")])
def test_none_one_and_four_repetitions_are_filled_and_sent(names: tuple[str, ...]) -> None:
    """open-forms#5827, #5748, #1899: prefilled children break sending, and the form of a date fails."""
    made = form(TRIED)
    filled = prefill.fill(made, interventions(*names))
    assert [one["proevet-what"] for one in filled.answers.get("proevet", ())] == [(name,) for name in names]
    assert all(one["proevet-since"] == ("2026-03",) for one in filled.answers.get("proevet", ()))
    assert entries(made, filled.answers, filled.origins) == []  # what is there already is not made again


def test_what_is_filled_does_not_hang_on_what_else_the_form_asks() -> None:
    """smart-forms#1258, #648, #1775: prefill stops through an extra item, a default or an upgrade."""
    name = line("navn", fill="child.name")
    known = Known({"child.name": (Found({"text": "Alma Prøvegaard"}, source()),)})
    for made in (form(name), form(line("nyt"), name, yes_no("mere")), form(name, version=2)):
        assert prefill.fill(made, known).answers == {"navn": ("Alma Prøvegaard",)}


def test_an_earlier_answer_counts_but_not_where_it_is_measured_anew() -> None:
    scored = line("tit", kind=Kind.CHOICE, options=SCORED)
    made = form(line("hobby"), scored, line("mål", becomes=Becomes("own-goal")))
    known = Known({}, {one: (("x" if one != "tit" else "often",), source()) for one in ("hobby", "tit", "mål")})
    assert prefill.fill(made, known).answers == {"hobby": ("x",)}


def test_where_a_child_is_that_must_not_be_told_is_not_told_by_an_earlier_answer_either() -> None:
    made = form(line("bor", fill="child.address"), line("skole", fill="child.school"), line("hvad"))
    earlier = {one: (("Nygade 2",), source("QuestionnaireResponse/1")) for one in ("bor", "skole", "hvad")}
    assert set(prefill.fill(made, Known(answered=earlier)).answers) == {"bor", "skole", "hvad"}
    assert set(prefill.fill(made, Known(answered=earlier, hidden=True)).answers) == {"hvad"}


def test_what_is_to_be_answered_anew_is_never_carried_over_from_an_earlier_form() -> None:
    """A yes, a danger, a judgement of today: neither those of the catalogue, nor any that somebody adds."""
    asked = {
        item.id: item for form in loading.program().values() for section in form.sections
        for item in every(section.items) if item.anew
    }  # fmt: skip
    earlier = {
        ident: ((samples.answer(item) or "x",), source("QuestionnaireResponse/1")) for ident, item in asked.items()
    }
    assert {"consent-answer", "suicidal", "urgent"} <= set(asked)
    for made in loading.program().values():
        filled = prefill.fill(made, Known({}, earlier))
        assert filled.answers == {} and prefill.kinds([made]), made.id


@pytest.mark.parametrize(
    ("start", "end", "placed"),
    [("2026-01-01", "2027-06-30", True), ("2026-01-01", None, True), ("2027-01-01", None, False), ("2025-01-01", "2026-06-30", False)],
)  # fmt: skip
def test_a_placement_is_told_while_it_lasts_also_where_its_end_is_known(
    start: str, end: str | None, placed: bool
) -> None:
    period = ("Period", {"start": start, **({"end": end} if end else {})})
    child = {"resourceType": "Patient", "id": "c", "extension": [complex_extension("placement", {"period": period})]}
    about = prefill.About({}, None, "", parse("2026-11-25T12:00:00+01:00")[0], False)
    told = dict(prefill._child(None, child, about))
    assert told["child.placed"] == {"text": placed}


def test_only_what_a_form_asks_for_is_read() -> None:
    assert prefill.kinds([form(line("navn", fill="child.name", anew=True))]) == {"child"}
    assert prefill.kinds([form(line("hobby"))]) == {"document"}
    assert prefill.kinds([form(line("dig", fill="me.name", anew=True))]) == set()
    asked = {
        item.fill for made in loading.program().values() for section in made.sections for item in every(section.items)
    }
    told = {name for name in asked if name and not name.startswith("me.") and name in SOURCES}
    assert all(prefill.kinds([form(line("x", fill=name, anew=True))]) for name in told - NOWHERE)


NOWHERE = {"medicine", "allergy"}
"""What forms ask for and no entry tells yet."""


def test_what_does_not_fit_the_question_is_asked_as_if_nothing_were_known() -> None:
    options = (Option("joint", "Fælles"),)
    made = form(
        line("custody", kind=Kind.CHOICE, options=options, fill="custody"), line("kort", limit=3, fill="status")
    )
    known = Known({"custody": (Found({"text": "noget"}, source()),), "status": (Found({"text": "langt"}, source()),)})
    assert prefill.fill(made, known) == ({}, {})


@pytest.mark.parametrize(("day", "stale"), [(date(2025, 11, 25), False), (date(2025, 11, 24), True), (None, False)])
def test_a_source_is_stale_after_twelve_months(day: date | None, stale: bool) -> None:
    assert prefill.is_stale(source(day=day), date(2026, 11, 25)) is stale
    assert not prefill.is_stale(source(day=date(2027, 2, 28)), date(2028, 2, 29))


# -- what it becomes ---------------------------------------------------------------------------------------------------


def entries(made: Form, answers, origins=None, **more):
    said = extraction.Answered(
        "q1", "Patient/c", "PractitionerRole/r", NOON, date(2026, 11, 25), answers, origins or {},
        {"school": "PractitionerRole/i"}, **more,
    )  # fmt: skip
    return extraction.entries_of(made, said, b"key")


def test_every_kind_that_an_answer_becomes_is_valid_and_always_the_same_entry() -> None:
    hard = group(
        "h",
        line("hvad"),
        line("siden", kind=Kind.DATE),
        becomes=Becomes("condition", {"hvad": "what", "siden": "since"}),
    )
    score = line("tal", kind=Kind.NUMBER, becomes=Becomes("measure", {"tal": "value"}))
    own = line("egen", kind=Kind.WORDS, becomes=Becomes("own-goal", {"egen": "words"}))
    goal = group("m", line("hvad2"), becomes=Becomes("goal", {"hvad2": "what"}))
    made = form(hard, TRIED, score, own, goal)
    words = "  jeg vil\n ha ro 😅"
    answers = {
        "h": ({"hvad": ("Søvn",), "siden": ("2026-02",)},), "proevet": ({"proevet-what": ("Pauser",)},), "tal": (7,),
        "egen": (words,), "m": ({"hvad2": ("Mere søvn",)},),
    }  # fmt: skip
    found = entries(made, answers)
    assert [one["resourceType"] for one in found] == ["Condition", "CarePlan", "Observation", "Goal", "Goal"]
    assert not [issue for one in found for issue in check(one) if issue.severity in ("error", "fatal")]
    assert found == entries(made, answers)
    assert found[0]["onsetDateTime"] == "2026-02" and found[3]["description"]["text"] == words
    measured = {one["url"].rpartition("/")[2]: one for one in found[2]["extension"]}
    assert measured["informant"]["valueReference"]["reference"] == "PractitionerRole/i"
    assert measured["instrument-version"]["valueString"] == "skema 1" and found[2]["effectiveDateTime"] == "2026-11-25"
    changed = entries(made, {**answers, "tal": (8,)})
    assert [one["id"] for one in changed] == [one["id"] for one in found] and changed[2] != found[2]


@pytest.mark.parametrize(
    ("until", "status", "end"),
    [("2026", "active", "2026"), ("2026-11", "active", "2026-11"), ("2026-10", "completed", "2026-10"), ("2025-01-01", "completed", None)],
)  # fmt: skip
def test_an_intervention_is_over_when_the_month_or_the_year_is_that_it_ends_in(
    until: str, status: str, end: str | None
) -> None:
    becomes = Becomes("intervention", {"hvad": "what", "fra": "since", "til": "until"})
    asked = (line("hvad"), line("fra", kind=Kind.DATE), line("til", kind=Kind.DATE))
    told = {"hvad": ("Pauser",), "fra": ("2026-02",), "til": (until,)}
    (found,) = entries(form(group("g", *asked, becomes=becomes)), {"g": (told,)})
    assert (found["status"], found["period"].get("end")) == (status, end)
    assert not [issue for issue in check(found) if issue.severity in ("error", "fatal")]


@pytest.mark.parametrize(
    ("until", "follow_up", "note"),
    [
        ("2027-02-01", "2027-02-01", "Sådan kan det ses: Han leger med.\nHvem: Maja"),
        ("2027-02", None, "Sådan kan det ses: Han leger med.\nHvem: Maja\nNået: 02.2027"),
    ],
)
def test_a_goal_keeps_when_it_is_to_be_reached_who_works_with_it_and_how_it_is_seen(
    until: str, follow_up: str | None, note: str
) -> None:
    parts = {"goal-what": "what", "goal-by": "by", "goal-until": "until"}
    asked = (line("goal-what"), line("goal-sign"), line("goal-by"), line("goal-until", kind=Kind.DATE))
    told = {"goal-what": ("Leg",), "goal-sign": ("Han leger med.",), "goal-by": ("Maja",), "goal-until": (until,)}
    (found,) = entries(form(group("goals", *asked, becomes=Becomes("goal", parts))), {"goals": (told,)})
    kept = {one["url"].rpartition("/")[2]: one.get("valueDate") for one in found["extension"]}
    assert kept.get("follow-up") == follow_up and [one["text"] for one in found["note"]] == [note]
    assert not [issue for issue in check(found) if issue.severity in ("error", "fatal")]


def test_what_was_fetched_and_what_is_hidden_becomes_nothing() -> None:
    made = form(TRIED)
    answers = {"proevet": ({"proevet-what": ("A",)}, {"proevet-what": ("B",)})}
    found = entries(made, answers, {"proevet.0.proevet-what": origin("A")})
    assert [one["title"] for one in found] == ["B"]
    assert entries(form(line("nej")), answers) == []


def test_what_a_corrected_form_no_longer_says_was_an_error_and_stays_valid() -> None:
    made = form(
        TRIED,
        line("egen", becomes=Becomes("own-goal")),
        group("h", line("hvad"), becomes=Becomes("condition", {"hvad": "what"})),
    )
    found = entries(made, {"proevet": ({"proevet-what": ("A",)},), "egen": ("x",), "h": ({"hvad": ("y",)},)})
    assert len(found) == 3
    for one in found:
        wrong = extraction.in_error(one)
        assert not [issue for issue in check(wrong) if issue.severity in ("error", "fatal")] and wrong != one


def test_marks_follow_their_rows_when_one_is_deleted() -> None:
    """smart-forms#1940: marks are wrong after a row was deleted."""
    made = form(TRIED)
    filled = prefill.fill(made, interventions("A", "B"))
    answers = without_one(filled.answers, "proevet", 0)
    origins = {
        to: one for path, one in filled.origins.items() if (to := moved_up(path, "proevet", 0)) is not None
    }  # fmt: skip
    assert [one["proevet-what"] for one in answers["proevet"]] == [("B",)]
    assert origins["proevet.0.proevet-what"].said == ("B",)
    assert origins.keys() == {"proevet.0.proevet-what", "proevet.0.proevet-since"}


# -- a source that says something else now -----------------------------------------------------------------------------


def draft(made: Form, known: Known) -> Response:
    filled = prefill.fill(made, known)
    return Response("r", made.id, 1, "Et skema", answers=filled.answers, origins=filled.origins)


def said_now(made: Form, response: Response, known: Known) -> dict[str, tuple[object, ...]]:
    return {path: one.said for path, one in prefill.changes(made, response, prefill.fill(made, known)).items()}


def test_news_follow_their_rows_when_one_is_deleted_and_when_they_change_places() -> None:
    """smart-forms#1940: "changed" marks are wrong after a refresh of reordered rows."""
    made = form(TRIED)
    before = draft(made, interventions("A", "B", "C"))
    answers = without_one(before.answers, "proevet", 0)
    origins = {to: one for path, one in before.origins.items() if (to := moved_up(path, "proevet", 0)) is not None}
    response = replace(before, answers=answers, origins=origins)
    renamed = Found({"text": "C2", "what": "C2", "since": "2026-03"}, source("CarePlan/C"))
    now = Known({"interventions": (renamed, *interventions("B", "A").found["interventions"])})
    assert said_now(made, response, now) == {"proevet.1.proevet-what": ("C2",)}
    # One row fewer in the book is no news: it may only be hidden
    assert said_now(made, response, interventions("B")) == {}


def test_news_of_a_single_answer_come_from_whatever_says_it_now() -> None:
    made = form(line("skole", fill="child.school"))
    response = draft(made, Known({"child.school": (Found({"text": "Skole A"}, source("EpisodeOfCare/1")),)}))
    now = Known({"child.school": (Found({"text": "Skole B"}, source("EpisodeOfCare/2")),)})
    assert said_now(made, response, now) == {"skole": ("Skole B",)}
    declined = {path: one._replace(declined=("Skole B",)) for path, one in response.origins.items()}
    assert said_now(made, replace(response, origins=declined), now) == {}
    assert said_now(made, replace(response, answers={"skole": ("Skole B",)}), now) == {}  # written already
    assert said_now(made, response, Known()) == {}
