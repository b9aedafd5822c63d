"""The broker as AMQP 0-9-1 (RabbitMQ): a notification counts as told when a queue has been found for it, and the broker
has confirmed it.

It goes to an exchange that the operator has made (`barnetsbog`, or what the address says), with the subscription's id
as routing key; which queues are bound to it is for the broker to say. It is kept on disk, and its message id is the
same each time it is tried. The library is an extra: barnetsbog[amqp].
"""

import asyncio
import logging
import ssl
from contextlib import suppress
from urllib.parse import parse_qs, urlsplit

import aiormq
from aiormq import exceptions
from aiormq.abc import AbstractChannel, AbstractConnection

from barnetsbog.kernel.sentences import say

from ..model import Parcel, Trouble, Unreached
from .queues import CUT_OFF, IN_ALL, NO_RECEIPT, PREFIX, SHUT_OUT, UNKEPT, key_of, reaching, require_broker

NO_EXCHANGE = say(
    "Beskedkøen har ikke den exchange, BOG_BROKER nævner, eller vi må ikke skrive til den.",
    "The message broker does not have the exchange that BOG_BROKER names, or we may not write to it.",
)
_KEPT_ON_DISK = 2
_SHUT_OUT = (
    exceptions.AuthenticationError, exceptions.ProbableAuthenticationError, exceptions.InvalidFrameError,
)  # fmt: skip
"""The last is how the library tells of a virtual host that is not there."""

logging.getLogger("aiormq").setLevel(logging.CRITICAL)  # what goes wrong is said once, and by us


class AmqpBroker:
    """`address`: `amqps://user:password@host:port/vhost?exchange=NAME` (`settings.BROKER`)."""

    def __init__(self, address: str, *, in_all: float = IN_ALL) -> None:
        at = urlsplit(address)
        self.in_all, self.secure = in_all, at.scheme == "amqps"
        self.exchange = parse_qs(at.query).get("exchange", [PREFIX])[0]
        self.address = at._replace(query="heartbeat=0").geturl()

    def deliver(self, parcel: Parcel, origins: tuple[str, ...]) -> None:
        require_broker(origins)
        asyncio.run(self._deliver(parcel))

    async def _deliver(self, parcel: Parcel) -> None:
        line = await self._connected()
        try:
            async with asyncio.timeout(self.in_all):
                await self._publish(await line.channel(publisher_confirms=True, on_return_raises=True), parcel)
        except exceptions.PublishError:
            raise Trouble(UNKEPT) from None
        except exceptions.ChannelClosed:
            raise Trouble(NO_EXCHANGE) from None
        except (exceptions.DeliveryError, TimeoutError):
            raise Trouble(NO_RECEIPT) from None
        except (exceptions.AMQPError, OSError):
            raise Trouble(CUT_OFF) from None
        finally:
            await self._hang_up(line)

    async def _connected(self) -> AbstractConnection:
        known = ssl.create_default_context() if self.secure else None
        with reaching():
            try:
                async with asyncio.timeout(self.in_all):
                    return await aiormq.connect(self.address, context=known)
            except _SHUT_OUT:
                raise Unreached(SHUT_OUT) from None
            except exceptions.AMQPError as error:
                raise (error.__cause__ if isinstance(error.__cause__, OSError) else ConnectionError) from None

    async def _publish(self, channel: AbstractChannel, parcel: Parcel) -> None:
        about = aiormq.spec.Basic.Properties(
            content_type="application/fhir+json", delivery_mode=_KEPT_ON_DISK, message_id=key_of(parcel)
        )
        await channel.basic_publish(
            parcel.body, exchange=self.exchange, routing_key=str(parcel.to), properties=about, mandatory=True
        )

    async def _hang_up(self, line: AbstractConnection) -> None:
        """It has it, or it has not: how the connection ends tells nothing."""
        with suppress(Exception):
            async with asyncio.timeout(self.in_all):
                await line.close()
