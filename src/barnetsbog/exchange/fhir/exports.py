"""Exports of much at once (HL7 Bulk Data Access 2.0): asked for, got ready, and fetched in files line by line.

What is kept of an export is where its files begin and end, and never what they say. A file is read from the book when
it is fetched, by the rights of that moment: what may no longer be read is not in it, and nothing lies in a folder that
would have to be found and destroyed (ADR 32). It is got ready a step at a time while its asker looks how far it is.
"""

import re
import secrets
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
from django.conf import settings

from barnetsbog.access.reading import note_each, open_book
from barnetsbog.access.roles import role_named
from barnetsbog.audit.model import Action
from barnetsbog.kernel.folder import Made
from barnetsbog.kernel.sentences import say
from barnetsbog.kernel.time import SECOND
from barnetsbog.record.book import Book
from barnetsbog.record.instance import now
from barnetsbog.record.searching.model import MOST, Cursor, Hit, Level, Search, Since

from .callers import Caller
from .judging import LOOKING, require_scope
from .model import Answer, Ask, Exchanging
from .outcomes import fault, not_found
from .serving import http_date, instant_of, present

FOLDER = Made.EXPORTS.value
ALONE = say(
    "En fil kan ikke ligge i en pakke. Hent den for sig selv.", "A file cannot stand in a Bundle. Fetch it by itself."
)
PLACE = "_export"
"""Where exports are looked for in the interface."""
LASTS = 24 * 60 * 60 * SECOND
AT_ONCE = 5
"""Exports of one client that are there at a time."""
PAGES = 3
"""Pages of a search in one file: on SQLite nobody else writes while one is read."""
STEP = 1.0
"""Seconds that one look may get on with it."""
HALF_WRITTEN = 60 * 60
"""Seconds after which a file that is not whole is one whose writer was ended."""
_IDENT = re.compile(r"[A-Za-z0-9_-]{32}")
_FIRST = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Part:
    """One file: what is after one id, until another (empty: to the end)."""

    kind: str
    after: str
    until: str
    count: int


@dataclass(slots=True)
class Export:
    """`who`: by whom it was asked for; nobody else finds it. `left`: the types that are not got ready yet, `after`: how
    far the first of them is; `at`: when it was asked for (UTC microseconds)."""

    ident: str
    who: list[str]
    at: int
    request: str
    since: int
    kinds: list[str]
    left: list[str]
    after: str
    parts: list[Part]

    @property
    def ends(self) -> int:
        return self.at + LASTS


def require_bulk(who: Caller) -> None:
    if "bulk" not in role_named(who.scope.role).may:
        text = say("Rollen må ikke hente meget på én gang.", "The role may not fetch much at once.")
        raise fault(403, "forbidden", text)


# -- asking for one ----------------------------------------------------------------------------------------------------


def begun(ask: Ask, kinds: list[str], since: int) -> Answer:
    """An export that is asked for: where to look for it."""
    scope = ask.who.scope
    mine = [one for one in _all(scope.at) if one.who == _who(ask.who)]
    if len(mine) >= AT_ONCE:
        text = say(
            "Der er {0} udtræk i gang eller klar. Slet et af dem først.",
            "{0} exports are under way or ready. Delete one of them first.",
            len(mine),
        )
        raise fault(429, "throttled", text, Retry_After="60")
    request = "/".join((ask.base, *ask.path))
    export = Export(
        secrets.token_urlsafe(24), _who(ask.who), scope.at, request, since, kinds, [*kinds], str(_FIRST), []
    )
    with open_book(scope, Action.EXPORT, scope.child, what="$export", asked=kinds):
        _write(export)
    return Answer(202, None, {"Content-Location": f"{ask.base}/{PLACE}/{export.ident}"})


def _who(who: Caller) -> list[str]:
    return [who.client.id, str(who.scope.role_id), str(who.scope.child or "")]


# -- looking how far it is ---------------------------------------------------------------------------------------------


def status(ask: Ask, ident: str) -> Answer:
    """How far it is, and when it is ready its files (Bulk Data Access, "Bulk Data Status Request")."""
    export = _mine(ask, ident)
    if export.left:
        _get_on(ask, export)
    if export.left:
        done = len(export.kinds) - len(export.left)
        progress = say("{0} af {1} typer", "{0} of {1} types", done, len(export.kinds)).spoken(ask.language)
        return Answer(202, None, {"X-Progress": progress, "Retry-After": "1"})
    output = [
        {"type": one.kind, "url": f"{ask.base}/{PLACE}/{ident}/{number}", "count": one.count}
        for number, one in enumerate(export.parts)
    ]  # fmt: skip
    manifest: dict[str, Any] = {
        "transactionTime": instant_of(export.at), "request": export.request, "requiresAccessToken": True,
        "output": output, "error": [],
    }  # fmt: skip
    headers = {"Expires": http_date(export.ends), "Content-Type": "application/json"}  # it is no resource
    return Answer(200, orjson.dumps(manifest), headers)


