"""Who holds custody of the twenty children on the demonstration's day, and who has answered what: one readable table.

A line under a child is a consent as the law reads it that day: giver, act, status, until (the last day; `-` when none),
from whom and to whom, how much. Consents that ended before the day are left out; a story says what they were.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.stories import CAST, STORIES

from barnetsbog.consent.mapping import consent_of
from barnetsbog.consent.people import child_of, custody_of
from barnetsbog.demo.build import child_bundles
from barnetsbog.demo.dates import WRITTEN_TODAY
from barnetsbog.demo.model import Story
from barnetsbog.kernel.time import FOREVER, day_start, local_day
from barnetsbog.law.model import Capacity, Child, Consent, Custody, Status

NOON = day_start(WRITTEN_TODAY) + 12 * 3_600_000_000

TABLE = """
1 Alma: mor, far
  mor | bup-assessment | given | 2027-08-31 | bup-amb | nothing
  far | bup-assessment | asked | - | bup-amb | nothing
  far | bup-to-school | refused | - | bup-amb>prove | headings
  mor | bup-to-school | given | 2027-11-19 | bup-amb>prove | headings
  mor | coordination | given | 2027-10-31 | bup-amb+prove>ppr-eks | headings
  far | coordination | given | 2027-10-31 | bup-amb+prove>ppr-eks | headings
  mor | ppr-to-bup | given | 2027-08-31 | ppr-eks>bup-amb | content
  far | ppr-to-bup | given | 2027-08-31 | ppr-eks>bup-amb | content
  mor | school-to-ppr | given | 2027-03-02 | prove>ppr-eks | content
  far | school-to-ppr | given | 2027-03-04 | prove>ppr-eks | content
2 Noah: mor, far
  mor | coordination | given | 2027-02-09 | laege+modelskolen>fam-eks | headings
  far | coordination | refused | - | laege+modelskolen>fam-eks | headings
  mor | ppr-assessment | given | 2027-06-30 | modelskolen>ppr-eks | content
  far | ppr-assessment | asked | - | modelskolen>ppr-eks | content
3 Freja: mor, far
  mor | coordination | given | 2027-09-07 | laege+ppr-eks+prove>fam-eks | headings
  mor | family-department-to-others | given | 2027-06-30 | fam-eks>bup-amb | content
4 William: mor, far
  mor | bup-assessment | given | 2027-03-31 | bup-amb | nothing
  far | bup-assessment | given | 2027-03-31 | bup-amb | nothing
  william | bup-to-school | asked | - | bup-amb>modelskolen | headings
  william | bup-treatment | given | 2027-09-14 | bup-amb | nothing
  william | coordination | given | 2027-09-14 | laege+modelskolen>bup-amb | headings
5 Liva: mor, far placed
  mor | bup-treatment | given | 2027-05-18 | bup-amb | nothing
  far | bup-treatment | given | 2027-05-20 | bup-amb | nothing
  mor | coordination | given | 2026-12-01 | aflastning+bup-amb+modelskolen>fam-eks | headings
  far | coordination | given | 2026-12-02 | aflastning+bup-amb+modelskolen>fam-eks | headings
6 Oliver: mor, far
  mor | coordination | given | 2027-01-19 | fam-eks+prove>beh-eks | headings
  far | coordination | given | 2027-01-19 | fam-eks+prove>beh-eks | headings
  mor | school-to-others | given | 2027-01-19 | prove>fam-eks | content
  far | school-to-others | given | 2027-01-19 | prove>fam-eks | content
7 Sofia: mor
  mor | coordination | asked | - | laege+modelskolen>ppr-eks | headings
  mor | ppr-assessment | asked | - | modelskolen>ppr-eks | content
  mor | transfer-between-municipalities | asked | - | ppr-kob>ppr-eks | content
8 Emil: mor, far
  emil | bup-to-gp | given | 2027-05-31 | bup-dogn>laege | content
  emil | bup-to-municipality | given | 2027-05-31 | bup-dogn>modt-eks | headings
  emil | bup-to-municipality | given | 2027-05-31 | bup-dogn>unge-eks | headings
  emil | bup-to-school | given | 2026-12-31 | bup-dogn>modelskolen | at
  emil | bup-treatment | given | 2027-05-02 | bup-dogn | nothing
  emil | coordination | given | 2027-05-31 | laege+modelskolen+modt-eks>bup-dogn | headings
  emil | medication | given | 2027-11-17 | bup-dogn | nothing
  emil | municipality-retrieves-health | refused | - | laege>fam-eks | content
