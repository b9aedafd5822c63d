"""Releasing: from the sources to what is used, and the refusal of a form that has changed under an unchanged version.

A form that says something else than its released version must have a higher version. `release` writes what is new,
never over what is there.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import orjson

from .files import CATALOGUE, FormError
from .loading import fingerprint, read_lock, released_file, write_lock
from .model import Form
from .questionnaire import questionnaire_of


class State(NamedTuple):
    """How a form of the sources stands to what is released. `newest` 0: nothing of it is."""

    form: Form
    newest: int
    same: bool


def written(form: Form) -> bytes:
    """The form as it is released and fingerprinted: one JSON text, the same on every machine."""
    return orjson.dumps(questionnaire_of(form), option=orjson.OPT_APPEND_NEWLINE)


def states(forms: Iterable[Form], folder: Path = CATALOGUE) -> list[State]:
    lock = read_lock(folder)
    found = []
    for form in forms:
        versions = lock.get(form.id, {})
        found.append(State(form, max(versions, default=0), versions.get(form.version) == fingerprint(written(form))))
    return found


def lock_faults(forms: Iterable[Form], folder: Path = CATALOGUE) -> Iterator[str]:
    """What speaks against the sources and what is released being the same catalogue."""
    found = states(forms, folder)
    for form, newest, same in found:
        if form.version == newest and not same:
            yield f"{form.number:02}-{form.id}: er ændret; hæv version til {newest + 1}, og udgiv den"
        elif form.version > newest:
            yield f"{form.number:02}-{form.id}: version {form.version} er ikke udgivet"
        elif form.version < newest:
            yield f"{form.number:02}-{form.id}: version {form.version} er ældre end den udgivne, {newest}"
    lock = read_lock(folder)
    yield from (
        f"{one}: er udgivet, men findes ikke længere i kilderne" for one in set(lock) - {one.form.id for one in found}
    )
    for one, versions in lock.items():
        for version, mark in versions.items():
            path = released_file(folder, one, version)
            if not path.exists() or fingerprint(path.read_bytes()) != mark:
                yield f"{path.name}: mangler eller er ændret, siden den blev udgivet"


def release(forms: Iterable[Form], folder: Path = CATALOGUE) -> list[Form]:
    """Writes the forms whose version is not released yet, and says which. `FormError`: one has changed under a version
    that is released already; then nothing is written."""
    found = states(forms, folder)
    for form, newest, same in found:
        if form.version <= newest and not same:
            raise FormError(
                f"{form.number:02}-{form.id} er ændret, men version {form.version} er udgivet. "
                f"Hæv version til {newest + 1}."
            )
    lock, new = read_lock(folder), [form for form, newest, _ in found if form.version > newest]
    for form in new:
        content = written(form)
        path = released_file(folder, form.id, form.version)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        lock.setdefault(form.id, {})[form.version] = fingerprint(content)
    write_lock(lock, folder)
    return new
