"""The book as an app: a manifest that browsers take, a worker that may run, and a copy with nothing too much on it."""

import struct
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import orjson
import pytest
from django.test import Client

from barnetsbog import portal
from barnetsbog.home.model import Home
from barnetsbog.login.models import LoginSession
from barnetsbog.portal import app
from barnetsbog.portal.session import LOGIN
from barnetsbog.record.book import Book
from tests.integration.portal.conftest import ALMA, text

pytestmark = pytest.mark.django_db(databases=["default", "demo"])

Relative = Callable[[str, str], Client]
STATIC = Path(portal.__file__).parent / "static"
COPY = "/familie/uden-net/"
LIVA = "7901129906"


def test_the_manifest_names_icons_that_are_there_in_the_size_it_says() -> None:
    manifest = orjson.loads((STATIC / "bog/app.webmanifest").read_bytes())
    assert {"name", "short_name", "start_url", "scope", "display", "icons"} <= set(manifest)
    for icon in manifest["icons"]:
        file = STATIC / icon["src"].removeprefix("/static/")
        if icon["type"] == "image/png":
            width, height = struct.unpack(">II", file.read_bytes()[16:24])  # PNG, IHDR
            assert icon["sizes"] == f"{width}x{height}"
        else:
            assert file.read_text(encoding="utf-8").startswith("<svg")
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in manifest["icons"]}


def test_the_worker_is_a_script_of_ours_and_its_parts_exist() -> None:
    answer = Client().get("/service-worker.js")
    assert answer.status_code == 200 and answer.headers["Content-Type"] == "text/javascript"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    for line in answer.content.decode().partition("const PARTS = [")[2].partition("]")[0].split(","):
        name = line.strip().strip('"')
        assert not name or (STATIC / name.removeprefix("/static/")).is_file()


def test_the_page_without_a_net_is_the_same_for_everybody() -> None:
    assert "Der er intet net lige nu" in Client().get("/om/uden-net/").content.decode()


@pytest.mark.parametrize(("number", "name"), [(ALMA, "Sara Prøvegaard"), (ALMA, "child"), (LIVA, "Else Hjemmeby")])
def test_everybody_of_a_family_has_the_next_things_on_one_page(relative: Relative, number: str, name: str) -> None:
    assert "Det næste, på én side" in text(relative(number, name), COPY)


def test_the_copy_that_is_kept_has_no_menu_no_session_and_not_the_reader_s_name(relative: Relative) -> None:
    sara = relative(ALMA, "Sara Prøvegaard")
    assert "Sara Prøvegaard" in sara.get(COPY).content.decode()
    kept = sara.get(f"{COPY}?kopi=1").content.decode()
    assert "Første samtale i BUP Nord" in kept and "Dette er en kopi fra" in kept
    for word in ("Sara", "bog-session", "Log af", "bog-nav"):
        assert word not in kept, word
    assert Client().get(f"{COPY}?kopi=1").headers["Location"] == "/log-ind/"


@pytest.mark.parametrize(("way", "to"), [("/log-af/", "/log-ind/"), ("/log-af/hurtigt", "/om/kalender/")])
def test_a_session_that_ends_takes_the_copy_with_it(relative: Relative, way: str, to: str) -> None:
    sara = relative(ALMA, "Sara Prøvegaard")
    answer = sara.get(way) if "hurtigt" in way else sara.post(way)
    assert (answer.headers["Location"], answer.headers["Clear-Site-Data"]) == (to, '"storage"')


def test_a_session_that_nobody_has_used_takes_the_copy_with_it(relative: Relative) -> None:
    sara = relative(ALMA, "Sara Prøvegaard")
    LoginSession.objects.filter(id=UUID(sara.session[LOGIN])).update(seen_at=0)
    answer = sara.get(COPY)
    assert (answer.headers["Location"], answer.headers["Clear-Site-Data"]) == ("/log-ind/udloebet/", '"storage"')


def test_a_place_that_reveals_an_address_is_on_no_copy(relative: Relative, monkeypatch: pytest.MonkeyPatch) -> None:
    sara = relative(ALMA, "Sara Prøvegaard")
    assert "BUP Nord, stue 4" in text(sara, COPY)
    real = app.home

    def hiding(book: Book, child_id: UUID) -> Home:
        found = real(book, child_id)
        return replace(found, meetings=tuple(replace(one, hides_place=True) for one in found.meetings))

    monkeypatch.setattr(app, "home", hiding)
    assert "Første samtale i BUP Nord" in text(sara, COPY) and "BUP Nord, stue 4" not in text(sara, COPY)
