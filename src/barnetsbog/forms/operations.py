"""Beginning, answering, finishing, sending and correcting forms.

Each is written as everything else is (`intake.writing`). One form is one entry of whoever began it, and each other
party answers in a sheet of its own that nobody else reads before the form is sent. Whoever saves says which version
they began from: when somebody has changed the same answers meanwhile nothing is stored (`Conflict`) and the page shows
both; what was changed elsewhere in the form is kept beside it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from barnetsbog.fhir.own import ident_of
from barnetsbog.intake.writing import CHANGED, author_of, body_of, write, writing
from barnetsbog.kernel import exact
from barnetsbog.kernel.decisions import Conflict, NotFound, Refused
from barnetsbog.kernel.files import PDF, NoScan, Scan, Unreadable
from barnetsbog.kernel.ids import new_id
from barnetsbog.record import store
from barnetsbog.record.book import Book
from barnetsbog.record.instance import id_key
from barnetsbog.record.scope import Scope
from barnetsbog.responsibility import mapping as balls
from barnetsbog.responsibility.model import Move as BallMove
from barnetsbog.responsibility.model import State as BallState

from . import answers as at_places
from . import languages, mapping, paper_forms, parties, prefill, queries, rules
from .acting import (
    RETIRED,
    WHO_MAY_READ,
    YOUR_PART,
    At,
    Incomplete,
    enclosed,
    ended,
    here_in,
    in_use,
    keep,
    mine,
    next_version,
    no_longer_waits,
    own,
    stopped,
    task_of,
)
from .answers import Values
from .model import DANISH, Answers, Form, Item, Kind, Part
from .queries import Opened
from .response import Filling, Kept, News, Origin, Response, State, Turn, TurnState

Resource = dict[str, Any]

READY = "Et skema er klar til at sende"
"""The title of the ball of whoever began a form, when everybody has answered."""


# -- beginning ---------------------------------------------------------------------------------------------------------


def begin(*, by: Scope, child_id: UUID, form_id: str) -> UUID:
    """A new draft, filled with what the book knows. Nobody else sees it; the other parties are asked for their parts as
    soon as these can be answered."""
    ident = new_id()
    with writing(by, Filling.WRITE, child_id, form=form_id, form_response=str(ident)) as book:
        here, form = here_in(book, child_id), in_use(form_id)
        if not queries.offered(book, child_id, [form], here.asker) or not queries.keeps_answers(book, child_id):
            raise NotFound
        mine = [part.id for part in parties.own_parts(form, here.asker)]
        filled = prefill.fill(form, prefill.known(book, child_id, [form]), mine)
        response = Response(
            str(ident), form.id, form.version, form.title, author=author_of(by), answers=filled.answers,
            origins=filled.origins, turns=tuple(Turn(one, here.asker.ref) for one in mine), begun_at=by.at,
        )  # fmt: skip
        response, more = _ask_whoever_can(here, form, response)
        write(by, mapping.resource_of(response, form, child=here.child), *more)
    return ident


# -- answering ---------------------------------------------------------------------------------------------------------


def save(
    *, by: Scope, child_id: UUID, ident: UUID, version: int, said: Mapping[str, Values], kept: Mapping[str, Kept],
    news: Mapping[str, News] | None = None,
) -> int:  # fmt: skip
    """Keeps what was typed (`said`: by place), complete or not, and what was done with what was fetched (`kept`) and
    with sources that say something else now (`news`). Gives the version that is there now. Saving the same twice makes
    one version."""
    with writing(by, Filling.WRITE, child_id, form_response=str(ident)) as book:
        here, found = mine(book, child_id, ident)
        response = found.response
        said = _own(book, found, version, said, kept)
        now = prefill.news(book, child_id, found.form, response) if news else {}
        answers, origins = response.answers, dict(response.origins)
        for path, values in said.items():
            _may_answer(here, found, path)
            if path in origins:
                stood = at_places.values_at(response.answers, path)
                values, origins[path] = _considered(values, stood, origins[path], kept.get(path))
                answer = (news or {}).get(path)
                new = now.get(path)
                if answer and new and answer.version == new.source.version:
                    values, origins[path] = _answered(answer, new, values, origins[path])
            answers = at_places.with_values(answers, path, values)
        after = replace(response, answers=at_places.normal(answers), origins=origins)
        if after == response:
            return found.row.version
        keep(here, found, after)
    return found.row.version + 1


def _considered(values: Values, stood: Values, origin: Origin, kept: Kept | None) -> tuple[Values, Origin]:
    """What stands there, and what was done with what was fetched. A choice that somebody has just made counts; but what
    they have typed is never lost to a choice that stood there already. `stood`: what was there before."""
    typed = bool(values) and tuple(values) != tuple(stood)
    if kept is Kept.LEFT_OUT and not (typed and origin.kept is Kept.LEFT_OUT):
        return (), origin._replace(kept=Kept.LEFT_OUT)
    if kept is Kept.KEPT and origin.kept is not Kept.KEPT and origin.said and not typed:
        return origin.said, origin._replace(kept=Kept.KEPT)
    if not values:
        return (), origin._replace(kept=Kept.LEFT_OUT)
    same = tuple(values) == tuple(origin.said)
    return values, origin._replace(kept=Kept.KEPT if same else Kept.CORRECTED)


def _answered(answer: News, new: Origin, values: Values, origin: Origin) -> tuple[Values, Origin]:
    """What the source says now is taken; or not, and then nobody asks about it again."""
    return (new.said, new) if answer.taken else (values, origin._replace(declined=new.said))


def _must_be_unchanged(book: Book, found: Opened, version: int, said: Mapping[str, Values]) -> None:
    """Nobody has changed the same answers since. Answers elsewhere in the form may have changed."""
    if _said_by_others(book, found, version, said, {}):
        raise Conflict(CHANGED)


def _own(
    book: Book, found: Opened, version: int, said: Mapping[str, Values], kept: Mapping[str, Kept]
) -> Mapping[str, Values]:
    """What this one has changed since the version that they began from. Where somebody else has too, to something else,
    nothing is kept (`Conflict`); where only the other has, theirs stays, though the old answer came along with the
    page."""
    others = _said_by_others(book, found, version, said, kept)
    if any(changed for changed in others.values()):
        raise Conflict(CHANGED)
    return {path: values for path, values in said.items() if path not in others}


def _said_by_others(
    book: Book, found: Opened, version: int, said: Mapping[str, Values], kept: Mapping[str, Kept]
) -> Mapping[str, bool]:
    """The places where something else stands than when this one began and than what they say; with whether they have
    changed it themselves. Two may have written the same: often one person, whose page saves by itself."""
    if version == found.row.version:
        return {}
    began = queries.version_of(book, found, version)
    if began is None:
        raise Conflict(CHANGED)
    told = {}
    for path, values in said.items():
        then, now = (tuple(at_places.values_at(one.answers, path)) for one in (began, found.response))
        if then != now and now != tuple(values):
            origin = began.origins.get(path)
            chosen = origin is not None and kept.get(path, origin.kept) is not origin.kept
            told[path] = tuple(values) != then or chosen
    return told


def _may_answer(here: At, found: Opened, path: str) -> None:
    """A place of the form, in a part that is this one's to answer now."""
    top = path.partition(".")[0]
    section = next((one for one in found.form.sections if any(item.id == top for item in one.items)), None)
    if section is None or section.part not in parties.my_parts(found.response, here.asker.ref):
        raise Refused(YOUR_PART)


