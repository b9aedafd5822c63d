"""Beginning, answering, finishing, sending and correcting forms.

Each is written as everything else is (`intake.writing`). One form is one entry of whoever began it, and each other
party answers in a sheet of its own that nobody else reads before the form is sent. Whoever saves says which version
they began from: when somebody has changed the same answers meanwhile nothing is stored (`Conflict`) and the page shows
both; what was changed elsewhere in the form is kept beside it.
"""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from barnetsbog.access.gathering import facts_of
from barnetsbog.consent.papers import Scan
from barnetsbog.directory import queries as directory
from barnetsbog.fhir.own import ident_of, referring
from barnetsbog.intake.writing import CHANGED, author_of, write, writing
from barnetsbog.kernel.decisions import Conflict, NotFound, Refused
from barnetsbog.kernel.ids import new_id
from barnetsbog.kernel.time import iso, local_day
from barnetsbog.law.custody import holding
from barnetsbog.record import store
from barnetsbog.record.book import Book
from barnetsbog.record.entries import EntryRow
from barnetsbog.record.instance import id_key
from barnetsbog.record.promotion import SENSITIVITY, label_of
from barnetsbog.record.scope import Scope
from barnetsbog.record.shelves import class_of, default_class, shelf
from barnetsbog.referrals.queries import telling
from barnetsbog.responsibility import mapping as balls
from barnetsbog.responsibility.model import Baton, NewBall
from barnetsbog.responsibility.model import Event as BallEvent
from barnetsbog.responsibility.model import Move as BallMove
from barnetsbog.responsibility.model import State as BallState
from barnetsbog.responsibility.operations import patient_of
from barnetsbog.responsibility.queries import receivers

from . import answers as at_places
from . import extraction, loading, mapping, parties, prefill, queries, rules
from .answers import Values
from .model import Answers, Form, Item, Kind, Part
from .parties import Asker
from .queries import Opened
from .response import Filling, Kept, Origin, Response, State, Turn, TurnState
from .rules import Fault

Resource = dict[str, Any]

RETIRED = (
    "Skemaet bruges ikke mere og kan ikke sendes. Det, du har skrevet, er gemt, og du kan læse det. "
    "Begynd på det skema, der er kommet i stedet."
)
YOUR_PART = "Din del er sendt. Tag den op igen, hvis du vil rette i den."


