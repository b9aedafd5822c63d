"""Parts of the pages that need no request: words of entries, differences, dates."""

import re
import warnings
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.template.loader import get_template
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from whitenoise.middleware import WhiteNoiseMiddleware

from barnetsbog import portal
from barnetsbog.contacts.model import Contact
from barnetsbog.fhir.own import BASE
from barnetsbog.forms.prefill import SPOKEN
from barnetsbog.kernel.time import Exactness, parse
from barnetsbog.portal import calendar_forms, dates, plan_forms
from barnetsbog.portal.clock_words import ago, by_when
from barnetsbog.portal.content import lines, named_in
from barnetsbog.portal.difference import difference
from barnetsbog.portal.fields import Area, DayField
from barnetsbog.portal.pages import turned
from barnetsbog.portal.templatetags import bog
from barnetsbog.portal.templatetags.bog import call
from barnetsbog.portal.words import LANGUAGES
from barnetsbog.record.entries import EntryRow
from barnetsbog.record.promotion import promote

KIM = UUID("00000000-0000-7000-8000-000000000001")
PEOPLE = {KIM: Contact(KIM, "Kim Demosen", "psykolog", "PPR", "ppr")}
REF = {"reference": f"PractitionerRole/{KIM}"}


def extension(name: str, **value: Any) -> dict[str, Any]:
    return {"url": f"{BASE}/StructureDefinition/{name}", **value}


@pytest.mark.parametrize(
    ("resource", "label", "text"),
    [
        ({"resourceType": "Observation", "valueString": "Hun sad ved vinduet."}, "Hvad der blev set", "Hun sad ved vinduet."),
        ({"resourceType": "Observation", "valueQuantity": {"value": 101, "unit": "indeks"}}, "Resultat", "101 indeks"),
        ({"resourceType": "Observation", "valueQuantity": {"value": 31.5, "unit": "kg"}}, "Resultat", "31,5 kg"),
        ({"resourceType": "Encounter", "participant": [{"individual": REF}]}, "Hvem var med", "Kim Demosen, PPR"),
        ({"resourceType": "Task", "owner": REF}, "Hvem har bolden", "Kim Demosen, PPR"),
        ({"resourceType": "Task"}, "Hvem har bolden", "Ingen"),
        ({"resourceType": "Communication", "payload": [{"contentString": "a"}, {"contentString": "b"}]}, "Indhold", "a\n\nb"),
        ({"resourceType": "QuestionnaireResponse", "status": "completed", "item": [{"linkId": "s", "text": "Skolen", "item": [
            {"linkId": "g", "text": "Hvad er svært?", "answer": [{"valueString": "Pauser"}]}]}]}, "Hvad er svært?", "Pauser"),
        ({"resourceType": "DocumentReference", "content": [{"attachment": {"contentType": "text/plain", "data": "w6Y="}}]}, "Indhold", "æ"),
        ({"resourceType": "Appointment", "start": "2026-12-03T10:00:00+01:00", "end": "2026-12-03T11:00:00+01:00"}, "Tid", "03.12.2026 kl. 10.00-11.00"),
        ({"resourceType": "CarePlan", "period": {"start": "2026-01-01"}}, "Periode", "01.01.2026"),
        ({"resourceType": "CarePlan", "period": {"start": "2026-01-01", "end": "2026-01-01"}}, "Periode", "01.01.2026"),
        ({"resourceType": "CarePlan", "period": {"start": "2026-01-01", "end": "2026-02-01"}}, "Periode", "01.01.2026 - 01.02.2026"),
        ({"resourceType": "Consent", "extension": [extension("consent-form", valueString="papir")]}, "Hvordan", "papir"),
        ({"resourceType": "Coverage", "type": {"text": "x"}}, "type.text", "x"),
    ],
)  # fmt: skip
def test_what_an_entry_says(resource: dict[str, Any], label: str, text: str) -> None:
    assert (label, text) in [(str(line.label), line.text) for line in lines(resource, PEOPLE)]


def test_the_childs_words_are_a_quote_and_unaltered() -> None:
    own = {"coding": [{"code": "own-goal"}]}
    words = "Jeg vil  ikke – aldrig! – <b>op</b>"
    (line,) = [
        one
        for one in lines({"resourceType": "Goal", "category": [own], "description": {"text": words}}, {})
        if one.quote
    ]
    assert line.text == words


def test_everybody_named_is_found_at_once() -> None:
    assert named_in({"a": [{"b": REF}], "c": {"reference": "urn:uuid:x"}}) == [KIM]


@given(st.text(max_size=40), st.text(max_size=40))
def test_before_and_after_hold_both_texts_whole(before: str, after: str) -> None:
    pieces = difference(before, after)
    assert "".join(p.text for p in pieces if p.kind != "added") == before
    assert "".join(p.text for p in pieces if p.kind != "removed") == after


