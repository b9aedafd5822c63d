"""Sessions that outlive the right they were opened with, and ids that are somebody else's.

The cookie holds the id of a log-in and nothing else; who somebody is and what they may see is judged anew at every request.
"""

from collections.abc import Callable, Iterator
from datetime import date
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from barnetsbog.access.people import Relative, everybody_with_rights
from barnetsbog.access.scopes import scope_for, scope_for_person
from barnetsbog.audit.models import Event
from barnetsbog.directory.models import Role
from barnetsbog.directory.queries import all_children, role
from barnetsbog.kernel.time import FOREVER, day_start
from barnetsbog.login.models import LoginSession
from barnetsbog.portal.demo_login import KEYS, people
from barnetsbog.portal.session import GLASS, LOGIN
from barnetsbog.record.models import Entry, Grant
from barnetsbog.record.rights import BREAK_GLASS, CONTENT
from barnetsbog.record.scope import LoginLevel
from barnetsbog.record.shelves import BLOCKS, mask
from tests.integration.portal.conftest import ALMA, IDA
from tests.integration.portal.crawling import absent_in_short, addresses, as_relative, get, routes
from tests.samples import ALL

pytestmark = pytest.mark.django_db(databases=["default", "demo"])

SignIn = Callable[[str], Client]
Find = Callable[[str], UUID]


class Clock:
    """The time of the instance, as a test wants it."""

    at: int


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    held = Clock()
    held.at = day_start(date(2026, 11, 25)) + 12 * 3600 * 1_000_000
    for module in ("access.scopes", "access.people", "portal.session", "portal.public"):
        monkeypatch.setattr(f"barnetsbog.{module}.now", lambda: held.at)
    yield held


def relative(child: UUID, what: str = "person") -> Relative:
    return min(one for one in everybody_with_rights() if one.child_id == child and one.what == what)


def ended(client: Client) -> bool:
    """The session is over: the door is the log-in again, and it stays so."""
    answers = [client.get("/arbejdsliste/"), client.get("/familie/")]
    return [(one.status_code, one.headers["Location"]) for one in answers] == [(302, "/log-ind/")] * 2 and not dict(
        client.session
    )


def log_in_of(client: Client) -> LoginSession:
    """The row that the cookie names."""
    return LoginSession.objects.get(id=UUID(client.session[LOGIN]))


def role_of(client: Client) -> UUID:
    found: UUID = log_in_of(client).actor_id
    return found


# -- a right that ends in the middle of a session --------------------------------------------------------------------


@pytest.mark.parametrize("change", [
    {"active": False}, {"end": 1}, {"start": FOREVER}, {"unit_id": None}, {"code": "astronaut"}, {"code": ""},
    {"code": "child"},
])  # fmt: skip
def test_a_role_that_ends_or_moves_to_nowhere(as_person: SignIn, child: Find, change: dict[str, object]) -> None:
    client, address = as_person("ppr-psykolog"), f"/barn/{child(ALMA)}/"
    assert client.get(address).status_code == 200
    Role.objects.filter(id=role_of(client)).update(**change)
    assert client.get(address).status_code == 302 and ended(client)


def test_a_role_that_moves_to_another_unit_sees_that_units_children(as_person: SignIn, child: Find) -> None:
    client, address = as_person("ppr-psykolog"), f"/barn/{child(ALMA)}/"
    elsewhere = next(one for one in people() if one.key == "specialskole").role_id
    Role.objects.filter(id=role_of(client)).update(unit_id=Role.objects.get(id=elsewhere).unit_id)
    assert client.get(address).status_code == 404 and client.get("/arbejdsliste/").status_code == 200


def test_custody_that_ends(clock: Clock, child: Find) -> None:
    who = relative(child(ALMA))
    client = as_relative(who)
    assert client.get("/familie/").status_code == 200
    Grant.objects.filter(grantee_id=who.person_id, entry_id=None).update(valid_to=clock.at + 1)
    assert client.get("/familie/").status_code == 200
    clock.at += 1
    assert client.get("/familie/").status_code == 302 and ended(client)
    assert Client().post("/log-ind/", {"person": str(who.person_id), "child": str(who.child_id)}).status_code == 404
    event = Event.objects.filter(action="login").order_by("-id").first()
    assert event and (event.allowed, event.reason) == (False, "ingen adgang")


