"""An instance's own forms: the chain of its changes, and the versions that are used because of them (ADR 22)."""

import logging
from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple

from django.db.models import Count, Max

from barnetsbog.audit.encoding import without_numbers
from barnetsbog.audit.model import Action
from barnetsbog.forms import loading
from barnetsbog.forms.common import Effect, effects
from barnetsbog.forms.local import (
    Local,
    Tried,
    dumped,
    must_hold,
    put_together,
    read_local,
    read_package,
    text_of,
    with_local,
    written,
)
from barnetsbog.forms.model import Form
from barnetsbog.forms.releasing import written as questionnaire
from barnetsbog.forms.trying import Case
from barnetsbog.kernel.decisions import Conflict
from barnetsbog.law.rulefiles import LawFileError
from barnetsbog.record.instance import today
from barnetsbog.record.scope import Scope

from . import operations
from .chains import Chain, content_of, history
from .model import Draft
from .models import FormDecision, FormDraft, FormRelease
from .releases import New, Release, in_force, new_versions
from .rules import newest, newest_version, open_draft

log = logging.getLogger(__name__)


class Published:
    """What the instance has published, as `forms.loading` asks for it. Every process asks the table, so all of them
    change at once and on the same day."""

    def in_force(self) -> Mapping[str, int | None]:
        day = today()
        begun = FormRelease.objects.filter(valid_from__lte=day).aggregate(rows=Count("form"), newest=Max("draft"))
        return _in_force(day, begun["rows"], begun["newest"])

    def content(self, form: str, version: int) -> bytes:
        row = FormRelease.objects.filter(form=form, version=version, withdrawn=False).first()
        if row is None:
            raise KeyError(form, version)
        return row.content.encode()


@lru_cache(maxsize=4)
def _in_force(day: date, rows: int, newest: int | None) -> Mapping[str, int | None]:
    """On a day. Rows are only added, so how many have begun, and with which draft, says whether it is still so.

    What the program can't read any more, after an update, is not used: the program's own is, and the page of the
    administrator says so (`unreadable`).
    """
    wanted = in_force(releases(), day, loading.latest())
    return {form: one for form, one in wanted.items() if one is None or _form(form, one) is not None}


def unreadable() -> dict[str, int]:
    """The versions that would be in force today and can't be read, by form."""
    wanted = in_force(releases(), today(), loading.latest())
    return {form: one for form, one in wanted.items() if one is not None and _form(form, one) is None}


def forget() -> None:
    """Forgets what was read from another database."""
    _in_force.cache_clear()
    loading.forget()


def releases() -> list[Release]:
    """Every version that the instance has published, whether or not it has begun."""
    columns = ("form", "version", "draft", "valid_from", "withdrawn", "follows")
    return [Release(*row) for row in FormRelease.objects.order_by("form", "version").values_list(*columns)]


def approved(number: int, content: str, day: date) -> None:
    """Releases what draft `number` makes another form of, from a day on."""
    for one in changes(content):
        FormRelease.objects.create(
            form=one.id, version=one.version, draft=number, valid_from=day, withdrawn=one.form is None,
            content=questionnaire(one.form).decode() if one.form else "", follows=one.follows,
        )  # fmt: skip


def changes(content: str) -> list[New]:
    """The versions that would be released if these changes were approved now. `LawFileError`: they can't be put
    together."""
    rows, program = releases(), loading.program()
    own = in_force(rows, date.max, loading.latest())
    before: dict[str, Form | None] = dict(program)
    before |= {ident: None if version is None else _form(ident, version) for ident, version in own.items()}
    used = {one.form: one.version for one in rows}
    return list(new_versions(put_together(content).forms, before, used, program))


def _form(ident: str, version: int) -> Form | None:
    """A version that was released; None when the program can't read it any more."""
    try:
        return loading.form(ident, version)
    except ValueError:
        log.exception("version %s of the form %s can't be read", version, ident)
        return None


FORMS = Chain(FormDraft, FormDecision, Action.FORM_CATALOGUE, must_hold=must_hold, on_approved=approved)


# -- changing ----------------------------------------------------------------------------------------------------------


class Standing(NamedTuple):
    """The open draft, or else the newest version, and the number that the next saving follows."""

    history: list[Draft]
    draft: Draft | None
    content: str
    local: Local

    @property
    def after(self) -> int:
        return newest(self.history).number

    def text(self, key: str) -> str | None:
        """A record as it stands in the draft."""
        return text_of(read_package(), self.local, key)


