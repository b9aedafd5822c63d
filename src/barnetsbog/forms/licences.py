"""The licence holder's files of an instance: what lies in its folder `licensed/`, and what has lain there.

A file that can't be used stops nothing: its form asks for the results alone, as without it, and whoever runs or
administers the instance is told why. A file that can be used is kept in `licensed/brugt/` under its fingerprint, so
that what was answered with it is read with it when another has taken its place.
"""

import os
from contextlib import suppress
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from barnetsbog.law.rulefiles import LawFileError
from barnetsbog.law.rulefiles import read as read_file

from .files import CATALOGUE, instruments_of
from .licensed import Licensed, edition_of, fits, read_licensed, with_licensed
from .model import Form

FOLDER, KEPT = "licensed", "brugt"


class Licences(NamedTuple):
    """Those in use, by instrument; those that were once; and what is wrong with files, in Danish."""

    used: dict[str, Licensed]
    earlier: tuple[Licensed, ...] = ()
    faults: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def licences_in_use() -> Licences:
    """Those of this instance. A file that is changed counts when the program is started anew."""
    return read(Path(settings.DATA) / FOLDER)


def read(folder: Path) -> Licences:
    paths = sorted(folder.glob("*.yaml"))
    kept = sorted((folder / KEPT).glob("*.yaml"))
    if not paths and not kept:
        return Licences({})
    instruments = instruments_of(read_file(CATALOGUE / "instruments.yaml", frozenset({"instruments"})))
    used: dict[str, Licensed] = {}
    faults: list[str] = []
    for path in paths:
        try:
            found = read_licensed(path, instruments)
        except (LawFileError, OSError, ValueError) as fault:
            faults.append(str(fault) if path.name in str(fault) else f"{path.name}: {fault}")
            continue
        if found.instrument in used:
            faults.append(f"{path.name}: der er to filer til {found.instrument}. Kun den første bruges.")
            continue
        used[found.instrument] = found
        with suppress(OSError):  # a folder that can't be written in: what is there now is used all the same
            _keep(path, folder / KEPT)
    earlier = []
    for path in kept:
        with suppress(LawFileError, OSError, ValueError):
            earlier.append(read_licensed(path, instruments))
    return Licences(used, tuple(earlier), tuple(faults))


def _keep(path: Path, folder: Path) -> None:
    content = path.read_bytes()
    there = folder / f"{path.stem}-{sha256(content).hexdigest()[:16]}.yaml"
    if there.exists():
        return
    folder.mkdir(mode=0o700, exist_ok=True)
    half = folder / f".{there.name}.{os.getpid()}"
    half.write_bytes(content)
    half.rename(there)


def begun(form: Form) -> Form:
    """A form as it is begun here: with the instrument's own questions, where there is a licence for them."""
    found = (one for one in licences_in_use().used.values() if form.licensed and fits(form, one))
    return next((with_licensed(form, one) for one in found), form)


def answered(form: Form, edition: str) -> Form:
    """A form as it was answered. Questions that nobody has any more are left out; the numbers stand."""
    known = licences_in_use()
    if not edition or not form.licensed:
        return form
    fitting = (one for one in (*known.used.values(), *known.earlier) if fits(form, one))
    return next((made for one in fitting if edition_of(made := with_licensed(form, one)) == edition), form)
