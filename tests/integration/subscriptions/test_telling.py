"""From what is written to what a receiver on this machine is told, by REST and over HTTP."""

import logging
from datetime import date
from pathlib import Path

import pytest
from django.test import Client as Browser
from django.test import override_settings

from barnetsbog.clients.models import Registered
from barnetsbog.delivery import rules as waits
from barnetsbog.exchange.fhir import notifying
from barnetsbog.kernel.ids import new_id
from barnetsbog.record.instance import make_demo
from barnetsbog.subscriptions import operations, queue
from barnetsbog.subscriptions.channels import rest_hook
from barnetsbog.subscriptions.channels.rest_hook import RestHook
from barnetsbog.subscriptions.model import Carrier, Parcel, Subscription, Unreached
from barnetsbog.subscriptions.models import Happening, Subscribed, Waiting
from tests.builders import role, send
from tests.conftest import BOTH_DATABASES
from tests.integration.fhir.conftest import lines

from .conftest import BACKPORT, EVERYTHING, Subscribing, parameters

pytestmark = BOTH_DATABASES


def test_a_handshake_comes_first_and_then_each_event_with_its_number(world: Subscribing) -> None:
    made = world("ppr").post("Subscription", world.wish())
    assert (made.status, made.json["status"]) == (201, "requested")
    notifying.work()
    assert [one["type"] for one in map(parameters, world.receiver.got)] == ["handshake"]
    first, second = world.written(), world.written()
    notifying.work()
    told = world.receiver.told()
    assert [(one["event-number"], one["focus"]) for one in told] == [("1", first), ("2", second)]
    notice = world.receiver.got[-1]
    assert (notice["resourceType"], notice["type"]) == ("Bundle", "history")
    assert notice["entry"][1]["fullUrl"] == second
    assert "resource" not in notice["entry"][1]
    assert world("ppr").get(f"Subscription/{made.json['id']}").json["status"] == "active"


@pytest.mark.parametrize("content", ["empty", "id-only", "full-resource"])
def test_a_notification_says_as_much_as_was_asked_for(world: Subscribing, content: str) -> None:
    refused = world("ppr").post("Subscription", world.wish("full-resource"))
    assert refused.status == 422
    Registered.objects.update(full=True)
    world.subscribed(content=content)
    address = world.written(valueString="Alma trives")
    notifying.work()
    (notice,) = world.receiver.got
    assert ("focus" in parameters(notice)) is (content != "empty")
    assert (b"Alma trives" in str(notice).encode()) is (content == "full-resource")
    if content == "full-resource":
        assert notice["entry"][1]["resource"]["id"] == address.rpartition("/")[2]
    else:
        assert world.id("alma") not in str(notice)


def test_what_may_not_be_known_is_not_told_and_leaves_no_gap(world: Subscribing) -> None:
    ident = world.subscribed()
    world.written("bup", "noah")
    first = world.written()
    world.written("bup", "noah")
    second = world.written()
    notifying.work()
    assert [(one["event-number"], one["focus"]) for one in world.receiver.told()] == [("1", first), ("2", second)]
    assert not Waiting.objects.exclude(subscription_id=ident, heard=True).exists()
    noahs = [one for one in lines("fhir-read") if one.child_id == world.child("noah")]
    assert noahs == []


def test_what_is_hidden_changes_no_byte_of_what_is_answered(world: Subscribing) -> None:
    ident = world.subscribed()
    world.written()
    notifying.work()

    def answers() -> list[tuple[int, str]]:
        asked = (f"Subscription/{ident}", f"Subscription/{ident}/$status", "Subscription")
        found = [world("ppr").get(path) for path in asked]
        told = world.events(ident)
        return [
            *((one.status, str({**one.json, "entry": _said(one.json)})) for one in found),
            (told.status, str(parameters(told.json))),
        ]

    def _said(json: dict[str, object]) -> str:
        entries = json.get("entry", [])
        assert isinstance(entries, list)
        return str([one["resource"] for one in entries])

    before = answers()
    world.written("bup", "noah")
    assert answers() == before
    notifying.work()
    assert answers() == before
    assert len(world.receiver.told()) == 1


