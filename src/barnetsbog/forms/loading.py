"""The forms that there are: the newest of each, and any version that has ever been released.

The sources (`sections.yaml`, `families`, `forms`) are for people. What is used, and answered, are the *released*
forms: a Questionnaire for each id and version in `catalogue/released`, written once and never again, with its
fingerprint in `lock.yaml`. So a form that was answered years ago is still the very form that was answered
(`releasing`).
"""

from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

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


@lru_cache(maxsize=1)
def latest() -> Mapping[str, int]:
    """The newest version of each form, by id."""
    return {form: max(versions) for form, versions in _lock(CATALOGUE).items()}


@lru_cache(maxsize=1)
def catalogue() -> Mapping[str, Form]:
    """The newest version of every form, by id, in order of their numbers."""
    forms = [form(one, version) for one, version in latest().items()]
    return {one.id: one for one in sorted(forms, key=lambda one: one.number)}


@lru_cache(maxsize=512)
def form(form_id: str, version: int | None = None) -> Form:
    """A form in one of its versions; without one in its newest. `KeyError`: there is no such form or version."""
    chosen = latest()[form_id] if version is None else version
    return form_of(orjson.loads(released(form_id, chosen)))


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
