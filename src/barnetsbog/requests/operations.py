"""Writing a request down, deciding on it, and sending the answer: each with its line in the log, in one transaction."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from barnetsbog.deadlines import rules as clocks
from barnetsbog.deadlines.in_use import counting, deadlines_in_use
from barnetsbog.delivery.model import Channel
from barnetsbog.directory.queries import roles_in
from barnetsbog.intake.writing import CHANGED, author_of, body_of, patient_of, write, writing
from barnetsbog.kernel.decisions import Conflict, Decision, NotFound, Refused
from barnetsbog.kernel.ids import new_id
from barnetsbog.kernel.time import DANISH_MONTHS, day_start, local_day
from barnetsbog.letters import operations as letters
from barnetsbog.letters.model import Draft, Envelope
from barnetsbog.record.book import Book
from barnetsbog.record.scope import Scope
from barnetsbog.responsibility.model import NewBall
from barnetsbog.responsibility.operations import done, guarded, new_ball

from . import mapping, queries, rules
from .model import Answer, Ground, Request, Requesting, State, Verdict

ANSWERED = "Der er svaret på anmodningen. Beder nogen igen, så skriv en ny ned."
SAID = {
    (Ground.ACCESS, Answer.GIVEN): "Du får det, du bad om.",
    (Ground.ACCESS, Answer.PARTLY): "Du får en del af det, du bad om.",
    (Ground.ACCESS, Answer.REFUSED): "Du får ikke det, du bad om.",
    (Ground.ORIENTATION, Answer.GIVEN): "Vi svarer på det, du spurgte om.",
    (Ground.ORIENTATION, Answer.PARTLY): "Vi svarer på en del af det, du spurgte om.",
    (Ground.ORIENTATION, Answer.REFUSED): "Vi svarer ikke på det, du spurgte om.",
}
"""The answer as its letter begins."""


def register(*, by: Scope, child_id: UUID, asker: str, about: str, received: date, to: str) -> UUID:
    """A request that somebody has sent, said or handed in. `to`: the job of whoever answers it, in the same unit, who
    gets the ball with the law's deadline."""
    ident, ball = new_id(), new_id()
    with writing(by, Requesting.REGISTER, child_id, request=str(ident)) as book:
        _must_answer(by)
        who = next((one for one in queries.askers(book, child_id) if one.reference == asker), None)
        _must(rules.may_register(who, about, received, local_day(by.at), queries.age_of(book, child_id)))
        assert who
        _must_be_a_colleague(by, to)
        ground = rules.ground(who)
        request = Request(ident, ground, who.reference, about.strip(), received, ball, State.OPEN)
        task = guarded(new_ball(book, child_id, ball, _ball(request, to, by.at)))
        write(by, mapping.registered(request, child=patient_of(child_id), author=author_of(by)), task)
    return ident


def _ball(request: Request, to: str, at: int) -> NewBall:
    clock = next((one for one in counting(at) if one.id == rules.CLOCKS[request.ground]), None)
    about = f"Communication/{request.id}"
    if clock is None:  # the municipality has switched it off
        return NewBall(mapping.TITLES[request.ground], to=to, about=about)
    due = clocks.after(day_start(request.received), clock.length, deadlines_in_use().days)
    return NewBall(clock.title, clock.text, to, due, clock.important, about=about, deadline=clock.id)


def _must_be_a_colleague(by: Scope, to: str) -> None:
    here = {f"PractitionerRole/{one.id}" for one in roles_in(by.unit_id)} if by.unit_id else set()
    if to not in here:
        raise Refused("Vælg den i jeres enhed, der svarer.")


def decide(*, by: Scope, child_id: UUID, ident: UUID, version: int, verdict: Verdict) -> None:
    """What is given and what is not, and why. The answer is a letter that waits to be looked through; one that was
    decided before and not sent makes way."""
    with writing(by, Requesting.DECIDE, child_id, request=str(ident), answer=verdict.answer.value) as book:
        request = _unanswered(book, child_id, ident, version)
        judged = queries.judged(book, child_id, request)
        decision = rules.may_decide(judged.case, judged.papers, verdict)
        _must(decision)
        letter = new_id()
        draft = _letter(judged.request, verdict, queries.statute(decision.rules[0]), judged.way)
        gone = [letters.dropped(book, child_id, request.letter)] if request.letter else []
        body = mapping.decided(
            body_of(child_id, ident), verdict, ground=judged.request.ground, rules=decision.rules, letter=letter,
            by=author_of(by),
        )  # fmt: skip
        write(by, body, letters.drafted(by, child_id, letter, draft), *gone)


def _letter(request: Request, verdict: Verdict, rule: str, way: Channel) -> Draft:
    """Nothing in it is typed anew: it says what was decided."""
    whole = verdict.answer is Answer.GIVEN
    answers = {
        "fik": _in_words(request.received), "bedt": request.about, "svar": SAID[request.ground, verdict.answer],
        "fortalt": verdict.told.strip(), "grund": "" if whole else verdict.reason.strip(),
        "regel": "" if whole else rule, "klage": "" if whole else verdict.complaint.strip(),
    }  # fmt: skip
    return Draft(rules.LETTERS[request.ground], answers, (Envelope(request.asker, way),), request=request.id)


def _in_words(day: date) -> str:
    return f"{day.day}. {DANISH_MONTHS[day.month - 1]} {day.year}"


def answer(*, by: Scope, child_id: UUID, ident: UUID, version: int, letter: int, approved: Mapping[str, str]) -> None:
    """The letter goes into the outbox, and the ball is done. `letter`: the version of the draft that was looked
    through; `approved`: as in `letters.operations.send`."""
    with writing(by, Requesting.ANSWER, child_id, request=str(ident)) as book:
        request = _unanswered(book, child_id, ident, version)
        if request.letter is None:
            raise Refused("Tag stilling først.")
        sent = letters.sent(book, child_id, request.letter, letter, approved)
        over = done(book, child_id, request.ball) if request.ball else []
        write(by, mapping.answered(body_of(child_id, ident)), *sent, *over)


def _unanswered(book: Book, child_id: UUID, ident: UUID, version: int) -> Request:
    _must_answer(book.scope)
    row, request = queries.row_of(book, child_id, ident)
    if request.state is State.ANSWERED:
        raise Refused(ANSWERED)
    if row.version != version:
        raise Conflict(CHANGED)
    return request


def _must(decision: Decision) -> None:
    if not decision.allowed:
        raise Refused(decision.reason, decision.rules)


def _must_answer(by: Scope) -> None:
    if not queries.may_answer(by):
        raise NotFound
