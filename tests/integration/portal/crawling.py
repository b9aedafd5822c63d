"""Walking a site as one viewer: every link, a few of each sort, in an order that is the same every time.

It knows no list of pages. Links come from the pages, and what no page links to from the routes themselves. Addresses
that differ only in what they ask for are many (every column of a timeline, every combination of filters); of each sort,
by path and by which questions it asks, the first few are walked.
"""

import html
import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urljoin, urlsplit
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.urls.converters import UUIDConverter

from barnetsbog.access.people import Relative
from barnetsbog.directory.model import RoleName
from barnetsbog.portal import missing

_LINK = re.compile(r'(?:href|src|action)="([^"#]*)')
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_ONE_S_OWN = re.compile(
    r'name="(?:csrfmiddlewaretoken|noegle|next)" value="[^"]*"|<time datetime="PT\d+S">[^<]*</time>'
)
ELSEWHERE = ("/static/", "/log-ind/", "/log-af/", "/sprog/")


def plain(content: bytes) -> str:
    """Without what differs from page to page for everybody: the form's token and its key, the page's own address, and when
    the session ends."""
    return _ONE_S_OWN.sub("", content.decode(errors="replace"))


class Page(NamedTuple):
    """What a viewer got, `plain`."""

    address: str
    status: int
    text: str
    headers: tuple[tuple[str, str], ...]


def get(client: Client, address: str) -> Page:
    answer = client.get(address)
    raw = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    text = plain(raw)
    headers = {
        name: value
        for name, value in answer.headers.items()
        if name not in ("Content-Length", "Content-Security-Policy")
    }
    return Page(address, answer.status_code, text, tuple(sorted(headers.items())))


@contextmanager
def absent_in_short() -> Iterator[None]:
    """The page of what is not there is its template's name and no more: half of what knocking on a thousand shut doors
    costs is that page. A door that answers with any other page is found all the same; what the page itself says of a
    door is asked without this."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(missing, "render", lambda _request, template, **more: HttpResponse(template, **more))
        yield


def crawl(
    client: Client, start: Iterable[str] = ("/",), *, most: int = 60, alike: int = 2, within: str = "/"
) -> Iterator[Page]:
    """Pages from these addresses on, breadth first. `alike`: how many of one sort; `most`: pages in all; `within`: what
    stands in the addresses of all that is walked."""
    waiting, seen, sorts = deque(start), set[str](), Counter[str]()
    while waiting and most:
        address = waiting.popleft()
        if address in seen or sorts[_sort(address)] >= alike:
            continue
        seen.add(address)
        sorts[_sort(address)] += 1
        page = get(client, address)
        most -= 1
        yield page
        waiting += [one for one in _links(page) if one not in seen and within in one]


def _sort(address: str) -> str:
    """The path without ids, and the names of the questions."""
    parts = urlsplit(address)
    return _ID.sub("ID", parts.path) + "?" + ",".join(sorted(name for name, _ in parse_qsl(parts.query)))


def _links(page: Page) -> list[str]:
    found = [urljoin(page.address, html.unescape(one)) for one in _LINK.findall(page.text)]
    found += [value for name, value in page.headers if name == "Location"]
    return [one for one in dict.fromkeys(found) if one.startswith("/") and not one.startswith(ELSEWHERE)]


def routes(patterns: Sequence[Any] | None = None) -> list[tuple[str, tuple[str, ...]]]:
    """Every route that takes ids and nothing else: its name and the names of the ids."""
    found: list[tuple[str, tuple[str, ...]]] = []
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            found += routes(pattern.url_patterns)
            continue
        converters = pattern.pattern.converters
        if converters and all(isinstance(one, UUIDConverter) for one in converters.values()):
            found.append((str(pattern.name), tuple(converters)))
    return found


def addresses(ids: dict[str, UUID]) -> list[str]:
    """Every route filled in; an id that has no name here is that of the entry."""
    return [reverse(name, kwargs={key: ids.get(key, ids["entry_id"]) for key in keys}) for name, keys in routes()]


def as_role(role: RoleName) -> Client:
    return _signed_in({"role": str(role.id)})


def as_relative(relative: Relative) -> Client:
    return _signed_in({"person": str(relative.person_id), "child": str(relative.child_id)})


def _signed_in(who: dict[str, str]) -> Client:
    client = Client()
    assert client.post("/log-ind/", who).status_code == 302
    return client
