"""Who has seen what, in words a family understands. Pure: the lines come from `access.own_log`.

One line of the log is one click, and nobody reads clicks. What the same person did on the same day for the same reason
is told as one look-up, "3 gange".
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby
from uuid import UUID

from django.utils.translation import gettext as _

from barnetsbog.access.breakglass import LookUp
from barnetsbog.access.naming import somewhere
from barnetsbog.access.own_log import OwnLog, look_up_of
from barnetsbog.access.roles import role_named
from barnetsbog.audit.model import Action, LogRow
from barnetsbog.directory.model import RoleName, UnitName
from barnetsbog.kernel.time import day_start, local_day

from . import log_words

OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Directory:
    """Names by id, and the roles whose holders are at risk and go by their title only. `apps`: by what the log calls
    them."""

    roles: dict[UUID, RoleName]
    units: dict[UUID, UnitName]
    at_risk: frozenset[str] = frozenset()
    apps: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Who:
    """Who looked, in two lines: the place, and the person there. Either may be empty."""

    place: str
    person: str
    sector: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """One look-up as a family reads it. `at`: the last time."""

    at: int
    who: Who
    did: str
    times: int
    why: str
    broke_glass: bool
    """Opened without consent, in an emergency."""
    reason: str
    reviewed: bool
    whole_day: bool
    """The hour is not told."""


@dataclass(frozen=True, slots=True)
class _Click:
    row: LogRow
    who: Who
    glass: LookUp | None

    @property
    def together(self) -> tuple[date, str, UUID | None, Who, str, UUID | None]:
        """What clicks must have in common to be one look-up."""
        row, glass = self.row, self.glass.id if self.glass else None
        return local_day(row.at), _sort(row), row.person_id, self.who, row.purpose, glass


def told(log: OwnLog, known: Directory, reader: UUID) -> list[Seen]:
    """The log as a family reads it, newest first."""
    clicks = sorted(_clicks(log, known, reader), key=lambda click: -click.row.at)
    order = {key: at for at, key in reversed(list(enumerate(click.together for click in clicks)))}
    clicks.sort(key=lambda click: order[click.together])  # stable: newest first within what belongs together
    return [_seen(list(group), log, known) for _key, group in groupby(clicks, key=lambda click: click.together)]


def _clicks(log: OwnLog, known: Directory, reader: UUID) -> Iterator[_Click]:
    for row in map(_blurred, log.rows):
        who = _who(row, known, reader, log.nameless)
        if who.sector not in log.without and not (row.action == Action.RIGHTS and not _rights(row, log, known)):
            yield _Click(row, who, look_up_of(row, log.look_ups))


def _blurred(row: LogRow) -> LogRow:
    """Of an import the day is told, and neither the hour nor how many: they would tell of what the reader may not
    see."""
    return replace(row, at=day_start(local_day(row.at))) if row.action == Action.IMPORT else row


def _sort(row: LogRow) -> str:
    """Changes of rights are told each by itself, an import by its kind, everything that was read together."""
    if row.action == Action.RIGHTS:
        return str(row.id)
    return row.action if row.action == Action.IMPORT else "read"


def _seen(group: list[_Click], log: OwnLog, known: Directory) -> Seen:
    newest, glass = group[0].row, group[0].glass
    reads = [click.row for click in group if click.row.action != Action.BREAK_GLASS] or [newest]
    did = _rights(newest, log, known) if newest.action == Action.RIGHTS else _did(reads)
    times = 1 if newest.action == Action.IMPORT else len(reads)
    return Seen(
        newest.at, group[0].who, did, times, _why(newest, glass), glass is not None,
        glass.reason if glass and not log.nameless else "", glass is not None and glass.reviewed_at is not None,
        newest.action == Action.IMPORT,
    )  # fmt: skip


def _why(row: LogRow, glass: LookUp | None) -> str:
    if glass is not None or row.action in (Action.RIGHTS, Action.IMPORT):
        return ""
    return str(log_words.purpose(row.purpose))


def _did(rows: list[LogRow]) -> str:
    """Så: overblik, tidslinje, en post. Spurgte om samtykke."""
    if rows[0].action == Action.IMPORT:
        return _("Hentede oplysninger ind i bogen")
    if all(row.action == Action.BREAK_GLASS for row in rows):
        return _("Åbnede bogen")
    actions = list(dict.fromkeys(row.action for row in reversed(rows)))
    entries = sum(row.action == Action.ENTRY for row in rows)
    seen = dict.fromkeys(str(log_words.opened(one, entries)) for one in actions if one not in log_words.DONE)
    done = " ".join(str(log_words.DONE[one]) for one in actions if one in log_words.DONE)
    saw = _("Så: %(what)s") % {"what": ", ".join(seen)} if seen else ""
    return f"{saw}. {done}" if saw and done else saw or done


# -- who -------------------------------------------------------------------------------------------------------------


def _who(row: LogRow, known: Directory, reader: UUID, nameless: bool) -> Who:
    if row.person_id is None:
        return Who(_("Et system"), "")
    if row.person_id == reader:
        return Who(_with_app(row, _("Dig selv"), known), "")
    if row.unit_id is None:
        return Who(str(log_words.relative(row.role)), "")
    if row.role == OPERATOR:
        return Who(_("Driften af Barnets Bog"), "")
    role, unit = known.roles.get(row.person_id), known.units.get(row.unit_id)
    sector = unit.sector if unit else "other"
    if nameless:
        return Who(somewhere(sector), "", sector)
    hidden = str(row.person_id) in known.at_risk
    person = "" if role is None else role.title if hidden else ", ".join(filter(None, (role.name, role.title)))
    return Who(unit.name if unit else somewhere(sector), _with_app(row, person, known), sector)


def _with_app(row: LogRow, person: str, known: Directory) -> str:
    """Somebody, and the app that they have let act for them: by its name, where it is still registered."""
    app = row.detail.get("client")
    if not app or not person or role_named(row.role).system:
        return person
    return _("%(who)s med appen %(app)s") % {"who": person, "app": known.apps.get(app, app)}


def apps_in(rows: Iterable[LogRow]) -> set[str]:
    """The apps whose names are needed to tell of these lines."""
    return {str(row.detail["client"]) for row in rows if row.detail.get("client")}


# -- rights ----------------------------------------------------------------------------------------------------------


def _rights(row: LogRow, log: OwnLog, known: Directory) -> str:
    """PPR Eksempelby fik adgang. Skolen har ikke længere adgang. Empty when it is of nobody the reader is told of."""
    given, ended = (_units(row.detail.get(name), log, known) for name in ("given", "ended"))
    sentences = [
        _("%(who)s fik adgang.") % {"who": who}
        if who not in ended
        else _("%(who)s fik ændret sin adgang.") % {"who": who}
        for who in given
    ]
    sentences += [_("%(who)s har ikke længere adgang.") % {"who": who} for who in ended if who not in given]
    return " ".join(sentences)


def _units(listed: object, log: OwnLog, known: Directory) -> list[str]:
    found = (known.units.get(ident) for ident in units_in(listed))
    units = [unit for unit in found if unit is not None and unit.sector not in log.without]
    names = (somewhere(unit.sector) if log.nameless else unit.name for unit in units)
    return list(dict.fromkeys(names))


def units_in(listed: object) -> Iterable[UUID]:
    """The units in a list of rights, as the log keeps it."""
    for one in listed if isinstance(listed, list) else ():
        try:
            yield UUID(str(one.get("unit") or one.get("to") if isinstance(one, dict) else one))
        except ValueError:
            continue


def named_in(rows: Iterable[LogRow]) -> tuple[set[UUID], set[UUID]]:
    """The roles and the units whose names are needed to tell of these lines."""
    rows = list(rows)
    roles = {row.person_id for row in rows if row.person_id and row.unit_id}
    units = {row.unit_id for row in rows if row.unit_id}
    changed = (units_in(row.detail.get(name)) for row in rows for name in ("given", "ended"))
    return roles, units | {ident for some in changed for ident in some}