def change_rows(*, by: Scope, child_id: UUID, ident: UUID, version: int, group: str, without: int | None = None) -> int:
    """One more repetition of the group at a place, or one less (`without`: its number). What was fetched for the others
    goes with them."""
    with writing(by, Filling.WRITE, child_id, form_response=str(ident)) as book:
        here, found = mine(book, child_id, ident)
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
        keep(here, found, after)
    return found.row.version + 1


def _group(form: Form, response: Response, path: str) -> Item:
    for one in at_places.places(form, response.answers):
        if one.path == path and one.item.kind is Kind.GROUP:
            return one.item
    raise NotFound


def enclose(*, by: Scope, child_id: UUID, ident: UUID, version: int, path: str, scan: Scan, title: str) -> int:
    """Puts a file where the form asks for one. It is read by whoever reads the form."""
    with writing(by, Filling.WRITE, child_id, form_response=str(ident)) as book:
        here, found = mine(book, child_id, ident)
        _must_be_unchanged(book, found, version, {path: ()})
        _may_answer(here, found, path)
        document = new_id()
        answers = at_places.with_values(found.response.answers, path, (f"DocumentReference/{document}",))
        write(by, enclosed(str(document), here, scan, title))
        keep(here, found, replace(found.response, answers=answers))
    return found.row.version + 1


