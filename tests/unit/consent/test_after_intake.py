"""Through the intake: ids are ours and references point at them, and the law's words still fit together."""

from uuid import UUID

import orjson
import pytest

from barnetsbog.consent.addressing import addressed_to
from barnetsbog.consent.mapping import consent_of
from barnetsbog.consent.people import child_of, custody_of
from barnetsbog.demo.build import child_bundles
from barnetsbog.demo.model import Story
from barnetsbog.intake.model import Unit
from barnetsbog.intake.preparing import prepare
from barnetsbog.law.model import Capacity, Consent
from tests.stories import CAST, STORIES


@pytest.mark.parametrize("story", STORIES[:5], ids=lambda story: story.file)
def test_givers_are_the_holders_or_the_child(story: Story) -> None:
    bundle = child_bundles(story, CAST)[0]
    prepared = prepare(Unit("x", orjson.dumps(bundle), "demo"), b"key")
    assert prepared.refusals == []
    resources = [orjson.loads(item.body) for item in prepared.items]
    child = child_of(next(one for one in resources if one["resourceType"] == "Patient"))
    custody = custody_of([one for one in resources if one["resourceType"] == "RelatedPerson"], child.id)
    holders = {held.person for held in custody.holders}
    assert holders and UUID(child.id)
    for consent in (consent_of(one) for one in resources if one["resourceType"] == "Consent"):
        assert isinstance(consent, Consent)
        assert consent.giver in ({child.id} if consent.capacity is Capacity.CHILD else holders)
        assert all(UUID(unit) for unit in (*consent.disclosers, *filter(None, [consent.recipient])))
    for sent in (unit for one in resources for unit in addressed_to(one)):
        assert UUID(sent.partition("/")[2])
