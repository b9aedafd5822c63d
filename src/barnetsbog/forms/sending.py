"""Sending a form with everybody's sheets, and correcting it afterwards.

What it says is written as entries of their own in the same transaction. A correction of what was fetched is proposed to
its source and never written over it.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from barnetsbog.consent.operations import taken_back_from
from barnetsbog.fhir.own import ident_of, referring
from barnetsbog.honour.operations import told_by_form
from barnetsbog.intake.writing import author_of, body_of, write, writing
from barnetsbog.kernel.decisions import NotFound, Refused
from barnetsbog.kernel.ids import new_id
from barnetsbog.kernel.sentences import say
from barnetsbog.kernel.time import local_day
from barnetsbog.record.entries import EntryRow
from barnetsbog.record.instance import id_key
from barnetsbog.record.promotion import SENSITIVITY, label_of
from barnetsbog.record.scope import Scope
from barnetsbog.record.shelves import class_of, default_class, shelf
from barnetsbog.referrals.queries import telling
from barnetsbog.responsibility.model import Move as BallMove
from barnetsbog.responsibility.model import State as BallState
from barnetsbog.responsibility.queries import receivers

from . import answers as at_places
from . import extraction, mapping, parties, prefill, queries, rules
from .acting import (
    RETIRED,
    WHO_MAY_READ,
    At,
    GroundNeeded,
    Incomplete,
    ended,
    here_in,
    in_use,
    next_version,
    no_longer_waits,
    own,
    stopped,
    task_of,
)
from .model import TAKEN_BACK_FROM, TAKES_BACK, Answers, Form, Kind
from .queries import Opened
from .response import Filling, Kept, Response, State, Turn, TurnState

Resource = dict[str, Any]

ONLY_US = say(
    "Barnet har sagt, at kun I må læse det. Det er gemt og ikke sendt. Vælg jeres egen enhed som modtager, eller spørg "
    "barnet, om andre også må.",
    "The child has said that only you may read it. It is kept and not sent. Choose your own unit as its receiver, or "
    "ask the child whether others may, too.",
)


def send(
    *, by: Scope, child_id: UUID, ident: UUID, version: int, to: str, ground: str = "", reason: str = "",
    shared: bool | None = None, structured: bool = False,
) -> None:  # fmt: skip
    """Sends a form, with everybody's sheets, and writes what it says as entries of their own; all in one transaction.
    `ground`: on what ground it is lawful, where the law is unclear; `reason`: why somebody's part is not waited for, or
    why a form that was sent is corrected; `shared`: what a child says about who may read a form that is its own;
    `structured`: the receiver is to have what is structured alone, and the free text stays here."""
    quiet: list[bool] = []  # whether the log may tell the parents of it is known when it is ready
    with writing(by, Filling.SEND, child_id, form_response=str(ident), confidential=quiet) as book:
        here, found = own(book, child_id, ident, version)
        form, response = found.form, found.response
        if found.retired:
            raise Refused(RETIRED)
        mine = parties.parts_of(response, form, here.asker)
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
        childs = {
            one for one in turns
            if one.who == here.asker.ref and (by.own or (not one.sheet and parties.is_childs(form, response, one.part)))
        }  # fmt: skip
        if any(one.shared is None for one in childs) and shared is None:
            raise Refused(WHO_MAY_READ)
        if shared is not None:
            turns = tuple(one._replace(shared=shared) if one in childs else one for one in turns)
        sent = replace(
            _as_sent(form, response), state=State.SENT, to=to, sent_at=by.at, reason=reason.strip(), turns=turns,
            structured=structured and not mapping.is_concern(form),
        )  # fmt: skip
        if sent.confided and by.unit_id is not None and ident_of(to) != by.unit_id:
            raise Refused(ONLY_US)
        quiet += [True] if mapping.is_held(sent) or sent.confided else []
        _send(here, found, sent)


def _as_sent(form: Form, response: Response) -> Response:
    """With the answers that are sent. Of what is left out, or not asked, what its source said does not go either."""
    answers, origins = rules.noted_as_submitted(form, response.answers, response.origins)
    return replace(response, answers=answers, origins=origins)


def _must_go(here: At, form: Form, to: str, ground: str) -> None:
    """It goes to somebody it can be sent to, and the law lets one unit tell another."""
    ident = ident_of(to)
    if ident is None or to not in [one for one, _ in queries.who_can_get(here.book, here.child_id, form)]:
        raise Refused("Vælg, hvem der skal have skemaet.")
    if mapping.is_concern(form):
        return  # nobody's to refuse: barnets lov § 133
    if here.by.unit_id is None or not to.startswith("Organization/") or ident == here.by.unit_id:
        return
    stands = shelf(mapping.block_of(form), default_class("document", queries.sector_of(here.by)))
    found = telling(here.book, here.child_id, ident, stands)
    if not found.may:
        raise Refused(found.reason, found.rules)
    if found.needs_reason and not ground.strip():
        raise GroundNeeded(found.reason, found.rules)


def _send(here: At, found: Opened, sent: Response) -> None:
    original = ident_of(sent.corrects)
    main = sent if original is None else replace(
        sent, id=str(original), state=State.CORRECTED, corrects="", begun_at=sent.begun_at
    )  # fmt: skip
    before = body_of(here.child_id, original) if original else found.body
    written = [next_version(here, main, found.form, before)]
    if original:
        written.append({**found.body, "status": State.WITHDRAWN.value})
    informants = {turn.part: turn.by or turn.who for turn in main.turns if turn.finished}
    old = mapping.response_of(before, found.form) if original else None
    if not mapping.is_held(main):  # what is held stands in the form alone
        written += _entries(here, found.form, main, informants, old if old and not mapping.is_held(old) else None)
        written += _proposals(here, found.form, main)
    written += _documents(here, found.form, main) + _excerpt(here, main, found.form)
    for turn in () if original else main.turns:
        if turn.sheet and turn.finished:
            written += _sheet_sent(here, turn, main)
        elif turn.sheet:
            written += [*stopped(here, turn.sheet), *ended(here, turn.ball, BallMove.CANCEL, BallState.CANCELLED)]
    written += [*no_longer_waits(here, main), *_yes_taken_back(here, main, old)]
    if mapping.is_concern(found.form) and not original:
        written.append(mapping.concern(main, found.form, child=here.patient, by=author_of(here.by), key=id_key()))
    if suspicion := mapping.suspicion(main):
        written += told_by_form(here.book, here.child_id, suspicion, to=main.to)
    write(here.by, *written)


def _yes_taken_back(here: At, main: Response, before: Response | None) -> list[Resource]:
    """Whoever says no again by a form has said it: what they let these units know, stops when it is sent. What they
    let others know stays; so does a yes said since, when the form is corrected (`before`: as it was sent) and names
    nobody whom it did not name then."""
    known = set(at_places.values_at(before.answers, TAKEN_BACK_FROM)) if before else set()
    said = set() if "all" in known else set(at_places.values_at(main.answers, TAKEN_BACK_FROM)) - known
    if main.form != TAKES_BACK or here.by.unit_id is not None or not said:
        return []
    sectors = None if "all" in said else {str(one).replace("-", "_") for one in said}
    return taken_back_from(here.book, here.child_id, sectors)


def _sheet_sent(here: At, turn: Turn, main: Response) -> list[Resource]:
    """A party's sheet goes where the form goes; a child's no further than it has said, and a parent's to whoever asked
    alone where the form goes to a parent."""
    ident = ident_of(turn.sheet)
    assert ident
    body = body_of(here.child_id, ident)
    form = queries.form_of_body(body) or in_use(main.form)
    sheet = mapping.response_of(body, form)
    shared = next((one.shared for one in sheet.turns if one.part == turn.part), None)
    other_parent = main.to.startswith("RelatedPerson/") and mapping.is_a_parents(sheet, form)
    sheet = replace(
        _as_sent(form, sheet), state=State.SENT, sent_at=here.by.at, to="" if other_parent else main.to,
        turns=(turn._replace(shared=shared),), structured=main.structured and not other_parent,
    )  # fmt: skip
    entries = _entries(here, form, sheet, {turn.part: turn.by or turn.who}, None)
    written = [next_version(here, sheet, form, body), *entries]
    return written + _documents(here, form, sheet, turn.paper) + _excerpt(here, sheet, form)


def _excerpt(here: At, sent: Response, form: Form) -> list[Resource]:
    """What goes to a receiver who is to have what is structured alone; not of what a child has told in confidence."""
    if not sent.structured or sent.confided:
        return []
    part = mapping.excerpt(sent, form, id_key())
    before = body_of(here.child_id, UUID(part.id)) if sent.state is State.CORRECTED and _is_there(here, part) else None
    return [mapping.resource_of(part, form, child=here.child, by=author_of(here.by), before=before)]


def _is_there(here: At, part: Response) -> bool:
    try:
        return here.book.entry(here.child_id, UUID(part.id)) is not None
    except NotFound:
        return False


def _entries(
    here: At,
    form: Form,
    response: Response,
    informants: Mapping[str, str],
    old: Response | None,
) -> list[Resource]:
    """The entries that a form's answers are. Of a corrected form those that say something else now, unless somebody has
    written in them meanwhile."""

    def said(one: Response, answers: Answers) -> list[Resource]:
        told = extraction.Answered(
            one.id, here.child, author_of(here.by), one.sent_at or here.by.at, local_day(one.sent_at or here.by.at),
            answers, one.origins, informants, any(turn.shared is True for turn in response.turns),
            extraction.heard_by(response), response.confided,
        )  # fmt: skip
        return [_as_guarded(here, one) for one in extraction.entries_of(form, told, id_key())]

    new = said(response, response.answers)
    if old is None:
        return new
    before = {one["id"]: one for one in said(replace(old, sent_at=response.sent_at), old.answers)}
    after = {one["id"]: one for one in new}
    changed = [one for ident, one in after.items() if one != before.get(ident)]
    gone = [extraction.in_error(one) for ident, one in before.items() if ident not in after]
    return [one for one in (*changed, *gone) if one["id"] not in before or _is_untouched(here, before[one["id"]])]


def _as_guarded(here: At, entry: Resource) -> Resource:
    """Somebody whom a form names stands as guarded as the form: the child's people are otherwise for everybody, and
    that somebody works with a child can tell of what they work with."""
    if entry["resourceType"] != "RelatedPerson" or "meta" in entry:
        return entry
    return {**entry, "meta": {"security": [label_of(default_class("document", queries.sector_of(here.by)))]}}


def _is_untouched(here: At, before: Resource) -> bool:
    """Whether an entry still says what the form made it say, whoever of the unit sent it and when."""
    ident = ident_of(f"{before['resourceType']}/{before['id']}")
    return ident is not None and extraction.words_of(body_of(here.child_id, ident)) == extraction.words_of(before)


def _documents(here: At, form: Form, response: Response, *more: str) -> list[Resource]:
    """The files that go with a form are no drafts any more, and are its receiver's to read, as guarded as it is."""
    guard = mapping.guard_of(response, form)
    meta = {"meta": {"security": [{"system": SENSITIVITY, "code": guard}]}} if guard else {}
    stays = response.structured or response.confided or not response.to
    files = [
        value for one in at_places.places(form, response.answers) if one.item.kind is Kind.FILE
        for value in at_places.values_at(response.answers, one.path)
    ]  # fmt: skip
    found = []
    for file in dict.fromkeys([*files, *more]):
        ident = ident_of(file) if isinstance(file, str) else None
        if ident:
            body = body_of(here.child_id, ident)
            kept = {key: value for key, value in body.items() if key not in ("meta", "extension")} | meta
            found.append(kept if stays else {**kept, "extension": [referring("sent-to", response.to)]})
    return found


