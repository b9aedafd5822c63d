"""Alma, whom PPR and the doctor have a task with, Noah, who is BUP's alone, and systems that call the interface.

Who calls is settled by a token elsewhere (tests/integration/clients); here it is the name in the header.
"""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest
from django.http import HttpRequest
from django.test import Client as Browser

from barnetsbog.access.roles import role_named
from barnetsbog.access.scopes import scope_for, scope_for_system, through
from barnetsbog.audit.models import Event
from barnetsbog.clients.model import Client, Sort
from barnetsbog.clients.permissions import Allowed, Cap
from barnetsbog.directory.models import Role
from barnetsbog.exchange.fhir import callers
from barnetsbog.exchange.fhir.callers import Caller, Unauthorised
from barnetsbog.exchange.fhir.outcomes import Problem
from barnetsbog.exchange.fhir.serving import etag, version_of
from barnetsbog.fhir import check
from barnetsbog.record.models import Entry, Version
from barnetsbog.record.scope import LoginLevel, Scope
from tests.builders import Json, begin_with, bundle, care, observation, patient, role, unit

JSON, FORM = "application/fhir+json", "application/x-www-form-urlencoded"
ALL = {"*": frozenset("cruds")}


def program(name: str, unit_id: str, code: str) -> Json:
    """A job that nobody has but a program."""
    return {one: said for one, said in role(name, unit_id, code)[1].items() if one != "practitioner"}


def systems(name: str, sector: str) -> list[Json]:
    """A unit with somebody who works there and its systems: its own, the one that knows its people, and one that does
    both."""
    codes = {"system": "system", "master": "master_data", "record": "record_system"}
    programs = [program(f"{name}-{one}", name, code) for one, code in codes.items()]
    return [unit(name, sector), *role(f"{name}-staff", name, "psychologist"), *programs]


class Answer:
    """What came back: a resource, an outcome or nothing, always well-formed."""

    def __init__(self, response: Any) -> None:
        self.status, self.bytes, self.headers = response.status_code, response.content, response.headers
        self.json: Json = orjson.loads(response.content) if response.content else {}
        if self.json.get("resourceType") != "Bundle":
            assert not self.json or [one for one in check(self.json) if one.severity == "error"] == [], self.json
        if self.status >= 400 and response.content:
            assert self.json["resourceType"] == "OperationOutcome", response.content

    @property
    def said(self) -> str:
        return str(self.json["issue"][0]["diagnostics"])

    @property
    def where(self) -> str:
        return str(self.json["issue"][0].get("expression", [""])[0])

    @property
    def rules(self) -> list[str]:
        issues = self.json.get("issue", [{}])
        return [one["code"] for one in issues[0].get("details", {}).get("coding", ())]

    @property
    def ident(self) -> str:
        return self.headers["Location"].partition("/fhir/")[2].split("/")[1]

    @property
    def entries(self) -> list[Json]:
        return list(self.json.get("entry", []))


