"""The forms that there are: the newest of each, and any version that has ever been released.

The sources (`sections.yaml`, `families`, `forms`) are for people. What is used, and answered, are the *released*
forms: a Questionnaire for each id and version in `catalogue/released`, written once and never again, with its
fingerprint in `lock.yaml`. So a form that was answered years ago is still the very form that was answered
(`releasing`). An instance may have versions of its own; where they are is told once (`use`), and kept is only what
never changes.
"""

from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Protocol

import orjson
import yaml

from barnetsbog.law.rulefiles import Record, read

from .files import CATALOGUE, FormError
from .model import Form
from .reading import form_of


def released_file(folder: Path, form: str, version: int) -> Path:
    return folder / "released" / f"{form}.v{version}.json"


def fingerprint(content: bytes) -> str:
    return sha256(content).hexdigest()


def read_lock(folder: Path = CATALOGUE) -> dict[str, dict[int, str]]:
    """The fingerprint of each version of each form, by id and version."""
    path = folder / "lock.yaml"
    record = Record(path.name, "lås", read(path, frozenset({"forms"})).get("forms", {}))
    for form, versions in record.fields.items():
        if not isinstance(versions, dict) or not all(isinstance(one, int) for one in versions):
            raise record.error(str(form), "skal være version: fingeraftryk")
    return {str(form): {int(one): str(mark) for one, mark in found.items()} for form, found in record.fields.items()}


def write_lock(lock: Mapping[str, Mapping[int, str]], folder: Path) -> None:
    content = {"forms": {form: dict(sorted(lock[form].items())) for form in sorted(lock)}}
    (folder / "lock.yaml").write_text(yaml.safe_dump(content, sort_keys=False, width=120), encoding="utf-8")


FIRST_OWN = 1001
"""An instance's own versions count from here, so that they are never taken for one that the program comes with, now or
after an update."""


class Own(Protocol):
    """The forms that an instance has published itself."""

    def in_force(self) -> Mapping[str, int | None]:
        """The version that is in force now, of each form that there is an own version of; None: it is not used."""
        ...

    def content(self, form: str, version: int) -> bytes:
        """The Questionnaire of a version. `KeyError`: there is none."""
        ...


class _None:
    def in_force(self) -> Mapping[str, int | None]:
        return {}

    def content(self, form: str, version: int) -> bytes:
        raise KeyError(form, version)


_own: Own = _None()


def use(own: Own) -> None:
    """Where the instance's own versions are, from now on."""
    global _own
    _own = own
    forget()


def forget() -> None:
    """Forgets what was read of another instance's own versions."""
    form.cache_clear()
    _catalogue.cache_clear()


@lru_cache(maxsize=1)
def latest() -> Mapping[str, int]:
    """The newest of the program's versions of each form, by id."""
    return {one: max(versions) for one, versions in _lock(CATALOGUE).items()}


def catalogue() -> Mapping[str, Form]:
    """Every form that can be begun, in the version that is in force, by id, in order of their numbers."""
    return _catalogue(tuple(sorted(_own.in_force().items())))


@lru_cache(maxsize=4)
def _catalogue(own: tuple[tuple[str, int | None], ...]) -> Mapping[str, Form]:
    versions: dict[str, int | None] = {**latest(), **dict(own)}
    forms = [form(one, version) for one, version in versions.items() if version is not None]
    return {one.id: one for one in sorted(forms, key=lambda one: one.number)}


@lru_cache(maxsize=1)
def program() -> Mapping[str, Form]:
    """The newest of the program's version of every form, by id."""
    return _catalogue(())


@lru_cache(maxsize=512)
def form(form_id: str, version: int) -> Form:
    """A form in one of its versions, which never changes. `KeyError`: there is no such form or version."""
    content = released(form_id, version) if version < FIRST_OWN else _own.content(form_id, version)
    return form_of(orjson.loads(content))


def released(form_id: str, version: int, folder: Path = CATALOGUE) -> bytes:
    """The released Questionnaire, byte for byte. `KeyError`: there is none. `FormError`: it is not what was
    released."""
    mark = _lock(folder)[form_id][version]
    path = released_file(folder, form_id, version)
    content = path.read_bytes()
    if fingerprint(content) != mark:
        raise FormError(f"{path.name}: er ændret, siden version {version} blev udgivet")
    return content


@lru_cache(maxsize=4)
def _lock(folder: Path) -> dict[str, dict[int, str]]:
    return read_lock(folder)
