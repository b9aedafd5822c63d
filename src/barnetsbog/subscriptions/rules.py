"""Where a client may be told, what a subscription may say, and how long to wait. Pure."""

import re
from collections.abc import Collection
from ipaddress import IPv4Address, IPv6Address, ip_network
from urllib.parse import urlsplit

from barnetsbog.kernel.decisions import Decision, allow, refuse
from barnetsbog.kernel.sentences import say

from .model import Content, Way, Wish
from .topics import Topic

RULE = "OWN-SUBSCRIPTION"
BROKER = "broker"
"""What stands among a client's origins when it may be told through the instance's broker."""
LOOPBACK = "127.0.0.1"

MOST_FILTERS, MOST_HEADERS, LONGEST = 10, 5, 2_000
HEARTBEATS = range(60, 86_401)
"""Seconds."""

UNKNOWN_TOPIC = say(
    "Emnet kendes ikke. Se listen i dokumentationen.", "The topic is not known. See the list in the documentation."
)
OF_UNITS = say("Emnet er for dem, der arbejder i en enhed.", "The topic is for those who work in a unit.")
NOT_WHOLE = say("Klienten må ikke få hele ressourcer tilsendt.", "The client may not be sent whole resources.")
NO_BROKER = say("Klienten må ikke bruge instansens beskedkø.", "The client may not use the instance's message broker.")
BROKER_ENDED = say(
    "Klienten må ikke bruge instansens beskedkø mere.",
    "The client may not use the instance's message broker any more.",
)
OWN_BROKER = say(
    "Beskedkøen er instansens egen. Lad endpoint være ude.",
    "The message broker is the instance's own. Leave endpoint out.",
)
NOT_THERE = say(
    "Klienten er ikke registreret med den adresse. Den, der driver bogen, gør det (--notify-url).",
    "The client is not registered with that address. Whoever runs the book does that (--notify-url).",
)
TOO_LONG = say("Adressen er for lang.", "The address is too long.")
LONGEST_REASON = 500
REASON = say("Grunden (reason) må højst fylde {0} tegn.", "The reason may have {0} characters at most.", LONGEST_REASON)
FILTERS = say("Der kan være {0} filtre.", "There may be {0} filters.", MOST_FILTERS)
HEADERS = say(
    "Kun Authorization og X-... kan sendes med, højst {0}.",
    "Only Authorization and X-... can be sent along, {0} at most.",
    MOST_HEADERS,
)
HEARTBEAT = say(
    "Pulsen kan være fra {0} til {1} sekunder.",
    "The heartbeat may be from {0} to {1} seconds.",
    HEARTBEATS.start,
    HEARTBEATS.stop - 1,
)

_HOST = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
_HEADER = re.compile(r"(Authorization|X-[A-Za-z0-9-]{1,60}): [\x21-\x7e][\x20-\x7e]*")
_CARRY_OTHERS = tuple(map(ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96")))
"""IPv6 addresses that stand for IPv4 ones."""


def is_origin(text: str, *, demo: bool) -> bool:
    """Whether a place can be registered: https, a name (no number in any notation) and perhaps a port. In a
    demonstration also http on 127.0.0.1."""
    origin = origin_of(text)
    if not origin or origin != text:
        return False
    parts = urlsplit(text)
    if parts.scheme == "http":
        return demo and parts.hostname == LOOPBACK
    return bool(_HOST.fullmatch(parts.hostname or ""))


def origin_of(url: str) -> str:
    """Scheme, host and port of an address; '' when it can't be read in one way only."""
    if not url.isascii() or not url.isprintable() or any(one in url for one in "\\ @#"):
        return ""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.netloc != parts.netloc.lower():
        return ""
    usual = port in (None, 443 if parts.scheme == "https" else 80)
    if usual and parts.netloc != parts.hostname:
        return ""
    return f"{parts.scheme}://{parts.netloc}"


def may_connect(address: IPv4Address | IPv6Address, origin: str, *, demo: bool) -> bool:
    """Whether an address that a name led to may be called: a public one. In a demonstration this machine, when the
    place says so itself."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if demo and origin.startswith(f"http://{LOOPBACK}"):
        return str(address) == LOOPBACK
    carries = isinstance(address, IPv6Address) and any(address in one for one in _CARRY_OTHERS)
    return address.is_global and not address.is_multicast and not address.is_reserved and not carries


def may_subscribe(
    wish: Wish, topic: Topic | None, origins: Collection[str], *, full: bool, demo: bool, unit: bool = True
) -> Decision:
    """Whether a client may have such a subscription. `origins`: where it may be told; `full`: whether resources may be
    sent to it; `unit`: whether it acts for a unit or somebody who works in one, and not for a family."""
    origin = origin_of(wish.endpoint)
    faults = (
        (topic is None, UNKNOWN_TOPIC),
        (topic is not None and topic.of_unit and not unit, OF_UNITS),
        (wish.content is Content.FULL and not full, NOT_WHOLE),
        (wish.way is Way.BROKER and BROKER not in origins, NO_BROKER),
        (wish.way is Way.BROKER and bool(wish.endpoint), OWN_BROKER),
        (wish.way is Way.REST_HOOK and not (origin and origin in origins and is_origin(origin, demo=demo)), NOT_THERE),
        (len(wish.endpoint) > LONGEST, TOO_LONG),
        (len(wish.reason) > LONGEST_REASON, REASON),
        (len(wish.filters) > MOST_FILTERS, FILTERS),
        (not all(is_header(one) for one in wish.headers or ()) or len(wish.headers or ()) > MOST_HEADERS, HEADERS),
        (bool(wish.heartbeat) and wish.heartbeat not in HEARTBEATS, HEARTBEAT),
    )
    why = next((text for wrong, text in faults if wrong), None)
    return refuse(why, RULE) if why else allow("Klienten må have besked", RULE)


def is_header(line: str) -> bool:
    """Whether a line may go with a notification: nothing that changes how the request is read."""
    return len(line) <= LONGEST and bool(_HEADER.fullmatch(line))
