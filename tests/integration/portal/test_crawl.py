"""Everybody who can sign in walks the whole site, and nobody finds a word that is not theirs.

Books are salted first (`planting`). The ready-made professionals walk far; of all others, and of the relatives, some of
each kind walk a little. All of them knock on the doors of children that are not theirs. What is sampled is always the
same sample.
"""

from collections.abc import Callable, Iterable
from contextlib import nullcontext
from typing import TypeVar
from uuid import UUID, uuid4

import pytest
from django.test import Client

from barnetsbog.access.people import Relative, everybody_with_rights
from barnetsbog.access.scopes import scope_for, scope_for_person
from barnetsbog.directory.model import SYSTEM_ROLES, RoleName
from barnetsbog.directory.queries import all_children, child_by_number, children, roles
from barnetsbog.portal.demo_login import KEYS
from barnetsbog.record.models import Entry
from barnetsbog.record.scope import LoginLevel, Scope
from barnetsbog.record.shelves import block_of, class_of
from tests.integration.portal.conftest import ALMA
from tests.integration.portal.crawling import Page, absent_in_short, addresses, as_relative, as_role, crawl, get, plain
from tests.integration.portal.planting import WORD, Eyes, Planted, plant
from tests.samples import ALL, some

pytestmark = pytest.mark.django_db(databases=["default", "demo"])

SUBSTANTIAL = LoginLevel.SUBSTANTIAL
FEW = 4
OF_EACH_KIND = 3
One = TypeVar("One")


def professionals() -> list[RoleName]:
    found = [role for role in roles().values() if role.active and role.unit_id and role.code not in SYSTEM_ROLES]
    return sorted(found, key=lambda role: (role.name, role.title))


def _of_each_kind(everybody: Iterable[One], kind: Callable[[One], object]) -> list[One]:
    kinds: dict[object, list[One]] = {}
    for one in everybody:
        kinds.setdefault(kind(one), []).append(one)
    return [one for alike in kinds.values() for one in some(alike, OF_EACH_KIND)]


def _walking() -> list[RoleName]:
    """Who is ready-made, and some of each role: a teacher at another school has the same rights in other books."""
    others = [role for role in professionals() if not _is_ready_made(role)]
    found = _of_each_kind(others, lambda role: role.code) + [role for role in professionals() if _is_ready_made(role)]
    return sorted(found, key=lambda role: (role.name, role.title))


def _is_ready_made(role: RoleName) -> bool:
    return role.name in KEYS.values()


def _family() -> list[tuple[Relative, Eyes]]:
    """Some of each kind: a parent of another child has the same rights in another book."""
    found = [(relative, Eyes(_scope_of(relative))) for relative in sorted(everybody_with_rights())]
    return _of_each_kind(found, lambda one: (one[0].what, one[1].kind))


def _scope_of(relative: Relative) -> Scope:
    scope = scope_for_person(relative.person_id, relative.child_id, level=SUBSTANTIAL)
    assert scope
    return scope


def _scope(role: RoleName) -> Scope:
    scope = scope_for(role.id, level=SUBSTANTIAL)
    assert scope
    return scope


def _harmless(pages: Iterable[Page], allowed: set[str], who: str) -> set[str]:
    """No word that is not theirs, on any page; what they did find is handed back."""
    found: set[str] = set()
    for page in pages:
        words = set(WORD.findall(page.text)) | set(WORD.findall(str(page.headers)))
        assert words <= allowed, (who, page.address, sorted(words - allowed)[:5])
        assert page.status in (200, 302, 404, 405), (who, page.address, page.status)
        found |= words
    return found