class Incomplete(Refused):
    """Something is lacking, or can't be right: `faults` says what and where."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        super().__init__("Der mangler noget, før det kan sendes.")
        self.faults = tuple(faults)


class _At(NamedTuple):
    """Who acts, in whose book, on what."""

    book: Book
    child_id: UUID
    asker: Asker
    patient: str

    @property
    def by(self) -> Scope:
        return self.book.scope

    @property
    def child(self) -> str:
        return f"Patient/{self.patient}"


def _here(book: Book, child_id: UUID) -> _At:
    return _At(book, child_id, queries.me(book.scope), patient_of(child_id))


# -- beginning ---------------------------------------------------------------------------------------------------------


def begin(*, by: Scope, child_id: UUID, form_id: str) -> UUID:
    """A new draft, filled with what the book knows. Nobody else sees it; the other parties are asked for their parts as
    soon as these can be answered."""
    with writing(by, Filling.WRITE, child_id, form=form_id) as book:
        here, form = _here(book, child_id), _in_use(form_id)
        if not parties.may_begin(form, here.asker):
            raise NotFound
        ident = new_id()
        mine = [part.id for part in parties.own_parts(form, here.asker)]
        filled = prefill.fill(form, prefill.known(book, child_id), mine)
        response = Response(
            str(ident), form.id, form.version, form.title, author=author_of(by), answers=filled.answers,
            origins=filled.origins, turns=tuple(Turn(one, here.asker.ref) for one in mine), begun_at=by.at,
        )  # fmt: skip
        response, more = _ask_whoever_can(here, form, response)
        write(by, mapping.resource_of(response, form, child=here.child), *more)
    return ident


def _in_use(form_id: str) -> Form:
    found = loading.catalogue().get(form_id)
    if found is None:
        raise NotFound
    return found


# -- answering ---------------------------------------------------------------------------------------------------------


def save(
    *, by: Scope, child_id: UUID, ident: UUID, version: int, said: Mapping[str, Values], kept: Mapping[str, Kept]
) -> int:
    """Keeps what was typed (`said`: by place), complete or not, and what was done with what was fetched (`kept`). Gives
    the version that is there now. Saving the same twice makes one version."""
    with writing(by, Filling.WRITE, child_id, form_response=str(ident)) as book:
        here, found = _mine(book, child_id, ident)
        response = found.response
        _must_be_unchanged(book, found, version, said)
        answers, origins = response.answers, dict(response.origins)
        for path, values in said.items():
            _may_answer(here, found, path)
            values, origin = _considered(values, origins.get(path), kept.get(path))
            answers = at_places.with_values(answers, path, values)
            if origin:
                origins[path] = origin
        after = replace(response, answers=at_places.normal(answers), origins=origins)
        if after == response:
            return found.row.version
        _keep(here, found, after)
    return found.row.version + 1


def _considered(values: Values, origin: Origin | None, kept: Kept | None) -> tuple[Values, Origin | None]:
    """What stands there, and what was done with what was fetched: it is left out, it is kept, or something else was
    written, whatever was ticked."""
    if origin is None:
        return values, None
    if kept is Kept.LEFT_OUT:
        return (), origin._replace(kept=Kept.LEFT_OUT)
    if origin.kept is Kept.LEFT_OUT and kept is Kept.KEPT and not values:
        return origin.said, origin._replace(kept=Kept.KEPT)
    if not values:
        return (), origin._replace(kept=Kept.LEFT_OUT)
    same = tuple(values) == tuple(origin.said)
    return values, origin._replace(kept=Kept.KEPT if same else Kept.CORRECTED)


def _must_be_unchanged(book: Book, found: Opened, version: int, said: Mapping[str, Values]) -> None:
    """Nobody has changed the same answers since. Answers elsewhere in the form may have changed."""
    if version == found.row.version:
        return
    began = queries.version_of(book, found, version)
    now = found.response
    if began is None or any(
        at_places.values_at(began.answers, path) != at_places.values_at(now.answers, path) for path in said
    ):
        raise Conflict(CHANGED)


def _may_answer(here: _At, found: Opened, path: str) -> None:
    """A place of the form, in a part that is this one's to answer now."""
    top = path.partition(".")[0]
    section = next((one for one in found.form.sections if any(item.id == top for item in one.items)), None)
    if section is None or section.part not in parties.my_parts(found.response, here.asker.ref):
        raise Refused(YOUR_PART)


def change_rows(*, by: Scope, child_id: UUID, ident: UUID, version: int, group: str, without: int | None = None) -> int:
    """One more repetition of the group at a place, or one less (`without`: its number). What was fetched for the others
    goes with them."""
    with writing(by, Filling.WRITE, child_id, form_response=str(ident)) as book:
        here, found = _mine(book, child_id, ident)
        _must_be_unchanged(book, found, version, {group: ()})
        _may_answer(here, found, group)
        response = found.response
        item = _group(found.form, response, group)
        if without is None:
            after = replace(response, answers=at_places.with_one_more(response.answers, item, group))
        else:
            origins = {
                moved: origin for path, origin in response.origins.items()
                if (moved := at_places.moved_up(path, group, without)) is not None
            }  # fmt: skip
            answers = at_places.without_one(response.answers, group, without)
            after = replace(response, answers=answers, origins=origins)
        if after == response:
            return found.row.version
        _keep(here, found, after)
    return found.row.version + 1


