"""What is wrong with the stories beyond their form: filler, contradictions, dates given away, numbers too real.

`check_stories` gives one Danish line per fault and an empty list when the twenty stories can be shown. It works on the
stories as written, before any date is moved. Each rule is a small generator over one story; the two rules that need
all children at once (no sentence twice, exactly the twenty numbers) stand last.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path

from barnetsbog.demo import consenting
from barnetsbog.demo.dates import MONTHS, TOKEN, WRITTEN_TODAY, at_noon, day_of
from barnetsbog.demo.model import (
    Appointment,
    Cast,
    Draft,
    Event,
    Goal,
    Intervention,
    Letter,
    Moment,
    Plan,
    Story,
    Task,
    versions,
)
from barnetsbog.demo.story import FOLDER, gather, read_cast
from barnetsbog.forms import rules
from barnetsbog.forms.answers import places
from barnetsbog.forms.loading import program

NUMBERS = range(1, 21)
LONG_STORY = 12
_ENTRIES = {LONG_STORY: (1200, 1300)}
_USUAL_ENTRIES = (30, 250)
_TURNING_POINTS = (5, 12)
_STATUS_WORDS = 60
_TITLE_LENGTH = 70
_SHORT_SENTENCE = 3
_TEACHERS = ("teacher", "school_leader")
_FRIDAY, _JULY, _HOLIDAY_WEEKS = 5, 7, (7, 42)

_SENTENCE_END = re.compile(r"(?<=[.!?])[»«\"”’)]*\s+(?=[A-ZÆØÅ»«\"”{-])|\n+")
_WORDS = re.compile(r"[\wæøåéü]+")
_WEEKDAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")
_NAMED_MONTHS = "|".join(MONTHS)
# Months have small letters in Danish; with a capital, August is a boy and Maj a woman.
_TOLD_DATE = re.compile(
    rf"\b(?:{_NAMED_MONTHS})s?\b|\b(?:{'|'.join(_WEEKDAYS)}|{'|'.join(day.capitalize() for day in _WEEKDAYS)})\w*"
    r"|\b(?:19[89]|20[0-4])\d\b(?![.,]?\d)|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b"
)
_BRACES = re.compile(r"\{[^}]*\}?")
_CPR_LIKE = re.compile(r"\b\d{6}-?\d{4}\b")
_PHONE_LIKE = re.compile(r"\b\d\d \d\d \d\d \d\d\b")
_MAIL = re.compile(r"[\w.+-]+@[\w.-]+\w")
_KIND_WORDS = """
    notat samtale møde brev besked observation referat mål plan telefon telefonsamtale opkald hændelse aftale opgave
    samtykke tilstand indsats dokument henvisning måling skema underretning status nr med og til fra om i en et den
    det af på for
"""
_FILLER = frozenset(_KIND_WORDS.split())

Rule = Callable[[Story, Cast], Iterator[str]]


def check_files(folder: Path = FOLDER / "citizens") -> list[str]:
    """Form and content of all files together: what `./bog demo --check` prints."""
    cast = read_cast()
    stories, faults = gather(folder, cast)
    return faults + check_stories(stories, cast)


def check_stories(stories: Iterable[Story], cast: Cast) -> list[str]:
    stories = list(stories)
    each = [fault for story in stories for rule in RULES for fault in rule(story, cast)]
    return [*each, *_twenty(stories), *_repeated(stories)]


# --- what a writer wrote --------------------------------------------------------------------------------------------


def all_events(story: Story) -> tuple[Event, ...]:
    return (*story.events, *story.script)


def texts_of(event: Event) -> list[str]:
    """Every text of an entry in all its versions; what a version leaves unchanged counts once."""
    found = [text for version in versions(event) for text in _texts(version.event)]
    return list(dict.fromkeys(found))


def _texts(event: Event) -> list[str]:
    named = (getattr(event, name, None) for name in ("title", "text", "quote", "effect", "because", "prepare", "place"))
    return [text for text in named if text]


def sentences_of(text: str) -> list[str]:
    """Sentences in a form that can be compared: only words, small letters."""
    pieces = (" ".join(_WORDS.findall(piece.lower())) for piece in _SENTENCE_END.split(text))
    return [piece for piece in pieces if len(piece.split()) > _SHORT_SENTENCE]


# --- rules for one story --------------------------------------------------------------------------------------------


def _identity(story: Story, _cast: Cast) -> Iterator[str]:
    """A number of the demonstration's own series, and the right one for this child."""
    number, born = story.cpr, story.born
    day = int(number[:2]) - 60
    if (day, int(number[2:4]), int(number[4:6])) != (born.day, born.month, born.year % 100) or not 1 <= day <= 31:
        yield f"{story.file}: cpr {number} passer ikke med født {born} (dagen plus 60)"
    if (int(number[-1]) % 2 == 1) != (story.gender == "male"):
        yield f"{story.file}: cpr {number} slutter ikke rigtigt (ulige for drenge, lige for piger)"


