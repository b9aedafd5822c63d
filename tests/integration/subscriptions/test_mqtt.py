"""Notifications by MQTT: a real message queue, Debian's mosquitto, with a name and a password, and with TLS."""

import getpass
import shutil
import socket
import ssl
import struct
import subprocess
import time
from collections.abc import Iterator
from contextlib import nullcontext

import orjson
import pytest

from barnetsbog.clients.models import Registered
from barnetsbog.exchange.fhir import notifying
from barnetsbog.settings import broker as checked
from barnetsbog.subscriptions.channels.hanging_up import secured
from barnetsbog.subscriptions.channels.mqtt import CONNACK, CONNECT, PUBACK, MqttBroker, packet, received, text
from barnetsbog.subscriptions.model import Trouble, Unreached
from tests.builders import Json
from tests.conftest import BOTH_DATABASES, skip

from .conftest import Subscribing, are_told_in_order, parameters
from .queues import CALL, PROGRAMS, WHO, Queue, a_letter_at_a_time, free_port, lay_certificate, parcel, playing, running

pytestmark = BOTH_DATABASES
SUBSCRIBE, SUBACK, MESSAGE = 0x82, 0x90, 0x32


@pytest.fixture(scope="module")
def queue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Queue]:
    """A broker on this machine that lets nobody in without a password."""
    program = shutil.which("mosquitto", path=PROGRAMS)
    keeper = shutil.which("mosquitto_passwd")
    if not program or not keeper:
        skip("Debian's mosquitto is not installed: only what a queue of our own says is tried")
    folder = tmp_path_factory.mktemp("queue")
    found = Queue(free_port(), free_port(), lay_certificate(folder))
    subprocess.run([str(keeper), "-b", "-c", folder / "users", "bog", "hemme lig"], check=True)
    settings = f"""
      user {getpass.getuser()}
      allow_anonymous false
      password_file {folder / "users"}
      listener {found.plain} 127.0.0.1
      listener {found.secure} 127.0.0.1
      certfile {folder / "cert.pem"}
      keyfile {folder / "key.pem"}
    """
    (folder / "conf").write_text("\n".join(line.strip() for line in settings.splitlines()))
    with running(found.secure, program, "-c", folder / "conf"):
        yield found


class Listener:
    """Somebody who listens at the queue, and takes what comes."""

    def __init__(self, queue: Queue, topic: str) -> None:
        self.line = socket.create_connection(("127.0.0.1", queue.plain), timeout=5)
        hello = text("MQTT") + bytes((4, 0xC2, 0, 30)) + text("test") + text("bog") + text("hemme lig")
        self.line.sendall(packet(CONNECT, hello))
        assert received(self.line) == (CONNACK, b"\x00\x00")
        self.line.sendall(packet(SUBSCRIBE, b"\x00\x01" + text(topic) + b"\x00"))
        assert received(self.line)[0] == SUBACK

    def heard(self) -> tuple[str, Json]:
        _, said = received(self.line)
        size = int.from_bytes(said[:2], "big")
        return said[2 : 2 + size].decode(), orjson.loads(said[2 + size :])


def test_what_happens_is_told_by_the_queue_in_order(world: Subscribing, queue: Queue, settings: object) -> None:
    settings.BROKER = f"mqtt://{WHO}@127.0.0.1:{queue.plain}/bog"  # type: ignore[attr-defined]
    Registered.objects.filter(id="ppr").update(notify='["broker"]')
    made = world("ppr").post("Subscription", {**world.wish(), "channel": CALL})  # fmt: skip
    assert made.status == 201, made.json
    listener = Listener(queue, "bog/#")
    written = world.written(), world.written()
    notifying.work()
    told = [listener.heard() for _ in range(3)]
    assert {topic for topic, _ in told} == {f"bog/{made.json['id']}"}
    are_told_in_order([notice for _, notice in told], *written)
    listener.line.close()


def test_a_queue_that_was_away_gets_all_of_it_in_order(world: Subscribing, queue: Queue, settings: object) -> None:
    """Away at the handshake, and again when something happens: nothing has left the house, so no number is used up."""
    there, away = f"mqtt://{WHO}@127.0.0.1:{queue.plain}/away", f"mqtt://127.0.0.1:{free_port()}"
    Registered.objects.filter(id="ppr").update(notify='["broker"]')
    wish = {**world.wish(), "channel": CALL}
    ident = world("ppr").post("Subscription", wish).json["id"]
    listener = Listener(queue, "away/#")
    for address, status in ((away, "requested"), (there, "active"), (away, "active"), (there, "active")):
        settings.BROKER = address  # type: ignore[attr-defined]
        world.written()
        world.later()
        found = world("ppr").get(f"Subscription/{ident}").json
        assert (found["status"], "error" in found) == (status, address == away)
    told = [parameters(listener.heard()[1]) for _ in range(5)]
    assert [one.get("event-number") for one in told] == [None, "1", "2", "3", "4"]
    listener.line.close()


@pytest.mark.parametrize("size", [2, 120, 20_000, 3_000_000])
def test_a_message_of_any_size_is_acknowledged(queue: Queue, size: int) -> None:
    MqttBroker(f"mqtt://{WHO}@127.0.0.1:{queue.plain}").deliver(parcel(size), ("broker",))