def test_rights_that_end_between_the_write_and_the_telling_count(world: Subscribing) -> None:
    world.subscribed()
    world.written()
    Registered.objects.filter(id="ppr").update(scopes="system/Subscription.cruds system/Encounter.rs")
    notifying.work()
    assert world.receiver.told() == []
    Registered.objects.filter(id="ppr").update(scopes="system/*.cruds")
    later = world.written()
    notifying.work()
    assert [(one["event-number"], one["focus"]) for one in world.receiver.told()] == [("1", later)]


def test_what_may_have_been_told_keeps_its_number_and_says_nothing_when_a_right_has_ended(world: Subscribing) -> None:
    ident = world.subscribed()
    world.receiver.status = 500
    world.written()
    notifying.work()
    Registered.objects.filter(id="ppr").update(scopes="system/Subscription.cruds system/Encounter.rs")
    world.receiver.status = 200
    world.later()
    first, again = world.receiver.told()
    assert (first["event-number"], again["event-number"]) == ("1", "1")
    assert "focus" in first
    assert "focus" not in again
    assert "focus" not in parameters(world.events(ident).json)


def test_a_number_that_nobody_can_have_got_is_given_back(world: Subscribing, monkeypatch: pytest.MonkeyPatch) -> None:
    ident = world.subscribed()
    world.written()
    monkeypatch.setattr(rest_hook, "resolved", lambda *_: ["10.0.0.1"])
    monkeypatch.setattr(RestHook, "deliver", _unreached)
    notifying.work()
    assert Subscribed.objects.get(id=ident).told == 0
    assert Waiting.objects.get().number is None


def _unreached(*_: object) -> None:
    raise Unreached(rest_hook.SILENT)


def test_a_closed_client_and_one_whose_time_is_over_are_told_no_more(world: Subscribing) -> None:
    ident = world.subscribed()
    world.written()
    Registered.objects.filter(id="ppr").update(enabled=False)
    notifying.work()
    assert world.receiver.got == []
    assert Subscribed.objects.get(id=ident).status == "off"
    assert not Waiting.objects.exists()


def test_a_receiver_that_fails_is_tried_again_in_order_and_at_last_no_more(
    world: Subscribing, caplog: pytest.LogCaptureFixture
) -> None:
    ident = world.subscribed(channel={"header": ["Authorization: Bearer hemmelig"]})
    world.receiver.status = 503
    first, second = world.written(), world.written()
    notifying.work()
    notifying.work()
    assert [one["focus"] for one in world.receiver.told()] == [first]
    with caplog.at_level(logging.ERROR):
        for _ in range(waits.MOST):
            world.later()
    assert [one["focus"] for one in world.receiver.told()] == [first] * waits.MOST
    found = world("ppr").get(f"Subscription/{ident}").json
    assert (found["status"], found["error"]) == ("error", "Modtageren svarede 503.")
    for place in (f"Subscription/{ident}", f"Subscription/{ident}/$status"):
        answer = world("ppr").get(place, Accept_Language="en")
        assert b"The receiver answered 503." in answer.bytes and "Accept-Language" in answer.headers["Vary"]
    assert "hemmelig" not in caplog.text + str(found)
    assert ident in caplog.text
    world.receiver.status = 200
    found["status"] = "requested"
    assert world("ppr").put(f"Subscription/{ident}", found).status == 200
    world.receiver.got.clear()
    notifying.work()
    assert [(one["event-number"], one["focus"]) for one in world.receiver.told()] == [("1", first), ("2", second)]
    assert world.receiver.headers[-1]["Authorization"] == "Bearer hemmelig"


