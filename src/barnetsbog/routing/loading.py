"""The rules that come with the program, and with an instance's own changes: read, put together and checked."""

from functools import lru_cache
from pathlib import Path

from .checking import check
from .files import HERE, Contents, RoutingError, read_cases, read_local, read_rules
from .model import Local
from .rulebook import Rulebook, build, changed


def load(folder: Path = HERE) -> Rulebook:
    """The rules of a folder with `rules.yaml` and `cases.yaml`."""
    contents = read_rules(folder)
    return checked(contents, Local({}, read_cases(contents, folder)))


def checked(contents: Contents, local: Local) -> Rulebook:
    """A book of these rules with these changes. `RoutingError`: it may not be used, and why."""
    book = build(changed(contents, local), local.cases)
    check(book)
    return book


@lru_cache(maxsize=1)
def standard() -> Rulebook:
    """The rules as the program comes with them."""
    return load()


def with_local(text: str) -> Rulebook:
    """The rules as an instance wants them. `LawFileError`: the text can't be read; `RoutingError`: it may not be used.
    The cases that come with the program must hold too."""
    return with_changes(read_local(text, contents_of(standard())))


def with_changes(local: Local) -> Rulebook:
    """The same of changes that have been read."""
    base = standard()
    twice = sorted(set(local.cases) & set(base.cases))
    if twice:
        raise RoutingError(f"Prøven {twice[0]} findes i forvejen. Giv den et andet navn.")
    return checked(contents_of(base), Local(local.changes, {**base.cases, **local.cases}))


def tried(local: Local) -> tuple[Rulebook, tuple[str, ...]]:
    """The rules with changes that may not hold yet, to look at, and what speaks against using them."""
    try:
        return with_changes(local), ()
    except RoutingError as error:
        base = standard()
        book = build(changed(contents_of(base), local), {**base.cases, **local.cases})
        return book, tuple(str(error).splitlines())


def contents_of(book: Rulebook) -> Contents:
    return Contents(book.askers, book.suspicions, book.doors, book.rules)
