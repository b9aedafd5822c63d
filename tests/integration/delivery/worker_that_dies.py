"""Run in a process of its own by `test_killed`: one step of sending a letter (`send`, `work-later`), or the worker that
is killed (-9) in it (`die-before-it-is-set`, `die-after-the-file`, `die-before-the-commit`), or told to end (`be-told-to-end`).
For `test_at_once`: several letters are sent (`write-many`), and several work and say what they deliver (`work-beside`).

python -m tests.integration.delivery.worker_that_dies STEP FOLDER
"""

import json
import os
import signal
import sys
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Any

from barnetsbog.commands import worker_command
from barnetsbog.commands.instance import open_instance


def main(step: str, folder: Path) -> None:
    open_instance(folder)
    from barnetsbog.delivery import queue, worker
    from barnetsbog.delivery.channels.digital_post.adapter import DigitalPost
    from barnetsbog.delivery.channels.print_queue.adapter import PrintQueue
    from barnetsbog.letters import sending
    from tests.integration.letters.conftest import Clock, Writing

    clock = Clock()
    clock.later({"send": 0, "write-many": 0, "work-later": 600}.get(step, 60))
    _set_the_clock(clock)
    if step in ("send", "write-many"):
        writing = Writing(clock, folder)
        to, many = [writing.person(name) for name in ("Sara", "Jonas")], step == "write-many"
        for _ in range(4 if many else 1):
            writing.sent(
                "L4", *to, channel=sending.mapping.Channel.PRINT if many else sending.mapping.Channel.DIGITAL_POST
            )
    elif step == "work-beside":
        PrintQueue.deliver = _and_says(PrintQueue.deliver)  # type: ignore[method-assign]
        claim = queue.claim
        queue.claim = lambda kinds, at: claim(kinds, at, 2)
    elif step == "die-before-it-is-set":
        sending.typesetting.pdf = _dies  # type: ignore[assignment]
    elif step == "die-after-the-file":
        DigitalPost.deliver = _then_dies(DigitalPost.deliver)  # type: ignore[method-assign]
    elif step == "die-before-the-commit":
        sending.queue.all_sent = _then_dies(sending.queue.all_sent)
    elif step == "be-told-to-end":
        DigitalPost.deliver = _told_to_end(DigitalPost.deliver)  # type: ignore[method-assign]
        worker_command.run(Namespace(data=folder, once=False))
    if step not in ("send", "write-many", "be-told-to-end"):
        while worker.work_once(sending.handlers()):
            pass
    print(json.dumps(_found()))


def _set_the_clock(clock: Any) -> None:
    import barnetsbog.access.scopes
    import barnetsbog.delivery.worker
    import barnetsbog.intake.storing

    for module in (barnetsbog.access.scopes, barnetsbog.intake.storing, barnetsbog.delivery.worker):
        module.now = lambda: clock.at  # type: ignore[attr-defined]


def _dies(*_: object) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)


def _then_dies(act: Callable[..., Any]) -> Callable[..., Any]:
    def done(*given: Any) -> Any:
        act(*given)
        _dies()

    return done


def _told_to_end(act: Callable[..., Any]) -> Callable[..., Any]:
    def done(*given: Any) -> Any:
        os.kill(os.getpid(), signal.SIGTERM)
        return act(*given)

    return done


def _and_says(act: Callable[..., Any]) -> Callable[..., Any]:
    def done(channel: object, parcel: Any) -> Any:
        sys.stdout.write(f"told {parcel.key}\n")  # whole lines, of several threads
        return act(channel, parcel)

    return done


def _found() -> dict[str, object]:
    from barnetsbog.delivery.models import Outbox
    from barnetsbog.record.models import Entry

    copies = Entry.objects.filter(what="letter-copy").count()
    return {"states": list(Outbox.objects.values_list("state", flat=True)), "copies": copies}


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