def _group(form: Form, response: Response, path: str) -> Item:
    for one in at_places.places(form, response.answers):
        if one.path == path and one.item.kind is Kind.GROUP:
            return one.item
    raise NotFound


def enclose(*, by: Scope, child_id: UUID, ident: UUID, version: int, path: str, scan: Scan, title: str) -> int:
    """Puts a file where the form asks for one. It is read by whoever reads the form."""
    with writing(by, Filling.WRITE, child_id, form_response=str(ident)) as book:
        here, found = _mine(book, child_id, ident)
        _must_be_unchanged(book, found, version, {path: ()})
        _may_answer(here, found, path)
        document = new_id()
        answers = at_places.with_values(found.response.answers, path, (f"DocumentReference/{document}",))
        write(by, _document(str(document), here, scan, title))
        _keep(here, found, replace(found.response, answers=answers))
    return found.row.version + 1


def _document(ident: str, here: _At, scan: Scan, title: str) -> Resource:
    """A file that goes with a form; a draft until the form is sent."""
    attachment = {
        "contentType": scan.kind, "data": base64.b64encode(scan.content).decode(), "size": len(scan.content),
        "title": title,
    }  # fmt: skip
    return {
        "resourceType": "DocumentReference", "id": ident, "status": "current", "type": {"text": "Bilag til skema"},
        "meta": {"security": [{"system": SENSITIVITY, "code": "draft"}]}, "subject": {"reference": here.child},
        "date": iso(here.by.at), "author": [{"reference": author_of(here.by)}], "description": title,
        "content": [{"attachment": attachment}],
    }  # fmt: skip


def take_new_version(*, by: Scope, child_id: UUID, ident: UUID, version: int) -> int:
    """Goes on in the newest version of the form. Answers that it has no place for are left out; they stand in the
    draft's history."""
    with writing(by, Filling.WRITE, child_id, form_response=str(ident)) as book:
        here, found = _mine(book, child_id, ident)
        if found.row.version != version:
            raise Conflict(CHANGED)
        if found.retired:
            raise Refused(RETIRED)
        new, response = found.newest, found.response
        gone = rules.difference(found.form, new, response.answers)
        answers = rules.moved_to(new, response.answers, gone)
        origins = {path: one for path, one in response.origins.items() if path not in gone.lost}
        after = replace(response, version=new.version, title=new.title, answers=answers, origins=origins)
        _keep(here, found._replace(form=new), after)
    return found.row.version + 1


# -- the parties -------------------------------------------------------------------------------------------------------


def ask(*, by: Scope, child_id: UUID, ident: UUID, version: int, part: str, who: str) -> None:
    """Asks somebody for a part where there is more than one to choose from."""
    with writing(by, Filling.FINISH, child_id, form_response=str(ident), part=part) as book:
        here, found = _own(book, child_id, ident, version)
        wanted = queries.part_named(found.form, part)
        if wanted is None or not rules.may_begin(wanted, found.response.finished_parts):
            raise Refused("Delen kan ikke begyndes endnu.")
        if who not in _candidates(here, wanted):
            raise Refused("Vælg en, der har en opgave med barnet nu.")
        after, more = _asked(here, found.form, found.response, wanted, [who])
        _keep(here, found, after, *more)


def _candidates(here: _At, part: Part) -> list[str]:
    facts = facts_of(here.child_id)
    holders = [
        one.person for one in holding(facts.custody, here.by.at) if one.resident or not facts.protected
    ] if facts.custody.known else []  # fmt: skip
    around = queries.around(here.book, here.child_id, holders, here.patient)
    return parties.candidates(part, around, age=queries.age_of(here.book, here.child_id), author=here.asker)


