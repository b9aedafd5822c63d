"""Nobody is asked what the book holds and they may read: counted over the twenty children, their parties and all forms.

What the book holds is found here by looking into its entries and not by asking `prefill`, so that the count can be
wrong in no way that `prefill` is.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple
from uuid import UUID

import orjson
import pytest

from barnetsbog.access.people import everybody_with_rights
from barnetsbog.access.reading import open_book
from barnetsbog.access.scopes import scope_for, scope_for_person
from barnetsbog.directory.model import ChildName
from barnetsbog.directory.queries import children, roles
from barnetsbog.forms import loading, operations, parties, prefill, queries, rules, sending
from barnetsbog.forms.answers import asks, places, values_at
from barnetsbog.forms.model import Answers, Form, Item, Kind
from barnetsbog.kernel.decisions import NotFound, Refused
from barnetsbog.kernel.time import DAY
from barnetsbog.portal.demo_login import people
from barnetsbog.record.book import Book
from barnetsbog.record.entries import Filter
from barnetsbog.record.models import Entry
from barnetsbog.record.scope import LoginLevel, Scope
from tests.unit.forms.answering import leaves, valid

pytestmark = pytest.mark.django_db(databases=["default", "demo"])

Resource = dict[str, Any]


# -- the measure -------------------------------------------------------------------------------------------------------


def asked_twice(form: Form, answers: Answers, parts: Iterable[str], held: Mapping[str, str]) -> dict[str, str]:
    """The questions that are asked of somebody though the answer is held: by id, with where it is. `held`: by what a
    question is filled from, or by its id. What must be answered anew each time is none of them."""
    asked, mine = rules.shown(form, answers), set(parts)
    found = {}
    for path, item, _section in places(form, answers, [one for one in form.sections if one.part in mine]):
        there = held.get(item.fill) or held.get(item.id)
        if there and path in asked and _carries_over(item) and not _is_answered(item, values_at(answers, path)):
            found[item.id] = there
    return found


def _carries_over(item: Item) -> bool:
    measured = any(option.score is not None for option in item.options) or bool(item.sums)
    own_words = item.becomes is not None and item.becomes.what == "own-goal"
    return not (item.anew or measured or own_words or item.kind in (Kind.FILE, Kind.SHOWN))


def _is_answered(item: Item, values: Any) -> bool:
    return any(leaves(one) if isinstance(one, Mapping) else True for one in values)


# -- what the book holds, as one can see oneself -----------------------------------------------------------------------


class Held(NamedTuple):
    row: Any
    body: Resource


def held_by(book: Book, child_id: UUID) -> dict[str, str]:
    rows = [one for one in book.entries(child_id, Filter(on_timeline=False)) if one.readable]
    rows += [one for one in book.entries(child_id, Filter(what=_QUIET, on_timeline=False)) if one.readable]
    bodies = book.bodies(rows)
    seen = [Held(row, orjson.loads(bodies[row.id])) for row in rows if row.id in bodies]
    now = book.scope.at
    veiled = book.veiled(child_id) or any("protected-address" in str(one.body) for one in _of(seen, "child"))
    found = {name: title for name, look in _LOOK.items() if (title := look(seen, now))}
    return {name: title for name, title in found.items() if not (veiled and name in ("child.address", "child.school"))}


_QUIET = ("child", "person", "care", "team")


def _of(seen: list[Held], what: str) -> list[Held]:
    return [one for one in seen if one.row.what == what]


def _first(seen: list[Held], what: str, test: Callable[[Held], object]) -> str:
    return next((one.row.title for one in _of(seen, what) if test(one)), "")


def _running(one: Held, now: int) -> bool:
    return one.row.start <= now and (one.row.end is None or one.row.end > now)


def _unit_of_sector(seen: list[Held], now: int, sector: str) -> str:
    return _first(
        seen, "care", lambda one: _running(one, now) and one.row.lane == sector and "SFO" not in one.row.title
    )


_LOOK: Mapping[str, Callable[[list[Held], int], str]] = {
    "child.name": lambda seen, now: _first(seen, "child", lambda one: one.body.get("name")),
    "child.cpr": lambda seen, now: _first(seen, "child", lambda one: one.body.get("identifier")),
    "child.address": lambda seen, now: _first(seen, "child", lambda one: one.body.get("address")),
    "interpreter": lambda seen, now: _first(seen, "child", lambda one: "extension/interpreter" in str(one.body)),
    "custody.holders": lambda seen, now: _first(
        seen, "person", lambda one: any(str(e.get("url")).endswith("/custody") for e in one.body.get("extension", ()))
        and not any("custody" in str(e.get("url")) and "end" in str(e) for e in one.body.get("extension", ()))
    ),
    "child.lives-with": lambda seen, now: _first(
        seen, "person",
        lambda one: {"lives-with-child": True}.items() <= {
            str(e["url"]).rpartition("/")[2]: e.get("valueBoolean") for e in one.body.get("extension", ())
        }.items(),
    ),
    "gp.name": lambda seen, now: _unit_of_sector(seen, now, "gp"),
    "contacts": lambda seen, now: _first(seen, "care", lambda one: _running(one, now)),
    "coordinator": lambda seen, now: _first(seen, "team", lambda one: "coordinator" in str(one.body.get("participant"))),
    "interventions": lambda seen, now: _first(seen, "intervention", lambda one: True),
    "conditions": lambda seen, now: _first(seen, "condition", lambda one: "active" in str(one.body["clinicalStatus"])),
    "own-goals": lambda seen, now: _first(seen, "own-goal", lambda one: one.body["lifecycleStatus"] == "active"),
    "goals": lambda seen, now: _first(seen, "goal", lambda one: one.body["lifecycleStatus"] == "active"),
    "school.absence": lambda seen, now: _first(
        seen, "measure", lambda one: "ravær" in one.row.title and "procent" in str(one.body.get("valueQuantity"))
        and now - one.row.start < 183 * DAY,
    ),
    "earlier-assessments": lambda seen, now: _first(
        seen, "measure", lambda one: any(
            word in one.row.title.lower() for word in ("test", "skema", "målt")
        ) and str((one.body.get("valueQuantity") or {}).get("unit")) in ("point", "indeks", "samlet score", "sumscore"),
    ),
}  # fmt: skip


def twenty() -> list[ChildName]:
    return list(children(Entry.objects.filter(what="child").values_list("child_id", flat=True)).values())


def everybody(child_id: UUID) -> Iterator[Scope]:
    """One of each role of each unit with a task with the child, its holders, and the child."""
    there = {row.unit_id for row in Entry.objects.filter(child_id=child_id, what="care")}
    jobs = [one for one in roles().values() if one.active and one.unit_id in there]
    for role in {(one.unit_id, one.code): one for one in jobs}.values():
        scope = scope_for(role.id, level=LoginLevel.SUBSTANTIAL)
        if scope:
            yield scope
    yield from family(child_id)


def family(child_id: UUID) -> Iterator[Scope]:
    for one in everybody_with_rights():
        if one.child_id == child_id:
            scope = scope_for_person(one.person_id, child_id, level=LoginLevel.SUBSTANTIAL)
            if scope and scope.role in ("holder", "child"):
                yield scope


# -- the counts --------------------------------------------------------------------------------------------------------


def test_no_form_asks_anybody_what_the_book_holds_and_they_may_read() -> None:
    counted, held_at_all, twice = 0, 0, []
    for child in twenty():
        for scope in everybody(child.id):
            try:
                with open_book(scope, "forms", child.id) as book:
                    held, known = held_by(book, child.id), prefill.known(book, child.id, loading.catalogue().values())
                    asker = queries.me(scope)
            except NotFound:
                continue
            for form in loading.catalogue().values():
                if parties.may_begin(form, asker):
                    mine = [part.id for part in parties.own_parts(form, asker)]
                    found = asked_twice(form, prefill.fill(form, known, mine).answers, mine, held)
                    counted += 1
                    held_at_all += len(asked_twice(form, {}, mine, held))
                    twice += [f"{child.given}, {scope.role}, {form.id}: {q} ({it})" for q, it in found.items()]
    assert counted > 2000 and held_at_all > 6000
    assert twice == [], f"{len(twice)} questions in {counted} forms"


def test_the_count_finds_a_question_that_is_asked_though_the_book_holds_it() -> None:
    """What is counted above counts: without what `prefill` does, the same forms ask hundreds of things twice."""
    child = next(one for one in twenty() if one.given == "Alma")
    scope = scope_for(next(one for one in people() if one.key == "ppr-psykolog").role_id, level=LoginLevel.SUBSTANTIAL)
    assert scope
    with open_book(scope, "forms", child.id) as book:
        held, known = held_by(book, child.id), prefill.known(book, child.id, loading.catalogue().values())
    form = loading.catalogue()["ppr-referral-school"]
    parts = [part.id for part in form.parts]
    assert {"child-name", "child-cpr"} <= asked_twice(form, {}, parts, held).keys()
    # One source less in what is known, and its question alone is counted
    less = prefill.Known({name: some for name, some in known.found.items() if name != "child.cpr"}, known.answered)
    assert asked_twice(form, prefill.fill(form, less, parts).answers, parts, held).keys() == {"child-cpr"}
    assert asked_twice(form, prefill.fill(form, known, parts).answers, parts, held) == {}


PARENTS_FORMS = ("ppr-referral-parents", "placement-parents", "parents-history", "consent-assessment")


def test_a_parent_who_has_answered_a_form_is_not_asked_the_same_in_the_next() -> None:
    """Every question that a parent of the twenty children has answered in one form, and the next forms ask too."""
    journeys, shared, twice = 0, 0, []
    for child in twenty():
        for scope in [one for one in family(child.id) if one.role == "holder"][:1]:
            answered: dict[str, str] = {}
            with open_book(scope, "forms", child.id) as book:
                if not queries.keeps_answers(book, child.id):
                    continue
            for ident in PARENTS_FORMS:
                response, form = _begins(scope, child.id, ident)
                parts = [part.id for part in form.parts]
                shared += len({item.id for _, item, _ in places(form, {}) if asks(item)} & answered.keys())
                twice += [f"{child.given}: {ident} {q}" for q in asked_twice(form, response.answers, parts, answered)]
                said = _answers_everything(scope, child.id, response, form)
                answered |= {path.rpartition(".")[2]: ident for path, _ in leaves(said)}
            journeys += 1
    assert journeys > 15 and shared > 400
    assert twice == []


def _begins(scope: Scope, child_id: UUID, ident: str) -> Any:
    found = operations.begin(by=scope, child_id=child_id, form_id=ident)
    with open_book(scope, "forms", child_id) as book:
        opened = queries.opened(book, child_id, found)
    return opened.response, opened.form


def _answers_everything(scope: Scope, child_id: UUID, response: Any, form: Form) -> Answers:
    """Writes something that is right everywhere, and sends it to whoever may have it."""
    ident, said = UUID(response.id), valid(form, response.answers)
    new = {path: values for path, values in leaves(said) if values_at(response.answers, path) != values}
    version = operations.save(by=scope, child_id=child_id, ident=ident, version=1, said=new, kept={})
    with open_book(scope, "forms", child_id) as book:
        to = queries.who_can_get(book, child_id, form)
    try:
        sending.send(by=scope, child_id=child_id, ident=ident, version=version, to=to[0][0], reason="Afsted")
    except (Refused, IndexError):
        return {}
    return said