9 Amir: vaerge
  amir | bup-to-municipality | given | 2027-05-05 | bup-amb>fam-eks | content
  amir | bup-to-municipality | given | 2027-05-05 | bup-amb>opholdet | headings
  amir | bup-to-school | given | 2027-05-06 | bup-amb>modelskolen | at
  amir | bup-treatment | given | 2027-02-02 | bup-amb | nothing
  amir | coordination | given | 2027-09-15 | bup-amb+modelskolen+opholdet>fam-eks | headings
  amir | family-department-to-others | given | 2027-09-15 | opholdet>modelskolen | headings
  amir | family-department-to-others | asked | - | fam-eks>opholdet | content
10 Yara: mor, far
  mor | coordination | given | 2027-08-31 | prove+sfo-prove+sund-eks>ppr-eks | headings
  far | coordination | asked | - | prove+sfo-prove+sund-eks>ppr-eks | headings
  mor | ppr-assessment | given | 2027-08-31 | ppr-eks>prove | content
  far | ppr-assessment | asked | - | ppr-eks>prove | content
  mor | school-to-ppr | given | 2027-01-26 | prove>ppr-eks | content
11 Magnus: far
  far | coordination | given | 2027-01-31 | laege+prove>ltt-eks | headings
  far | ltt-course | given | 2027-02-01 | ltt-eks | nothing
  far | ltt-to-others | given | 2027-01-31 | ltt-eks>prove | headings
  stedmor (other) | school-to-others | given | 2027-01-27 | prove>ltt-eks | content
  far | school-to-others | given | 2027-01-31 | prove>ltt-eks | content
12 Ida: mor, far
  mor | coordination | given | 2027-08-18 | aflastning+fam-eks+skitsen>ppr-eks | headings
  far | coordination | given | 2027-08-18 | aflastning+fam-eks+skitsen>ppr-eks | headings
  mor | school-to-others | given | 2027-08-31 | skitsen>fam-eks | content
  far | school-to-others | given | 2027-08-31 | skitsen>fam-eks | content
  mor | school-to-ppr | given | 2027-08-31 | skitsen>ppr-eks | content
  far | school-to-ppr | given | 2027-08-31 | skitsen>ppr-eks | content
13 Clara: mor, far
  clara | bup-to-gp | given | 2027-07-31 | bup-dag>laege | content
  clara | bup-to-municipality | given | 2027-03-31 | bup-dag>fam-eks | headings
  clara | bup-to-school | given | 2027-07-31 | bup-dag>modelskolen | at
  clara | bup-to-school | asked | - | bup-dag>modelskolen | content
  clara | bup-treatment | given | 2027-08-25 | bup-dag | nothing
  clara | coordination | given | 2027-07-31 | fam-eks+laege+modelskolen>bup-dag | headings
  mor | gp-to-bup | given | 2027-05-04 | laege>bup-vis | content
  far | gp-to-bup | given | 2027-05-04 | laege>bup-vis | content
14 Lucas: mor, far
  mor | coordination | given | 2027-09-30 | fam-lev+laege+skole-lev>ppr-lev | headings
  far | coordination | asked | - | fam-lev+laege+skole-lev>ppr-lev | headings
  mor | gp-to-bup | given | 2027-08-19 | laege>bup-vis | content
  mor | ppr-assessment | given | 2027-09-30 | skole-lev>ppr-lev | content
  far | ppr-assessment | asked | - | skole-lev>ppr-lev | content
  mor | ppr-to-bup | given | 2027-09-30 | ppr-lev>bup-vis | content
  far | ppr-to-bup | asked | - | ppr-lev>bup-vis | content
  mor | school-to-ppr | given | 2027-09-30 | skole-lev>ppr-lev | content
  far | school-to-ppr | asked | - | skole-lev>ppr-lev | content
15 Nora: mor, far
  nora | bup-to-school | withdrawn | 2027-06-30 | bup-amb>gymnasiet | headings
  nora | bup-treatment | given | 2027-02-16 | bup-amb | nothing
  nora | coordination | given | 2027-02-23 | bup-amb+misbrug-eks>fam-eks | headings
16 Viktor: mor, far
  viktor | bup-to-adult-psychiatry | asked | - | bup-amb>voksenpsyk | content
  viktor | bup-to-gp | asked | - | bup-amb>laege | content
  viktor | bup-to-municipality | asked | - | bup-amb>unge-eks | at
  viktor | bup-treatment | given | 2026-12-17 | bup-amb | nothing
  viktor | coordination | given | 2026-12-17 | bup-amb+gymnasiet>unge-eks | headings
  viktor | family-department-to-others | asked | - | unge-eks>voksen-eks | headings
17 August: mor
  mor | bup-assessment | given | 2027-03-25 | bup-amb | nothing
  mor | bup-to-school | given | 2027-06-15 | bup-amb>prove | headings
  mor | bup-treatment | given | 2027-06-15 | bup-amb | nothing
  mor | coordination | given | 2027-06-15 | laege+ppr-eks+prove>bup-amb | headings
  mor | gp-to-bup | given | 2027-03-09 | laege>bup-vis | content
  mor | ppr-assessment | given | 2027-02-16 | prove>ppr-eks | content