def _amount(story: Story, _cast: Cast) -> Iterator[str]:
    least, most = _ENTRIES.get(story.number, _USUAL_ENTRIES)
    if not least <= len(story.events) <= most:
        yield f"{story.file}: {len(story.events)} hændelser (skal være {least}-{most})"
    if sum(isinstance(event, Letter) for event in story.events) < 2:
        yield f"{story.file}: skal have mindst to breve"
    important = sum(event.important for event in story.events)
    if not _TURNING_POINTS[0] <= important <= _TURNING_POINTS[1]:
        yield f"{story.file}: {important} vigtige hændelser (skal være {_TURNING_POINTS[0]}-{_TURNING_POINTS[1]})"
    if story.broken_import is None:
        yield f"{story.file}: skal have netop én ødelagt aflevering (broken_import)"


def _status(story: Story, _cast: Cast) -> Iterator[str]:
    words = len(story.status.text.split())
    if words > _STATUS_WORDS:
        yield f"{story.file}, status: {words} ord (højst {_STATUS_WORDS})"
    if day_of(story.status.at) > WRITTEN_TODAY:
        yield f"{story.file}, status: er skrevet efter i dag"
    yield from _given_away(f"{story.file}, status", story.status.text)


def _titles(story: Story, _cast: Cast) -> Iterator[str]:
    for event in all_events(story):
        words = [word for word in _WORDS.findall(event.title.lower()) if not word.isdigit()]
        if len(event.title) > _TITLE_LENGTH:
            yield f"{event.where}: titlen er på {len(event.title)} tegn (højst {_TITLE_LENGTH})"
        if len(words) < 2 or all(word in _FILLER for word in words):
            yield f"{event.where}: titlen siger ikke, hvad der skete"


def _dates_in_texts(story: Story, _cast: Cast) -> Iterator[str]:
    for event in all_events(story):
        for text in texts_of(event):
            yield from _given_away(event.where, text)


def _given_away(where: str, text: str) -> Iterator[str]:
    """Dates that wouldn't move, and numbers or addresses that could be somebody's."""
    bare = TOKEN.sub(" ", text)
    if "{" in bare or "}" in bare:
        yield f"{where}: en dato i krøllede parenteser kan ikke læses"
    bare = _BRACES.sub(" ", bare)
    for told in _TOLD_DATE.findall(bare):
        yield f"{where}: »{told}« er en dato i teksten (skriv den som {{2026-12-03}})"
    for number in _CPR_LIKE.findall(bare):
        yield f"{where}: »{number}« ligner et cpr-nummer"
    for number in _PHONE_LIKE.findall(bare):
        if not number.startswith("00 00 00"):
            yield f"{where}: telefon »{number}« er ikke i 00-serien"
    for mail in _MAIL.findall(bare):
        if not mail.endswith("@eksempel.invalid"):
            yield f"{where}: mailen »{mail}« skal slutte på @eksempel.invalid"


def _tokens(story: Story, _cast: Cast) -> Iterator[str]:
    for event in all_events(story):
        for text in texts_of(event):
            yield from (f"{event.where}: {mark} findes ikke i kalenderen" for mark in _impossible(text))


def _impossible(text: str) -> Iterator[str]:
    for mark in TOKEN.finditer(text):
        year, month, day = (int(part or 1) for part in mark.groups())
        try:
            date(year, month, day)
        except ValueError:
            yield mark.group()


def _keys(story: Story, cast: Cast) -> Iterator[str]:
    counted = Counter(event.key for event in all_events(story) if event.key)
    yield from (f"{story.file}: nøglen `{key}` bruges {times} gange" for key, times in counted.items() if times > 1)
    goals = {event.key for event in story.events if isinstance(event, Goal)}
    named = {*counted, *story.people, *story.actors, *cast.professionals, *cast.units, "child"}
    for event in all_events(story):
        if isinstance(event, Plan):
            yield from (
                f"{event.where}, felt `goals`: intet mål hedder `{key}`" for key in event.goals if key not in goals
            )
        if isinstance(event, Task):
            missing = (key for key in event.waits_for if key not in named)
            yield from (f"{event.where}, felt `waits_for`: `{key}` findes ikke" for key in missing)


def _order(story: Story, _cast: Cast) -> Iterator[str]:
    for event in all_events(story):
        if day_of(event.at) < story.born:
            yield f"{event.where}: sker før barnet er født"
        for name in ("until", "due", "done", "follow_up"):
            end = getattr(event, name, None)
            if end is not None and day_of(end) < day_of(event.at):
                yield f"{event.where}, felt `{name}`: ligger før hændelsen selv"
        if isinstance(event, Appointment) and not isinstance(event.at, datetime):
            yield f"{event.where}, felt `at`: en aftale skal have et klokkeslæt"
        yield from _change_order(event)
    for care in story.care:
        if care.to_date and care.to_date < care.from_date:
            yield f"{story.file}, care {care.unit}: slutter, før den begynder"