def test_over_tls_the_certificate_must_be_known(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    broker = MqttBroker(f"mqtts://{WHO}@127.0.0.1:{queue.secure}")
    with pytest.raises(Unreached, match="certifikat"):
        broker.deliver(parcel(), ("broker",))
    known = ssl.create_default_context(cafile=str(queue.certificate))
    monkeypatch.setattr(ssl, "create_default_context", lambda: known)
    broker.deliver(parcel(), ("broker",))


def test_whoever_may_not_is_not_told_and_nothing_has_left(queue: Queue) -> None:
    for address in (f"mqtt://bog:forkert@127.0.0.1:{queue.plain}", f"mqtt://127.0.0.1:{queue.plain}", f"mqtt://127.0.0.1:{free_port()}"):  # fmt: skip
        with pytest.raises(Unreached):
            MqttBroker(address).deliver(parcel(), ("broker",))
    with pytest.raises(Unreached):
        MqttBroker(f"mqtt://{WHO}@127.0.0.1:{queue.plain}").deliver(parcel(), ("https://x.example",))


WELCOME, TAKEN = packet(CONNACK, b"\x00\x00"), packet(PUBACK, b"\x00\x01")


@pytest.mark.parametrize(("said", "error"), [
    (WELCOME + TAKEN, None), (WELCOME, Trouble), (WELCOME + packet(PUBACK, b"\x00\x02"), Trouble),
    (packet(CONNACK, b"\x00\x05"), Unreached), (b"HTTP/1.1 400 Bad Request\r\n\r\n", Unreached), (b"", Unreached),
    (bytes((CONNACK, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F)), Unreached),
])  # fmt: skip
def test_what_a_queue_answers_says_whether_it_may_have_it(said: bytes, error: type[Exception] | None) -> None:
    """Acknowledged, perhaps received, or certainly not."""

    def answers(line: socket.socket) -> None:
        line.recv(1000)
        line.sendall(said)
        line.recv(1000)

    with playing(answers) as port, pytest.raises(error) if error else nullcontext():
        MqttBroker(f"mqtt://127.0.0.1:{port}", seconds=0.5).deliver(parcel(), ("broker",))


SLOW = {"seconds": 0.5, "in_all": 0.3}


@pytest.mark.parametrize(("said", "until", "error"), [
    (b"\x00", bytes((CONNACK, 0x7F)), Unreached),  # a welcome of many bytes
    (b"\x00", WELCOME + bytes((PUBACK, 0xFF, 0xFF, 0xFF, 0x7F)), Trouble),  # a receipt of 256 MB
])  # fmt: skip
def test_a_queue_that_never_comes_to_an_end_is_hung_up_on(said: bytes, until: bytes, error: type[Exception]) -> None:
    with a_letter_at_a_time(said, until) as port:
        begun = time.monotonic()
        with pytest.raises(error):
            MqttBroker(f"mqtt://127.0.0.1:{port}", **SLOW).deliver(parcel(), ("broker",))
        assert time.monotonic() - begun < 2


def test_a_handshake_of_tls_that_never_comes_to_an_end_is_hung_up_on() -> None:
    """Each byte is in good time: a record of TLS that is to hold 16 KB."""
    for deliver in (
        lambda port: MqttBroker(f"mqtts://127.0.0.1:{port}", **SLOW).deliver(parcel(), ("broker",)),
        lambda port: secured(socket.create_connection(("127.0.0.1", port), timeout=0.5), "127.0.0.1", 0.3),
    ):
        with a_letter_at_a_time(b"\x00", b"\x16\x03\x03\x40\x00") as port:
            begun = time.monotonic()
            with pytest.raises((Unreached, OSError)):
                deliver(port)
            assert time.monotonic() - begun < 2


def test_a_queue_that_has_it_and_goes_away_has_it() -> None:
    def answers(line: socket.socket) -> None:
        line.recv(1000)
        line.sendall(WELCOME)
        line.recv(1000)
        line.sendall(TAKEN)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        line.close()  # by a reset

    with playing(answers) as port:
        MqttBroker(f"mqtt://127.0.0.1:{port}").deliver(parcel(), ("broker",))


@pytest.mark.parametrize("address", [
    "mqtt://queue.example", "http://queue.example", "mqtts://", "queue", "mqtt://10.0.0.1/x", "mqtts://queue.example:port",
    "mqtts://queue.example/a/#", "nats://queue.example", "nats+tls://queue.example/a b", "nats+tls://queue.example/a.>",
    "amqp://queue.example", "amqps://queue.example/a/b", "amqps://queue.example/?no_verify_ssl=1",
    "amqps://queue.example/?exchange=a&cafile=/tmp/x", "mqtts://[queue.example",
])  # fmt: skip
def test_an_address_that_is_none_stops_the_start(address: str) -> None:
    with pytest.raises(ValueError, match="BOG_BROKER"):
        checked(address)


def test_an_address_is_by_tls_or_on_this_machine() -> None:
    for address in (
        "", "mqtts://a:b@queue.example:8883/x", "mqtt://localhost", "nats+tls://a:b@queue.example/bog/ppr",
        "nats://127.0.0.1:4222", "amqps://a:b%2F@queue.example:5671/vhost?exchange=bog.ppr",
        "amqps://queue.example?exchange=bog", "amqp://127.0.0.1/",
    ):  # fmt: skip
        assert checked(address) == address