@pytest.mark.parametrize(
    ("language", "long", "near", "late"),
    [
        ("da", "3. december 2026", "om 2 dage", "1 dag over fristen"),
        ("en", "3 December 2026", "in 2 days", "1 day overdue"),
    ],
)
def test_dates_in_words(language: str, long: str, near: str, late: str) -> None:
    from datetime import date

    with translation.override(language):
        assert dates.long_date(parse("2026-12-03")[0]) == long
        assert dates.distance(parse("2026-12-03")[0], date(2026, 12, 1)) == near
        assert dates.distance(parse("2026-12-03")[0], date(2026, 12, 4)) == late


def test_what_is_past_is_not_late_and_another_year_is_told() -> None:
    day, today = parse("2026-11-03T23:00:00+01:00")[0], date(2026, 11, 25)
    assert [ago(day, parse(f"2026-11-{on}T00:30:00+01:00")[0]) for on in (25, "04", "03")] == [
        "for 22 dage siden", "for 1 dag siden", "i dag",
    ]  # fmt: skip
    at = parse("2027-01-07T10:00:00+01:00")[0]
    assert dates.weekday_and_time(at, False, beside=today) == "To 07.01.2027 kl. 10.00"
    assert dates.weekday_and_time(at, False, beside=date(2027, 1, 2)) == "To 07.01. kl. 10.00"


def test_a_whole_day_has_no_clock_time() -> None:
    at, exactness = parse("2026-12-03")
    assert dates.when(at, exactness) == "03.12.2026"


@pytest.mark.parametrize(
    ("start", "end", "shown"),
    [
        ("2019", "", "2019"), ("2019-03", "2020", "marts 2019 - 2020"), ("2019", "2019", "2019"), ("2019-01-01", "2019", "01.01.2019 - 2019"),
        ("", "2027-12", "Til december 2027"), ("2026-12-03", "2026-12-03", "03.12.2026"), ("", "", ""),
        ("2026-12-03T10:00:00+01:00", "2026-12-03T11:00:00+01:00", "03.12.2026 kl. 10.00-11.00"),
        ("2026-12-03T10:00:00+01:00", "2026-12-03", "03.12.2026 kl. 10.00 - 03.12.2026"),
        ("2026-12-03T10:00:00+01:00", "2026-12-04T09:00:00+01:00", "03.12.2026 kl. 10.00 - 04.12.2026 kl. 09.00"),
    ],
)  # fmt: skip
def test_a_time_is_told_as_exactly_as_it_was_given(start: str, end: str, shown: str) -> None:
    """Nobody who wrote 2027 meant the first of January, and until 2027 is until its last day."""
    period = {name: text for name, text in (("start", start), ("end", end)) if text}
    with translation.override("da"):
        told = [one.text for one in lines({"resourceType": "CarePlan", "period": period}, {}) if one.label == "Periode"]
    assert told == ([shown] if shown else [])


@pytest.mark.parametrize(
    ("given", "shown", "day", "short", "end"),
    [
        ("2019", "2019", "2019", "2019", "2019"),
        ("2026-01", "januar 2026", "januar 2026", "januar 2026", "januar 2026"),
        ("2019-03-04", "04.03.2019", "04.03.2019", "04.03.2019", "04.03.2019"),
        ("2026-03-04T10:00:00+01:00", "04.03.2026 kl. 10.00", "04.03.2026", "04.03.", "04.03.2026"),
        ("0001", "25.11.2026 kl. 12.00", "25.11.2026", "25.11.", "0001"),
    ],
)
def test_an_entry_was_when_its_source_says_and_no_day_is_made_up(
    given: str, shown: str, day: str, short: str, end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bog, "today", lambda: date(2026, 11, 25))
    read = promote({"resourceType": "Observation", "effectivePeriod": {"start": given, "end": given}})
    row = EntryRow(**dict.fromkeys(EntryRow._fields) | {  # type: ignore[arg-type]
        "start": read.start or parse("2026-11-25T12:00:00+01:00")[0], "exactness": read.exactness,
        "end": read.end, "end_exactness": read.end_exactness,
    })  # fmt: skip
    with translation.override("da"):
        assert (
            bog.when(row),
            bog.told_day(row.start, row.exactness),
            bog.short_day(row.start, row.exactness),
            bog.told_day(row.end, row.end_exactness),
        ) == (shown, day, short, end)


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("00 00 00 14", '<a href="tel:00000014">00 00 00 14</a>'),
        ("+45 00000014", '<a href="tel:+4500000014">+45 00000014</a>'),
        ("skjult nummer", "skjult nummer"),
        ("", ""),
        ('1"><script>', '1"><script>'),
    ],
)
def test_a_number_can_be_called_and_words_stay_words(number: str, shown: str) -> None:
    """What is no number is handed on as it is, and escaped by the page as any other text."""
    assert call(number) == shown