class World:
    """Calls the interface as somebody: `world("ppr").get("Observation/...")`."""

    def __init__(self) -> None:
        self._ids: dict[str, str] = {}
        begin_with(bundle(
            program("log-reader", "ppr", "log_reader"), *systems("ppr", "ppr"), *systems("gp", "gp"), *systems("bup", "bup"), patient(), care("c1", unit_id="ppr"),
            care("c2", unit_id="gp"), patient("noah", number="1402149903"), care("n1", about="noah", unit_id="bup"),
            observation(performer=[{"reference": "PractitionerRole/ppr-staff"}]),
            observation("o2", about="Patient/noah", performer=[{"reference": "PractitionerRole/bup-staff"}]),
            observation("o3", performer=[{"reference": "PractitionerRole/gp-staff"}]),
        ))  # fmt: skip
        self.browser = Browser(raise_request_exception=True)
        self.allowed: dict[str, Any] = {}
        self.book: UUID | None = None

    def __call__(self, who: str) -> "As":
        return As(self, who)

    def id(self, name: str) -> str:
        """The id that something of the source has here. It stays, and whoever calls is looked up by it each time."""
        if name not in self._ids:
            self._ids[name] = str(Entry.objects.get(source_ref__endswith=f"/{name}").id)
        return self._ids[name]

    def ref(self, name: str) -> str:
        found = Entry.objects.get(source_ref__endswith=f"/{name}")
        return f"{found.kind}/{found.id}"

    def child(self, name: str) -> UUID:
        return Entry.objects.get(source_ref=f"Patient/{name}").child_id

    def caller(self, request: HttpRequest) -> Caller:
        name = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not name:
            raise Unauthorised("", callers.NO_TOKEN)
        found = Role.objects.get(id=UUID(self.id(name if "-" in name else f"{name}-system")))
        assert found.unit_id
        scope = self.scope(found, name)
        assert scope
        client = Client(
            name, name, Sort.SYSTEM, found.id, found.code, found.unit_id, LoginLevel.SUBSTANTIAL, "", "", (), (), 1000,
            1000, True, None,
        )  # fmt: skip
        return Caller(scope, client, Allowed(self.allowed.get(name, ALL), Cap(role_named(found.code).may, True)))

    def scope(self, role: Role, name: str) -> Scope | None:
        """A system's own, or that of somebody who has let an app in: into `book`, or into all they see."""
        level = LoginLevel.SUBSTANTIAL
        if role_named(role.code).system and role.unit_id:
            return scope_for_system(role.id, client=name, code=role.code, unit_id=role.unit_id, level=level)
        of = scope_for(role.id, level=level)
        return through(of, "kurven", self.book) if of else None

    def observation(self, about: str = "alma", **more: Any) -> Json:
        """A new one, without an id and an author."""
        made = observation(about=self.ref(about), **more)
        return {name: value for name, value in made.items() if name not in ("id", "performer") or name in more}

    def stored(self) -> tuple[int, int]:
        """How much there is: what is refused must change neither."""
        return Entry.objects.count(), Version.objects.count()


class As:
    def __init__(self, world: World, who: str) -> None:
        self.world, self.who = world, who

    def send(self, method: str, path: str, content: Any = None, kind: str = JSON, **headers: str) -> Answer:
        body = content if isinstance(content, bytes) else b"" if content is None else orjson.dumps(content)
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        signed = {"Authorization": f"Bearer {self.who}"} if self.who else {}
        url = f"/fhir/{path}" if path else "/fhir"
        return Answer(self.world.browser.generic(method, url, body, kind, headers={**signed, **more}))

    def get(self, path: str, **headers: str) -> Answer:
        return self.send("GET", path, **headers)

    def post(self, path: str, content: Any, **headers: str) -> Answer:
        return self.send("POST", path, content, **headers)

    def put(self, path: str, content: Any, **headers: str) -> Answer:
        return self.send("PUT", path, content, **headers)

    def patch(self, path: str, content: Any, kind: str = "application/json-patch+json", **headers: str) -> Answer:
        return self.send("PATCH", path, content, kind, **headers)

    def delete(self, path: str, **headers: str) -> Answer:
        return self.send("DELETE", path, **headers)

    def transaction(self, *entries: Json, kind: str = "transaction", **headers: str) -> Answer:
        return self.post("", {"resourceType": "Bundle", "type": kind, "entry": list(entries)}, **headers)


def entry(method: str, url: str, resource: Json | None = None, name: str = "", **conditions: str) -> Json:
    """An entry of a Bundle that is sent."""
    found: Json = {"request": {"method": method, "url": url, **conditions}}
    return {**({"fullUrl": name} if name else {}), **({"resource": resource} if resource else {}), **found}


def version(ref: str, number: int) -> str:
    """What the interface calls a version of an entry (`Type/id`)."""
    return version_of(UUID(ref.partition("/")[2]), number)


def tag(ref: str, number: int) -> str:
    return etag(version(ref, number))


def past(ref: str, number: int) -> str:
    return f"{ref}/_history/{version(ref, number)}"


def urn() -> str:
    return f"urn:uuid:{uuid4()}"


def lines(*actions: str) -> Sequence[Event]:
    return list(Event.objects.filter(action__in=actions).order_by("at", "id"))


def in_both(problem: Problem, language: str) -> Json:
    """Whatever a test makes the interface say has its English."""
    assert not problem.text.english.startswith("This is said in Danish only"), problem.text
    return AS_ISSUE(problem, language)


AS_ISSUE = Problem.as_issue


@pytest.fixture
def world(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    made = World()
    monkeypatch.setattr(callers, "caller", made.caller)
    monkeypatch.setattr(Problem, "as_issue", in_both)
    yield made