def take_new_version(*, by: Scope, child_id: UUID, ident: UUID, version: int) -> int:
    """Goes on in the newest version of the form. Answers that it has no place for are left out; they stand in the
    draft's history. Nobody is asked any more for a part that is gone; what they have finished stays. `NotFound`: it
    asks nothing of whoever has this sheet."""
    with writing(by, Filling.WRITE, child_id, form_response=str(ident)) as book:
        here, found = mine(book, child_id, ident)
        if found.row.version != version:
            raise Conflict(CHANGED)
        if found.retired:
            raise Refused(RETIRED)
        new, response = found.newest, found.response
        parts = parties.parts_of(response, new, here.asker)
        if response.sheet_of and not parts:
            raise NotFound
        gone = rules.difference(found.form, new, response.answers, parts)
        answers = rules.moved_to(new, response.answers, gone)
        origins = {path: one for path, one in response.origins.items() if path not in gone.lost}
        after = replace(response, version=new.version, title=new.title, answers=answers, origins=origins)
        more: list[Resource] = []
        if not (response.sheet_of or response.corrects):
            after, more = _turns_in(here, new, after, parts)
        keep(here, found._replace(form=new), after, *more)
    return found.row.version + 1


def _turns_in(here: At, form: Form, response: Response, mine: frozenset[str]) -> tuple[Response, list[Resource]]:
    """The turns as another version of the form has them."""
    there = {part.id for part in form.parts}
    gone = [one for one in response.turns if one.part not in there and not (one.sheet and one.finished)]
    more = [
        resource for one in gone
        for resource in (*stopped(here, one.sheet), *ended(here, one.ball, BallMove.CANCEL, BallState.CANCELLED))
    ]  # fmt: skip
    kept = tuple(one for one in response.turns if one not in gone)
    begun = {one.part for one in kept if one.who == here.asker.ref}
    own = (Turn(part.id, here.asker.ref) for part in form.parts if part.id in mine - begun)
    after, asked = _ask_whoever_can(here, form, replace(response, turns=(*own, *kept)))
    return after, [*more, *asked]


# -- the parties -------------------------------------------------------------------------------------------------------


def ask(*, by: Scope, child_id: UUID, ident: UUID, version: int, part: str, who: str) -> None:
    """Asks somebody for a part where there is more than one to choose from."""
    with writing(by, Filling.FINISH, child_id, form_response=str(ident), part=part) as book:
        here, found = own(book, child_id, ident, version)
        wanted = queries.part_named(found.form, part)
        if wanted is None or not rules.may_begin(wanted, found.response.finished_parts):
            raise Refused("Delen kan ikke begyndes endnu.")
        if who not in _candidates(here, wanted):
            raise Refused("Vælg en, der har en opgave med barnet nu.")
        after, more = _asked(here, found.form, found.response, wanted, [who])
        keep(here, found, after, *more)


def _candidates(here: At, part: Part) -> list[str]:
    holders = queries.holders_to_tell(here.book, here.child_id)
    around = queries.around(here.book, here.child_id, holders, here.patient)
    return parties.candidates(part, around, age=queries.age_of(here.book, here.child_id), author=here.asker)


def _ask_whoever_can(here: At, form: Form, response: Response) -> tuple[Response, list[Resource]]:
    """The parts that can be answered now go to those whom nobody need choose."""
    more: list[Resource] = []
    asked = {turn.part for turn in response.turns}
    for part in rules.needed(form, response.answers):
        if part.id not in asked and rules.may_begin(part, response.finished_parts):
            who = parties.asked_at_once(part, _candidates(here, part))
            response, new = _asked(here, form, response, part, who)
            more += new
    return response, more