def _ask_whoever_can(here: _At, form: Form, response: Response) -> tuple[Response, list[Resource]]:
    """The parts that can be answered now go to those whom nobody need choose."""
    more: list[Resource] = []
    asked = {turn.part for turn in response.turns}
    for part in rules.needed(form, response.answers):
        if part.id not in asked and rules.may_begin(part, response.finished_parts):
            who = parties.asked_at_once(part, _candidates(here, part))
            response, new = _asked(here, form, response, part, who)
            more += new
    return response, more


def _asked(
    here: _At, form: Form, response: Response, part: Part, who: Iterable[str]
) -> tuple[Response, list[Resource]]:
    """Each gets a sheet of their own; a unit also a ball, and somebody of the family finds it under *Skemaer*."""
    more: list[Resource] = []
    for one in who:
        if parties.turn_of(response, part.id, one):
            continue
        if one == here.asker.ref:
            response = replace(response, turns=parties.with_turn(response.turns, Turn(part.id, one)))
            continue
        ident, ball = str(new_id()), ""
        if one.startswith("Organization/"):
            task = _ball(here, "Udfyld jeres del af et skema", to=one, about=f"QuestionnaireResponse/{ident}")
            ball = f"Task/{task['id']}"
            more.append(task)
        turn = Turn(part.id, one, sheet=f"QuestionnaireResponse/{ident}", ball=ball)
        sheet = Response(
            ident, form.id, form.version, f"{form.title}: {part.title}", author=one, asked_by=response.author,
            turns=(turn,), begun_at=here.by.at, sheet_of=f"QuestionnaireResponse/{response.id}",
        )  # fmt: skip
        more.append(mapping.resource_of(sheet, form, child=here.child, by=author_of(here.by)))
        response = replace(response, turns=parties.with_turn(response.turns, turn))
    return response, more


def _ball(here: _At, title: str, *, to: str, about: str = "", text: str = "") -> Resource:
    by = author_of(here.by)
    baton = Baton(offered_to=to, offered_by=by, opened_by=by)
    wanted = NewBall(title, text, about=about)
    return balls.ball(str(new_id()), child=here.patient, wanted=wanted, baton=baton, at=here.by.at)


def _ended(here: _At, ball: str, move: BallMove, over: BallState) -> list[Resource]:
    ident = ident_of(ball)
    if ident is None:
        return []
    body: Resource = orjson.loads(store.body(here.child_id.bytes, ident.bytes))
    before = balls.baton_of(body)
    if before.over:
        return []
    after = replace(before, offered_to="", offered_by="", over=over)
    return [balls.with_move(body, BallEvent(move, here.by.at, author_of(here.by), after))]


def finish(*, by: Scope, child_id: UUID, ident: UUID, version: int, part: str, shared: bool | None = None) -> Turn:
    """Somebody's part is finished: a receipt with its time, the part is locked, and the next are asked. `shared`: what
    a child says about who may read its answers. `Incomplete` with what is lacking."""
    with writing(by, Filling.FINISH, child_id, form_response=str(ident), part=part) as book:
        here, found = _mine(book, child_id, ident)
        if found.row.version != version:
            raise Conflict(CHANGED)
        if found.retired:
            raise Refused(RETIRED)
        if part not in parties.my_parts(found.response, here.asker.ref):
            raise Refused(YOUR_PART)
        wrong = [one for one in rules.faults(found.form, found.response.answers, {part}) if not one.warning]
        if wrong:
            raise Incomplete(wrong)
        own = parties.turn_of(found.response, part, here.asker.ref)
        assert own
        done = own._replace(state=TurnState.FINISHED, by=author_of(by), at=by.at, shared=shared)
        after = replace(found.response, turns=parties.finished(found.form, found.response.turns, done))
        main, form = _main(here, found, done)
        if main is None:
            after, more = _ask_whoever_can(here, found.form, after)
            _keep(here, found, after, *more)
        else:
            body, response = main
            response, more = _ask_whoever_can(here, form, response)
            if not parties.waiting(response, besides=_ref_of_author(response)):
                more += _ready(here, response)
            more += _ended(here, done.ball, BallMove.FINISH, BallState.DONE)
            _keep(here, found, after, *more, _next(here, response, form, body))
    return done


