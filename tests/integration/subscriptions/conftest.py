"""PPR's system, which is told of what happens, and a receiver on this machine that does as it is bid."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pytest
from django.http import HttpRequest

from barnetsbog.clients import operations as client_operations
from barnetsbog.clients import queries as clients
from barnetsbog.clients.calling import without_token
from barnetsbog.clients.clock import wall
from barnetsbog.clients.models import Approval, Registered
from barnetsbog.clients.operations import New, register
from barnetsbog.directory.models import Role
from barnetsbog.exchange.fhir import callers, notifying
from barnetsbog.exchange.fhir.callers import Caller
from barnetsbog.kernel.ids import new_id
from barnetsbog.kernel.time import DAY
from barnetsbog.subscriptions import operations, queue
from barnetsbog.subscriptions.channels import carriers
from barnetsbog.subscriptions.model import Status
from barnetsbog.subscriptions.models import Subscribed
from tests.builders import Json
from tests.integration.fhir.conftest import Answer, As, World

from .queues import CALL

TOPICS = "https://barnetsbog.example/fhir/SubscriptionTopic/"
EVERYTHING = "entry-written-for-my-child"
BACKPORT = "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-"


class Receiver:
    """Keeps what it was sent, and answers with `status`, after `wait` seconds."""

    def __init__(self) -> None:
        self.got: list[Json] = []
        self.headers: list[dict[str, str]] = []
        self.status, self.wait, self.more = 200, 0.0, dict[str, str]()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                outer.got.append(orjson.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                outer.headers.append(dict(self.headers))
                time.sleep(outer.wait)
                self.send_response(outer.status)
                for name, value in outer.more.items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Quietly."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def told(self, kind: str = "event-notification") -> list[dict[str, str]]:
        """What it was told of a kind: number and focus, where there is one."""
        return [one for one in map(parameters, self.got) if one["type"] == kind]


def parameters(notice: Json) -> dict[str, str]:
    """What a notification says of itself, by name; of its event, too."""
    said: dict[str, str] = {}
    for one in notice["entry"][0]["resource"]["parameter"]:
        for part in one.get("part", [one]):
            value = next(part[name] for name in part if name.startswith("value"))
            said[part["name"]] = value["reference"] if isinstance(value, dict) else value
    return said


def waits_for_a_keeper(world: "Subscribing", why: str) -> tuple[str, tuple[str, str]]:
    """PPR's system asks to be told by the broker, where nothing keeps what is told yet. The subscription, which is told
    why, and the two entries that have been written since."""
    Registered.objects.filter(id="ppr").update(notify='["broker"]')
    made = world("ppr").post("Subscription", {**world.wish(), "channel": CALL})
    assert made.status == 201, made.json
    written = world.written(), world.written()
    notifying.work()
    found = world("ppr").get(f"Subscription/{made.json['id']}").json
    assert (found["status"], found["error"]) == ("requested", why)
    return made.json["id"], written


def are_told_in_order(notices: list[Json], *entries: str) -> None:
    """The handshake and then both events, and nothing of what they are about."""
    assert [parameters(one)["type"] for one in notices] == ["handshake", "event-notification", "event-notification"]
    assert [parameters(one)["event-number"] for one in notices[1:]] == ["1", "2"]
    assert not [one for one in entries if one in str(notices)]  # empty, by default


class Subscribing(World):
    def __init__(self, receiver: Receiver) -> None:
        super().__init__()
        self.receiver = receiver
        self.lent: dict[str, Approval] = {}
        for name in ("ppr", "gp", "bup"):
            self.registered(name)

    def registered(self, name: str) -> None:
        """The system of a unit may be told of what happens."""
        role = Role.objects.get(id=self.id(f"{name}-system"))
        Registered.objects.create(
            id=name, name=name, sort="system", role_id=role.id, role=role.code, unit_id=role.unit_id,
            level="substantial", scopes="system/*.cruds", jwks="", per_minute=1000, per_day=1000,
            notify=orjson.dumps([self.receiver.origin]).decode(),
        )  # fmt: skip

    @property
    def kurven(self) -> New:
        """An app that may be told of what happens."""
        scopes = "user/*.cruds user/Subscription.cruds patient/*.rs patient/Subscription.cruds"
        return New("kurven", "Kurven", scopes, redirects=("https://app.example/",), notify=(self.receiver.origin,))

    def lets_in(self, name: str, person: str, scopes: str, **book: Any) -> Approval:
        """Somebody lets the app in, until they log out or a week has gone. It calls by the name."""
        if clients.client("kurven") is None:
            register(self.kurven)
        at = wall()
        self.lent[name] = Approval.objects.create(
            id=new_id(), client_id="kurven", person_id=UUID(person), session=str(new_id()), scopes=scopes,
            level="substantial", made_at=at, ends_at=at + 7 * DAY, **book,
        )  # fmt: skip
        return self.lent[name]

    def caller(self, request: HttpRequest) -> Caller:
        approval = self.lent.get(request.headers.get("Authorization", "").removeprefix("Bearer "))
        if approval:
            holder = without_token("kurven", approval.id)
            assert holder
            return Caller(*holder)
        found = super().caller(request)
        client = clients.client(found.client.id)
        return replace(found, client=client) if client else found

    def wish(self, content: str = "id-only", topic: str = EVERYTHING, **more: Any) -> Json:
        payload = {"extension": [{"url": f"{BACKPORT}payload-content", "valueCode": content}]}
        channel = {
            "type": "rest-hook", "endpoint": f"{self.receiver.origin}/besked", "payload": "application/fhir+json",
            "_payload": payload, **more.pop("channel", {}),
        }  # fmt: skip
        return {
            "resourceType": "Subscription", "status": "requested", "reason": "Overblik", "criteria": TOPICS + topic,
            "channel": channel, **more,
        }  # fmt: skip

    def subscribed(self, who: str = "ppr", **more: Any) -> str:
        """One whose handshake is done."""
        answer = self(who).post("Subscription", self.wish(**more))
        assert answer.status == 201, answer.json
        notifying.work()
        self.receiver.got.clear()
        assert self(who).get(f"Subscription/{answer.json['id']}").json["status"] == Status.ACTIVE
        return str(answer.json["id"])

    def written(self, who: str = "ppr", about: str = "alma", **more: Any) -> str:
        """Something new in a child's book: its address."""
        answer = self(who).post("Observation", self.observation(about, **more))
        assert answer.status == 201, answer.json
        return f"http://testserver/fhir/Observation/{answer.ident}"

    def events(self, ident: str, who: str = "ppr", **query: str) -> Answer:
        asked = "&".join(f"{name}={value}" for name, value in query.items())
        return self(who).get(f"Subscription/{ident}/$events?{asked}")

    def later(self) -> None:
        """So much later that whatever is tried again is due."""
        Subscribed.objects.exclude(next_at=queue.NEVER).update(next_at=0)
        notifying.work()


__all__ = ["As"]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def world(database: str, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Subscribing]:
    made = Subscribing(receiver)
    monkeypatch.setattr(callers, "caller", made.caller)
    monkeypatch.setattr(notifying, "carriers", lambda _, **more: carriers(tmp_path, **more))
    yes: Callable[[], bool] = lambda: True  # noqa: E731
    for module in (client_operations, operations, notifying):
        monkeypatch.setattr(module, "is_demo", yes)
    yield made