def _asked(here: At, form: Form, response: Response, part: Part, who: Iterable[str]) -> tuple[Response, list[Resource]]:
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
            task = task_of(here, "Udfyld jeres del af et skema", to=one, about=f"QuestionnaireResponse/{ident}")
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


def finish(*, by: Scope, child_id: UUID, ident: UUID, version: int, part: str, shared: bool | None = None) -> Turn:
    """Somebody's part is finished: a receipt with its time, the part is locked, and the next are asked. `shared`: what
    a child says about who may read its answers. `Incomplete` with what is lacking."""
    with writing(by, Filling.FINISH, child_id, form_response=str(ident), part=part) as book:
        here, found = mine(book, child_id, ident)
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
        childs = parties.is_childs(found.form, found.response, part)
        if childs and shared is None:
            raise Refused(WHO_MAY_READ)
        done = own._replace(
            state=TurnState.FINISHED, by=author_of(by), at=by.at, shared=shared if childs else None
        )  # fmt: skip
        after = replace(found.response, turns=parties.finished(found.form, found.response.turns, done))
        main, form = _main(here, found, done)
        if main is None:
            after, more = _ask_whoever_can(here, found.form, after)
            keep(here, found, after, *more)
        else:
            body, response = main
            response, more = _ask_whoever_can(here, form, response)
            if not parties.waiting(response, besides=_ref_of_author(response)):
                more += _ready(here, response)
            more += ended(here, done.ball, BallMove.FINISH, BallState.DONE)
            keep(here, found, after, *more, next_version(here, response, form, body))
    return done


def _main(here: At, found: Opened, done: Turn) -> tuple[tuple[Resource, Response] | None, Form]:
    """The form that a sheet belongs to, with this turn finished. Whoever answers a sheet does not read the form."""
    ident = ident_of(found.response.sheet_of)
    if ident is None:
        return None, found.form
    body = body_of(here.child_id, ident)
    form = queries.form_of_body(body) or found.form
    response = mapping.response_of(body, form)
    return (body, replace(response, turns=parties.finished(form, response.turns, done))), form


def _ready(here: At, response: Response) -> list[Resource]:
    """Whoever began the form is told that everybody has answered; the family finds it under *Skemaer*."""
    if not response.author.startswith("PractitionerRole/"):
        return []
    about = f"QuestionnaireResponse/{response.id}"
    return [task_of(here, READY, to=response.author, about=about)]


def _no_longer_ready(here: At, main: str) -> list[Resource]:
    """The ball that a form is ready to be sent, when somebody takes up their part again: it is told anew then.
    It is the ball of whoever began the form, and whoever takes up their part need not be able to see it."""
    found = (exact.loads(body) for _, body in store.bodies_of(here.child_id.bytes, ["task"]))
    ready = (one for one in found if balls.about_of(one) == main and one.get("description") == READY)
    return [over for one in ready for over in ended(here, f"Task/{one['id']}", BallMove.CANCEL, BallState.CANCELLED)]


def _ref_of_author(response: Response) -> str:
    """The party that began a form, as its turns name it. A form begun here has its beginner's turn first."""
    return next((turn.who for turn in response.turns if not turn.sheet), response.author)


def take_up(*, by: Scope, child_id: UUID, ident: UUID, version: int, part: str) -> None:
    """One takes up one's own part again, as long as the form is not sent."""
    with writing(by, Filling.FINISH, child_id, form_response=str(ident), part=part, again=True) as book:
        here, found = mine(book, child_id, ident)
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
            more += [next_version(here, response, form, body), *_no_longer_ready(here, found.response.sheet_of)]
        keep(here, found, after, *more)


