"""Which version of a form is the one to begin on, and which forms a new version of the catalogue is a new version of.
Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from barnetsbog.forms.loading import FIRST_OWN
from barnetsbog.forms.model import Form


class Release(NamedTuple):
    """A version of a form that the instance has published with draft number `draft`. `withdrawn`: the form is not used
    any more; `follows`: the version of the program's that it says the same as."""

    form: str
    version: int
    draft: int
    valid_from: date
    withdrawn: bool
    follows: int | None


def in_force(releases: Iterable[Release], day: date, program: Mapping[str, int]) -> dict[str, int | None]:
    """The version of each form that the instance has its own of, on a day; None: it is not used. The newest that has
    begun stands, as for every version. `program`: the newest of the program's. A form that was taken back to what the
    program had goes on with the program when that has a newer one."""
    found: dict[str, Release] = {}
    for one in releases:
        if one.valid_from <= day and (one.form not in found or one.version > found[one.form].version):
            found[one.form] = one
    return {
        form: None if one.withdrawn else one.version
        for form, one in found.items()
        if one.follows is None or program.get(form, 0) <= one.follows
    }


class New(NamedTuple):
    """A form that has become another one. `form` None: it is not used any more."""

    id: str
    version: int
    form: Form | None
    follows: int | None


def new_versions(
    wanted: Mapping[str, Form], newest: Mapping[str, Form | None], used: Mapping[str, int], program: Mapping[str, Form]
) -> Iterator[New]:
    """What must be released for the catalogue to be as `wanted`. `newest`: each form in the version that was released
    last, whether or not it has begun; `used`: the highest own number of each."""
    for ident, form in wanted.items():
        if not same(form, newest.get(ident)):
            number = max(used.get(ident, 0) + 1, FIRST_OWN)
            theirs = program.get(ident)
            yield New(
                ident, number, replace(form, version=number),
                theirs.version if theirs is not None and same(form, theirs) else None,
            )  # fmt: skip
    for ident, before in newest.items():
        if before is not None and ident not in wanted:
            yield New(ident, max(used.get(ident, 0) + 1, FIRST_OWN), None, None)


def same(form: Form, other: Form | None) -> bool:
    """Whether two versions say the same."""
    return other is not None and replace(form, version=0) == replace(other, version=0)