def standing() -> Standing:
    found = history(FORMS)
    draft = open_draft(found)
    local = read_local(content_of(FORMS, (draft or newest_version(found)).number))
    return Standing(found, draft, written(local), local)


class Meanwhile(Conflict):
    """Somebody else has changed the same thing since its editor saw it."""


def mark(seen: object) -> str:
    """A short mark of what an editor has seen, to know whether it is still so."""
    return sha256(repr(seen).encode()).hexdigest()[:16]


def save_record(*, by: Scope, key: str, text: str, began: str) -> None:
    """Keeps the text of a record in the draft. `began`: the mark of the text (None: there was no such record) that its
    editor saw. `Meanwhile`: it says something else now; `LawFileError`: it can't be put together. In both cases nothing
    is kept."""
    now = standing()
    if mark(now.text(key)) != began:
        raise Meanwhile
    for number, line in enumerate(text.splitlines(), 1):
        if without_numbers(line) != line:
            raise LawFileError(f"{key}, linje {number}: der står et CPR-nummer; skriv det uden")
    _save(by, now, now.local.with_record(key, text))


def change(
    *, by: Scope, key: str, make: Callable[[Tried], object], saw: Callable[[Tried], object] = bool, began: str = ""
) -> None:
    """Changes a record: `make` makes what it is to say of the draft as it stands, so what others have changed elsewhere
    stays. `saw`: what the editor looked at, `began`: the mark of it then; without it nothing is in the way. No person's
    number is kept, wherever it came from."""
    now = standing()
    found = put_together(now.content)
    if began and mark(saw(found)) != began:
        raise Meanwhile
    _save(by, now, now.local.with_record(key, dumped(_masked(make(found)))))


def _masked(content: Any) -> Any:
    if isinstance(content, str):
        return without_numbers(content)
    if isinstance(content, Mapping):
        return {name: _masked(one) for name, one in content.items()}
    return [_masked(one) for one in content] if isinstance(content, list | tuple) else content


class Outcome(NamedTuple):
    """What a change would do: to each form that it makes another one of, and what would then keep the draft from being
    sent that doesn't now."""

    effects: list[Effect]
    faults: tuple[str, ...]

    @property
    def possible(self) -> bool:
        return not any(one.problem for one in self.effects)


def outcome(*, key: str, make: Callable[[Tried], object]) -> Outcome:
    """What `change` would do; nothing is kept. `LawFileError`: the record can't be read."""
    now = standing()
    found = put_together(now.content)
    local = now.local.with_record(key, dumped(make(found)))
    done = Outcome(effects(found, with_local(read_package(), local)), ())
    if not done.possible:
        return done
    return done._replace(faults=tuple(one for one in put_together(written(local)).faults if one not in found.faults))


def forget_record(*, by: Scope, key: str, began: str) -> None:
    """A record is again as the program comes with it; a form of one's own is gone. `began`: the mark of the text that
    was seen. `Meanwhile`: it says something else now, and stays."""
    now = standing()
    if mark(now.text(key)) != began:
        raise Meanwhile
    _save(by, now, now.local.without(key))


def save_case(*, by: Scope, make: Callable[[str], Case]) -> None:
    """Adds a test case; `make` makes it of its id."""
    now = standing()
    taken = [int(name.removeprefix("egen-")) for name in now.local.cases if name.removeprefix("egen-").isdecimal()]
    ident = f"egen-{max(taken, default=0) + 1}"
    _save(by, now, now.local.with_cases({**now.local.cases, ident: make(ident)}))


def remove_case(*, by: Scope, ident: str) -> None:
    now = standing()
    _save(by, now, now.local.with_cases({name: one for name, one in now.local.cases.items() if name != ident}))


def _save(by: Scope, now: Standing, local: Local) -> None:
    operations.must_administer(by)
    content = written(local)
    if content == now.content:
        return
    if can_be_put_together(now.content):
        put_together(content)
    operations.save(FORMS, by=by, after=now.after, content=content)


def can_be_put_together(content: str) -> bool:
    """False: after an update of the program the draft names what is gone. It is put right record by record."""
    try:
        put_together(content)
    except LawFileError:
        return False
    return True