def _main(here: _At, found: Opened, done: Turn) -> tuple[tuple[Resource, Response] | None, Form]:
    """The form that a sheet belongs to, with this turn finished. Whoever answers a sheet does not read the form."""
    ident = ident_of(found.response.sheet_of)
    if ident is None:
        return None, found.form
    body: Resource = orjson.loads(store.body(here.child_id.bytes, ident.bytes))
    named = mapping.named_form(body)
    form = loading.form(*named) if named else found.form
    response = mapping.response_of(body, form)
    return (body, replace(response, turns=parties.finished(form, response.turns, done))), form


def _ready(here: _At, response: Response) -> list[Resource]:
    """Whoever began the form is told that everybody has answered; the family finds it under *Skemaer*."""
    if not response.author.startswith("PractitionerRole/"):
        return []
    about = f"QuestionnaireResponse/{response.id}"
    return [_ball(here, "Et skema er klar til at sende", to=response.author, about=about)]


def _ref_of_author(response: Response) -> str:
    """The party that began a form, as its turns name it. A form begun here has its beginner's turn first."""
    return next((turn.who for turn in response.turns if not turn.sheet), response.author)


def take_up(*, by: Scope, child_id: UUID, ident: UUID, version: int, part: str) -> None:
    """One takes up one's own part again, as long as the form is not sent."""
    with writing(by, Filling.FINISH, child_id, form_response=str(ident), part=part, again=True) as book:
        here, found = _mine(book, child_id, ident)
        if found.row.version != version:
            raise Conflict(CHANGED)
        own = parties.turn_of(found.response, part, here.asker.ref)
        if own is None or not own.finished:
            raise NotFound
        again = own._replace(state=TurnState.ASKED, by="", at=0)
        after = replace(found.response, turns=parties.with_turn(found.response.turns, again))
        main, form = _main(here, found, own)
        more = []
        if main:
            body, response = main
            response = replace(response, turns=parties.with_turn(response.turns, again))
            more.append(_next(here, response, form, body))
        _keep(here, found, after, *more)


def on_paper(*, by: Scope, child_id: UUID, ident: UUID, version: int, part: str, who: str, scan: Scan) -> UUID:
    """A part came back on paper: the scan is kept, and a sheet to type its answers in, marked as such. Gives that."""
    with writing(by, Filling.FINISH, child_id, form_response=str(ident), part=part, paper=True) as book:
        here, found = _own(book, child_id, ident, version)
        turn = parties.turn_of(found.response, part, who)
        wanted = queries.part_named(found.form, part)
        if turn is None or wanted is None or turn.finished:
            raise NotFound
        document, sheet = str(new_id()), new_id()
        title = f"{found.form.title}: {wanted.title}, på papir"
        paper = turn._replace(sheet=f"QuestionnaireResponse/{sheet}", paper=f"DocumentReference/{document}")
        typed = Response(
            str(sheet), found.form.id, found.form.version, title, author=author_of(by), asked_by=found.response.author,
            turns=(paper._replace(who=here.asker.ref),), begun_at=by.at,
            sheet_of=f"QuestionnaireResponse/{found.response.id}",
        )  # fmt: skip
        after = replace(found.response, turns=tuple(
            paper._replace(who=here.asker.ref) if one is turn else one for one in found.response.turns
        ))  # fmt: skip
        more = [*_stopped(here, turn.sheet), *_ended(here, turn.ball, BallMove.CANCEL, BallState.CANCELLED)]
        more += [_document(document, here, scan, title), mapping.resource_of(typed, found.form, child=here.child)]
        _keep(here, found, after, *more)
    return sheet