def test_whoever_administers_sees_what_is_not_received_and_has_it_tried_again(world: Subscribing) -> None:
    send(*role("ib", "ppr", "administrator"))
    make_demo(date(2026, 11, 25))
    ib, kim = Browser(), Browser()
    for browser, name in ((ib, "ib"), (kim, "ppr-staff")):
        assert browser.post("/log-ind/", {"role": world.id(name)}).status_code == 302
    ident = world.subscribed(channel={"header": ["Authorization: Bearer hemmelig"]})
    assert "får ikke besked" not in ib.get("/administration/").content.decode()
    world.receiver.status = 503
    first, second = world.written(), world.written()
    notifying.work()
    for _ in range(waits.MOST):
        world.later()
    assert "Et program får ikke besked" in ib.get("/administration/").content.decode()
    page = ib.get("/administration/programmer/").content.decode()
    assert "503" in page and "2 beskeder venter." in page and "Sidst modtaget" in page
    assert "hemmelig" not in page and world.id("alma") not in page
    ib.cookies["sprog"] = "en"
    told = ib.get("/administration/programmer/").content.decode()
    assert "The receiver answered 503" in told and "that the own unit may read about" in told
    del ib.cookies["sprog"]
    again = f"/administration/programmer/besked/{ident}"
    assert kim.post(again).status_code == 404
    world.receiver.status = 200
    world.receiver.got.clear()
    assert ib.post(again)["Location"] == "/administration/programmer/?igen"
    assert ib.post(again).status_code == 404
    notifying.work()
    assert [(one["event-number"], one["focus"]) for one in world.receiver.told()] == [("1", first), ("2", second)]
    assert "ikke er kommet frem" not in ib.get("/administration/programmer/").content.decode()
    assert lines("client")[-1].detail["step"] == "subscribe-again"


