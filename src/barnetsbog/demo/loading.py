"""Loading the demonstration: through the same import as everybody else's data, once.

What has been loaded before is recognised by the import itself, so a second start loads nothing. Each story also sends
one delivery with a fault in it, which the import must refuse; the refusal stands in the log.
"""

from collections.abc import Callable, Iterator
from datetime import date

import orjson
from django.db import transaction

from barnetsbog.intake.model import Report, Unit
from barnetsbog.intake.operations import receive
from barnetsbog.record.instance import demo_day, finish_demo, is_demo_loaded, make_demo

from . import drafts
from .build import broken_resource, child_bundles, directory_bundle, next_days_bundle
from .mapping.frame import Frame
from .model import Story
from .story import read_cast, read_stories

SOURCE = "demonstrationen"
Tell = Callable[[str], None]


def load(today: date, *, tell: Tell) -> Report | None:
    """Makes the instance a demonstration of `today` and loads the twenty children; None if that has been done
    before."""
    if is_demo_loaded():
        return None
    make_demo(today)
    cast = read_cast()
    stories = read_stories(cast=cast)
    total = receive([_unit("demo-katalog", directory_bundle(cast, today))])
    for number, story in enumerate(stories, 1):
        units = [
            _unit(f"demo-{story.number:02}-{i}", bundle) for i, bundle in enumerate(child_bundles(story, cast, today))
        ]
        report = receive(units)
        total.add(report)
        tell(f"  {number:>2} af {len(stories)}: {story.name.given} {story.name.family}, {report.stored} ting i bogen")
        receive(_broken(story, today))
    with transaction.atomic():
        for story in stories:
            drafts.begin(Frame(cast, story, today), SOURCE)
        finish_demo()
    return total


def _broken(story: Story, today: date) -> Iterator[Unit]:
    if broken := broken_resource(story, today):
        yield _unit(f"demo-{story.number:02}-fejl", broken)


def play(days: int) -> Report:
    """Lets the next days happen for the children whose stories have a script: for a live demonstration."""
    today = demo_day()
    if today is None:
        raise ValueError("only a demonstration has scripted days")
    cast = read_cast()
    bundles = ((s, next_days_bundle(s, cast, today, days)) for s in read_stories(cast=cast))
    return receive([_unit(f"demo-{s.number:02}-naeste-{days}", bundle) for s, bundle in bundles if bundle])


def _unit(name: str, content: object) -> Unit:
    return Unit(name, orjson.dumps(content), SOURCE)