def _stopped(here: _At, sheet: str) -> list[Resource]:
    ident = ident_of(sheet)
    if ident is None:
        return []
    body: Resource = orjson.loads(store.body(here.child_id.bytes, ident.bytes))
    return [] if body["status"] != State.DRAFT.value else [{**body, "status": State.WITHDRAWN.value}]


# -- sending -----------------------------------------------------------------------------------------------------------


def send(*, by: Scope, child_id: UUID, ident: UUID, version: int, to: str, ground: str = "", reason: str = "") -> None:
    """Sends a form, with everybody's sheets, and writes what it says as entries of their own; all in one transaction.
    `ground`: on what ground it is lawful, where the law is unclear; `reason`: why somebody's part is not waited for, or
    why a form that was sent is corrected."""
    with writing(by, Filling.SEND, child_id, form_response=str(ident)) as book:
        here, found = _own(book, child_id, ident, version)
        form, response = found.form, found.response
        if found.retired:
            raise Refused(RETIRED)
        mine = {part.id for part in parties.own_parts(form, here.asker)} | {
            turn.part for turn in response.turns if turn.who == here.asker.ref and not turn.sheet
        }
        wrong = [one for one in rules.faults(form, response.answers, mine) if not one.warning]
        if wrong:
            raise Incomplete(wrong)
        if response.corrects and not reason.strip():
            raise Refused("Skriv, hvad der er rettet og hvorfor.")
        if parties.waiting(response, besides=here.asker.ref) and not reason.strip():
            raise Refused("Vi mangler stadig en del. Vent på den, eller skriv, hvorfor skemaet sendes uden.")
        _must_go(here, form, to, ground)
        turns = tuple(
            one._replace(state=TurnState.FINISHED, by=author_of(by), at=by.at)
            if one.who == here.asker.ref and one.state is TurnState.ASKED and not one.sheet else one
            for one in response.turns
        )  # fmt: skip
        sent = replace(
            response, state=State.SENT, to=to, sent_at=by.at, reason=reason.strip(), turns=turns,
            answers=rules.submitted(form, response.answers),
        )  # fmt: skip
        _send(here, found, sent)


def _must_go(here: _At, form: Form, to: str, ground: str) -> None:
    """It goes to somebody it can be sent to, and the law lets one unit tell another."""
    ident = ident_of(to)
    if ident is None or to not in [one for one, _ in queries.who_can_get(here.book, here.child_id, form)]:
        raise Refused("Vælg, hvem der skal have skemaet.")
    if here.by.unit_id is None or not to.startswith("Organization/") or ident == here.by.unit_id:
        return
    stands = shelf(mapping.block_of(form), default_class("document", _sector(here)))
    found = telling(here.book, here.child_id, ident, stands)
    if not found.may or (found.needs_reason and not ground.strip()):
        raise Refused(found.reason, found.rules)


def _sector(here: _At) -> str:
    found = directory.role(here.by.role_id)
    return found.sector if found else "other"


def _send(here: _At, found: Opened, sent: Response) -> None:
    original = ident_of(sent.corrects)
    main = sent if original is None else replace(
        sent, id=str(original), state=State.CORRECTED, corrects="", begun_at=sent.begun_at
    )  # fmt: skip
    before = orjson.loads(store.body(here.child_id.bytes, original.bytes)) if original else found.body
    written = [_next(here, main, found.form, before)]
    if original:
        written.append({**found.body, "status": State.WITHDRAWN.value})
    informants = {turn.part: turn.by or turn.who for turn in main.turns if turn.finished}
    old = mapping.response_of(before, found.form) if original else None
    written += _entries(here, found.form, main, informants, old)
    written += _documents(here, found.form, main)
    for turn in () if original else main.turns:
        if turn.sheet and turn.finished:
            written += _sheet_sent(here, turn, main)
        elif turn.sheet:
            written += [*_stopped(here, turn.sheet), *_ended(here, turn.ball, BallMove.CANCEL, BallState.CANCELLED)]
    written += _proposals(here, found.form, main)
    write(here.by, *written)