def _get_on(ask: Ask, export: Export) -> None:
    """Gets the next files ready: one at least, and as many as there is time for. What is counted on the way is shown to
    nobody."""
    until = time.monotonic() + STEP
    with open_book(ask.who.scope, Exchanging.SEARCH, ask.who.scope.child, query="$export") as book:
        while export.left:
            part, more = _part(book, export, export.left[0], export.after)
            if part.count:
                export.parts.append(part)
            if more:
                export.after = part.until
            else:
                export.left, export.after = export.left[1:], str(_FIRST)
            if time.monotonic() >= until:
                break
        book.trail.children.clear()
    if not _path(export.ident).exists():  # cancelled meanwhile
        raise not_found()
    _write(export)


def _part(book: Book, export: Export, kind: str, after: str) -> tuple[Part, bool]:
    """The next file of a type, and whether there are more."""
    count, wanted = 0, _search(export, kind, after)
    for _ in range(PAGES):
        found = book.search(wanted)
        count += len(found.hits)
        if found.next is None:
            return Part(kind, after, "", count), False
        wanted = replace(wanted, after=found.next)
    assert wanted.after
    return Part(kind, after, str(wanted.after.id), count), True


def _search(export: Export, kind: str, after: str) -> Search:
    """In the order of ids, and of what was there when the export was asked for."""
    since = (Since(export.since),) if export.since else ()
    return Search(Level(kind, since), count=MOST, after=Cursor(export.at, (), UUID(after)))


# -- fetching it -------------------------------------------------------------------------------------------------------


def file(ask: Ask, ident: str, number: str) -> Answer:
    """One file, of what may be read now."""
    export = _mine(ask, ident)
    if ask.place:
        raise fault(400, "not-supported", ALONE)
    part = {str(at): one for at, one in enumerate(export.parts)}.get(number)
    if export.left or part is None:
        raise not_found()
    require_scope(ask.who, part.kind, LOOKING)
    with open_book(ask.who.scope, Action.EXPORT, ask.who.scope.child, looks=True, what="$export") as book:
        hits = list(_hits(book, export, part))
        note_each(book, Action.EXPORT, [hit.row for hit in hits])
    return Answer(200, b"".join(b"%s\n" % present(hit.row, hit.body) for hit in hits), lines=True)


def _hits(book: Book, export: Export, part: Part) -> Iterator[Hit]:
    wanted, until = _search(export, part.kind, part.after), UUID(part.until) if part.until else None
    while True:
        found = book.search(wanted)
        for hit in found.hits:
            if until and hit.row.id > until:
                return
            yield hit
        if found.next is None:
            return
        wanted = replace(wanted, after=found.next)


def cancel(ask: Ask, ident: str) -> Answer:
    _path(_mine(ask, ident).ident).unlink(missing_ok=True)
    return Answer(202)


# -- what is kept ------------------------------------------------------------------------------------------------------


def _mine(ask: Ask, ident: str) -> Export:
    """An export of the asker's own that has not run out. One whose asker may no longer fetch is gone for good."""
    export = _read(_path(ident)) if _IDENT.fullmatch(ident) else None
    if export is None or export.who != _who(ask.who) or export.ends <= ask.who.scope.at:
        raise not_found()
    if "bulk" not in role_named(ask.who.scope.role).may:
        _path(ident).unlink(missing_ok=True)
    require_bulk(ask.who)
    return export


def forget_old() -> int:
    """A round of the worker: takes away what has run out, whether anybody asks for it or not. It leaves nothing more to
    do, and where the folder can't be used letters go out all the same."""
    with suppress(OSError):
        _all(now())
        for path in (Path(settings.DATA) / FOLDER).glob("*.*"):
            if path.suffix != ".json" and path.stat().st_mtime < time.time() - HALF_WRITTEN:
                path.unlink()
    return 0


def _all(at: int) -> list[Export]:
    """Those that there are; what has run out is taken away."""
    found = []
    for path in (Path(settings.DATA) / FOLDER).glob("*.json"):
        export = _read(path)
        if export and export.ends > at:
            found.append(export)
        else:
            path.unlink(missing_ok=True)
    return found


def _path(ident: str) -> Path:
    return Path(settings.DATA) / FOLDER / f"{ident}.json"


def _read(path: Path) -> Export | None:
    try:
        kept = orjson.loads(path.read_bytes())
        return Export(**{**kept, "parts": [Part(**one) for one in kept["parts"]]})
    except (FileNotFoundError, ValueError, TypeError, KeyError):
        return None


def _write(export: Export) -> None:
    place = _path(export.ident)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = place.with_suffix(f".{secrets.token_hex(4)}")
    draft.write_bytes(orjson.dumps(asdict(export)))
    draft.replace(place)
