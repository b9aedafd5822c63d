"""What comes along with a page (`_include`, `_revinclude`): step by step, one query a step.

What a resource leads to is read out of the words that the asker may read, so that what a veil has taken out leads
nowhere.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import orjson

from barnetsbog.fhir import search_parameters
from barnetsbog.fhir.searching import values
from barnetsbog.kernel.ids import DIRECTORY, bytes_of
from barnetsbog.record.joins import each
from barnetsbog.record.rights import Condition

from . import model as m
from .compiling import NEVER, Compiler, one_of

_STEPS = 5
"""So far from a page is gone."""


def steps(includes: Sequence[m.Include]) -> int:
    return _STEPS if any(one.iterate for one in includes) else 1


def wanted(compiler: Compiler, hits: Sequence[m.Hit], includes: Sequence[m.Include]) -> Condition | None:
    """The query (child, id) for what comes along with these resources; None when nothing can."""
    ahead = _led_to(hits, [one for one in includes if not one.reverse])
    parts = [_these(compiler, ahead)] if ahead else []
    parts += [_leading_here(compiler, hits, one) for one in includes if one.reverse]
    if not parts:
        return None
    return " UNION ".join(text for text, _ in parts), [value for _, some in parts for value in some]


def _led_to(hits: Sequence[m.Hit], includes: Sequence[m.Include]) -> set[UUID]:
    found: set[UUID] = set()
    kinds = {one.kind for one in includes}
    for hit in hits:
        if hit.row.kind in kinds:
            resource = orjson.loads(hit.body)
            found.update(*(_of(resource, one) for one in includes if one.kind == hit.row.kind))
    return found


def _of(resource: dict[str, Any], include: m.Include) -> Iterable[UUID]:
    for name in _params(include):
        for value, kind in values(resource, name):
            address = str(value.get("reference", "")) if kind == "Reference" else ""
            if address.startswith(f"{include.target}/" if include.target else "") and (ident := bytes_of(address)):
                yield UUID(bytes=ident)


def _params(include: m.Include) -> list[str]:
    known = search_parameters(include.kind)
    return [name for name, kind in known.items() if kind == "reference"] if include.param == "*" else [include.param]


def _these(compiler: Compiler, ids: set[UUID]) -> Condition:
    opened, more = compiler.granted_any()
    return f"SELECT e.child_id, e.id FROM entry e WHERE e.id {one_of(list(ids))} AND {opened}", [*sorted(ids), *more]


def _leading_here(compiler: Compiler, hits: Sequence[m.Hit], include: m.Include) -> Condition:
    """The resources of a type that lead to one of these, whose `target` is of the type asked for."""
    here = [hit.row for hit in hits if include.target in ("", hit.row.kind)]
    if not here:
        return f"SELECT e.child_id, e.id FROM entry e WHERE {NEVER[0]}", []
    addresses = tuple(sorted({f"{row.kind}/{row.id}" for row in here}))
    asked = [m.References(name, addresses) for name in _params(include)]
    books, who = _books(compiler, {row.child_id for row in here})
    parts = []
    for one in asked:
        (table, (test, of_test)), (where, of_where) = (
            compiler.test(include.kind, one),
            compiler.where(m.Level(include.kind, (one,))),
        )
        parts.append((
            f"""SELECT e.child_id, e.id FROM {books} {each(table, "t", f"t.child_id = b.child_id AND {test}")}
            {each("entry", "e", "e.child_id = t.child_id AND e.id = t.entry_id")} WHERE {where}""",
            [*who, *of_test, *of_where],
        ))  # fmt: skip
    return " UNION ".join(text for text, _ in parts), [value for _, some in parts for value in some]


def _books(compiler: Compiler, children: set[UUID]) -> Condition:
    """Where what leads here can stand: in the same book; what leads to the directory, in any."""
    if DIRECTORY in children:
        return compiler.books(shelf=True)
    books, who = compiler.books()
    return f"(SELECT child_id FROM {books} WHERE child_id {one_of(list(children))}) b", [*who, *children]
