"""A sharing that ends is told to its recipient: that, and nothing else; also when the recipient may see nothing more."""

from uuid import uuid4

import orjson
import pytest

from barnetsbog.access.reading import open_book
from barnetsbog.access.rebuilding import differing
from barnetsbog.audit.models import Event
from barnetsbog.consent import endings, operations, queries
from barnetsbog.consent.answering import Yes
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.kernel.time import DAY, parse
from barnetsbog.law.model import Level
from barnetsbog.record.entries import EntryRow, Filter
from barnetsbog.record.models import Entry, Version
from barnetsbog.responsibility.queries import notices
from tests.builders import care, send
from tests.conftest import BOTH_DATABASES
from tests.integration.consent.conftest import NOON, Clock, Family, holder

pytestmark = [BOTH_DATABASES, pytest.mark.usefixtures("database")]

YES = Yes()
EVERYTHING = Filter(on_timeline=False)


def told(family: Family, name: str) -> list[EntryRow]:
    with open_book(family.professional(name), "work-list") as book:
        return book.notices()


def words() -> str:
    """Everything that notices say, as they are stored."""
    found = Version.objects.filter(entry_id__in=Entry.objects.filter(what="notice").values("id"))
    return " ".join(bytes(one.body).decode() for one in found)


@pytest.fixture
def shared(family: Family, clock: Clock) -> Family:
    """Both of Alma's parents have said yes, and BUP can read what PPR has written."""
    family.are_asked()
    family.says("mother", YES)
    family.says("father", YES)
    assert family.can_read("ida") == "contents"
    clock.at += 1
    return family


def test_a_yes_taken_back_is_told_to_the_recipient_in_the_same_transaction(shared: Family) -> None:
    shared.takes_it_back("father")
    assert shared.can_read("ida") == "nothing"
    assert [row.title for row in told(shared, "ida")] == ["En deling med jer er ophørt"]
    assert told(shared, "kim") == told(shared, "maja") == [], "nobody else has lost anything"


def test_the_notice_tells_nobody_s_name_and_no_reason(shared: Family) -> None:
    shared.takes_it_back("father")
    people = [str(shared.person(name).role_id) for name in ("mother", "father")]
    consents = [str(row.id) for row in Entry.objects.filter(what="consent")]
    assert not [one for one in (*people, *consents, shared.units["ppr"], "sender") if one in words()]
    notice = Entry.objects.get(what="notice")
    assert notice.author_id is None
    assert {one.by_id for one in Version.objects.filter(entry_id=notice.id)} == {None}


@pytest.mark.parametrize("how", ["takes it back", "says no"])
@pytest.mark.parametrize("who", ["mother", "father"])
def test_who_ended_it_and_how_is_the_same_to_the_recipient(shared: Family, who: str, how: str) -> None:
    if how == "says no":
        shared.says(who, None)
    else:
        shared.takes_it_back(who)
    (row,) = told(shared, "ida")
    seen = (row.title, row.status, row.author_id, row.lane, row.start, row.recorded_at, row.version, row.source)
    assert seen == ("En deling med jer er ophørt", "completed", None, "other", NOON + 1, NOON + 1, 1, "barnetsbog")


def test_a_unit_that_has_lost_everything_reads_initials_and_a_day(shared: Family) -> None:
    shared.takes_it_back("mother")
    ida = shared.professional("ida")
    with open_book(ida, "work-list") as book:
        (notice,) = notices(book)
        assert (notice.initials, notice.child) == ("AP", None)
        assert shared.child not in book.children()
    with pytest.raises(NotFound), open_book(ida, "overview", shared.child):
        pass


def test_a_unit_with_a_task_of_its_own_may_go_on_to_the_book(shared: Family) -> None:
    send(care("c9", unit_id="bup"))
    shared.takes_it_back("mother")
    with open_book(shared.professional("ida"), "work-list") as book:
        (notice,) = notices(book)
    assert notice.child and notice.child.full == "Alma Prøvegaard"