def _sheet_sent(here: _At, turn: Turn, main: Response) -> list[Resource]:
    """A party's sheet goes where the form goes. A child's goes no further than it has said."""
    ident = ident_of(turn.sheet)
    assert ident
    body: Resource = orjson.loads(store.body(here.child_id.bytes, ident.bytes))
    named = mapping.named_form(body)
    form = loading.form(*named) if named else _in_use(main.form)
    sheet = mapping.response_of(body, form)
    sheet = replace(
        sheet, state=State.SENT, sent_at=here.by.at, to=main.to, answers=rules.submitted(form, sheet.answers)
    )  # fmt: skip
    entries = _entries(here, form, sheet, {turn.part: turn.by or turn.who}, None, shared=turn.shared is True)
    written = [_next(here, sheet, form, body), *entries]
    return written + _documents(here, form, sheet, turn.paper)


def _entries(
    here: _At,
    form: Form,
    response: Response,
    informants: Mapping[str, str],
    old: Response | None,
    *,
    shared: bool = False,
) -> list[Resource]:
    """The entries that a form's answers are. Of a corrected form those that say something else now, unless somebody has
    written in them meanwhile."""

    def said(one: Response, answers: Answers) -> list[Resource]:
        told = extraction.Answered(
            one.id, here.child, author_of(here.by), one.sent_at or here.by.at, local_day(one.sent_at or here.by.at),
            answers, one.origins, informants, shared,
        )  # fmt: skip
        return extraction.entries_of(form, told, id_key())

    new = said(response, response.answers)
    if old is None:
        return new
    before = {one["id"]: one for one in said(replace(old, sent_at=response.sent_at), old.answers)}
    after = {one["id"]: one for one in new}
    changed = [one for ident, one in after.items() if one != before.get(ident)]
    gone = [extraction.in_error(one) for ident, one in before.items() if ident not in after]
    return [one for one in (*changed, *gone) if one["id"] not in before or _is_untouched(here, one["id"])]


def _is_untouched(here: _At, ident: str) -> bool:
    """Whether nobody else has written in an entry since a form made it."""
    found = ident_of(ident)
    return found is not None and here.book.entry(here.child_id, found).version == 1


def _documents(here: _At, form: Form, response: Response, *more: str) -> list[Resource]:
    """The files that go with a form are no drafts any more, and are its receiver's to read."""
    files = [
        value for one in at_places.places(form, response.answers) if one.item.kind is Kind.FILE
        for value in at_places.values_at(response.answers, one.path)
    ]  # fmt: skip
    found = []
    for file in dict.fromkeys([*files, *more]):
        ident = ident_of(file) if isinstance(file, str) else None
        if ident:
            body: Resource = orjson.loads(store.body(here.child_id.bytes, ident.bytes))
            kept = {key: value for key, value in body.items() if key not in ("meta", "extension")}
            found.append({**kept, "extension": [referring("sent-to", response.to)]})
    return found


def _proposals(here: _At, form: Form, response: Response) -> list[Resource]:
    """What was fetched and corrected is proposed to its source, which decides itself: one ball for each entry, on the
    shelf of what it is about. Nothing is written over."""
    there = {one.reference for one in receivers(here.book, here.child_id)}
    asks = {one.path: one.item for one in at_places.places(form, response.answers)}
    told: dict[str, list[str]] = {}
    for path, origin in response.origins.items():
        if origin.kept is Kept.CORRECTED and origin.source.entry and origin.source.unit in there - {here.asker.ref}:
            now = ", ".join(_said(asks[path], one) for one in at_places.values_at(response.answers, path))
            was = ", ".join(_said(asks[path], one) for one in origin.said)
            told.setdefault(origin.source.entry, []).append(f"{asks[path].ask}\nStår: {was}\nForslag: {now}")
    found = []
    for entry, texts in told.items():
        ident = ident_of(entry)
        row = here.book.entry(here.child_id, ident) if ident else None
        if row:
            found.append(_proposal(here, entry, row, "\n\n".join(texts)))
    return found