def _doors(planted: list[Planted], eyes: Eyes, nth: int) -> tuple[list[str], list[str]]:
    """Addresses that must not open: of whole books, and of single entries. A sample: of the routes one in three, and
    the next viewer knocks on the next. (Every role knocks on every one in `test_sessions`.)"""
    hidden = [one for one in planted if not eyes.level(one.child, one.id, one.shelf, one.unit, one.lane)]
    closed = [hidden[(nth * 37 + step * 101) % len(hidden)] for step in range(2)]
    books = [child for child in all_children() if not eyes.knows(child)]
    shut = addresses({"child_id": closed[0].child, "entry_id": closed[0].id})
    shut = shut if ALL else shut[nth // 2 % 3 :: 3]
    shut = [address for address in shut if not eyes.knows(closed[0].child) or str(closed[0].id) in address]
    shut += [f"/barn/{one.child}/{one.id}/" for one in closed]
    return [f"/barn/{books[nth % len(books)]}/"] if books else [], shut


def _closed(client: Client, shut: Iterable[str], who: str, *, read: bool) -> None:
    """Every door answers as what is not there. Whether that page says anything of the door is `read` by some."""
    with nullcontext() if read else absent_in_short():
        absent = get(client, f"/barn/{uuid4()}/")
        for address in shut:
            page = get(client, address)
            if page.status != 405:  # a page to send a form to
                assert page.status == 404, (who, address)
                assert (page.text, page.headers) == (absent.text, absent.headers), (who, address)


def _one_in_seven(nth: int) -> bool:
    """Of both halves, and with all three samples of the routes among them."""
    return nth // 2 % 7 == 0


@pytest.mark.parametrize("half", [0, 1])
def test_no_professional_finds_a_word_that_is_not_theirs(half: int) -> None:
    planted, seen, hidden, read = plant(), set[str](), 0, 0
    for nth, role in enumerate(_walking()):
        if nth % 2 == half:
            client, eyes = as_role(role), Eyes(_scope(role))
            allowed = eyes.words(planted)
            far = _is_ready_made(role)
            books = [f"/barn/{child}/tidslinje/?alle=1" for child in all_children() if eyes.knows(child)]
            pages = crawl(client, ("/", *books[: 2 if far else 1]), most=14 if far else FEW, alike=2)
            seen |= _harmless(pages, allowed, role.name)
            read += far
            closed, shut = _doors(planted, eyes, 2 * read if far else nth)
            _closed(client, [*closed, *shut], role.name, read=far or _one_in_seven(nth))
            hidden += len(shut)
    assert len(seen) > 100 and hidden > 100  # they did find what is theirs, and there was something to hide


@pytest.mark.parametrize("half", [0, 1])
def test_no_relative_finds_a_word_that_is_not_theirs(half: int) -> None:
    planted = plant()
    for nth, (relative, eyes) in enumerate(_family()):
        if nth % 2 == half:
            client = as_relative(relative)
            _harmless(crawl(client, ("/", "/familie/"), most=FEW, alike=2), eyes.words(planted), relative.name)
            closed, shut = _doors(planted, eyes, nth)
            shut += [*closed, f"/barn/{relative.child_id}/", "/arbejdsliste/", "/find/"]
            _closed(client, shut, relative.name, read=_one_in_seven(nth))


# -- the same said without looking at the rights ---------------------------------------------------------------------


@pytest.fixture
def planted() -> list[Planted]:
    return plant()


def test_what_the_rights_say_of_the_salt(planted: list[Planted]) -> None:
    """Confidential talk is for the unit it was told to and for the child. A relative's name and telephone is for no
    relative. What reveals an address is for nobody the child does not live with."""
    for role in professionals():
        eyes = Eyes(_scope(role))
        for one in planted:
            if class_of(one.shelf) == "P" and one.unit != role.unit_id:
                assert not eyes.level(one.child, one.id, one.shelf, one.unit, one.lane), (role.name, one)
    for relative in everybody_with_rights():
        _family_sees_only_its_own(relative, planted)


def _family_sees_only_its_own(relative: Relative, planted: list[Planted]) -> None:
    eyes = Eyes(_scope_of(relative))
    for one in planted:
        level, letter = eyes.level(one.child, one.id, one.shelf, one.unit, one.lane), class_of(one.shelf)
        if (
            one.child != relative.child_id
            or block_of(one.shelf) == "PE"
            or (letter == "P" and relative.what != "child")
        ):
            assert not level, (relative.name, one)


def test_one_sibling_does_not_open_the_other(planted: list[Planted]) -> None:
    """A person with rights in one book has none in any other, whatever the two children share."""
    for relative in everybody_with_rights():
        others = [child for child in all_children() if child != relative.child_id]
        assert not any(scope_for_person(relative.person_id, child, level=SUBSTANTIAL) for child in others)


def test_nobody_signs_in_as_another_childs_relative() -> None:
    relative, *rest = everybody_with_rights()
    other = next(one for one in rest if one.child_id != relative.child_id)
    given = {"person": str(relative.person_id), "child": str(other.child_id)}
    assert Client().post("/log-ind/", given).status_code == 404


def test_finding_answers_the_same_for_a_foreign_child_and_for_none(as_person: Callable[[str], Client]) -> None:
    client = as_person("specialskole")
    alma = child_by_number(ALMA)
    assert alma
    name = children([alma])[alma]
    asked = [
        {"number": ALMA, "reason": "task"}, {"number": "0101012222", "reason": "task"},
        {"name": name.full, "born": str(name.born), "reason": "task"}, {"name": "Ingen Findes", "born": "2015-01-01", "reason": "task"},
    ]  # fmt: skip
    answers = [client.post("/find/", one) for one in asked]
    shown = [_without(plain(answer.content), one.values()) for answer, one in zip(answers, asked, strict=True)]
    assert shown[0] == shown[1] and shown[2] == shown[3]
    assert {answer.status_code for answer in answers} == {200}


def _without(page: str, typed: Iterable[str]) -> str:
    """Without what the asker typed."""
    for word in typed:
        page = page.replace(word, "")
    return page


def test_every_hidden_entry_of_one_book_is_not_found(as_person: Callable[[str], Client]) -> None:
    """Not a sample: all of Alma's, for the teacher."""
    client, alma = as_person("laerer"), child_by_number(ALMA)
    assert alma
    eyes = Eyes(_scope(next(role for role in professionals() if role.name == KEYS["laerer"])))
    for row in Entry.objects.filter(child_id=alma):
        shown = bool(eyes.level(row.child_id, row.id, row.shelf, row.unit_id, row.lane)) and row.month > 0
        assert (client.get(f"/barn/{alma}/{row.id}/").status_code == 200) is shown, row.title


def test_ids_of_nobody_are_no_error() -> None:
    client = as_role(professionals()[0])
    nobody = {"child_id": uuid4(), "entry_id": uuid4()}
    assert {get(client, address).status for address in addresses(nobody)} <= {404, 405}
    assert {
        get(client, address).status for address in addresses({"child_id": UUID(int=0), "entry_id": UUID(int=0)})
    } <= {404, 405}
