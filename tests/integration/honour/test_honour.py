"""An honour-related conflict that is suspected: who writes it and what follows, and that it leaves no trace for the family.
On both databases."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from barnetsbog.access.gathering import facts_of
from barnetsbog.access.own_log import own_log
from barnetsbog.access.reading import open_book
from barnetsbog.access.rebuilding import differing
from barnetsbog.honour import mapping, operations, queries
from barnetsbog.honour.model import Pages, Stand, Suspicion
from barnetsbog.intake.writing import write, writing
from barnetsbog.kernel.decisions import Conflict, NotFound, Refused
from barnetsbog.messages import operations as messages
from barnetsbog.messages.model import Wanted
from barnetsbog.record.book import Book
from barnetsbog.record.entries import Filter
from barnetsbog.record.models import Entry
from barnetsbog.record.scope import Scope
from barnetsbog.responsibility.queries import balls
from tests.builders import bundle, care, honour_conflict, patient, role, send, unit
from tests.conftest import BOTH_DATABASES
from tests.integration.letters.conftest import Clock, Writing, clock  # noqa: F401 - the same people

pytestmark = [BOTH_DATABASES, pytest.mark.usefixtures("database")]

FAMILY = ("Sara", "Jonas", "Alma Prøvegaard")
RISK = "Vurder risikoen for æreskonflikt"


class Home(Writing):
    def who(self, name: str) -> Scope:
        return self.parent(name) if name in FAMILY else self.scope(name)

    def suspects(self, seen: str = "Hun skal giftes til sommer.", name: str = "rita") -> None:
        self.clock.later(1)
        operations.suspect(by=self.scope(name), child_id=self.child, seen=seen)

    def finds(self, stand: Stand, found: str = "Moster kan hentes ind.", name: str = "rita", version: int = 0) -> None:
        self.clock.later(1)
        version = version or self.pages(name).version
        operations.assess(by=self.scope(name), child_id=self.child, stand=stand, found=found, version=version)

    def pages(self, name: str = "rita") -> Pages:
        with open_book(self.who(name), "honour", self.child, between=[]) as book:
            return queries.pages(book, self.child)

    def balls(self, name: str = "rita") -> list[str]:
        with open_book(self.scope(name), "ball", self.child) as book:
            return [one.title for one in balls(book, self.child)]

    def writes_to_sara(self) -> None:
        self.clock.later(1)
        wanted = Wanted("Kan vi tales ved?", to=self.person("Sara"))
        messages.send(by=self.scope("kim"), child_id=self.child, wanted=wanted)

    def form_says(self, one: Suspicion, by: str, to: str = "") -> None:
        """What `forms.sending` does with it."""
        self.clock.later(1)
        with writing(self.who(by), "form-send", self.child, between=[]) as book:
            write(book.scope, *operations.told_by_form(book, self.child, one, to=to or self.unit("fam")))

    def seen_by(self, name: str) -> tuple[Any, ...]:
        """All that somebody is told of the book: its entries with their versions, and to the family the log."""
        with open_book(self.who(name), "timeline", self.child) as book:
            log = own_log(book, self.child, since=0).rows if name in FAMILY else ()
            return (*_everything(book, self.child), [row.action for row in log if row.action != "timeline"])


def _everything(book: Book, child_id: UUID) -> Iterator[Any]:
    rows = list(book.entries(child_id, Filter(on_timeline=False)))
    yield [(row.id, row.version, row.title, row.recorded_at) for row in rows]
    yield book.bodies(rows)


@pytest.fixture
def home(database: str, clock: Clock, tmp_path: Path) -> Home:  # noqa: F811
    return Home(clock, tmp_path)


def test_from_a_suspicion_on_nobody_writes_to_a_parent_until_the_risk_is_assessed(home: Home) -> None:
    home.writes_to_sara()
    home.suspects()
    assert home.pages().hold and home.balls() == [RISK]
    with pytest.raises(Refused, match="Risikoen skal vurderes"):
        home.writes_to_sara()
    home.finds(Stand.WAITS, "Vi taler med politiet først.")
    with pytest.raises(Refused, match="Risikoen skal vurderes"):
        home.writes_to_sara()
    assert home.balls() == [RISK]
    home.finds(Stand.ASSESSED)
    home.writes_to_sara()
    (told,) = home.pages().told
    assert not home.pages().hold and home.balls() == []
    assert (told.suspicion.seen, told.suspicion.found) == ("Hun skal giftes til sommer.", "Moster kan hentes ind.")
    assert [one.found for one in told.assessments] == ["Moster kan hentes ind.", "Vi taler med politiet først."]
    assert told.by and {one.by for one in told.assessments} == {told.by} and told.by.name.startswith("Rita")
    home.suspects("Nu har hun fået en billet.")
    assert home.pages().hold and home.balls() == [RISK] and len(home.pages().told) == 2
    home.finds(Stand.UNFOUNDED, "Billetten er til en klassetur.")
    assert not home.pages().hold and not differing(home.child)


@pytest.mark.parametrize("stand", [Stand.ASSESSED, Stand.UNFOUNDED])
def test_it_leaves_no_trace_for_the_family_nor_for_others_around_the_child(home: Home, stand: Stand) -> None:
    others = (*FAMILY, "kim", "maja")
    before = {name: home.seen_by(name) for name in others}
    home.suspects()
    home.finds(stand)
    assert {name: home.seen_by(name) for name in others} == before


@pytest.mark.parametrize("name", ["Sara", "Alma Prøvegaard", "kim", "maja"])
def test_the_page_is_the_family_department_s_alone(home: Home, name: str) -> None:
    home.suspects()
    with pytest.raises(NotFound):
        home.pages(name)
    with open_book(home.who(name), "contacts", home.child) as book:
        assert queries.holds(book, home.child) is None
    if name in ("kim", "maja"):
        for act in (home.suspects, home.finds):
            with pytest.raises(NotFound):
                act(**{"name": name} | ({"stand": Stand.ASSESSED, "version": 1} if act == home.finds else {}))  # type: ignore[operator]


def test_a_department_whose_task_has_ended_reads_and_writes_nothing_more(home: Home) -> None:
    home.suspects()
    home.happens(care("c3", unit_id="fam", end="2026-11-24"))
    with pytest.raises(NotFound):
        home.pages()


def test_what_says_nothing_or_the_same_is_refused_and_nothing_changes(home: Home) -> None:
    with pytest.raises(Refused, match="hvad mistanken bygger på"):
        home.suspects("  ")
    assert not home.pages().hold
    home.suspects()
    with pytest.raises(Refused, match="venter allerede"):
        home.suspects("Igen")
    with pytest.raises(Refused, match="hvad vurderingen viser"):
        home.finds(Stand.ASSESSED, " ")
    home.finds(Stand.WAITS, "Vi venter.")
    with pytest.raises(Refused, match="står der allerede"):
        home.finds(Stand.WAITS, "Vi venter.")
    assert [one.suspicion.found for one in home.pages().told] == ["Vi venter."]


def test_of_two_who_assess_at_once_the_second_is_told(home: Home) -> None:
    home.suspects()
    version = home.pages().version
    home.finds(Stand.WAITS, "Vi venter.", version=version)
    with pytest.raises(Conflict):
        home.finds(Stand.ASSESSED, version=version)
    assert home.pages().hold


def test_an_assessment_answers_what_a_register_said_before_it(home: Home) -> None:
    send(patient(extension=[honour_conflict()]))
    assert home.pages().hold and home.pages().elsewhere
    home.finds(Stand.ASSESSED)
    assert not home.pages().hold
    assert not facts_of(home.child).child.parents_wait
    (told,) = home.pages().told
    assert told.suspicion.seen == "" and told.suspicion.stand is Stand.ASSESSED


def test_the_department_of_the_new_municipality_assesses_what_it_may_not_read(home: Home) -> None:
    home.suspects()
    home.happens(unit("fam2", "family_dept"), *role("tove", "fam2", "caseworker"), care("c9", unit_id="fam2"),
                 care("c3", unit_id="fam", end="2026-11-24"))  # fmt: skip
    found = home.pages("tove")
    assert found.hold and found.elsewhere and found.told == ()
    home.finds(Stand.UNFOUNDED, name="tove")
    assert not home.pages("tove").hold


# -- by forms ----------------------------------------------------------------------------------------------------------

HEARD = Suspicion(
    Stand.WAITS, "Hun må ikke gå ud.", 0, basis="QuestionnaireResponse/11111111-1111-4111-8111-111111111111"
)


def _at(one: Suspicion, home: Home) -> Suspicion:
    return one._replace(since=home.clock.at)


def test_a_school_s_concern_raises_it_at_the_department_and_the_school_does_not_read_what_becomes_of_it(
    home: Home,
) -> None:
    home.form_says(_at(HEARD, home), "maja")
    (told,) = home.pages().told
    assert told.suspicion.seen == "Hun må ikke gå ud." and told.by and home.balls() == [RISK]
    home.finds(Stand.ASSESSED)
    with open_book(home.scope("maja"), "timeline", home.child) as book:
        assert not book.entries(home.child, Filter(what=("honour-conflict",), on_timeline=False))
    home.form_says(_at(HEARD, home), "maja")
    assert not home.pages().hold  # a correction of the same form raises it no second time


@pytest.mark.parametrize("name", FAMILY)
def test_whoever_of_the_family_tells_of_it_does_not_read_what_becomes_of_it(home: Home, name: str) -> None:
    home.form_says(_at(HEARD, home), name)
    assert home.pages().hold
    with open_book(home.who(name), "timeline", home.child) as book:
        assert not book.entries(home.child, Filter(what=("honour-conflict",), on_timeline=False))


def test_a_screening_answers_what_stands_and_ends_the_task(home: Home) -> None:
    home.form_says(_at(HEARD, home), "maja")
    screened = Suspicion(Stand.WAITS, "", home.clock.at, "Faren er stor.", home.clock.at, basis=HEARD.basis[:-1] + "2")
    with writing(home.scope("rita"), "form-send", home.child, between=[]) as book:
        assert operations.told_by_form(book, home.child, screened, to=home.unit("fam")) == []
    home.form_says(screened._replace(stand=Stand.ASSESSED), "rita")
    (told,) = home.pages().told
    assert told.suspicion.found == "Faren er stor." and not home.pages().hold and home.balls() == []


def test_a_suspicion_is_guarded_whatever_its_source_says_of_it(home: Home) -> None:
    told = mapping.risk_assessment("r1", HEARD._replace(since=home.clock.at), child="Patient/alma", by="", to=())
    told["extension"], told["meta"] = [], {"security": [{**told["meta"]["security"][0], "code": "ordinary"}]}
    assert not send(bundle({key: value for key, value in told.items() if value})).refusals
    assert facts_of(home.child).child.parents_wait
    for name in (*FAMILY, "kim", "maja"):
        with open_book(home.who(name), "timeline", home.child) as book:
            assert not book.entries(home.child, Filter(what=("honour-conflict",), on_timeline=False))
    assert Entry.objects.filter(what="honour-conflict").count() == 1 and home.pages().elsewhere
