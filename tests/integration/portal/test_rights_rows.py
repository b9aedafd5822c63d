"""Over the whole demonstration: the rows that came with the import are the rows that the rules say."""

from typing import Any

import pytest

from barnetsbog.access.gathering import facts_of
from barnetsbog.access.law_in_force import law_in_use
from barnetsbog.access.operations import rights_follow
from barnetsbog.access.rebuilding import rebuild_all
from barnetsbog.audit.models import Event
from barnetsbog.directory.queries import all_children
from barnetsbog.record.models import Grant

pytestmark = pytest.mark.django_db(databases=["default", "demo"])


def _rows() -> set[tuple[Any, ...]]:
    return set(Grant.objects.values_list())


def test_what_was_kept_in_step_is_what_is_derived_from_scratch(demo: None) -> None:
    before = _rows()
    assert len(before) > 1000 and not rebuild_all(check=True).changes
    assert not any(rights_follow(child) for child in all_children())
    Grant.objects.all().delete()
    done = rebuild_all()
    assert len(done.changes) == done.children == 20 and _rows() == before
    assert Event.objects.filter(action="rights", detail__contains='"basis":"rules"').count() == 20


def test_every_right_is_by_a_rule_and_every_book_has_a_birthday_and_custody(demo: None) -> None:
    rules = law_in_use().book.rules
    assert set(Grant.objects.values_list("rule", flat=True)) <= {*rules}
    for child in all_children():
        facts = facts_of(child)
        assert facts.child.born and (facts.custody.known or facts.custody.holders == ())
