"""A placed child, who tells how it goes, and what is agreed: read by those it is for, on both databases."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from barnetsbog.access.own_log import own_log
from barnetsbog.access.reading import open_book
from barnetsbog.access.rebuilding import differing
from barnetsbog.access.scopes import scope_for_person
from barnetsbog.calendar import operations as calendar
from barnetsbog.calendar.model import Slot, Wanted
from barnetsbog.calendar.queries import of_child
from barnetsbog.fhir.own import EXTENSION, complex_extension
from barnetsbog.fostering import operations, queries
from barnetsbog.fostering.model import Agreed, Agreement, Given, Report, Reported, Sort, Support, Topic
from barnetsbog.kernel.decisions import Conflict, NotFound, Refused
from barnetsbog.kernel.time import DAY, SECOND
from barnetsbog.record.models import Entry
from barnetsbog.record.scope import LoginLevel, Scope
from barnetsbog.responsibility.queries import balls
from tests.builders import Json, care, honour_conflict, role, unit
from tests.conftest import BOTH_DATABASES
from tests.integration.access.test_gathering import carer
from tests.integration.letters.conftest import Clock, Writing, clock  # noqa: F401 - the same people

pytestmark = [BOTH_DATABASES, pytest.mark.usefixtures("database")]

FAMILY = ("Sara", "Jonas", "Otto", "else", "karl", "Alma Prøvegaard")
PLACED = complex_extension("placement", {"period": ("Period", {"start": "2026-01-01"})})
WENT_WELL = Report({Topic.HOME: "Hun griner ved bordet."}, "  Jeg vil selv sige det. ")
DANGER = Report({Topic.CONTACT: "Hendes far har slået hende."})
HELP = Report({Topic.HELP: "Hvem kan passe hende en weekend?"})


class Placed(Writing):
    """Alma, 12, lives with Else and Karl. Rita is her caseworker; the unit `team` supports the foster home."""

    def __init__(self, clock: Clock, folder: Path, *more: Json) -> None:  # noqa: F811
        super().__init__(clock, folder, birthDate="2014-05-07", extension=[PLACED, *more])
        self.happens(carer("else"), carer("karl"), unit("team", "family_dept"), *role("birgit", "team", "consultant"),
                     care("c9", unit_id="team", start="2026-02-01"))  # fmt: skip

    def job(self, name: str) -> str:
        return f"PractitionerRole/{self.scope(name).role_id}"

    def who(self, name: str) -> Scope:
        return self.parent(name) if name in FAMILY else self.scope(name)

    def tells(self, report: Report = WENT_WELL, name: str = "else") -> bool:
        self.clock.later(1)
        return operations.report_status(by=self.who(name), child_id=self.child, report=report, child_agrees=True)

    def agrees(self, agreed: Agreement, by: str = "rita", **more: object) -> UUID:
        self.clock.later(1)
        return operations.agree(by=self.scope(by), child_id=self.child, agreed=agreed, **more)  # type: ignore[arg-type]

    def contact(self, name: str) -> Agreement:
        return Agreement(
            Sort.CONTACT, date(2026, 11, 25), who=self.person(name), often="Hver lørdag", place="Familiehuset",
            support=Support.SUPPORTED, text="Ring først.", call=self.job("rita"),
        )  # fmt: skip

    def told(self, name: str) -> list[Reported]:
        with open_book(self.who(name), "carer-status", self.child) as book:
            return queries.reports(book, self.child)

    def agreed(self, name: str) -> list[Agreed]:
        with open_book(self.who(name), "calendar", self.child) as book:
            return queries.agreements(book, self.child)

    def titles(self, name: str) -> list[str]:
        return [one.agreement.title for one in self.agreed(name)]

    def balls(self, name: str) -> list[str]:
        with open_book(self.who(name), "ball", self.child) as book:
            return [one.title for one in balls(book, self.child)]


@pytest.fixture
def home(database: str, clock: Clock, tmp_path: Path) -> Placed:  # noqa: F811
    return Placed(clock, tmp_path)


# -- how it goes -------------------------------------------------------------------------------------------------------


def test_a_status_is_read_by_the_department_and_both_carers_and_by_nobody_else(home: Placed) -> None:
    home.tells()
    for name in ("else", "karl", "rita", "birgit"):
        (found,) = home.told(name)
        assert found.report == WENT_WELL and found.mine is (name == "else")
    for name in ("Sara", "Jonas", "Alma Prøvegaard", "kim", "maja"):
        assert home.told(name) == []
    for name in ("rita", "Sara"):
        with pytest.raises(NotFound):
            home.tells(name=name)
    assert not differing(home.child)


def test_the_same_status_is_told_once_a_day_and_danger_as_often_as_somebody_tells_it(home: Placed) -> None:
    home.tells()
    with pytest.raises(Refused, match="Det samme står der allerede"):
        home.tells()
    home.tells(name="karl")
    home.clock.later(DAY // SECOND)
    home.tells()
    for _ in range(2):
        home.tells(DANGER)
    assert len(home.told("rita")) == 5


def test_a_dose_is_noted_once(home: Placed) -> None:
    given = Given("Melatonin", "1 tablet", home.clock.at, "")
    home.clock.later(1)
    operations.note_medicine(by=home.who("else"), child_id=home.child, given=given)
    for name in ("else", "karl"):
        with pytest.raises(Refused, match="Det samme står der allerede"):
            operations.note_medicine(by=home.who(name), child_id=home.child, given=given)
    operations.note_medicine(by=home.who("karl"), child_id=home.child, given=given._replace(at=given.at + SECOND))


def test_help_opens_a_ball_at_one_unit_and_an_answer_ends_it(home: Placed) -> None:
    home.tells()
    assert home.balls("rita") == []
    home.tells(HELP)
    assert home.balls("rita") == ["Plejefamilien beder om hjælp"] and home.balls("birgit") == home.balls("kim") == []
    waiting, before = home.told("rita")
    assert waiting.waits and not before.waits
    with pytest.raises(Refused):
        operations.answer_status(by=home.scope("rita"), child_id=home.child, ident=waiting.id, text=" ")
    operations.answer_status(by=home.scope("rita"), child_id=home.child, ident=waiting.id, text="Birgit kommer.")
    assert home.balls("rita") == [] and not home.told("rita")[0].waits
    with open_book(home.who("else"), "messages", home.child) as book:
        assert [one.last.sent.text for one in queries.messages.threads(book, home.child)] == ["Birgit kommer."]


def test_danger_is_the_most_important_ball(home: Placed) -> None:
    assert home.tells(DANGER)
    assert home.balls("rita") == home.balls("birgit") == ["Læs beskeden nu. Nogen kan være i fare"]


@pytest.mark.parametrize("report", [DANGER, HELP, WENT_WELL])
def test_what_no_department_would_read_is_not_said_to_be_sent(home: Placed, report: Report) -> None:
    ended = [care(one, unit_id=place, end="2026-11-24") for one, place in (("c3", "fam"), ("c9", "team"))]
    home.happens(*ended)
    with pytest.raises(operations.Unread, match=r"ikke sendt.*ring 112.*116 111") as why:
        home.tells(report)
    assert "call 112" in why.value.reason.english and home.told("else") == home.told("karl") == []


def test_whoever_can_read_nothing_any_more_is_not_answered_and_the_task_stays(home: Placed) -> None:
    home.tells(HELP)
    (found,) = home.told("rita")
    home.happens({**carer("else"), "active": False})
    with pytest.raises(Refused, match="kan ikke læse i bogen mere"):
        operations.answer_status(by=home.scope("rita"), child_id=home.child, ident=found.id, text="Birgit kommer.")
    assert home.balls("rita") == ["Plejefamilien beder om hjælp"]


def test_nobody_answers_what_they_may_not_read(home: Placed) -> None:
    home.tells(HELP)
    (found,) = home.told("rita")
    for name in ("kim", "karl", "Sara"):
        with pytest.raises(NotFound):
            operations.answer_status(by=home.who(name), child_id=home.child, ident=found.id, text="Hej")


def test_the_log_tells_it_to_those_it_is_between(home: Placed) -> None:
    home.tells()
    home.agrees(home.contact("Sara"))
    told = {}
    for name in ("Sara", "Jonas", "Alma Prøvegaard"):
        with open_book(home.who(name), "log-read", home.child) as book:
            told[name] = {row.action for row in own_log(book, home.child, since=0).rows}
    assert all("carer-status-write" not in actions for actions in told.values())
    assert [("carer-agreement" in told[name]) for name in told] == [True, False, True]


# -- what is agreed ----------------------------------------------------------------------------------------------------


def test_two_parents_never_see_each_others(home: Placed) -> None:
    for agreed in (home.contact("Sara"), home.contact("Jonas"), home.contact("Otto")):
        home.agrees(agreed)
    home.agrees(Agreement(Sort.DAILY, date(2026, 11, 25), title="Sengetid", text="Kl. 21."), by="birgit")
    every = ["Samvær med Jonas", "Samvær med Otto", "Samvær med Sara"]
    assert home.titles("Sara") == ["Samvær med Sara"] and home.titles("Jonas") == ["Samvær med Jonas"]
    assert home.titles("Alma Prøvegaard") == every
    assert all(home.titles(name) == [*every, "Sengetid"] for name in ("else", "karl", "rita", "birgit"))
    assert home.titles("kim") == home.titles("maja") == []
    assert scope_for_person(Entry.objects.get(title="Otto").id, home.child, level=LoginLevel.SUBSTANTIAL) is None


def test_an_agreement_is_changed_by_versions_and_ended_with_a_reason(home: Placed) -> None:
    ident = home.agrees(home.contact("Sara"))
    changed = replace(home.contact("Sara"), often="Hver søndag")
    home.agrees(changed, by="birgit", ident=ident, version=1)
    with pytest.raises(Conflict):
        home.agrees(changed, ident=ident, version=1)
    with pytest.raises(Refused, match="Det samme står der allerede"):
        home.agrees(changed, ident=ident, version=2)
    (found,) = home.agreed("Sara")
    assert (found.agreement.often, found.agreement.place, found.version) == ("Hver søndag", "Familiehuset", 2)
    assert found.call and found.call.name.startswith("Rita") and not found.over
    operations.end_agreement(by=home.scope("rita"), child_id=home.child, ident=ident, version=2, reason="Hun er syg.")
    (found,) = home.agreed("Sara")
    assert found.over and found.ended == "Hun er syg."
    with pytest.raises(Conflict):
        home.agrees(changed, ident=ident, version=3)
    assert not differing(home.child)


def test_nobody_else_agrees_and_only_about_those_around_the_child(home: Placed) -> None:
    for name in ("kim", "maja", "else", "Sara"):
        with pytest.raises(NotFound):
            operations.agree(by=home.who(name), child_id=home.child, agreed=home.contact("Sara"))
    for wrong in ({"who": "RelatedPerson/x"}, {"call": home.person("Sara")}, {"call": "PractitionerRole/x"}):
        with pytest.raises(Refused):
            home.agrees(replace(home.contact("Sara"), **wrong))  # type: ignore[arg-type]


def test_a_visit_belongs_to_its_agreement_and_is_for_the_same(home: Placed) -> None:
    ident = home.agrees(home.contact("Sara"))
    start = home.clock.at + 3 * DAY
    wanted = Wanted(
        "Lørdag i huset", (Slot(start, start + 3600 * SECOND),), booked=True, intervention=f"CarePlan/{ident}"
    )
    calendar.arrange(by=home.scope("rita"), child_id=home.child, wanted=wanted)
    for name, sees in (
        ("Sara", True), ("else", True), ("karl", True), ("Alma Prøvegaard", True), ("rita", True), ("Jonas", False),
        ("maja", False), ("kim", False),
    ):  # fmt: skip
        with open_book(home.who(name), "calendar", home.child) as book:
            found = of_child(book, home.child, home.clock.at, home.clock.at + 30 * DAY)
            assert [one.title for one in found] == (["Lørdag i huset"] if sees else []), name
            assert [len(one.visits) for one in queries.agreements(book, home.child, found)] == ([1] if sees else []), (
                name
            )
    for name, told in (("Sara", True), ("Jonas", False)):
        with open_book(home.who(name), "log-read", home.child) as book:
            acts = [row.action for row in own_log(book, home.child, since=0).rows]
        assert ("appointment-new" in acts) is told, f"that there is a visit at all is between those it is for: {name}"
    with open_book(home.who("else"), "overview", home.child) as book:
        assert [one.title for one in queries.week(book, home.child).visits] == ["Lørdag i huset"]
    for name, told in (("Sara", True), ("Jonas", False), ("Alma Prøvegaard", True)):
        with open_book(home.who(name), "log-read", home.child) as book:
            actions = {row.action for row in own_log(book, home.child, since=0).rows}
        assert ("appointment-new" in actions) is told, name


def test_where_is_not_told_to_somebody_who_must_not_learn_where_the_child_is(
    database: str, clock: Clock, tmp_path: Path  # noqa: F811
) -> None:  # fmt: skip
    home = Placed(clock, tmp_path, {"url": f"{EXTENSION}protected-address", "valueBoolean": True})
    ident = home.agrees(home.contact("Jonas"))
    (his,), (hers,) = home.agreed("Jonas"), home.agreed("else")
    assert his.bare and (his.agreement.place, his.agreement.text, his.call) == ("", "", None)
    assert his.agreement.often == "Hver lørdag" and (hers.agreement.place, hers.bare) == ("Familiehuset", False)
    operations.end_agreement(
        by=home.scope("rita"), child_id=home.child, ident=ident, version=his.version, reason="De flytter til Fur"
    )
    (his,), (hers,) = home.agreed("Jonas"), home.agreed("else")
    assert his.over and (his.ended, hers.ended) == ("", "De flytter til Fur"), "why it ended is words that can tell too"


def test_no_contact_is_agreed_with_a_parent_before_the_risk_of_an_honour_conflict_is_assessed(
    clock: Clock,  # noqa: F811
    database: str,
    tmp_path: Path,
) -> None:
    """The agreement is sent to the parent. What is agreed on everyday life is for the carers."""
    home = Placed(clock, tmp_path, honour_conflict())
    with pytest.raises(Refused, match="Risikoen skal vurderes"):
        home.agrees(home.contact("Sara"))
    home.agrees(Agreement(Sort.DAILY, date(2026, 11, 25), title="Sengetid", text="Klokken 20."))
    assert home.titles("else") == ["Sengetid"]