def read_in(*, by: Scope, child_id: UUID, ident: UUID, version: int, part: str, content: bytes) -> int:
    """The answers of one's own part out of a PDF that has been filled in: what is written otherwise than when it was
    printed, and of one that was printed empty what is written at all. What was answered here since stays. `NoScan` with
    the reason when it can't be taken, `Conflict` when the draft has changed since its page was read. Gives the version
    that is there now."""
    with writing(by, Filling.WRITE, child_id, form_response=str(ident), part=part, paper=True) as book:
        here, found = mine(book, child_id, ident)
        if found.row.version != version:
            raise Conflict(CHANGED)
        if part not in parties.my_parts(found.response, here.asker.ref):
            raise Refused(YOUR_PART)
        written = paper_forms.answers_in(content, found.form, queries.mark(found.response, part), key=id_key())
        if written is None:
            raise NoScan("PDF'en har ingen felter at læse. Skriv svarene ind i hånden.")
        then = queries.version_of(book, found, written.printed)
        stood: Answers = then.answers if then else {}
        said = {
            path: values for path, values in written.said.items()
            if tuple(values) != tuple(at_places.values_at(stood, path))
        }  # fmt: skip
    return save(by=by, child_id=child_id, ident=ident, version=version, said=said, kept={})


def on_paper(*, by: Scope, child_id: UUID, ident: UUID, version: int, part: str, who: str, scan: Scan) -> UUID:
    """A part came back on paper: the scan is kept, and a sheet to type its answers in, marked as such; what is written
    in the fields of a PDF of ours stands there already. Gives that sheet."""
    with writing(by, Filling.FINISH, child_id, form_response=str(ident), part=part, paper=True) as book:
        here, found = own(book, child_id, ident, version)
        turn = parties.turn_of(found.response, part, who)
        wanted = queries.part_named(found.form, part)
        if turn is None or wanted is None or turn.finished:
            raise NotFound
        answers = _on_scan(scan, found, part)
        document, sheet = str(new_id()), new_id()
        title = f"{found.form.title}: {wanted.title}, på papir"
        paper = turn._replace(sheet=f"QuestionnaireResponse/{sheet}", paper=f"DocumentReference/{document}")
        typed = Response(
            str(sheet), found.form.id, found.form.version, title, author=author_of(by), asked_by=found.response.author,
            turns=(paper._replace(who=here.asker.ref),), begun_at=by.at, answers=at_places.normal(answers),
            sheet_of=f"QuestionnaireResponse/{found.response.id}",
        )  # fmt: skip
        after = replace(found.response, turns=tuple(
            paper._replace(who=here.asker.ref) if one is turn else one for one in found.response.turns
        ))  # fmt: skip
        more = [*stopped(here, turn.sheet), *ended(here, turn.ball, BallMove.CANCEL, BallState.CANCELLED)]
        more += [enclosed(document, here, scan, title), mapping.resource_of(typed, found.form, child=here.child)]
        keep(here, found, after, *more)
    return sheet


def _on_scan(scan: Scan, found: Opened, part: str) -> Answers:
    """What is written in the fields of a PDF of ours; nothing in what is only a picture of a paper."""
    answers: Answers = {}
    try:
        mark = queries.mark(found.response, part)
        said = paper_forms.answers_in(scan.content, found.form, mark, key=id_key()) if scan.kind == PDF else None
    except Unreadable:
        said = None
    for path, values in (said.said if said else {}).items():
        answers = at_places.with_values(answers, path, values) if values else answers
    return answers


def ask_in(*, by: Scope, child_id: UUID, ident: UUID, language: str) -> None:
    """Whoever answers is asked in this language from now on; what is answered stays. `NotFound`: the form is not there
    in it."""
    with writing(by, Filling.WRITE, child_id, form_response=str(ident), language=language) as book:
        here, found = mine(book, child_id, ident)
        if language != DANISH and language not in languages.offered(found.form):
            raise NotFound
        if language != found.response.asked_in:
            keep(here, found, replace(found.response, asked_in=language))


# -- afterwards --------------------------------------------------------------------------------------------------------


def withdraw(*, by: Scope, child_id: UUID, ident: UUID, version: int) -> None:
    """A draft is given up, and nobody is asked any more. What was written stays in its history."""
    with writing(by, Filling.WITHDRAW, child_id, form_response=str(ident)) as book:
        here, found = own(book, child_id, ident, version)
        more = no_longer_waits(here, found.response)
        for turn in () if found.response.corrects else found.response.turns:
            more += stopped(here, turn.sheet)
            more += ended(here, turn.ball, BallMove.CANCEL, BallState.CANCELLED)
        keep(here, found, replace(found.response, state=State.WITHDRAWN), *more)