def test_a_subscription_that_ends_its_worker_keeps_no_others_back_and_is_tried_no_more(
    world: Subscribing, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = world.subscribed(), world.subscribed()
    world.written()
    telling, ends = notifying._tell, 0

    def kills(of: Subscription, way: Carrier) -> None:
        if str(of.id) == bad:
            raise KeyboardInterrupt
        telling(of, way)

    monkeypatch.setattr(notifying, "_tell", kills)
    for _ in range(waits.ENDED + 3):
        Subscribed.objects.update(held_until=0)
        try:
            notifying.work()
        except KeyboardInterrupt:
            ends += 1
    assert ends == waits.ENDED and len(world.receiver.told()) == 1
    found = world("ppr").get(f"Subscription/{bad}").json
    assert found["status"] == "error" and found["error"].startswith("Programmet stoppede") and bad in caplog.text
    assert world("ppr").get(f"Subscription/{good}").json["status"] == "active"
    monkeypatch.setattr(notifying, "_tell", telling)
    assert world("ppr").put(f"Subscription/{bad}", {**found, "status": "requested"}).status == 200
    notifying.work()
    assert [one["event-number"] for one in world.receiver.told()] == ["1", "1"]  # once to each


def test_a_worker_gives_a_slow_receiver_back_before_its_hold_is_over(
    world: Subscribing, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.subscribed()
    monkeypatch.setattr(notifying, "SECONDS", 0.05)
    world.receiver.wait = 0.1
    told = [world.written() for _ in range(3)]
    release, given_back = queue.release, []
    monkeypatch.setattr(queue, "release", lambda of: given_back.append(of.told) or release(of))
    for _ in range(20):
        notifying.work()
    assert [one["focus"] for one in world.receiver.told()] == told
    # a slow machine may give it back before it has told of anything
    assert [*dict.fromkeys(given_back)][:3] == [0, 1, 2]


def test_much_to_tell_one_of_keeps_nobody_else_waiting(world: Subscribing, monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters and what happens meanwhile have their turn between rounds, however much there is for one receiver."""
    world.subscribed()
    monkeypatch.setattr(notifying, "AT_ONCE", 2)
    told = [world.written() for _ in range(5)]
    for number in (2, 4, 5):
        assert notifying.work() > 0
        assert [one["focus"] for one in world.receiver.told()] == told[:number]
    notifying.work()
    assert len(world.receiver.told()) == 5


def test_nothing_is_told_of_before_a_subscription_was_there(world: Subscribing) -> None:
    """What has not been handed out yet is of those who subscribed when it happened."""
    before = world.subscribed()
    earlier = world.written()
    new = str(world("ppr").post("Subscription", world.wish()).json["id"])
    now = world.written()
    notifying.work()
    told: dict[str, list[str]] = {before: [], new: []}
    for notice in world.receiver.told():
        told[notice["subscription"].rpartition("/")[2]].append(notice["focus"])
    assert told == {before: [earlier, now], new: [now]}


def test_a_slow_receiver_is_hung_up_on(world: Subscribing, monkeypatch: pytest.MonkeyPatch) -> None:
    ident = world.subscribed()
    monkeypatch.setattr(
        "barnetsbog.subscriptions.channels.RestHook", lambda demo: RestHook(demo, seconds=2, in_all=0.2)
    )
    world.receiver.wait = 1.0
    world.written()
    notifying.work()
    assert "for sent" in Subscribed.objects.get(id=ident).error


def test_a_redirect_is_not_followed(world: Subscribing) -> None:
    ident = world.subscribed()
    world.receiver.status, world.receiver.more = 307, {"Location": f"{world.receiver.origin}/andet"}
    world.written()
    notifying.work()
    assert len(world.receiver.got) == 1
    assert "307" in Subscribed.objects.get(id=ident).error


def test_a_worker_that_is_killed_after_the_telling_tells_again_under_the_same_number(
    world: Subscribing, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.subscribed()
    address = world.written()
    with monkeypatch.context() as patched:
        patched.setattr(queue, "answered", _killed)
        with pytest.raises(KeyboardInterrupt):
            notifying.work()
    notifying.work()
    assert len(world.receiver.told()) == 1  # the hold of the dead worker
    Subscribed.objects.update(held_until=0)
    notifying.work()
    assert [(one["event-number"], one["focus"]) for one in world.receiver.told()] == [("1", address)] * 2


def _killed(*_: object) -> None:
    raise KeyboardInterrupt


def test_nothing_is_put_aside_when_the_write_is_undone_or_nobody_subscribes(world: Subscribing) -> None:
    world.written()
    assert not Happening.objects.exists()
    world.subscribed()
    assert world("ppr").transaction({"request": {"method": "POST", "url": "Observation"}, "resource": world.observation()},
        {"request": {"method": "DELETE", "url": world.ref("o3")}}).status >= 400  # fmt: skip
    assert not Happening.objects.exists()


def test_events_can_be_asked_for_again_by_their_numbers_and_before_they_are_sent(world: Subscribing) -> None:
    ident = world.subscribed()
    made = [world.written() for _ in range(3)]
    notifying.work()
    world.receiver.status = 500
    made.append(world.written())
    queue.hand_out()
    asked = world.events(ident, eventsSinceNumber="2").json
    assert [one["fullUrl"] for one in asked["entry"][1:]] == made[1:]
    asked = world.events(ident, eventsSinceNumber="2", eventsUntilNumber="3").json
    assert [one["fullUrl"] for one in asked["entry"][1:]] == made[1:3]
    assert world.events(ident, eventsSinceNumber="x").status == 400
    assert world.events(ident, eventsSince="2").where == "http.eventsSince"
    assert world.events(ident, content="empty").status == 200
    assert world("ppr").get(f"Subscription/{ident}/$status?status=active").where == "http.status"
    assert world.events(ident, "gp").status == 404
    status = world("ppr").get(f"Subscription/{ident}/$status").json["entry"][0]["resource"]
    assert {"name": "events-since-subscription-start", "valueString": "4"} in status["parameter"]


def test_a_heart_beats_when_nothing_happens(world: Subscribing) -> None:
    beat = [{"url": f"{BACKPORT}heartbeat-period", "valueUnsignedInt": 60}]
    world.subscribed(channel={"extension": beat})
    notifying.work()
    assert world.receiver.got == []
    Subscribed.objects.update(last_at=0, next_at=0)
    notifying.work()
    assert [one["type"] for one in map(parameters, world.receiver.got)] == ["heartbeat"]


def test_filters_and_topics_choose(world: Subscribing) -> None:
    wanted = [{"url": f"{BACKPORT}filter-criteria", "valueString": "Observation?status=amended"}]
    world.subscribed(_criteria={"extension": wanted})
    world.subscribed(topic="appointment-changed")
    world.written()
    address = world.written(status="amended")
    notifying.work()
    assert [one["focus"] for one in world.receiver.told()] == [address]


def test_the_broker_is_a_folder_for_those_who_may(world: Subscribing, tmp_path: Path) -> None:
    channel = {"type": "message", "payload": "application/fhir+json"}
    wish = {**world.wish(), "channel": channel}
    assert world("ppr").post("Subscription", wish).status == 422
    Registered.objects.filter(id="ppr").update(notify='["broker"]')
    made = world("ppr").post("Subscription", wish)
    assert made.status == 201
    world.written()
    notifying.work()
    names = sorted(one.name for one in (tmp_path / "notifications" / made.json["id"]).iterdir())
    assert names[0] == "event-000000000001.json"
    assert len(names) == 2


# -- over REST ---------------------------------------------------------------------------------------------------------


def test_a_subscription_is_its_clients_alone(world: Subscribing) -> None:
    ident = world.subscribed()
    for answer in (
        world("gp").get(f"Subscription/{ident}"), world("gp").delete(f"Subscription/{ident}"),
        world("gp").put(f"Subscription/{ident}", {**world.wish(), "id": ident}),
        world("gp").get(f"Subscription/{ident}/$status"), world("ppr").get("Subscription/x"),
    ):  # fmt: skip
        assert (answer.status, answer.json) == (404, world("gp").get(f"Observation/{world.id('o2')}").json)
    assert world("gp").get("Subscription").json["total"] == 0
    assert world("ppr").get("Subscription?status=active").json["total"] == 1
    assert world("ppr").delete(f"Subscription/{ident}").status == 204
    assert world("ppr").get(f"Subscription/{ident}").status == 404
    world.written()
    notifying.work()
    assert world.receiver.got == []


def test_a_clients_subscriptions_are_found_page_by_page(world: Subscribing) -> None:
    idents = [world("ppr").post("Subscription", world.wish()).json["id"] for _ in range(3)]
    path, found = "Subscription?_count=2", []
    while path:
        page = world("ppr").get(path)
        found += [one["resource"]["id"] for one in page.entries]
        links = {one["relation"]: one["url"] for one in page.json["link"]}
        path = links.get("next", "").partition("/fhir/")[2]
    assert found == idents
    counted = world("ppr").get("Subscription?_summary=count")
    assert (counted.json["total"], counted.entries) == (3, [])
    for query, number in {
        "criteria=https://barnetsbog.example/fhir/Sub": 3, f"criteria={EVERYTHING}": 0, "status=requested,off": 3,
        "status=http://hl7.org/fhir/subscription-status|requested": 3, "status=http://x|requested": 0, "url=http://": 0,
    }.items():  # fmt: skip
        assert world("ppr").get(f"Subscription?{query}").json["total"] == number, query


def test_headers_are_never_told_and_stay_when_what_was_shown_is_sent_back(world: Subscribing) -> None:
    made = world("ppr").post("Subscription", world.wish(channel={"header": ["X-Key: hemmelig"]}))
    assert b"hemmelig" not in made.bytes
    assert b"hemmelig" not in bytes(Subscribed.objects.get().headers)
    shown = world("ppr").get(f"Subscription/{made.json['id']}").json
    shown.pop("error", None)
    changed = world("ppr").put(f"Subscription/{made.json['id']}", shown, If_Match='W/"1"')
    assert (changed.status, changed.json["meta"]["versionId"]) == (200, "2")
    notifying.work()
    assert world.receiver.headers[-1]["X-Key"] == "hemmelig"
    assert world("ppr").put(f"Subscription/{made.json['id']}", shown, If_Match='W/"1"').status == 412


def test_without_its_headers_nothing_is_sent_and_why_is_told(world: Subscribing) -> None:
    """A backup that was put back without `secret.key`: the receiver would get what does not say that it is from us."""
    ident = world.subscribed(channel={"header": ["Authorization: Bearer hemmelig"]})
    written = world.written()
    with override_settings(SECRET_KEY="x" * 50):
        notifying.work()
    assert not world.receiver.got
    assert "Skriv dem i abonnementet igen" in Subscribed.objects.get(id=ident).error
    world.later()
    assert [(one["event-number"], one["focus"]) for one in world.receiver.told()] == [("1", written)]


@pytest.mark.parametrize(("change", "code"), [
    ({"criteria": "Observation?code=x"}, 422), ({"status": "active"}, 422), ({"channel": {"type": "email"}}, 422),
    ({"channel": {"endpoint": "https://evil.example/x"}}, 422), ({"channel": {"endpoint": "http://2130706433/x"}}, 422),
    ({"channel": {"endpoint": "http://localhost/x"}}, 422), ({"channel": {"header": ["Host: x"]}}, 422),
    ({"_criteria": {"extension": [{"url": f"{BACKPORT}filter-criteria", "valueString": "Patient?name=a"}]}}, 422),
    ({"_criteria": {"extension": [{"url": f"{BACKPORT}filter-criteria", "valueString": "Observation?subject.name=a"}]}}, 422),
    ({"channel": {"payload": "application/fhir+xml"}}, 422), ({"reason": "x" * 501}, 422), ({"reason": 1}, 400),
])  # fmt: skip
def test_what_is_not_understood_is_not_promised(world: Subscribing, change: dict[str, object], code: int) -> None:
    wish = world.wish(**change)
    answer = world("ppr").post("Subscription", wish)
    assert answer.status == code, answer.json
    assert not Subscribed.objects.exists()


def test_what_is_refused_is_named_where_it_stands(world: Subscribing, monkeypatch: pytest.MonkeyPatch) -> None:
    changes: dict[str, dict[str, object]] = {
        "reason": {"reason": "x" * 501}, "channel.header": {"channel": {"header": ["Host: x"]}},
        "channel.endpoint": {"channel": {"endpoint": "https://evil.example/x"}}, "channel.type": {"channel": {"type": "message"}},
    }  # fmt: skip
    for where, change in changes.items():
        assert world("ppr").post("Subscription", world.wish(**change)).where == f"Subscription.{where}"
    monkeypatch.setattr(operations, "MOST", 0)
    assert world("ppr").post("Subscription", world.wish()).where == "Subscription"


def test_a_token_that_does_not_reach_the_topic_gets_no_subscription(world: Subscribing) -> None:
    world.allowed["ppr"] = {"Subscription": frozenset("cruds"), "Observation": frozenset("rs")}
    assert world("ppr").post("Subscription", world.wish(topic=EVERYTHING)).status == 403
    world.allowed["ppr"] = {"Observation": frozenset("cruds")}
    assert world("ppr").post("Subscription", world.wish()).status == 403


# -- attacks -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.5", "169.254.169.254", "::1", "::ffff:127.0.0.1"])
def test_a_name_that_leads_inwards_now_is_not_called(address: str) -> None:
    parcel = Parcel("k", new_id(), "https://system.example/x", (), b"{}")
    for found in ([address], ["93.184.216.34", address]):
        with pytest.raises(Unreached, match="ikke til et sted"):
            RestHook(True, lambda *_, found=found: found).deliver(parcel, ("https://system.example",))


def test_the_connection_goes_to_the_address_that_was_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that leads to this machine when it is asked for the second time (rebinding)."""
    answers, called = iter([["93.184.216.34"], ["127.0.0.1"]]), []

    def connect(place: tuple[str, int], timeout: float) -> None:
        called.append(place)
        raise OSError

    monkeypatch.setattr(rest_hook.socket, "create_connection", connect)
    parcel = Parcel("k", new_id(), "https://system.example/x", (), b"{}")
    with pytest.raises(Unreached):
        RestHook(False, lambda *_: next(answers)).deliver(parcel, ("https://system.example",))
    assert called == [("93.184.216.34", 443)]


def test_an_address_that_cannot_be_reached_from_here_is_not_the_only_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """A receiver with IPv6, and a house without: the first address was called, and no other."""
    both, called = ["2606:2800:220:1:248:1893:25c8:1946", "93.184.216.34"], list[str]()

    def connect(place: tuple[str, int], timeout: float) -> None:
        called.append(place[0])
        raise OSError

    monkeypatch.setattr(rest_hook.socket, "create_connection", connect)
    parcel = Parcel("k", new_id(), "https://system.example/x", (), b"{}")
    with pytest.raises(Unreached):
        RestHook(False, lambda *_: both).deliver(parcel, ("https://system.example",))
    assert called == both


def test_one_that_has_run_out_says_so_and_is_still_there(world: Subscribing) -> None:
    ident = world.subscribed()
    Subscribed.objects.update(end=1)
    assert world("ppr").get(f"Subscription/{ident}").status == 200
    over = world.events(ident)
    assert (over.status, over.where) == (422, "Subscription.end") and "udløbet" in over.said


def test_a_place_that_was_taken_from_the_client_is_called_no_more(world: Subscribing) -> None:
    ident = world.subscribed()
    Registered.objects.update(notify="[]")
    world.written()
    notifying.work()
    assert world.receiver.got == []
    assert "ikke registreret" in Subscribed.objects.get(id=ident).error