def _proposals(here: At, form: Form, response: Response) -> list[Resource]:
    """What was fetched and corrected is proposed to its source, which decides itself: one ball for each entry, on the
    shelf of what it is about. Nothing is written over."""
    corrected = {path: one for path, one in response.origins.items() if one.kept is Kept.CORRECTED}
    if not corrected:
        return []
    there = {one.reference for one in receivers(here.book, here.child_id)} - {here.asker.ref}
    now = prefill.fill(form, prefill.known(here.book, here.child_id, [form]))
    asks = {one.path: one.item for one in at_places.places(form, response.answers)}
    told: dict[str, list[str]] = {}
    for path, origin in corrected.items():
        stands, wanted = now.said_by(origin, path), tuple(at_places.values_at(response.answers, path))
        if path in asks and origin.source.unit in there and stands and wanted not in ((), stands):
            text = (", ".join(at_places.in_words(asks[path], one) for one in some) for some in (stands, wanted))
            told.setdefault(origin.source.entry, []).append(
                "{}\nStår: {}\nForslag: {}".format(asks[path].ask, *text)
            )  # fmt: skip
    found = []
    for entry, texts in told.items():
        ident = ident_of(entry)
        row = here.book.entry(here.child_id, ident) if ident else None
        if row:
            found.append(_proposal(here, entry, row, "\n\n".join(texts)))
    return found


def _proposal(here: At, entry: str, row: EntryRow, text: str) -> Resource:
    task = task_of(here, "Et skema foreslår en rettelse", to=f"Organization/{row.unit_id}", about=entry, text=text)
    task["extension"] = [*task["extension"], referring("corrects", entry)]
    task["meta"] = {**task["meta"], "security": [label_of(class_of(row.shelf))]}
    return task


def correct(*, by: Scope, child_id: UUID, ident: UUID) -> UUID:
    """A draft to correct a form that was sent: the form stays as it is until the draft is sent as its next version. One
    at a time, which colleagues share: of two, the later would write back what the earlier has corrected."""
    with writing(by, Filling.WRITE, child_id, form_response=str(ident), correct=True) as book:
        here, found = here_in(book, child_id), queries.opened(book, child_id, ident)
        if not queries.is_by(by, found) or found.response.sent_at is None or found.response.sheet_of:
            raise NotFound
        if found.retired:
            raise Refused(RETIRED)
        if begun := queries.being_corrected(book, child_id, ident):
            return begun
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