def _said(item: Item, value: Any) -> str:
    """An answer in words."""
    if isinstance(value, bool):
        return "Ja" if value else "Nej"
    return next((one.text for one in item.options if one.code == value), str(value))


def _proposal(here: _At, entry: str, row: EntryRow, text: str) -> Resource:
    ball = _ball(here, "Et skema foreslår en rettelse", to=f"Organization/{row.unit_id}", about=entry, text=text)
    ball["extension"] = [*ball["extension"], referring("corrects", entry)]
    ball["meta"] = {**ball["meta"], "security": [label_of(class_of(row.shelf))]}
    return ball


# -- afterwards --------------------------------------------------------------------------------------------------------


def correct(*, by: Scope, child_id: UUID, ident: UUID) -> UUID:
    """A draft to correct a form that was sent: the form stays as it is until the draft is sent as its next version."""
    with writing(by, Filling.WRITE, child_id, form_response=str(ident), correct=True) as book:
        here, found = _here(book, child_id), queries.opened(book, child_id, ident)
        if not _is_by(here, found) or found.response.sent_at is None or found.response.sheet_of:
            raise NotFound
        if found.retired:
            raise Refused(RETIRED)
        draft = new_id()
        turns = tuple(
            one._replace(state=TurnState.ASKED, by="", at=0) if one.who == here.asker.ref and not one.sheet else one
            for one in found.response.turns
        )  # fmt: skip
        response = replace(
            found.response, id=str(draft), state=State.DRAFT, author=author_of(by), sent_at=None, turns=turns,
            corrects=f"QuestionnaireResponse/{ident}", reason="",
        )  # fmt: skip
        write(by, mapping.resource_of(response, found.form, child=here.child))
    return draft


def withdraw(*, by: Scope, child_id: UUID, ident: UUID, version: int) -> None:
    """A draft is given up, and nobody is asked any more. What was written stays in its history."""
    with writing(by, Filling.WITHDRAW, child_id, form_response=str(ident)) as book:
        here, found = _own(book, child_id, ident, version)
        more: list[Resource] = []
        for turn in () if found.response.corrects else found.response.turns:
            more += _stopped(here, turn.sheet)
            more += _ended(here, turn.ball, BallMove.CANCEL, BallState.CANCELLED)
        _keep(here, found, replace(found.response, state=State.WITHDRAWN), *more)


# -- finding and keeping -----------------------------------------------------------------------------------------------


def _mine(book: Book, child_id: UUID, ident: UUID) -> tuple[_At, Opened]:
    """A form, or a sheet, that is this one's to write in."""
    here, found = _here(book, child_id), queries.opened(book, child_id, ident)
    if found.response.state is not State.DRAFT or not any(one.who == here.asker.ref for one in found.response.turns):
        raise NotFound
    return here, found


def _own(book: Book, child_id: UUID, ident: UUID, version: int) -> tuple[_At, Opened]:
    """A draft of a whole form that this one's unit, or this one of the family, has begun."""
    here, found = _here(book, child_id), queries.opened(book, child_id, ident)
    if found.response.state is not State.DRAFT or found.response.sheet_of or not _is_by(here, found):
        raise NotFound
    if found.row.version != version:
        raise Conflict(CHANGED)
    return here, found


def _is_by(here: _At, found: Opened) -> bool:
    return found.row.unit_id in (here.by.unit_id, here.by.role_id) and found.row.unit_id is not None


def _next(here: _At, response: Response, form: Form, before: Resource) -> Resource:
    return mapping.resource_of(response, form, child=here.child, by=author_of(here.by), before=before)


def _keep(here: _At, found: Opened, after: Response, *more: Resource) -> None:
    write(here.by, _next(here, after, found.form, found.body), *more)
