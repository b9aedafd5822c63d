"""What is left out of what somebody reads, because it leads to what they may not read, and what is put back when they
write."""

import random
from typing import Any
from uuid import UUID

import pytest

from barnetsbog.fhir import check, references, resource_types
from barnetsbog.kernel import exact
from barnetsbog.record.leading import leads_to, unled
from barnetsbog.record.outward import MASKED, REFERENCE
from barnetsbog.record.restoring import restored
from tests.builders import Json
from tests.inventing import invented
from tests.samples import EXAMPLES

KNOWN, HIDDEN = f"Goal/{UUID(int=1)}", f"Goal/{UUID(int=2)}"
ALMA, NOAH = f"Patient/{UUID(int=3)}", f"Patient/{UUID(int=4)}"


def to(*addresses: str) -> list[Json]:
    return [{"reference": one} for one in addresses]


def read(resource: Json, *hidden: str) -> Json:
    found: Json = exact.loads(unled(exact.dumps(resource), set(hidden)))
    return found


def plan(**more: Any) -> Json:
    return {"resourceType": "CarePlan", "status": "active", "intent": "plan", "subject": to(ALMA)[0], **more}


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ({"goal": to(KNOWN, HIDDEN)}, {"goal": to(KNOWN)}),
        ({"goal": to(HIDDEN), "title": "Plan"}, {"title": "Plan"}),
        ({"encounter": {**to(HIDDEN)[0], "display": "Samtale"}}, {}),
        ({"activity": [{"reference": to(HIDDEN)[0]}]}, {}),
        ({"activity": [{"reference": to(HIDDEN)[0], "progress": [{"text": "Går godt"}]}]},
         {"activity": [{"progress": [{"text": "Går godt"}]}]}),
        ({"activity": [{"detail": {"status": "completed", "goal": to(HIDDEN, KNOWN)}}]},
         {"activity": [{"detail": {"status": "completed", "goal": to(KNOWN)}}]}),
        ({"extension": [{"url": "https://x.example", "valueReference": to(HIDDEN)[0]}]}, {}),
        ({"note": [{"text": "Hej", "authorReference": to(HIDDEN)[0]}]}, {"note": [{"text": "Hej"}]}),
        ({"supportingInfo": to("#a"), "contained": [{"resourceType": "Goal", "id": "a", "lifecycleStatus": "active", "description": {"text": "x"},
                         "subject": to(ALMA)[0], "addresses": to(HIDDEN)}]},
         {"supportingInfo": to("#a"), "contained": [{"resourceType": "Goal", "id": "a", "lifecycleStatus": "active", "description": {"text": "x"},
                         "subject": to(ALMA)[0]}]}),
    ],
)  # fmt: skip
def test_what_leads_to_what_is_hidden_is_left_out_with_what_is_about_nothing_else(said: Json, left: Json) -> None:
    assert read(plan(**said), HIDDEN) == plan(**left)


def test_a_part_that_must_lead_somewhere_goes_and_a_resource_that_must_says_that_it_is_masked() -> None:
    listed = {"resourceType": "List", "status": "current", "mode": "working"}
    items = [{"item": one, "date": "2026-11-25"} for one in to(HIDDEN, KNOWN)]
    assert read({**listed, "entry": items}, HIDDEN) == {**listed, "entry": items[1:]}
    flag = {"resourceType": "Flag", "status": "active", "code": {"text": "x"}}
    assert read({**flag, "subject": to(HIDDEN)[0]}, HIDDEN) == {**flag, "subject": MASKED}


def test_the_child_that_an_entry_is_about_is_no_news_but_another_child_is() -> None:
    assert leads_to(exact.dumps(plan(goal=to(KNOWN), author=to(f"Practitioner/{UUID(int=9)}")[0]))) == {KNOWN}
    assert leads_to(exact.dumps(plan(contributor=to(ALMA)))) == set()
    assert leads_to(exact.dumps(plan(contributor=to(NOAH)))) == {ALMA, NOAH}


@pytest.mark.parametrize("kind", sorted(resource_types() - {"Bundle"}))
def test_of_whatever_r4_allows_what_is_read_is_sound_and_comes_back_whole(kind: str) -> None:
    for number in range(EXAMPLES // 2):
        chance = random.Random(f"{kind} {number}")
        whole = invented(kind, chance)
        if whole is None:
            continue
        for at, holder in enumerate(one for one in references(whole) if one.keys() <= REFERENCE):
            holder["reference"] = f"Goal/{UUID(int=10 + at)}"
        if any(one.severity == "error" for one in check(whole)):
            continue
        led = sorted(leads_to(exact.dumps(whole)))
        hidden = {one for one in led if chance.random() < 0.5}
        shown = read(whole, *hidden)
        assert not [one for one in check(shown) if one.severity == "error"], (whole, hidden)
        assert hidden.isdisjoint(leads_to(exact.dumps(shown)))
        assert exact.same(restored(whole, shown, shown), whole)
        changed = {**shown, "language": "da"}
        assert exact.same(restored(whole, shown, changed), {**whole, "language": "da"})


# -- put back ------------------------------------------------------------------------------------------------------------

A, B, C = (f"Goal/{UUID(int=number)}" for number in (21, 22, 23))


@pytest.mark.parametrize(
    ("stored", "hidden", "sent", "found"),
    [
        (to(A, HIDDEN, B), [HIDDEN], to(A, B, C), to(A, HIDDEN, B, C)),  # added
        (to(A, HIDDEN, B), [HIDDEN], to(B), to(HIDDEN, B)),  # taken away
        (to(A, B, HIDDEN), [HIDDEN], to(B, A), to(B, HIDDEN, A)),  # moved
        (to(A, HIDDEN), [HIDDEN], to(HIDDEN, A), to(HIDDEN, A)),  # sent by who has it from before
        (to(HIDDEN), [HIDDEN], None, to(HIDDEN)),
        (to(HIDDEN), [HIDDEN], to(C), to(HIDDEN, C)),
        (to(A, HIDDEN), [HIDDEN], None, to(HIDDEN)),
        (to(A), [HIDDEN], None, None),
    ],
)
def test_what_was_not_read_stays_whatever_its_writer_does_with_the_rest(
    stored: list[Json], hidden: list[str], sent: list[Json] | None, found: list[Json] | None
) -> None:
    whole = plan(goal=stored)
    wanted = plan(**({"goal": sent} if sent else {}))
    assert restored(whole, read(whole, *hidden), wanted) == plan(**({"goal": found} if found else {}))


def test_what_stood_inside_something_that_is_changed_stays_there() -> None:
    def activity(status: str, *goals: str) -> Json:
        return {"detail": {"status": status, **({"goal": to(*goals)} if goals else {})}}

    whole = plan(activity=[activity("scheduled", A, HIDDEN), activity("completed", HIDDEN)], encounter=to(HIDDEN)[0])
    sent = plan(activity=[activity("completed", A), activity("completed")])
    assert restored(whole, read(whole, HIDDEN), sent) == plan(
        activity=[activity("completed", A, HIDDEN), activity("completed", HIDDEN)], encounter=to(HIDDEN)[0]
    )