def test_where_nothing_was_open_nothing_is_told(family: Family) -> None:
    """Else the message would tell the recipient that somebody has said no."""
    family.are_asked()
    family.says("mother", YES)
    family.takes_it_back("mother")
    family.says("father", None)
    assert told(family, "ida") == []


def test_less_is_no_end(shared: Family) -> None:
    shared.says("father", Yes(level=Level.HEADINGS))
    assert shared.can_read("ida") == "heading" and told(shared, "ida") == []


def test_custody_that_changes_ends_a_sharing_and_is_told_without_saying_so(shared: Family, clock: Clock) -> None:
    new = holder("farmor", "Ruth")
    send(new)
    assert shared.can_read("ida") == "nothing"
    assert [row.title for row in told(shared, "ida")] == ["En deling med jer er ophørt"]


def test_parents_and_the_child_see_nothing_of_it(shared: Family) -> None:
    shared.takes_it_back("father")
    for name in ("mother", "father", "alma"):
        with open_book(shared.person(name), "timeline", shared.child) as book:
            assert [row for row in book.entries(shared.child, EVERYTHING) if row.what == "notice"] == []


def test_marked_as_read_it_is_gone_for_the_whole_unit_and_stays_in_the_book(shared: Family) -> None:
    shared.takes_it_back("father")
    (notice,) = told(shared, "ida")
    for by in (shared.professional("kim"), shared.person("mother")):
        with pytest.raises(NotFound):
            operations.read_notice(by=by, ident=notice.id)
    with pytest.raises(NotFound):
        operations.read_notice(by=shared.professional("ida"), ident=uuid4())
    operations.read_notice(by=shared.professional("ida"), ident=notice.id)
    assert told(shared, "ida") == []
    body = orjson.loads(bytes(Version.objects.get(entry_id=notice.id, number=2).body))
    assert body["received"] and body["sent"]
    line = Event.objects.filter(action="consent-notice", allowed=True).get()
    assert line.child_id is None and line.detail["children"] == [str(shared.child)]
    with pytest.raises(NotFound):
        operations.read_notice(by=shared.professional("ida"), ident=notice.id)


def test_rights_derived_from_scratch_are_the_same_with_a_notice(shared: Family) -> None:
    shared.takes_it_back("father")
    assert not differing(shared.child)


def test_a_fifteenth_birthday_ends_it_and_the_scheduled_command_tells_once(clock: Clock) -> None:
    family = Family(birthDate="2011-12-01")
    endings.tell()
    family.are_asked()
    family.says("mother", YES)
    family.says("father", YES)
    assert family.can_read("ida") == "contents"
    clock.days_later(7)
    assert family.can_read("ida") == "nothing" and told(family, "ida") == []
    assert (endings.tell(), endings.tell()) == (1, 0)
    (notice,) = told(family, "ida")
    assert notice.start == parse("2026-12-01T00:00:00+01:00")[0]


def test_what_was_told_at_once_is_not_told_again_by_the_command(shared: Family, clock: Clock) -> None:
    endings.keep_told_until(NOON)
    shared.takes_it_back("father")
    (notice,) = told(shared, "ida")
    operations.read_notice(by=shared.professional("ida"), ident=notice.id)
    clock.at += DAY
    assert endings.tell() == 0 and told(shared, "ida") == []


# -- the reminder of a parent ------------------------------------------------------------------------------------------


def messages(family: Family, name: str) -> list[str]:
    with open_book(family.person(name), "consent", family.child) as book:
        return [one.text for one in queries.messages(book, family.child)]


def test_a_reminder_is_read_by_whom_it_is_for(family: Family) -> None:
    asked = family.are_asked()
    operations.remind(by=family.professional("kim"), child_id=family.child, ident=asked["father"])
    assert messages(family, "father") == [operations.REMINDER_TEXT]
    assert messages(family, "mother") == messages(family, "alma") == []


def test_a_young_person_reads_no_reminder_of_a_parent_and_no_notice_of_a_unit(clock: Clock) -> None:
    family = Family(birthDate="2011-11-26")
    asked = family.are_asked()
    operations.remind(by=family.professional("kim"), child_id=family.child, ident=asked["father"])
    clock.days_later(1)
    assert messages(family, "alma") == []