18 Ella: mor, far
19 Storm: mor placed
  mor | coordination | given | 2027-10-19 | aflastning+prove+sund-eks>fam-eks | headings
  mor | ppr-assessment | asked | - | prove>ppr-eks | content
  mor | school-to-others | given | 2027-07-31 | prove>fam-eks | headings
20 Luna: mor, far
  luna | coordination | given | 2027-06-30 | gymnasiet+laege+ltt-eks>ppr-eks | headings
  luna | ltt-to-others | given | 2027-09-13 | ltt-eks>ppr-eks | content
  luna | ppr-assessment | given | 2027-06-30 | modelskolen>ppr-eks | content
  luna | ppr-to-bup | given | 2027-03-03 | ppr-eks>bup-amb | content
"""


def book(story: Story) -> dict[str, dict[str, Any]]:
    """The last version of everything, as the import leaves it."""
    entries = [entry["resource"] for bundle in child_bundles(story, CAST) for entry in bundle["entry"]]
    return {f"{found['resourceType']}/{found['id']}": found for found in entries}


def people(story: Story) -> tuple[Child, Custody]:
    found = book(story)
    child = child_of(next(one for one in found.values() if one["resourceType"] == "Patient"))
    return child, custody_of([one for one in found.values() if one["resourceType"] == "RelatedPerson"], child.id)


def consents(story: Story) -> list[Consent]:
    read = [consent_of(one) for one in book(story).values() if one["resourceType"] == "Consent"]
    assert all(isinstance(one, Consent) for one in read), read
    return [one for one in read if isinstance(one, Consent)]


def holders(custody: Custody, at: int = NOON) -> list[str]:
    return [held.person.partition("-")[2] for held in custody.holders if held.valid_from <= at < held.valid_to]


def line(consent: Consent, child: str) -> str:
    giver = consent.giver.removeprefix(f"{child}-")
    who = giver if consent.capacity in (Capacity.CHILD, Capacity.HOLDER) else f"{giver} ({consent.capacity})"
    until = "-" if consent.valid_to >= FOREVER else local_day(consent.valid_to - 1).isoformat()
    way = f"{'+'.join(sorted(consent.disclosers))}>{consent.recipient}" if consent.disclosers else consent.recipient
    level = consent.sharing.level.name.lower() if consent.sharing.shelves else "nothing"
    return f"  {who} | {consent.act} | {consent.status} | {until} | {way} | {level}"


def told(story: Story) -> str:
    child, custody = people(story)
    placed = " placed" if child.placements else ""
    current = sorted((one for one in consents(story) if one.valid_to > NOON), key=lambda one: (one.act, one.id))
    return "\n".join([f"{story.number} {story.name.called}: {', '.join(holders(custody))}{placed}", *(
        line(one, child.id) for one in current)])  # fmt: skip


def test_custody_and_consents_of_the_twenty() -> None:
    assert "\n".join(told(story) for story in STORIES) == TABLE.strip()


def by_name(called: str) -> Story:
    return next(story for story in STORIES if story.name.called == called)


def test_temporary_custody_ends_on_the_day_the_child_is_18() -> None:
    _, custody = people(by_name("Amir"))
    assert holders(custody, day_start(date(2027, 1, 1)) - 1) == ["vaerge"]
    assert holders(custody, day_start(date(2027, 1, 1))) == []


def test_a_dead_parent_held_custody_until_then() -> None:
    _, custody = people(by_name("Magnus"))
    assert holders(custody, day_start(date(2024, 2, 1))) == ["far", "mor"]
    assert [held.person for held in custody.holders if held.deceased_at] == ["magnus-mor"]


def test_parents_hold_custody_until_the_child_is_18() -> None:
    _, custody = people(by_name("Viktor"))
    assert holders(custody, day_start(date(2026, 12, 18))) == []


def test_a_withdrawal_is_a_version_of_the_same_consent() -> None:
    (found,) = (one for one in consents(by_name("Nora")) if one.status is Status.WITHDRAWN)
    assert (found.recipient, found.withdrawn_at) == ("gymnasiet", day_start(date(2026, 10, 2)))
    assert found.answered_at == day_start(date(2026, 8, 18))


def test_nobody_answers_for_a_child_whose_municipality_has_not_decided() -> None:
    """Storm is placed, and no decision lets the municipality answer instead of his mother."""
    child, _ = people(by_name("Storm"))
    assert [placement.covers for placement in child.placements] == [frozenset()]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.file)
def test_custody_is_known_and_no_two_records_are_of_one_giver_and_question(story: Story) -> None:
    _, custody = people(story)
    assert custody.known and custody.checked_at is not None
    asked = [(one.giver, one.act, one.recipient, one.text_version) for one in consents(story)]
    assert len(asked) == len(set(asked))
