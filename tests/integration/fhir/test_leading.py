"""A reference to what somebody may not read would tell that it is there: it is left out wherever an entry is told, found
by no search, and stays when the entry is written again."""

import pytest

from barnetsbog.kernel import exact
from barnetsbog.record.models import Entry, Version
from tests.builders import Json, observation, send
from tests.conftest import BOTH_DATABASES

from .conftest import World, entry, past, version

pytestmark = BOTH_DATABASES

PPR, GP = ([{"reference": f"PractitionerRole/{one}-staff"}] for one in ("ppr", "gp"))


@pytest.fixture
def leading(world: World) -> World:
    """Two observations of PPR's, of which one leads to the doctor's, which PPR may not read, and to one that it may."""
    hidden, known = ({"reference": f"Observation/{one}"} for one in ("h1", "o1"))
    assert not send(
        observation("h1", performer=GP), observation("led", performer=PPR, hasMember=[hidden, known]),
        observation("only", performer=PPR, hasMember=[hidden], valueString="Kun den ene"),
        observation("plain", performer=PPR, valueString="Ingen"),
    ).refusals  # fmt: skip
    assert world("ppr").get(world.ref("h1")).status == 404
    return world


def members(resource: Json) -> list[str]:
    return [one["reference"] for one in resource.get("hasMember", ())]


def stored(ref: str) -> list[str]:
    found = Entry.objects.get(id=ref.partition("/")[2])
    return members(exact.loads(bytes(Version.objects.get(entry_id=found.id, number=found.version).body)))


def test_it_is_left_out_wherever_the_entry_is_told(leading: World) -> None:
    ppr, led, alma, hidden = leading("ppr"), leading.ref("led"), leading.ref("alma"), leading.id("h1")
    assert members(ppr.get(led).json) == [leading.ref("o1")]
    assert "hasMember" not in ppr.get(leading.ref("only")).json
    for path in (
        led, past(led, 1), f"{led}/_history", "Observation/_history", "_history", "Observation", f"Observation?_id={leading.id('led')}&_include=*",
        f"{alma}/Observation", f"{alma}/$everything", f"{led}?_elements=hasMember", f"Patient?_id={leading.id('alma')}&_revinclude=Observation:subject",
    ):  # fmt: skip
        found = ppr.get(path)
        assert (
            found.status == 200 and hidden.encode() not in found.bytes and led.partition("/")[2].encode() in found.bytes
        ), path
    assert hidden.encode() not in ppr.transaction(entry("GET", led), kind="batch").bytes
    # and when it may be read, it is told again
    assert not send(observation("h1", performer=PPR)).refusals
    assert set(members(ppr.get(led).json)) == {leading.ref("h1"), leading.ref("o1")}


def test_no_search_finds_it_out(leading: World) -> None:
    def found(query: str) -> list[str]:
        answer = leading("ppr").get(f"Observation?subject={leading.ref('alma')}&{query}")
        assert answer.status == 200, answer.json
        return [one["resource"]["id"] for one in answer.entries]

    led, only, plain = (leading.id(one) for one in ("led", "only", "plain"))
    assert found("has-member:missing=false") == [led]
    assert {only, plain} <= set(found("has-member:missing=true"))
    assert found(f"has-member={leading.ref('h1')}") == found(f"has-member={leading.id('h1')}") == []
    assert found(f"has-member={leading.ref('o1')}") == [led]
    for order in ("has-member", "-has-member"):
        at = found(f"_sort={order},_id")
        assert at[0] == led and at[1:] == sorted(at[1:])
    assert leading("ppr").get("Observation?has-member:missing=false&_total=accurate").json["total"] == 1


def test_it_stays_when_the_entry_is_written_again(leading: World) -> None:
    ppr, led, hidden, known = leading("ppr"), leading.ref("led"), leading.ref("h1"), leading.ref("o1")
    read = ppr.get(led).json
    assert ppr.put(led, read).json["meta"]["versionId"] == version(led, 1)
    changed = ppr.put(led, {**read, "valueString": "Nyt"})
    assert (changed.status, members(changed.json), stored(led)) == (200, [known], [hidden, known])
    more = [{"op": "add", "path": "/hasMember/1", "value": {"reference": leading.ref("plain")}}]
    added = ppr.patch(led, more)
    assert members(added.json) == [known, leading.ref("plain")]
    assert stored(led) == [hidden, known, leading.ref("plain")]
    tag = {"resourceType": "Parameters", "parameter": [{"name": "meta", "valueMeta": {"tag": [{"code": "x"}]}}]}
    assert ppr.post(f"{led}/$meta-add", tag).status == 200
    without = {name: one for name, one in ppr.get(led).json.items() if name != "hasMember"}
    assert "hasMember" not in ppr.put(led, without).json
    assert stored(led) == [hidden]
    assert leading("ppr").delete(led).status == 204


def test_who_has_it_from_before_may_send_it_and_others_are_answered_as_if_it_were_not_there(leading: World) -> None:
    """A system keeps what it has sent, and sends it whole each time: its right to what it leads to may have ended."""
    only, plain, hidden = leading.ref("only"), leading.ref("plain"), leading.ref("h1")
    sent = {**leading("ppr").get(only).json, "valueString": "Rettet", "hasMember": [{"reference": hidden}]}
    answer = leading("ppr").put(only, sent)
    assert (answer.status, "hasMember" in answer.json, stored(only)) == (200, False, [hidden])
    read = leading("ppr").get(plain).json
    answers = [
        leading("ppr").put(plain, {**read, "hasMember": [{"reference": one}]})
        for one in (hidden, "Observation/018f3c5e-0000-7000-8000-000000000000")
    ]
    assert [one.status for one in answers] == [422, 422] and answers[0].bytes == answers[1].bytes
    assert stored(plain) == []