def test_a_birthday_in_the_middle_of_a_session(clock: Clock, child: Find) -> None:
    """The evening before the child turns 18 the parent is in the book, and at midnight out of it."""
    alma = child(ALMA)
    client, midnight = as_relative(relative(alma)), day_start(date(2035, 5, 7))
    clock.at = midnight - 1
    assert client.get("/familie/").status_code == 200
    clock.at = midnight
    assert client.get("/familie/").status_code == 302 and ended(client)
    assert scope_for_person(relative_child(alma), alma, level=LoginLevel.HIGH)


def relative_child(child: UUID) -> UUID:
    found: UUID = Entry.objects.values_list("id", flat=True).get(child_id=child, what="child")
    return found


def test_a_child_too_young_to_sign_in(clock: Clock, child: Find) -> None:
    alma, eight = child(ALMA), day_start(date(2025, 5, 7))
    for moment, may in ((eight - 1, False), (eight, True)):
        clock.at = moment
        assert (scope_for_person(relative_child(alma), alma, level=LoginLevel.SUBSTANTIAL) is not None) is may


# -- glass -----------------------------------------------------------------------------------------------------------


def _broken(client: Client, child: UUID, until: int, *, grant: bool = True) -> None:
    session = client.session
    session[GLASS] = {"child": str(child), "until": until}
    session.save()
    client.cookies["sessionid"] = session.session_key
    if grant:
        Grant.objects.create(
            child_id=child, grantee_id=role_of(client), basis_id=uuid4(), part=0, shelves=mask(BLOCKS, "OFH"),
            level=CONTENT, source_id=None, lane="", entry_id=None, rule=BREAK_GLASS, purpose="", valid_from=0, valid_to=until,
        )  # fmt: skip


def test_broken_glass_is_of_one_child_for_an_hour_and_takes_more_than_a_session(
    clock: Clock, as_person: SignIn, child: Find
) -> None:
    client, ida = as_person("bup-psykolog"), child(IDA)
    strange = [one for one in sorted(all_children()) if client.get(f"/barn/{one}/").status_code == 404]
    one, other = strange[0], strange[1]
    assert ida
    _broken(client, one, clock.at + 10, grant=False)
    assert client.get(f"/barn/{one}/").status_code == 404
    _broken(client, one, clock.at + 10)
    assert client.get(f"/barn/{one}/").status_code == 200 and client.get(f"/barn/{other}/").status_code == 404
    clock.at += 10
    assert client.get(f"/barn/{one}/").status_code == 404


# -- how surely somebody is known ------------------------------------------------------------------------------------


def test_who_is_not_known_surely_enough_has_no_scope(demo: None) -> None:
    role, person = people()[0].role_id, everybody_with_rights()[0]
    for level, enough in ((LoginLevel.LOW, False), (LoginLevel.SUBSTANTIAL, True), (LoginLevel.HIGH, True)):
        assert (scope_for(role, level=level) is not None) is enough
        assert (scope_for_person(person.person_id, person.child_id, level=level) is not None) is enough
    assert scope_for(uuid4(), level=LoginLevel.HIGH) is None


# -- ids that are somebody else's ------------------------------------------------------------------------------------


def test_a_session_of_nobody_or_of_another_childs_relative(demo: None) -> None:
    first, last = everybody_with_rights()[0], everybody_with_rights()[-1]
    for person, child in ((uuid4(), first.child_id), (first.person_id, uuid4()), (first.person_id, last.child_id)):
        client = as_relative(first)
        LoginSession.objects.filter(id=log_in_of(client).id).update(actor_id=person, child_id=child)
        assert client.get("/familie/").status_code == 302 and ended(client)


ANOTHER_HAS_IT = {"specialskole", "ungeraadgiver", "familiebehandler", "bup-overlaege", "vagtlaege", "administrator-2"}
"""Who can be left out where only the role matters."""

ROLES = [key for key in KEYS if key not in ANOTHER_HAS_IT]


