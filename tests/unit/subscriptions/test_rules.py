"""Where a client may be told: one spelling of a public place, and nothing that leads inwards."""

from dataclasses import replace
from ipaddress import ip_address

import pytest

from barnetsbog.subscriptions.model import Content, Status, Way, Wish
from barnetsbog.subscriptions.rules import BROKER, is_header, is_origin, may_connect, may_subscribe, origin_of
from barnetsbog.subscriptions.topics import topics

HOOK = "https://system.example"
TOPIC = next(one for one in topics().values() if one.name == "entry-written-for-my-child")
WISH = Wish(TOPIC.url, "Overblik", Status.REQUESTED, Content.ID_ONLY, Way.REST_HOOK, f"{HOOK}/besked?a=1")


@pytest.mark.parametrize("text", ["https://system.example", "https://a.b-c.example:8443"])
def test_a_place_is_https_and_a_name(text: str) -> None:
    assert is_origin(text, demo=False)


@pytest.mark.parametrize("text", [
    "http://system.example", "https://127.0.0.1", "https://2130706433", "https://0x7f000001", "https://017700000001",
    "https://127.1", "https://[::1]", "https://localhost", "https://system.example/", "https://system.example:443",
    "https://a@system.example", "https://System.example", "https://system.example#x", "https://system.example\\x",
    "https://sys tem.example", "ftp://system.example", "https://systém.example", "https://system.example:x", "https://",
    "http://127.0.0.1:9000", "https://system.example.", "broker", "",
])  # fmt: skip
def test_whatever_else_is_no_place(text: str) -> None:
    assert not is_origin(text, demo=False)


def test_in_a_demonstration_this_machine_is_a_place_by_its_own_number_only() -> None:
    assert is_origin("http://127.0.0.1:9000", demo=True)
    for text in ("http://localhost:9000", "http://2130706433", "http://127.1:9000", "http://10.0.0.1", "http://[::1]"):
        assert not is_origin(text, demo=True), text


@pytest.mark.parametrize("url", [
    "https://system.example@evil.example/x", "https://system.example\\@evil.example", "https://system.example\t/x",
    "//system.example", "https:system.example",
])  # fmt: skip
def test_an_address_that_can_be_read_in_two_ways_has_no_origin(url: str) -> None:
    assert origin_of(url) != HOOK


@pytest.mark.parametrize("address", [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1",
    "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::", "::7f00:1",
])  # fmt: skip
def test_what_leads_inwards_is_not_called(address: str) -> None:
    assert not may_connect(ip_address(address), HOOK, demo=False)
    assert not may_connect(ip_address(address), HOOK, demo=True)


def test_what_is_public_is_called_and_this_machine_in_a_demonstration_that_names_it() -> None:
    assert may_connect(ip_address("93.184.216.34"), HOOK, demo=False)
    assert may_connect(ip_address("2606:2800:220:1::1"), HOOK, demo=False)
    assert may_connect(ip_address("127.0.0.1"), "http://127.0.0.1:9000", demo=True)
    assert not may_connect(ip_address("127.0.0.1"), "http://127.0.0.1:9000", demo=False)
    assert not may_connect(ip_address("127.0.0.2"), "http://127.0.0.1:9000", demo=True)


def test_a_client_is_told_where_it_is_registered_and_as_much_as_it_may() -> None:
    def allowed(wish: Wish, *, full: bool = False) -> bool:
        return may_subscribe(wish, TOPIC, (HOOK,), full=full, demo=False).allowed

    assert allowed(WISH)
    assert not allowed(replace(WISH, endpoint="https://other.example/x"))
    assert not allowed(replace(WISH, endpoint=f"{HOOK}:8443/x"))
    assert not allowed(replace(WISH, endpoint=f"{HOOK}.evil.example/x"))
    assert not allowed(replace(WISH, content=Content.FULL))
    assert allowed(replace(WISH, content=Content.FULL), full=True)
    assert not allowed(replace(WISH, heartbeat=5))
    assert not allowed(replace(WISH, way=Way.BROKER, endpoint=""))
    assert may_subscribe(replace(WISH, way=Way.BROKER, endpoint=""), TOPIC, (BROKER,), full=False, demo=False).allowed
    assert not may_subscribe(WISH, None, (HOOK,), full=False, demo=False).allowed


def test_a_header_can_not_change_how_a_request_is_read() -> None:
    assert is_header("Authorization: Bearer abc")
    for line in ("Host: x", "Content-Length: 0", "X-A: b\r\nHost: x", "X-A:b", "Transfer-Encoding: chunked", "X-A: æ"):
        assert not is_header(line), line
    assert not may_subscribe(replace(WISH, headers=("Host: x",)), TOPIC, (HOOK,), full=False, demo=False).allowed
