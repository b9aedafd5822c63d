"""Notifications by NATS: Debian's nats-server with JetStream, with a name and a password, and with TLS."""

import shutil
import socket
import ssl
import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any, BinaryIO

import orjson
import pytest

from barnetsbog.subscriptions.channels.nats import OF_TLS, TOO_LARGE, NatsBroker
from barnetsbog.subscriptions.channels.queues import CERTIFICATE, CUT_OFF, NO_RECEIPT, SHUT_OUT, SILENT, UNKEPT
from barnetsbog.subscriptions.model import Failed, Trouble, Unreached
from tests.conftest import BOTH_DATABASES, skip

from .conftest import Subscribing, are_told_in_order, waits_for_a_keeper
from .queues import PROGRAMS, WHO, Queue, a_letter_at_a_time, free_port, lay_certificate, parcel, playing, running

pytestmark = BOTH_DATABASES


@pytest.fixture(scope="module")
def queue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Queue]:
    """Two servers that let nobody in without a password, one of them by TLS. The plain one has a stream for what
    begins with `kept`."""
    program = shutil.which("nats-server", path=PROGRAMS)
    if not program:
        skip("Debian's nats-server is not installed: only what a queue of our own says is tried")
    folder = tmp_path_factory.mktemp("queue")
    found = Queue(free_port(), free_port(), lay_certificate(folder))
    tls = f'tls {{ cert_file: "{folder}/cert.pem", key_file: "{folder}/key.pem" }}'
    for name, port, more in (("plain", found.plain, ""), ("secure", found.secure, tls)):
        (folder / name).write_text(f"""
          listen: "127.0.0.1:{port}"
          jetstream {{ store_dir: "{folder}/{name}-kept" }}
          authorization {{ user: bog, password: "hemme lig" }}
          {more}
        """)
    with (
        running(found.plain, program, "-c", folder / "plain"),
        running(found.secure, program, "-c", folder / "secure"),
    ):
        Keeper(found).keeps("BOG", "kept.>")
        yield found


class Keeper:
    """Who runs the queue: makes streams, and looks at what they keep."""

    def __init__(self, queue: Queue) -> None:
        self.line = socket.create_connection(("127.0.0.1", queue.plain), timeout=5)
        self.answers: BinaryIO = self.line.makefile("rb")
        hello = orjson.dumps({"user": "bog", "pass": "hemme lig", "verbose": False})
        self.line.sendall(b"CONNECT %s\r\nSUB answers 1\r\n" % hello)

    def ask(self, what: str, **about: Any) -> Any:
        """A question of JetStream's own interface."""
        said = orjson.dumps(about)
        self.line.sendall(f"PUB $JS.API.{what} answers {len(said)}\r\n".encode() + said + b"\r\n")
        while not (found := self.answers.readline()).startswith(b"MSG"):
            assert found
        return orjson.loads(self.answers.read(int(found.split()[-1]) + 2))

    def keeps(self, name: str, subject: str) -> None:
        assert "error" not in self.ask(f"STREAM.CREATE.{name}", name=name, subjects=[subject], storage="memory")

    def kept(self, name: str) -> list[tuple[str, Any]]:
        """Subject and notification, one by one."""
        last = self.ask(f"STREAM.INFO.{name}")["state"]["last_seq"]
        found = [self.ask(f"STREAM.MSG.GET.{name}", seq=number + 1)["message"] for number in range(last)]
        return [(one["subject"], orjson.loads(b64decode(one["data"]))) for one in found]


def test_what_happens_is_kept_by_the_stream_in_order(
    world: Subscribing, queue: Queue, settings: Any, database: str
) -> None:
    """While there is no stream nothing is told, and nothing is lost."""
    settings.BROKER = f"nats://{WHO}@127.0.0.1:{queue.plain}/bog/{database}"
    ident, written = waits_for_a_keeper(world, UNKEPT)
    keeper = Keeper(queue)
    keeper.keeps(database, f"bog.{database}.>")
    world.later()
    told = keeper.kept(database)
    assert {subject for subject, _ in told} == {f"bog.{database}.{ident}"}
    are_told_in_order([one for _, one in told], *written)


def test_a_second_try_is_known_for_what_it_is(queue: Queue) -> None:
    keeper, one, other = Keeper(queue), parcel(), parcel()
    keeper.keeps("TWICE", "twice.>")
    broker = NatsBroker(f"nats://{WHO}@127.0.0.1:{queue.plain}/twice")
    for sent in (one, one, other, one):
        broker.deliver(sent, ("broker",))
    assert [subject for subject, _ in keeper.kept("TWICE")] == [f"twice.{one.to}", f"twice.{other.to}"]


def test_a_message_of_any_size_the_server_takes_is_kept(queue: Queue) -> None:
    broker = NatsBroker(f"nats://{WHO}@127.0.0.1:{queue.plain}/kept")
    for size in (2, 20_000, 1_000_000):
        broker.deliver(parcel(size), ("broker",))
    with pytest.raises(Unreached, match=TOO_LARGE):
        broker.deliver(parcel(2**20), ("broker",))