def _employed(story: Story, cast: Cast) -> Iterator[str]:
    """A professional writes while the unit has a task with the child: nobody else could open the book."""
    for event in all_events(story):
        writer = story.professional(event.by, cast)
        if writer is None:
            continue
        at = min(day_of(event.at), WRITTEN_TODAY)
        tasks = (care for care in story.care if care.unit == writer.unit)
        if not any(care.from_date <= at <= (care.to_date or at) for care in tasks):
            yield f"{event.where}, felt `by`: {event.by} ({writer.unit}) har ingen opgave i `care` på det tidspunkt"


def _school_days(story: Story, cast: Cast) -> Iterator[str]:
    """A teacher writes when there is school: not in a weekend, in July or in the holidays of the schools told of."""
    for event in all_events(story):
        writer, day = story.professional(event.by, cast), day_of(event.at)
        if writer is None or writer.role not in _TEACHERS:
            continue
        if day.isoweekday() > _FRIDAY or day.month == _JULY or day.isocalendar().week in _HOLIDAY_WEEKS:
            yield f"{event.where}, felt `at`: der er ikke skole {day}"


def _drafts(story: Story, _cast: Cast) -> Iterator[str]:
    """What is written in a form fits its questions; what is not written yet is lacking, as in any draft."""
    for draft in story.drafts:
        form = program().get(draft.form)
        if form is None:
            yield f"{draft.where}, felt `form`: intet skema hedder `{draft.form}`"
            continue
        asked = {place.path for place in places(form, draft.answers)}
        yield from (f"{draft.where}: skemaet spørger ikke om `{key}`" for key in draft.answers if key not in asked)
        wrong = (one for one in rules.faults(form, draft.answers) if one.path in draft.answers)
        yield from (f"{draft.where}, `{one.path}`: {one.text}" for one in wrong)
        for text in _written(draft):
            yield from _given_away(draft.where, text)


def _written(draft: Draft) -> list[str]:
    return [one for said in draft.answers.values() for one in said if isinstance(one, str)]


def _change_order(event: Event) -> Iterator[str]:
    moments: list[Moment] = [change.at for change in event.changed]
    if any(at_noon(later) < at_noon(earlier) for earlier, later in pairwise(moments)):
        yield f"{event.where}: ændringerne står ikke i rækkefølge"
    announced = isinstance(event, Appointment) or day_of(event.at) > WRITTEN_TODAY
    if moments and not announced and at_noon(moments[0]) < at_noon(event.at):
        yield f"{event.where}: er ændret, før den er skrevet"


def _now(story: Story, _cast: Cast) -> Iterator[str]:
    """What has happened lies before today, what is scripted lies after it."""
    for event in story.events:
        ahead = isinstance(event, Appointment | Intervention | Plan)
        if day_of(event.at) > WRITTEN_TODAY and not ahead:
            yield f"{event.where}: ligger efter i dag"
        if any(day_of(change.at) > WRITTEN_TODAY for change in event.changed):
            yield f"{event.where}: er ændret efter i dag"
    for event in story.script:
        if day_of(event.at) <= WRITTEN_TODAY:
            yield f"{event.where}: står i `script`, men ligger ikke efter i dag"


RULES: tuple[Rule, ...] = (
    _identity, _amount, _status, _titles, _dates_in_texts, _tokens, _keys, _order, _employed, _school_days, _drafts,
    _now, consenting.faults,
)  # fmt: skip


# --- rules for all children together --------------------------------------------------------------------------------


def _twenty(stories: list[Story]) -> Iterator[str]:
    there = {story.number for story in stories}
    for number in NUMBERS:
        if number not in there:
            yield f"Barn nummer {number} mangler"
    yield from (f"Barn nummer {number} er ét for meget" for number in sorted(there - set(NUMBERS)))
    for what, values in (
        ("cpr", [story.cpr for story in stories]),
        ("kaldenavn", [story.name.called for story in stories]),
    ):
        yield from (f"{what} {value} bruges af flere børn" for value, times in Counter(values).items() if times > 1)


def _repeated(stories: list[Story]) -> Iterator[str]:
    """No sentence stands in two entries; a later version may of course keep what the earlier one said."""
    seen: dict[str, str] = {}
    for where, texts in _places(stories):
        for sentence in dict.fromkeys(found for text in texts for found in sentences_of(text)):
            if sentence in seen:
                yield f"{where}: »{sentence}« står også i {seen[sentence]}"
            seen.setdefault(sentence, where)


def _places(stories: list[Story]) -> Iterator[tuple[str, list[str]]]:
    for story in stories:
        yield f"{story.file}, status", [story.status.text]
        yield from ((draft.where, _written(draft)) for draft in story.drafts)
        yield from (
            (event.where, [text for text in texts_of(event) if text != getattr(event, "place", None)])
            for event in all_events(story)
        )
