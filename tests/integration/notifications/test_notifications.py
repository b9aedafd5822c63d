"""Somebody of the family is told that there is something new: neutrally, in time, and nobody who may not know."""

import re
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import LazySettings
from django.core import mail as outbox_of_django
from django.test import Client

from barnetsbog.audit.models import Event as Line
from barnetsbog.calendar.model import Answer
from barnetsbog.delivery.channels import announcers
from barnetsbog.delivery.model import Announcement, Channel
from barnetsbog.delivery.models import Outbox
from barnetsbog.delivery.worker import work_once
from barnetsbog.kernel.decisions import Refused
from barnetsbog.kernel.time import DAY, SECOND, iso
from barnetsbog.notifications import operations, queries, sending
from barnetsbog.notifications.model import TEXT, Quiet, Standing, Wanted, Way
from barnetsbog.notifications.models import NoticeChoice
from barnetsbog.record.book import Book
from tests.builders import honour_conflict, patient, send
from tests.conftest import BOTH_DATABASES
from tests.integration.calendar.conftest import Calendar, calendar, clock, later, parent

__all__ = ["calendar", "clock"]

pytestmark = BOTH_DATABASES
HOUR = 3600 * SECOND


class Post:
    """What has been put into the instance's folder, in the order of its names."""

    def __init__(self, folder: Path, calendar: Calendar) -> None:
        self.folder, self.calendar = folder, calendar

    def mails(self) -> list[str]:
        found = sorted((self.folder / "mail").glob("*.eml"))
        return [str(message_from_bytes(one.read_bytes(), policy=default).get_content()).strip() for one in found]

    def told(self) -> int:
        return sum(TEXT in one for one in self.mails())

    def code(self) -> str:
        return re.findall(r"\d{6}", self.mails()[-1])[0]

    def chooses(self, name: str, address: str = "", quiet: Quiet | None = None) -> None:
        by = self.calendar.family(name)
        wanted = Wanted(Way.MAIL, address or f"{name.lower()}@eksempel.dk", quiet or Quiet())
        operations.choose(by=by, child_id=self.calendar.child, wanted=wanted)

    def confirms(self, name: str, code: str = "") -> None:
        by = self.calendar.family(name)
        operations.confirm(by=by, child_id=self.calendar.child, code=code or self.code())

    def gets(self, name: str) -> None:
        self.chooses(name)
        self.confirms(name)

    def looks(self, hours: float = 0) -> None:
        """The worker runs, once every half hour."""
        until = self.calendar.clock.at + int(hours * HOUR)
        while True:
            while sending.look_round() + work_once(sending.handlers()):
                pass
            if self.calendar.clock.at >= until:
                return
            self.calendar.clock.at += HOUR // 2


