"""What an administrator of forms works on: the draft as it stands, put together, beside what is in force."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.http import Http404

from barnetsbog.forms import loading
from barnetsbog.forms.files import RECEIVERS
from barnetsbog.forms.local import Local, Tried, put_together, written
from barnetsbog.forms.model import Form, Party
from barnetsbog.law.rulefiles import LawFileError
from barnetsbog.publishing import forms
from barnetsbog.publishing.forms import Standing
from barnetsbog.publishing.releases import New, Release

from .catalogue_words import PARTIES

_FILLED_IN = re.compile(r"{[^}]*}")


@dataclass(frozen=True, slots=True)
class Now:
    """`tried`: the draft put together, or the program's catalogue when it can't be; `faults`: why it can't be sent;
    `coming`: the versions that it would make; `releases`: those that there are of the instance's own."""

    standing: Standing
    tried: Tried
    faults: tuple[str, ...]
    coming: Mapping[str, New]
    releases: Mapping[str, list[Release]]

    def form(self, ident: str) -> Form:
        """A form as the draft has it."""
        found = self.tried.forms.get(ident)
        if found is None:
            raise Http404
        return found

    def family(self, ident: str) -> str:
        """What a family is called in a list. Where its name is only what each form fills in, its first form's."""
        called = _FILLED_IN.sub("…", self.tried.sources.bases[ident].title)
        members = [one.title for one in self.tried.forms.values() if one.family == ident]
        if called == "…" and members:
            called = f"{members[0]} m.fl." if len(members) > 1 else members[0]
        return f"{ident} {called}"


def now() -> Now:
    found, releases = forms.standing(), _by_form(forms.releases())
    try:
        tried = put_together(found.content)
    except LawFileError as error:
        return Now(found, put_together(written(Local())), (str(error), *_unreadable()), {}, releases)
    faults = (*tried.faults, *_unreadable())
    return Now(found, tried, faults, {one.id: one for one in forms.changes(found.content)}, releases)


def _unreadable() -> list[str]:
    """Versions that an update of the program can't read, told by form; until a new one is released the program's is
    used."""
    return [
        f"{form}: udgave {version} kan ikke læses af programmet mere og bruges ikke; send den til godkendelse igen"
        for form, version in forms.unreadable().items()
    ]


def _by_form(releases: list[Release]) -> dict[str, list[Release]]:
    found: dict[str, list[Release]] = {}
    for one in releases:
        found.setdefault(one.form, []).append(one)
    return found


@dataclass(frozen=True, slots=True)
class Line:
    """A form in the table. `form`: as it is in force, or as the draft has it when it is new; `version` 0: not in force
    yet; `since`: from which day an own version is in force; `next`: a version that has been approved for a later day;
    `changed`: the draft changes it."""

    form: Form
    sender: str
    receiver: str
    version: int
    since: date | None
    next: Release | None
    changed: bool


def lines(now: Now, today: date) -> list[Line]:
    """Every form that is used or is to be, in order of their numbers."""
    used = loading.catalogue()
    every = {**now.tried.forms, **used}
    return [_line(now, one, used.get(one.id), today) for one in sorted(every.values(), key=lambda one: one.number)]


def _line(now: Now, form: Form, used: Form | None, today: date) -> Line:
    own = now.releases.get(form.id, [])
    since = next((one.valid_from for one in own if used and one.version == used.version), None)
    later = next((one for one in reversed(own) if one.valid_from > today), None)
    return Line(
        form, names(form.sender), ", ".join(RECEIVERS.get(one, one) for one in form.receiver),
        used.version if used else 0, since, later, form.id in now.coming,
    )  # fmt: skip


def names(parties: tuple[Party, ...]) -> str:
    return ", ".join(str(PARTIES[one]) for one in parties)
