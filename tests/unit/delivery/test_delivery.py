"""When it is tried again, and what is handed to the channels that are folders."""

import base64
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from uuid import UUID
from xml.etree import ElementTree

import pytest

from barnetsbog.delivery import files, rules
from barnetsbog.delivery.channels.digital_post import memo
from barnetsbog.delivery.channels.digital_post.adapter import DigitalPost
from barnetsbog.delivery.channels.print_queue.adapter import PrintQueue
from barnetsbog.delivery.model import Carrier, File, Parcel, PostSender, Trouble, Unreachable
from barnetsbog.kernel.time import SECOND, parse
from barnetsbog.settings import post_sender

KEY = UUID("0192f000-0000-7000-8000-000000000001")
PARCEL = Parcel(
    KEY, "Indkaldelse til møde", "6705179902", parse("2026-11-25T12:00:00+01:00")[0], b"%PDF-1.7 brev",
    (File("Bilag & mere", "text/plain", b"hej"),),
)  # fmt: skip
SENDER = PostSender("10000000", "aaaaaaaa-0000-4000-8000-000000000000", "Eksempelby Kommune")
MEMO = f"{{{memo.NAMESPACE}}}"


def test_each_wait_is_longer_and_none_is_longer_than_six_hours() -> None:
    waits = [rules.wait(attempt) // SECOND for attempt in range(1, rules.MOST + 1)]
    assert waits == [60, 240, 960, 3840, 15360, 21600, 21600, 21600]
    assert [rules.is_last(attempt) for attempt in (1, 7, 8)] == [False, False, True]


def test_a_memo_says_who_whom_and_what() -> None:
    root = ElementTree.fromstring(memo.message(PARCEL, SENDER))
    told = {one.tag.removeprefix(MEMO): one.text for one in root.iter() if one.text}
    assert (root.attrib["memoVersion"], told["messageType"]) == ("1.2", "DIGITALPOST")
    assert (told["messageUUID"], told["recipientID"]) == (str(KEY), "6705179902")
    assert [root.findtext(f"{MEMO}MessageHeader/{MEMO}Sender/{MEMO}{one}") for one in ("senderID", "label")] == [
        "10000000", "Eksempelby Kommune",
    ]  # fmt: skip
    assert told["createdDateTime"] == "2026-11-25T11:00:00Z"
    contents = [base64.b64decode(one.text or "") for one in root.iter(f"{MEMO}content")]
    assert contents == [b"%PDF-1.7 brev", b"hej"]
    assert b"<memo:Message xmlns:memo=" in memo.message(PARCEL, SENDER)
    assert memo.faults(memo.message(PARCEL, SENDER)) == []


def test_markup_and_control_characters_in_a_title_stay_text() -> None:
    title = 'Møde & <b>"brev"</b>\x00\x0b ]]> &amp;'
    root = ElementTree.fromstring(memo.message(replace(PARCEL, title=title), SENDER))
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
        DigitalPost(tmp_path, SENDER).deliver(parcel)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("way", "folder"), [(PrintQueue, ""), (lambda folder: DigitalPost(folder, SENDER), SENDER.system)],
    ids=["paper", "digital-post"],
)  # fmt: skip
def test_a_parcel_is_delivered_once_and_can_be_taken_back(
    way: Callable[[Path], Carrier], folder: str, tmp_path: Path
) -> None:
    channel, there = way(tmp_path / "ud"), tmp_path / "ud" / folder
    channel.deliver(PARCEL)
    (file,) = there.iterdir()
    assert file.stem == str(KEY)
    assert file.stat().st_mode & 0o077 == 0
    channel.deliver(replace(PARCEL, pdf=b"%PDF-1.7 another"))
    assert b"another" not in file.read_bytes()
    channel.recall(KEY)
    channel.recall(KEY)
    assert list(there.iterdir()) == []


def test_where_digital_post_is_not_set_up_it_waits_and_says_what_to_do(tmp_path: Path) -> None:
    way = DigitalPost(tmp_path, None)
    with pytest.raises(Trouble, match="BOG_DIGITAL_POST_CVR"):
        way.deliver(PARCEL)
    way.recall(KEY)
    assert list(tmp_path.iterdir()) == []


WHOLE = {
    "BOG_DIGITAL_POST_CVR": "10000000", "BOG_DIGITAL_POST_SYSTEM": SENDER.system,
    "BOG_DIGITAL_POST_LABEL": "Eksempelby Kommune",
}  # fmt: skip


def test_the_sender_is_all_of_it_or_none() -> None:
    assert post_sender({}) is None and post_sender({"BOG_DIGITAL_POST_CVR": " "}) is None
    assert post_sender(WHOLE) == SENDER


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        *((name, "") for name in WHOLE), *((name, "x" * 256) for name in WHOLE), ("BOG_DIGITAL_POST_CVR", "00000000"),
        ("BOG_DIGITAL_POST_CVR", "1234"), ("BOG_DIGITAL_POST_SYSTEM", "1234"),
    ],
)  # fmt: skip
def test_a_sender_that_is_half_or_wrong_says_what_is_the_matter(name: str, wrong: str) -> None:
    with pytest.raises(ValueError, match=f"{name} skal være"):
        post_sender({**WHOLE, name: wrong})


def test_half_a_file_of_a_worker_that_was_killed_is_in_nobodys_way(tmp_path: Path) -> None:
    (tmp_path / ".brev.pdf.half").write_bytes(b"%PD")
    files.put(tmp_path, "brev.pdf", b"%PDF")
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("brev.pdf", b"%PDF")]


def test_a_folder_that_is_none_is_trouble(tmp_path: Path) -> None:
    (tmp_path / "ud").write_text("")
    with pytest.raises(Trouble):
        PrintQueue(tmp_path / "ud").deliver(PARCEL)
