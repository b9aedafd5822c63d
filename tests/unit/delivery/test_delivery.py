"""When it is tried again, and what is handed to the channels that are folders."""

import base64
from dataclasses import replace
from pathlib import Path
from uuid import UUID
from xml.etree import ElementTree

import pytest

from barnetsbog.delivery import files, rules
from barnetsbog.delivery.channels.digital_post import memo
from barnetsbog.delivery.channels.digital_post.adapter import DigitalPost
from barnetsbog.delivery.channels.print_queue.adapter import PrintQueue
from barnetsbog.delivery.model import File, Parcel, Trouble, Unreachable
from barnetsbog.kernel.time import SECOND, parse

KEY = UUID("0192f000-0000-7000-8000-000000000001")
PARCEL = Parcel(
    KEY, "Indkaldelse til møde", "PPR Eksempelby", "6705179902", parse("2026-11-25T12:00:00+01:00")[0], b"%PDF-1.7 brev",
    (File("Bilag & mere", "text/plain", b"hej"),),
)  # fmt: skip
MEMO = f"{{{memo.NAMESPACE}}}"


def test_each_wait_is_longer_and_none_is_longer_than_six_hours() -> None:
    waits = [rules.wait(attempt) // SECOND for attempt in range(1, rules.MOST + 1)]
    assert waits == [60, 240, 960, 3840, 15360, 21600, 21600, 21600]
    assert [rules.is_last(attempt) for attempt in (1, 7, 8)] == [False, False, True]


def test_a_memo_says_who_whom_and_what() -> None:
    root = ElementTree.fromstring(memo.message(PARCEL))
    told = {one.tag.removeprefix(MEMO): one.text for one in root.iter() if one.text}
    assert (root.attrib["memoVersion"], told["messageType"]) == ("1.2", "DIGITALPOST")
    assert (told["messageUUID"], told["recipientID"]) == (str(KEY), "6705179902")
    assert told["createdDateTime"] == "2026-11-25T11:00:00Z"
    contents = [base64.b64decode(one.text or "") for one in root.iter(f"{MEMO}content")]
    assert contents == [b"%PDF-1.7 brev", b"hej"]
    assert b"<memo:Message xmlns:memo=" in memo.message(PARCEL)
    assert memo.faults(memo.message(PARCEL)) == []


def test_markup_and_control_characters_in_a_title_stay_text() -> None:
    title = 'Møde & <b>"brev"</b>\x00\x0b ]]> &amp;'
    root = ElementTree.fromstring(memo.message(replace(PARCEL, title=title)))
    assert root.findtext(f"{MEMO}MessageHeader/{MEMO}label") == title.replace("\x00", "").replace("\x0b", "")


@pytest.mark.parametrize(
    ("parcel", "why"),
    [
        (replace(PARCEL, number=""), "CPR-nummer"), (replace(PARCEL, number="123"), "CPR-nummer"),
        (replace(PARCEL, title=""), "Titlen"), (replace(PARCEL, title="x" * 256), "Titlen"),
        (replace(PARCEL, pdf=b""), "tomt"),
    ],
)  # fmt: skip
def test_what_is_no_message_is_not_sent(parcel: Parcel, why: str, tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match=why):
        DigitalPost(tmp_path).deliver(parcel)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("channel", [PrintQueue, DigitalPost])
def test_a_parcel_is_delivered_once_and_can_be_taken_back(channel: type[PrintQueue], tmp_path: Path) -> None:
    way = channel(tmp_path / "ud")
    way.deliver(PARCEL)
    (file,) = (tmp_path / "ud").iterdir()
    assert file.stem == str(KEY)
    assert file.stat().st_mode & 0o077 == 0
    way.deliver(replace(PARCEL, pdf=b"%PDF-1.7 another"))
    assert b"another" not in file.read_bytes()
    way.recall(KEY)
    way.recall(KEY)
    assert list((tmp_path / "ud").iterdir()) == []


def test_half_a_file_of_a_worker_that_was_killed_is_in_nobodys_way(tmp_path: Path) -> None:
    (tmp_path / ".brev.pdf.half").write_bytes(b"%PD")
    files.put(tmp_path, "brev.pdf", b"%PDF")
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("brev.pdf", b"%PDF")]


def test_a_folder_that_is_none_is_trouble(tmp_path: Path) -> None:
    (tmp_path / "ud").write_text("")
    with pytest.raises(Trouble):
        PrintQueue(tmp_path / "ud").deliver(PARCEL)
