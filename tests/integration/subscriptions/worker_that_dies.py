"""Run in a process of its own by `test_killed`: something is written (`write`), or the worker tells of it and is killed
(-9) on the way (`die-before-it-leaves`, `die-after-it-left`, `die-while-handing-out`), or works later (`work-later`).
For `test_at_once`: much is written (`write-many`), and several work and say what they tell (`work-beside`).

python -m tests.integration.subscriptions.worker_that_dies STEP FOLDER
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from barnetsbog.commands.instance import open_instance


def main(step: str, folder: Path) -> None:
    open_instance(folder)
    from barnetsbog.exchange.fhir import notifying
    from barnetsbog.subscriptions import queue
    from barnetsbog.subscriptions.channels.broker import FileBroker
    from barnetsbog.subscriptions.models import Happening, Subscribed

    if step == "write":
        written()
    elif step == "write-many":
        written(subscriptions=3, entries=6)
    elif step == "work-beside":
        FileBroker.deliver = _and_says(FileBroker.deliver)  # type: ignore[method-assign]
        queue._AT_ONCE = 1
    elif step == "die-before-it-leaves":
        FileBroker.deliver = _dies  # type: ignore[method-assign]
    elif step == "die-after-it-left":
        FileBroker.deliver = _then_dies(FileBroker.deliver)  # type: ignore[method-assign]
    elif step == "die-while-handing-out":
        queue.Waiting.objects.bulk_create = _then_dies(queue.Waiting.objects.bulk_create)  # type: ignore[method-assign]
    elif step == "work-later":
        Subscribed.objects.update(held_until=0)
    if step not in ("write", "write-many"):
        while notifying.work() and step == "work-beside":
            pass
    files = sorted(one.name for one in (folder / "notifications").rglob("event-*.json"))
    row = Subscribed.objects.order_by("told")[0]
    waits = queue.Waiting.objects.filter(heard=False).count()
    print(json.dumps({"files": files, "told": row.told, "waits": waits, "put_aside": Happening.objects.count()}))


def written(*, subscriptions: int = 1, entries: int = 1) -> None:
    """Something is written that PPR's system has asked to be told of by the broker."""
    from barnetsbog.clients.models import Registered
    from barnetsbog.directory.models import Role
    from barnetsbog.kernel.ids import new_id
    from barnetsbog.subscriptions.models import Subscribed
    from barnetsbog.subscriptions.topics import topics
    from tests.builders import observation, send
    from tests.integration.fhir.conftest import World

    world = World()
    role = Role.objects.get(id=world.id("ppr-system"))
    Registered.objects.create(
        id="ppr", name="ppr", sort="system", role_id=role.id, role=role.code, unit_id=role.unit_id, level="substantial",
        scopes="system/*.cruds", jwks="", per_minute=9, per_day=9, notify='["broker"]',
    )  # fmt: skip
    topic = next(one for one in topics() if one.endswith("entry-written-for-my-child"))
    for _ in range(subscriptions):
        Subscribed.objects.create(
            id=new_id(), client_id="ppr", base="https://bog.example/fhir", topic=topic, reason="x", status="active",
            content="id-only", way="message", endpoint="", filters="[]", headers=b"", heartbeat=0, changed_at=0, next_at=0,
        )  # fmt: skip
    for number in range(entries):
        report = send(observation(f"ny-{number}", performer=[{"reference": "PractitionerRole/ppr-staff"}]))
        assert report.stored == 1, report.refusals


def _dies(*_: object) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)


def _then_dies(act: Callable[..., Any]) -> Callable[..., Any]:
    def done(*given: Any) -> Any:
        act(*given)
        _dies()

    return done


def _and_says(act: Callable[..., Any]) -> Callable[..., Any]:
    def done(broker: object, parcel: Any, *more: Any) -> Any:
        sys.stdout.write(f"told {parcel.to} {parcel.key}\n")  # whole lines, of several threads
        return act(broker, parcel, *more)

    return done


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