@pytest.mark.usefixtures("as_person")
def test_every_role_is_tried() -> None:
    codes = {one.key: role(one.role_id).code for one in people()}  # type: ignore[union-attr]
    assert {codes[key] for key in ROLES} == set(codes.values())


@pytest.mark.parametrize("key", ROLES)
def test_swapped_ids_on_every_route(as_person: SignIn, key: str) -> None:
    """A known child with another child's entry, an unknown child with its own, ids of people, units and nobody: by GET
    and by POST, all the same answer as for what does not exist. A sample: at each route one of these, and the next at
    the next, by another role another."""
    client = as_person(key)
    scope = scope_for(next(one.role_id for one in people() if one.key == key), level=LoginLevel.SUBSTANTIAL)
    assert scope
    found = _one_of_each(client)
    strange, known = ([found[seen]] if seen in found else [] for seen in (False, True))
    entry = {child: _entry(child) for child in (*strange, *known)}
    pairs = [(child, entry[child]) for child in strange] + [(one, entry[other]) for one in known for other in strange]
    pairs += [(scope.role_id, scope.role_id)] + [(one, one) for one in known]
    if key in ("ppr-psykolog", "administrator", "analytiker"):  # no role is nearer to nobody
        pairs.append((uuid4(), uuid4()))
    by_route = zip(*(addresses({"child_id": child, "entry_id": other}) for child, other in pairs), strict=True)
    with absent_in_short():  # the crawlers read that page at every door
        absent, entries = get(client, f"/barn/{uuid4()}/"), Entry.objects.count()
        for nth, filled_in in enumerate(by_route, start=ROLES.index(key)):
            swapped = [
                address
                for (child, other), address in zip(pairs, filled_in, strict=True)
                if child not in known or str(other) in address.removeprefix(f"/barn/{child}/")  # else it may be known
                if address != reverse("colleague", args=[scope.role_id])  # one's own page
            ]
            for address in swapped if ALL else [swapped[nth % len(swapped)]]:
                _same_as_absent(client, address, absent.text)
        assert Entry.objects.count() == entries


def _one_of_each(client: Client) -> dict[bool, UUID]:
    """The first child that may be known (True) and the first that may not, where there are such."""
    found: dict[bool, UUID] = {}
    for child in sorted(all_children()):
        found.setdefault(client.get(f"/barn/{child}/").status_code == 200, child)
        if len(found) == 2:
            break
    return found


def _entry(child: UUID) -> UUID:
    found: UUID = Entry.objects.filter(child_id=child, month__gt=0).order_by("id").values_list("id", flat=True)[0]
    return found


def _same_as_absent(client: Client, address: str, text: str) -> None:
    """Whether it is read or sent to."""
    page = get(client, address)
    assert page.status == 405 or (page.status, page.text) == (404, text), address
    assert client.post(address).status_code in (404, 405), address


def test_a_relative_on_the_professionals_side_and_the_other_way(as_person: SignIn, child: Find) -> None:
    who = relative(child(ALMA))
    family, kim = as_relative(who), as_person("ppr-psykolog")
    ids = {"child_id": who.child_id, "entry_id": _entry(who.child_id)}
    for name, keys in routes():
        address = reverse(name, kwargs={key: ids.get(key, ids["entry_id"]) for key in keys})
        client = kim if address.startswith("/familie/") else family
        assert client.get(address).status_code in (404, 405), address
    assert kim.get("/familie/").status_code == 404
    assert [family.get(address).status_code for address in ("/arbejdsliste/", "/find/")] == [404, 404]


def test_a_parent_reads_the_log_of_the_own_child_and_that_is_in_the_log(child: Find) -> None:
    """FerroEHR#3240: no other credential is needed, and no other child can be asked for."""
    who = relative(child(ALMA))
    client = as_relative(who)
    before = Event.objects.count()
    assert client.get(f"/familie/hvem-har-set/?barn={child(IDA)}&child={child(IDA)}").status_code == 200
    event = Event.objects.order_by("-id")[0]
    assert Event.objects.count() == before + 1
    assert (event.allowed, event.child_id, event.person_id) == (True, who.child_id, who.person_id)
