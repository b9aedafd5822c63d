"""The channels by which notifications go."""

from collections.abc import Mapping
from pathlib import Path

from barnetsbog.kernel.folder import Made

from ..model import Carrier, Way
from .broker import FileBroker
from .mqtt import MqttBroker
from .nats import NatsBroker
from .rest_hook import RestHook


def carriers(folder: Path, *, demo: bool, broker: str = "") -> Mapping[Way, Carrier]:
    """`folder`: the instance's. `broker`: the address of its message queue; without one, notifications are files."""
    queue = _queue(broker) if broker else FileBroker(folder / Made.NOTIFICATIONS)
    return {Way.REST_HOOK: RestHook(demo), Way.BROKER: queue}


def _queue(address: str) -> Carrier:
    """The adapter of an address that `settings.broker` has found in order."""
    match address.partition(":")[0]:
        case "mqtt" | "mqtts":
            return MqttBroker(address)
        case "nats" | "nats+tls":
            return NatsBroker(address)
        case _:
            from .amqp import AmqpBroker  # its library is an extra

            return AmqpBroker(address)
