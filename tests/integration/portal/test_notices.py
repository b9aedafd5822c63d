"""*Besked om nyt*: choosing, the code, and stopping, on the page; and that nobody else has a trace of it."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from barnetsbog.delivery.channels import announcers
from barnetsbog.notifications import operations
from tests.integration.portal.conftest import ALMA, text

pytestmark = pytest.mark.django_db(databases=["default", "demo"])

Relative = Callable[[str, str], Client]
PAGE, CODE = "/familie/beskeder-om-nyt/", "/familie/beskeder-om-nyt/kode/"
WISH = {"way": "mail", "address": "sara@eksempel.dk", "since": "20", "until": "8"}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(operations, "announcers", lambda _: announcers(tmp_path))
    return tmp_path


def test_a_mother_chooses_mail_writes_the_code_and_stops_again(relative: Relative, folder: Path) -> None:
    sara = relative(ALMA, "Sara Prøvegaard")
    assert "Jeg vil ikke have besked" in text(sara, PAGE)
    assert sara.post(PAGE, WISH).headers["Location"].startswith(CODE)
    assert "sara@eksempel.dk" in text(sara, CODE)
    wrong = sara.post(CODE, {"code": "12"})
    assert wrong.status_code == 422 and "Koden passer ikke" in wrong.content.decode()
    (mail,) = (folder / "mail").glob("*.eml")
    (code,) = re.findall(r"kode er (\d{6})", mail.read_text())
    assert sara.post(CODE, {"code": code}).headers["Location"] == f"{PAGE}?gjort=ja"
    assert "Du får besked, når der er nyt." in text(sara, f"{PAGE}?gjort=ja")
    # the father has no trace of it, on his page or in his log
    jonas = relative(ALMA, "Jonas Demodal")
    assert "sara@eksempel.dk" not in text(jonas, PAGE) and "esked om nyt." not in text(jonas, "/familie/hvem-har-set/")
    assert jonas.get(CODE).status_code == 302
    assert sara.post(PAGE, WISH | {"way": "ingen"}).status_code == 302
    assert "sara@eksempel.dk" not in text(sara, PAGE)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"address": ""}, "Skriv din mail eller dit mobilnummer."),
        ({"address": "sara"}, "Skriv en mailadresse"),
        ({"way": "sms"}, "Skriv et mobilnummer"),
        ({"way": "due"}, "Det er ikke gemt endnu"),
        ({"since": "24"}, "Det er ikke gemt endnu"),
    ],
)
def test_what_is_written_wrong_is_said_and_nothing_is_sent(
    relative: Relative, folder: Path, change: dict[str, str], why: str
) -> None:
    answer = relative(ALMA, "Sara Prøvegaard").post(PAGE, WISH | change)
    assert answer.status_code == 422 and why in answer.content.decode()
    assert not list(folder.iterdir())