@pytest.mark.parametrize(
    ("due", "shown"),
    [
        ("2026-11-27T13:20:00+01:00", "27.11. kl. 13.20"),
        ("2026-11-27", "27.11."),
        ("2027-01-01T00:00:00+01:00", "01.01.2027"),
    ],
)
def test_midnight_is_no_time_of_day(due: str, shown: str) -> None:
    with translation.override("da"):
        assert by_when(parse(due)[0], parse("2026-11-25T12:00:00+01:00")[0]) == shown


def test_static_files_are_served_from_the_program_and_no_folder_is_missed() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        served = WhiteNoiseMiddleware(lambda _: HttpResponse())
    assert served.static_root is None


def test_a_language_is_called_the_same_in_a_form_and_on_a_page() -> None:
    assert {code: str(name) for code, name in LANGUAGES.items()} == SPOKEN


def test_a_date_in_arabic_says_nothing_in_danish() -> None:
    with translation.override("ar"):
        assert dates.when(0, Exactness.CLOCK) == "01.01.1970 الساعة 01.00"


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("07.05.2017", date(2017, 5, 7)), ("7/5-2017", date(2017, 5, 7)), ("2017-05-07", date(2017, 5, 7)), ("7 5 17", date(2017, 5, 7)),
        ("25.11.26", date(2026, 11, 25)), ("1.1.46", date(2046, 1, 1)), ("31.12.47", date(1947, 12, 31)), ("1.1.99", date(1999, 1, 1)),
        ("7. maj 2017", date(2017, 5, 7)), ("7 May 2017", date(2017, 5, 7)), ("1. dec. 26", date(2026, 12, 1)), ("3. MARTS 2027", date(2027, 3, 3)),
        ("1.1.00", date(2000, 1, 1)), ("1.1.5", date(2005, 1, 1)), ("1.1.1900", date(1900, 1, 1)), ("31.12.2200", date(2200, 12, 31)),
    ],
)  # fmt: skip
def test_a_day_is_read_as_people_mean_it(typed: str, day: date) -> None:
    assert dates.read_day(typed, date(2026, 11, 25)) == day


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "25.11",
        "25.11.0026",
        "25.11.126",
        "25.11.1899",
        "1.1.2201",
        "31.02.26",
        "25.11.26.1",
        f"1.{10**30}.2026",
        "i morgen",
        "1. måned 2026",
        "1. mmm 2026",
        "1. j 2026",
        "1. jul",
        "٢٥.x.26",
    ],
)
def test_what_is_no_day_is_said_to_be_none(typed: str) -> None:
    with pytest.raises(ValueError):
        dates.read_day(typed, date(2026, 11, 25))


def test_whatever_is_no_day_is_told_how_to_write_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("barnetsbog.portal.fields.today", lambda: date(2026, 11, 25))
    with pytest.raises(ValidationError) as refused:
        DayField().clean("en dag i det nye år, tror jeg")
    assert refused.value.messages == [dates.NO_DAY]


def test_a_browser_cuts_nothing_off_what_is_pasted() -> None:
    """`maxlength` does, without a word: of a child's own words too."""

    def below(kind: type[forms.Form]) -> Iterator[type[forms.Form]]:
        for sub in kind.__subclasses__():
            yield from (sub, *below(sub))

    areas = [
        (form.__name__, name, field.widget)
        for form in below(forms.Form) for name, field in form.base_fields.items()
        if form.__module__.startswith("barnetsbog.") and isinstance(field.widget, forms.Textarea)
    ]  # fmt: skip
    assert {plan_forms.SayForm.__name__, calendar_forms.NewForm.__name__} <= {form for form, _name, _widget in areas}
    assert [(form, name) for form, name, widget in areas if not isinstance(widget, Area)] == []
    assert all("maxlength" not in widget.render(name, "") for _form, name, widget in areas)
    pages = Path(portal.__file__).parent.rglob("templates/**/*.html")
    assert not [one.name for one in pages if re.search(r"<textarea[^>]*maxlength", one.read_text(encoding="utf-8"))]


@pytest.mark.parametrize(
    ("text", "page", "rows"), [("1", 1, [0, 1]), ("3", 3, [4]), ("99", 3, [4]), ("0", 1, [0, 1]), ("x", 1, [0, 1])]
)
def test_a_page_that_is_not_there_is_the_nearest(text: str, page: int, rows: list[int]) -> None:
    found = turned(range(5), text, most=2)
    assert (found.page, list(found.rows), list(found.pages)) == (page, rows, [1, 2, 3])
    assert not turned(range(2), text, most=2).pages and list(turned([], text, most=2).rows) == []


def test_whoever_has_a_ball_and_may_not_be_known_by_name_is_not_left_blank() -> None:
    ball = {"holder": Contact(KIM, ""), "offered_to": Contact(KIM, "")}
    with translation.override("da"):
        for name in ("holder", "strip"):
            told = get_template(f"bog/ball/{name}.html").render({"ball": ball, "me": {"may": ()}})
            assert told.count("en anden") == 2