@pytest.fixture
def post(calendar: Calendar, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Post:
    for module in (operations, sending):
        monkeypatch.setattr(module, "announcers", lambda _: announcers(tmp_path))
    for module in ("barnetsbog.notifications.sending", "barnetsbog.delivery.worker"):
        monkeypatch.setattr(f"{module}.now", lambda: calendar.clock.at)
    return Post(tmp_path, calendar)


def asked(calendar: Calendar, hours: float = 72) -> None:
    """Kim asks Sara and Jonas to a meeting: it waits for their answer."""
    calendar.arranges(
        "kim", later(hours), title="KANARIE", place="KANARIESTED",
        guests=(calendar.job("kim"), calendar.reference("Sara"), calendar.reference("Jonas")),
    )  # fmt: skip


def test_who_wants_it_is_told_that_there_is_something_new_and_nothing_else(calendar: Calendar, post: Post) -> None:
    post.gets("Sara")
    asked(calendar)
    post.looks(24)
    assert post.mails()[-1] == TEXT and post.told() == 1
    whole = b"".join(one.read_bytes() for one in post.folder.rglob("*.eml"))
    for word in (b"Alma", b"KANARIE", b"Sara ", b"Kim", b"ppr", b"skole", str(calendar.child).encode()):
        assert word not in whole, word
    row = Outbox.objects.get()
    assert (row.state, row.channel) == ("sent", "mail") and "@" not in row.to


def test_nothing_goes_to_an_address_before_its_code_has_come_back(calendar: Calendar, post: Post) -> None:
    asked(calendar)
    post.chooses("Sara")
    post.looks(30)
    assert post.told() == 0
    calendar.clock.at += DAY
    post.chooses("Sara")
    for _ in range(5):
        with pytest.raises(Refused):
            post.confirms("Sara", "x" * 6)
    with pytest.raises(Refused):  # the right one is too late after five tries
        post.confirms("Sara")


def test_a_code_is_old_after_a_quarter_of_an_hour_and_another_ones_does_not_do(calendar: Calendar, post: Post) -> None:
    post.chooses("Sara")
    with pytest.raises(Refused):
        post.confirms("Jonas")
    calendar.clock.at += 15 * 60 * SECOND
    with pytest.raises(Refused):
        post.confirms("Sara")
    assert not NoticeChoice.objects.filter(confirmed_at__isnull=False).exists()


def test_a_day_has_five_codes_also_after_a_stop(calendar: Calendar, post: Post) -> None:
    for number in range(5):
        post.chooses("Sara", f"{number}@eksempel.dk")
    operations.stop(by=calendar.family("Sara"), child_id=calendar.child)
    with pytest.raises(Refused):
        post.chooses("Sara")
    calendar.clock.at += DAY
    post.chooses("Sara")
    assert len(post.mails()) == 6


def test_who_has_lost_the_right_between_the_look_and_the_sending_is_told_nothing(
    calendar: Calendar, post: Post
) -> None:
    post.gets("Sara")
    asked(calendar)
    calendar.clock.at = NoticeChoice.objects.get().look_at
    sending.look_round()
    assert Outbox.objects.get().state == "waiting"
    calendar.clock.at += SECOND
    assert not send(parent("mor", "Sara") | {"active": False}).refusals
    post.looks(30)
    assert post.told() == 0 and Outbox.objects.get().state == "stopped"


def test_what_has_been_answered_before_it_is_sent_is_not_told(calendar: Calendar, post: Post) -> None:
    post.gets("Sara")
    asked(calendar)
    (ident,) = [one.id for one in calendar.sees("Sara")]
    calendar.clock.at = NoticeChoice.objects.get().look_at
    sending.look_round()
    calendar.answers("Sara", ident, Answer.YES)
    post.looks()
    assert post.told() == 0 and Outbox.objects.get().state == "stopped"


def test_a_row_that_is_late_waits_for_the_morning(calendar: Calendar, post: Post) -> None:
    post.gets("Sara")
    asked(calendar)
    calendar.clock.at = NoticeChoice.objects.get().look_at
    sending.look_round()
    while not iso(calendar.clock.at)[11:13] >= "21":
        calendar.clock.at += HOUR // 2
    post.looks()
    row = Outbox.objects.get()
    assert post.told() == 0 and (row.state, row.attempts) == ("waiting", 0)
    assert iso(row.next_at)[11:13] == "08"
    post.looks(16)
    assert post.told() == 1


def test_one_a_day_and_one_more_when_an_appointment_is_tomorrow(calendar: Calendar, post: Post) -> None:
    post.gets("Sara")
    asked(calendar, 24 * 5)
    post.looks(24)
    assert post.told() == 1
    post.looks(24)
    assert post.told() == 1  # she knows
    asked(calendar, 24 * 6)
    post.looks(24)
    assert post.told() == 2
    post.looks(24 * 4)
    assert post.told() == 4  # the day before each


def test_when_one_parent_is_told_does_not_hang_on_what_happens_to_the_other(calendar: Calendar, post: Post) -> None:
    post.gets("Sara")
    post.gets("Jonas")
    look = NoticeChoice.objects.get(person_id=calendar.person("Jonas")).look_at
    calendar.arranges("kim", later(72), guests=(calendar.job("kim"), calendar.reference("Sara")))
    post.looks()
    assert NoticeChoice.objects.get(person_id=calendar.person("Jonas")).look_at == look
    post.looks(24)
    assert {row.to for row in Outbox.objects.all()} == {
        f"notice/{NoticeChoice.objects.get(person_id=calendar.person('Sara')).id}"
    }
    lines = Line.objects.filter(action__startswith="notice-")
    assert lines and all(
        one.detail["between"] == [str(one.person_id)] for one in lines
    )  # told to themselves alone (`between`)


def test_an_address_that_two_share_is_told_once_a_day(calendar: Calendar, post: Post) -> None:
    for name in ("Sara", "Jonas"):
        post.chooses(name, "hjem@eksempel.dk")
        post.confirms(name)
    asked(calendar)
    post.looks(9)
    assert NoticeChoice.objects.filter(told_at__isnull=False).count() == 1
    post.looks(15)  # and what waits for the other is said the next day, also when it was the first look
    assert NoticeChoice.objects.filter(told_at__isnull=False).count() == post.told() == 2


def test_nobody_keeps_a_notice_back_by_writing_somebody_else_s_address(calendar: Calendar, post: Post) -> None:
    post.gets("Sara")
    post.gets("Jonas")
    # Given that Jonas has been told today, and then writes Sara's address, which he can't show to be his
    NoticeChoice.objects.filter(address="jonas@eksempel.dk").update(
        told_at=calendar.clock.at, acute_at=calendar.clock.at
    )
    post.chooses("Jonas", "sara@eksempel.dk")
    asked(calendar)
    post.looks(24)
    assert post.told() == 1


def test_a_link_stops_without_a_log_in_and_answers_alike_whatever_it_is(
    calendar: Calendar, post: Post, settings: LazySettings
) -> None:
    settings.ADDRESS = "https://bog.eksempel.dk"
    post.gets("Sara")
    asked(calendar)
    post.looks(24)
    (link,) = re.findall(r"https://bog\.eksempel\.dk(\S+)", post.mails()[-1])
    assert Client().get(link).status_code == 200
    assert queries.own_choice(calendar.family("Sara"), calendar.child) is not None  # looking is not stopping
    pages = [Client().post(one).content for one in (link, link, f"{link[:-6]}abcde/")]
    assert queries.own_choice(calendar.family("Sara"), calendar.child) is None
    assert len({re.sub(rb'value="[^"]*"', b"", page) for page in pages}) == 1
    assert not NoticeChoice.objects.exclude(address="").exists()


def test_other_hours_need_no_code_and_another_address_does(calendar: Calendar, post: Post) -> None:
    post.gets("Sara")
    post.chooses("Sara", quiet=Quiet(18, 10))
    own = queries.own_choice(calendar.family("Sara"), calendar.child)
    assert own and own.confirmed and own.quiet == Quiet(18, 10) and len(post.mails()) == 1
    post.chooses("Sara", "ny@eksempel.dk")
    own = queries.own_choice(calendar.family("Sara"), calendar.child)
    assert own and not own.confirmed and len(post.mails()) == 2


def test_a_code_that_can_not_be_sent_changes_nothing(calendar: Calendar, post: Post) -> None:
    post.gets("Sara")
    for one in (post.folder / "mail").iterdir():
        one.unlink()
    (post.folder / "mail").rmdir()
    (post.folder / "mail").write_text("no folder")
    with pytest.raises(Refused):
        post.chooses("Sara", "ny@eksempel.dk")
    own = queries.own_choice(calendar.family("Sara"), calendar.child)
    assert own and own.confirmed and own.address == "sara@eksempel.dk"


def test_a_server_of_the_instance_s_own_gets_the_mail(calendar: Calendar, post: Post, settings: LazySettings) -> None:
    settings.EMAIL_HOST, settings.MAIL_FROM = "mail.eksempel.dk", "barnetsbog@eksempel.dk"
    post.chooses("Sara")
    (sent,) = outbox_of_django.outbox
    assert (sent.to, sent.from_email, sent.subject) == (["sara@eksempel.dk"], "barnetsbog@eksempel.dk", "Barnets Bog")
    assert not (post.folder / "mail").exists()


def test_a_text_message_is_a_file_for_the_one_who_sends_it(calendar: Calendar, post: Post) -> None:
    by = calendar.family("Sara")
    operations.choose(by=by, child_id=calendar.child, wanted=Wanted(Way.SMS, "20 30 40 50", Quiet()))
    (file,) = (post.folder / "sms").glob("*.json")
    assert b'"to":"+4520304050"' in file.read_bytes()


def test_a_look_that_fails_keeps_nobody_else_s_back(
    calendar: Calendar, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    post.gets("Sara")
    post.gets("Jonas")
    asked(calendar)
    real, sara = sending.standing, calendar.person("Sara")

    def failing(book: Book, child_id: UUID) -> Standing:
        if book.scope.role_id == sara:
            raise RuntimeError
        return real(book, child_id)

    monkeypatch.setattr(sending, "standing", failing)
    post.looks(24)
    assert post.told() == 1  # Jonas
    monkeypatch.setattr(sending, "standing", real)
    post.looks(24)
    assert post.told() == 2  # and Sara at her next look


def test_a_look_that_ends_its_worker_keeps_nobody_else_s_back(
    calendar: Calendar, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("Sara", "Jonas"):
        post.gets(name)
    asked(calendar)
    looks, ends = sending._look, []

    def ends_the_first(row: NoticeChoice, at: int) -> None:
        ends.append(row.person_id)
        if row.person_id == ends[0]:
            raise KeyboardInterrupt
        looks(row, at)

    monkeypatch.setattr(sending, "_look", ends_the_first)
    calendar.clock.at = max(NoticeChoice.objects.values_list("look_at", flat=True))
    with pytest.raises(KeyboardInterrupt):
        sending.look_round()
    assert sending.look_round() == 1
    assert len({*ends}) == 2 and Outbox.objects.count() == 1


def test_a_slow_worker_tells_nothing_that_is_another_s_by_now(
    calendar: Calendar, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mail server that took minutes: another worker has told the rest meanwhile."""
    for name in ("Sara", "Jonas"):
        post.chooses(name, quiet=Quiet(0, 0))
        post.confirms(name)
    asked(calendar)
    calendar.clock.at = max(NoticeChoice.objects.values_list("look_at", flat=True))
    sending.look_round()
    told: list[UUID] = []

    class Slow:
        def tell(self, said: Announcement) -> None:
            told.append(said.key)
            if len(told) == 1:
                calendar.clock.at += 301 * SECOND
                while work_once(sending.handlers()):
                    pass

    monkeypatch.setattr(sending, "announcers", lambda _: {Channel.MAIL: Slow()})
    work_once(sending.handlers())
    first, *others = told
    assert sorted(others) == sorted(Outbox.objects.values_list("id", flat=True)) and first in others
    assert {*Outbox.objects.values_list("state", flat=True)} == {"sent"}


def test_a_parent_is_told_nothing_before_the_risk_of_an_honour_conflict_is_assessed(
    calendar: Calendar, post: Post
) -> None:
    post.gets("Sara")
    calendar.arranges("kim", later(48), guests=(calendar.reference("Sara"),))
    send(patient(extension=[honour_conflict()]))
    post.looks(30)
    assert post.told() == 0
    send(patient(extension=[honour_conflict("2026-11-24")]))
    post.looks(30)
    assert post.told() > 0