def test_over_tls_the_certificate_must_be_known(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    broker = NatsBroker(f"nats+tls://{WHO}@127.0.0.1:{queue.secure}")
    with pytest.raises(Unreached, match=CERTIFICATE):
        broker.deliver(parcel(), ("broker",))
    known = ssl.create_default_context(cafile=str(queue.certificate))
    monkeypatch.setattr(ssl, "create_default_context", lambda: known)
    with pytest.raises(Trouble, match="gemmer"):  # let in, and no stream there
        broker.deliver(parcel(), ("broker",))


def test_whoever_may_not_is_not_told_and_nothing_has_left(queue: Queue) -> None:
    here = f"nats://{WHO}@127.0.0.1:{queue.plain}"
    for address, why in (
        (f"nats://bog:forkert@127.0.0.1:{queue.plain}", SHUT_OUT), (f"nats://127.0.0.1:{queue.plain}", SHUT_OUT),
        (f"nats://127.0.0.1:{free_port()}", SILENT), (f"nats://{WHO}@127.0.0.1:{queue.secure}", OF_TLS),
        (here.replace("nats", "nats+tls"), OF_TLS),
    ):  # fmt: skip
        with pytest.raises(Unreached) as refused:
            NatsBroker(address).deliver(parcel(), ("broker",))
        assert refused.value.why == why
    with pytest.raises(Unreached):
        NatsBroker(here).deliver(parcel(), ("https://x.example",))


INFO, PONG = b'INFO {"max_payload":1048576}\r\n', b"PONG\r\n"


def test_a_server_without_tls_never_gets_the_password() -> None:
    """Whoever stands between could leave TLS out of what the server says."""
    heard: list[bytes] = []

    def answers(line: socket.socket) -> None:
        line.sendall(INFO)
        heard.append(line.recv(1000))

    with playing(answers) as port, pytest.raises(Unreached, match="TLS"):
        NatsBroker(f"nats+tls://{WHO}@127.0.0.1:{port}").deliver(parcel(), ("broker",))
    assert heard == [b""]


def _answer(said: bytes) -> bytes:
    return b"MSG _INBOX.x 1 %d\r\n%s\r\n" % (len(said), said)


@pytest.mark.parametrize(("info", "hello", "said", "why"), [
    (INFO, PONG, _answer(b'{"stream":"BOG","seq":1}'), None),
    (INFO, b"+OK\r\n" + INFO + PONG, b"PING\r\n" + INFO + _answer(b'{"stream":"BOG","seq":1,"duplicate":true}'), None),
    (INFO, PONG, _answer(b'{"error":{"code":503}}'), NO_RECEIPT), (INFO, PONG, _answer(b"[]"), NO_RECEIPT),
    (INFO, PONG, b"-ERR 'Permissions Violation'\r\n", NO_RECEIPT), (INFO, PONG, b"", CUT_OFF),
    (INFO, PONG, b"HMSG _INBOX.x 1 16 16\r\nNATS/1.0 503\r\n\r\n\r\n", UNKEPT),
    (INFO, PONG, b"MSG _INBOX.x 1 mange\r\n", CUT_OFF), (INFO, PONG, b"MSG _INBOX.x 1 99999999\r\n", NO_RECEIPT),
    (INFO, PONG, _answer(b"{"), CUT_OFF), (INFO, PONG, b"MSG" + b"x" * 70_000 + b"\r\n", CUT_OFF),
    (INFO, b"-ERR 'Authorization Violation'\r\n", b"", SHUT_OUT), (INFO, b"", b"", SILENT),
    (b"HTTP/1.1 400 Bad Request\r\n", b"", b"", SILENT), (b"INFO nothing\r\n", b"", b"", SILENT),
    (b"INFO []\r\n", b"", b"", SILENT), (b'INFO {"max_payload":50}\r\n', b"", b"", TOO_LARGE),
])  # fmt: skip
def test_what_a_queue_answers_says_whether_it_may_have_it(
    info: bytes, hello: bytes, said: bytes, why: str | None
) -> None:
    """Kept, perhaps received, or certainly not."""

    def answers(line: socket.socket) -> None:
        line.sendall(info)
        if line.recv(1000):
            line.sendall(hello)
            line.recv(1000)
            line.sendall(said)

    error = Unreached if why in (SHUT_OUT, SILENT, TOO_LARGE) else Trouble
    with playing(answers) as port, pytest.raises(error) if why else nullcontext() as failed:
        NatsBroker(f"nats://127.0.0.1:{port}", seconds=0.5).deliver(parcel(), ("broker",))
    assert not failed or failed.value.why == why


@pytest.mark.parametrize(("first", "until", "said", "error"), [
    (b"I", b"N", b"F", Unreached), (INFO, b"P", b"O", Unreached), (INFO, PONG, b"M", Trouble),
    (INFO, PONG, b"PING\r\n", Trouble),
])  # fmt: skip
def test_a_queue_that_never_comes_to_an_end_is_hung_up_on(
    first: bytes, until: bytes, said: bytes, error: type[Failed]
) -> None:
    with a_letter_at_a_time(said, until, first=first) as port:
        begun = time.monotonic()
        with pytest.raises(error):
            NatsBroker(f"nats://127.0.0.1:{port}", seconds=0.5, in_all=0.3).deliver(parcel(), ("broker",))
        assert time.monotonic() - begun < 2
