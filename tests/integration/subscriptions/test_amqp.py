"""Notifications by AMQP 0-9-1: Debian's RabbitMQ, with a name and a password, and with TLS."""

import asyncio
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import aiormq
import orjson
import pytest
from aiormq.abc import AbstractChannel, DeliveredMessage

from barnetsbog.settings import broker as checked
from barnetsbog.subscriptions.channels.amqp import NO_EXCHANGE, AmqpBroker
from barnetsbog.subscriptions.channels.queues import CERTIFICATE, SHUT_OUT, SILENT, UNKEPT
from barnetsbog.subscriptions.model import Trouble, Unreached
from tests.conftest import BOTH_DATABASES, skip

from .conftest import Subscribing, are_told_in_order, waits_for_a_keeper
from .queues import PROGRAMS, WHO, Queue, a_letter_at_a_time, free_port, lay_certificate, parcel, playing, running

pytestmark = BOTH_DATABASES


def at(queue: Queue) -> str:
    return f"amqp://{WHO}@127.0.0.1:{queue.plain}/"


@pytest.fixture(scope="module")
def queue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Queue]:
    """A broker on this machine that lets nobody in without a password, and its own directory of nodes."""
    program, directory = shutil.which("rabbitmq-server", path=PROGRAMS.rpartition(":")[2]), shutil.which("epmd")
    if not program or not directory:
        skip("Debian's rabbitmq-server is not installed: only what a queue of our own says is tried")
    folder, nodes = tmp_path_factory.mktemp("queue"), str(free_port())
    found = Queue(free_port(), free_port(), lay_certificate(folder))
    (folder / "plugins").write_text("[].")
    (folder / "rabbitmq.conf").write_text(f"""
default_user = bog
default_pass = hemme lig
listeners.tcp.1 = 127.0.0.1:{found.plain}
listeners.ssl.1 = 127.0.0.1:{found.secure}
ssl_options.certfile = {folder}/cert.pem
ssl_options.keyfile = {folder}/key.pem
distribution.listener.interface = 127.0.0.1
""")
    environment = {
        "PATH": "/usr/bin:/bin", "HOME": str(folder), "RABBITMQ_NODENAME": "bog@localhost", "ERL_EPMD_PORT": nodes,
        "ERL_EPMD_ADDRESS": "127.0.0.1", "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
        "RABBITMQ_MNESIA_BASE": str(folder / "kept"), "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"), "RABBITMQ_DIST_PORT": str(free_port()),
        "RABBITMQ_PID_FILE": str(folder / "pid"),
    }  # fmt: skip
    try:
        with running(found.secure, program, **environment):
            yield found
    finally:
        subprocess.run([directory, "-port", nodes, "-kill"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@asynccontextmanager
async def _channel(address: str) -> AsyncIterator[AbstractChannel]:
    line = await aiormq.connect(address)
    try:
        yield await line.channel()
    finally:
        await line.close()


async def _bind(address: str, exchange: str, queue: str) -> None:
    """Who runs the broker makes an exchange, and a queue for all that comes to it."""
    async with _channel(address) as channel:
        await channel.exchange_declare(exchange, exchange_type="topic")
        await channel.queue_declare(queue)
        await channel.queue_bind(queue, exchange, routing_key="#")


async def _kept(address: str, queue: str) -> list[DeliveredMessage]:
    """What waits in a queue, taken out of it."""
    async with _channel(address) as channel:
        found = []
        while (one := await channel.basic_get(queue, no_ack=True)).routing_key is not None:
            found.append(one)
        return found


def test_what_happens_waits_in_the_queue_in_order(
    world: Subscribing, queue: Queue, settings: Any, database: str
) -> None:
    """While there is neither exchange nor queue nothing is told, and nothing is lost."""
    settings.BROKER = f"{at(queue)}?exchange={database}"
    ident, written = waits_for_a_keeper(world, NO_EXCHANGE)
    asyncio.run(_bind(at(queue), database, database))
    world.later()
    told = asyncio.run(_kept(at(queue), database))
    assert {one.routing_key for one in told} == {ident}
    assert {one.header.properties.delivery_mode for one in told} == {2}
    are_told_in_order([orjson.loads(one.body) for one in told], *written)


def test_what_no_queue_takes_is_not_told(queue: Queue) -> None:
    async def exchange_alone() -> None:
        async with _channel(at(queue)) as channel:
            await channel.exchange_declare("alone", exchange_type="topic")

    asyncio.run(exchange_alone())
    with pytest.raises(Trouble) as failed:
        AmqpBroker(f"{at(queue)}?exchange=alone").deliver(parcel(), ("broker",))
    assert failed.value.why == UNKEPT


def test_each_try_has_the_same_id_and_any_size_is_taken(queue: Queue) -> None:
    asyncio.run(_bind(at(queue), "barnetsbog", "all"))
    parcels = [parcel(size) for size in (2, 20_000, 3_000_000)]
    for one in (*parcels, parcels[0]):
        AmqpBroker(at(queue)).deliver(one, ("broker",))
    kept = asyncio.run(_kept(at(queue), "all"))
    assert [(one.routing_key, len(one.body)) for one in kept] == [(str(one.to), len(one.body)) for one in (*parcels, parcels[0])]  # fmt: skip
    ids = [one.header.properties.message_id for one in kept]
    assert ids[0] == ids[3] == f"{parcels[0].to}.event-1" and len(set(ids)) == 3


def test_over_tls_the_certificate_must_be_known(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    broker = AmqpBroker(f"amqps://{WHO}@127.0.0.1:{queue.secure}/?exchange=nowhere")
    with pytest.raises(Unreached) as failed:
        broker.deliver(parcel(), ("broker",))
    assert failed.value.why == CERTIFICATE
    known = ssl.create_default_context(cafile=str(queue.certificate))
    monkeypatch.setattr(ssl, "create_default_context", lambda: known)
    with pytest.raises(Trouble):  # let in, and no exchange there
        broker.deliver(parcel(), ("broker",))


def test_whoever_may_not_is_not_told_and_nothing_has_left(queue: Queue) -> None:
    for address, why in (
        (f"amqp://bog:forkert@127.0.0.1:{queue.plain}/", SHUT_OUT), (f"amqp://127.0.0.1:{queue.plain}/", SHUT_OUT),
        (f"{at(queue)}ukendt", SHUT_OUT), (f"amqp://127.0.0.1:{free_port()}/", SILENT),
        (f"amqp://{WHO}@127.0.0.1:{queue.secure}/", SILENT), (f"amqps://{WHO}@127.0.0.1:{queue.plain}/", CERTIFICATE),
    ):  # fmt: skip
        with pytest.raises(Unreached) as failed:
            AmqpBroker(address, in_all=2).deliver(parcel(), ("broker",))
        assert failed.value.why == why, address
    with pytest.raises(Unreached):
        AmqpBroker(at(queue)).deliver(parcel(), ("https://x.example",))


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"AMQP\x00\x00\x09\x01", b"\x01" * 100])
def test_what_is_no_broker_gets_nothing(said: bytes) -> None:
    def answers(line: socket.socket) -> None:
        line.recv(1000)
        line.sendall(said)

    with playing(answers) as port, pytest.raises(Unreached):
        AmqpBroker(f"amqp://{WHO}@127.0.0.1:{port}/", in_all=2).deliver(parcel(), ("broker",))


def test_a_broker_that_never_comes_to_an_end_is_hung_up_on() -> None:
    with a_letter_at_a_time(b"\x00", b"\x01\x00\x00\x00\xff\xff\xff") as port:
        begun = time.monotonic()
        with pytest.raises(Unreached):
            AmqpBroker(f"amqp://{WHO}@127.0.0.1:{port}/", in_all=0.3).deliver(parcel(), ("broker",))
        assert time.monotonic() - begun < 2


def test_without_its_library_the_program_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    assert checked("amqps://bog:x@queue.example/vhost?exchange=bog")
    monkeypatch.setattr("barnetsbog.settings.find_spec", lambda _: None)
    with pytest.raises(ValueError, match=r"requirements/amqp\.txt"):
        checked("amqps://bog:x@queue.example/vhost?exchange=bog")
