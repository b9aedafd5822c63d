"""Versions of the routing rules on both databases: saved, sent, approved by another, rolled back, never changed."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from barnetsbog.audit.models import Event
from barnetsbog.kernel.decisions import Conflict, NotFound
from barnetsbog.publishing import chains, operations
from barnetsbog.publishing.model import Draft
from barnetsbog.publishing.models import RoutingDecision, RoutingDraft
from barnetsbog.publishing.operations import NotAllowed
from barnetsbog.publishing.routing import ROUTING, rules_in_use
from barnetsbog.routing.files import RoutingError, written
from barnetsbog.routing.loading import standard
from barnetsbog.routing.model import Change, Home, Local, Question, Urgency
from barnetsbog.routing.rules import advise
from tests.conftest import BOTH_DATABASES

from .conftest import TODAY, People

pytestmark = [BOTH_DATABASES, pytest.mark.usefixtures("database")]

GP_ADHD = Question("gp", 9, "adhd", Urgency.PLANNED, Home.HERE)
DIRECTLY = Local({"G-PPR": Change("G-PPR", on=False)}, {})
"""The municipality has no way through a council: the doctor asks the family to talk to the school."""
NO_DOOR = Local({name: Change(name, on=False) for name in ("O-FAM", "O-SCHOOL", "O-LTT")}, {})


def drafts() -> list[Draft]:
    return chains.history(ROUTING)


def _sent(person: People, local: Local = DIRECTLY, *, days: int = 0) -> int:
    after = operations.save(ROUTING, by=person("ib"), after=len(drafts()), content=written(local))
    return operations.submit(
        ROUTING, by=person("ib"), after=after, valid_from=TODAY + timedelta(days), why="Ny praksis"
    )


def _first_rule() -> str:
    return advise(GP_ADHD, rules_in_use()).first.rules[0]


def test_a_change_is_in_use_when_another_person_has_approved_it(person: People) -> None:
    number = _sent(person)
    assert _first_rule() == "G-PPR"
    operations.decide(ROUTING, by=person("vera"), number=number, approved=True)
    assert _first_rule() == "G-PPR-SCHOOL"


def test_and_from_its_day_on(person: People, today: Callable[[int], None]) -> None:
    operations.decide(ROUTING, by=person("vera"), number=_sent(person, days=3), approved=True)
    assert _first_rule() == "G-PPR"
    today(3)
    assert _first_rule() == "G-PPR-SCHOOL"


def test_approved_after_its_day_it_is_in_force_from_the_day_it_was_approved(
    person: People, today: Callable[[int], None]
) -> None:
    number = _sent(person, days=1)
    today(5)
    operations.decide(ROUTING, by=person("vera"), number=number, approved=True)
    assert drafts()[-1].decided and drafts()[-1].decided.valid_from == TODAY + timedelta(5)


@pytest.mark.parametrize("who", ["ib", "ib again"])
def test_nobody_approves_their_own_in_whichever_role(person: People, who: str) -> None:
    number = _sent(person)
    with pytest.raises(NotAllowed, match="kan ikke selv godkende"):
        operations.decide(ROUTING, by=person(who), number=number, approved=True)
    assert _first_rule() == "G-PPR" and not RoutingDecision.objects.exists()


def test_what_is_not_sent_is_not_approved(person: People) -> None:
    number = operations.save(ROUTING, by=person("ib"), after=0, content=written(DIRECTLY))
    with pytest.raises(NotAllowed, match="ikke sendt"):
        operations.decide(ROUTING, by=person("vera"), number=number, approved=True)


def test_a_child_without_a_door_stops_it_and_is_named(person: People) -> None:
    after = operations.save(ROUTING, by=person("ib"), after=0, content=written(NO_DOOR))  # a draft may be unfinished
    with pytest.raises(RoutingError, match="Uden dør: En anden, der er bekymret, 0 år"):
        operations.submit(ROUTING, by=person("ib"), after=after, valid_from=TODAY, why="Prøver")
    assert len(drafts()) == 1


def test_a_day_that_has_been_is_refused(person: People) -> None:
    after = operations.save(ROUTING, by=person("ib"), after=0, content=written(DIRECTLY))
    with pytest.raises(NotAllowed, match="Dagen er gået"):
        operations.submit(ROUTING, by=person("ib"), after=after, valid_from=TODAY - timedelta(1), why="For sent")


def test_why_is_kept_whole_and_without_a_person_s_number(person: People) -> None:
    after = operations.save(ROUTING, by=person("ib"), after=0, content=written(DIRECTLY))
    for why, told in (("x" * 501, "plads til 500"), ("\a", "ikke kan gemmes")):
        with pytest.raises(NotAllowed, match=told):
            operations.submit(ROUTING, by=person("ib"), after=after, valid_from=TODAY, why=why)
    sent = operations.submit(ROUTING, by=person("ib"), after=after, valid_from=TODAY, why="Som hos 010115-1234")
    operations.decide(ROUTING, by=person("vera"), number=sent, approved=False, remark="Ikke 0101151234")
    draft = drafts()[-1]
    assert draft.decided and (draft.why, draft.decided.remark) == ("Som hos 010115-xxxx", "Ikke 010115-xxxx")


def test_two_who_save_after_the_same_draft(person: People) -> None:
    operations.save(ROUTING, by=person("ib"), after=0, content=written(DIRECTLY))
    with pytest.raises(Conflict):
        operations.save(ROUTING, by=person("vera"), after=0, content=written(Local({}, {})))
    assert len(drafts()) == 1


def test_two_who_save_in_the_same_second_on_two_servers(person: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have seen that nobody has saved; the database takes one of them."""
    operations.save(ROUTING, by=person("ib"), after=0, content=written(DIRECTLY))
    monkeypatch.setattr("barnetsbog.publishing.operations.history", lambda chain: [])
    with pytest.raises(Conflict):
        operations.save(ROUTING, by=person("vera"), after=0, content=written(Local({}, {})))
    monkeypatch.undo()
    assert "G-PPR" in chains.content_of(ROUTING, 1) and Event.objects.filter(action="routing-rules").count() == 1


def test_a_decision_is_made_once(person: People) -> None:
    number = _sent(person)
    operations.decide(ROUTING, by=person("vera"), number=number, approved=False, remark="Spørg BUP først")
    with pytest.raises(Conflict):
        operations.decide(ROUTING, by=person("vera"), number=number, approved=True)
    assert _first_rule() == "G-PPR"


def test_who_decided_on_a_draft_that_was_changed_meanwhile_is_told(person: People) -> None:
    number = _sent(person)
    operations.save(ROUTING, by=person("ib"), after=number, content=written(Local({}, {})))
    with pytest.raises(Conflict):
        operations.decide(ROUTING, by=person("vera"), number=number, approved=True)


def test_back_to_an_earlier_version_goes_the_same_way(person: People) -> None:
    first = _sent(person)
    operations.decide(ROUTING, by=person("vera"), number=first, approved=True)
    again = operations.take_up(ROUTING, by=person("vera"), after=first, number=0)
    sent = operations.submit(ROUTING, by=person("vera"), after=again, valid_from=TODAY, why="Det gik ikke")
    with pytest.raises(NotAllowed):
        operations.decide(ROUTING, by=person("vera"), number=sent, approved=True)
    operations.decide(ROUTING, by=person("ib"), number=sent, approved=True)
    assert _first_rule() == "G-PPR"
    back = operations.take_up(ROUTING, by=person("ib"), after=sent, number=first)
    assert drafts()[-1].number == back and "G-PPR" in chains.content_of(ROUTING, back)
    assert [one.number for one in drafts() if one.is_version] == [first, sent]


def test_nothing_is_ever_changed_or_removed(person: People) -> None:
    operations.decide(ROUTING, by=person("vera"), number=_sent(person), approved=True)
    for table in ("routing_draft", "routing_decision"):
        for sql in (f"DELETE FROM {table}", f"UPDATE {table} SET at = 0"):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql)


def test_only_administrators(person: People) -> None:
    number = _sent(person)
    for act in (
        lambda by: operations.save(ROUTING, by=by, after=number, content=written(DIRECTLY)),
        lambda by: operations.submit(ROUTING, by=by, after=number, valid_from=TODAY, why=""),
        lambda by: operations.decide(ROUTING, by=by, number=number, approved=True),
        lambda by: operations.take_up(ROUTING, by=by, after=number, number=0),
    ):
        with pytest.raises(NotFound):
            act(person("maja"))
    assert len(drafts()) == 2 and not RoutingDecision.objects.exists()


def test_a_version_that_no_longer_fits_the_program_is_not_used(person: People) -> None:
    """After an update a rule may be gone. No family meets an error because of it."""
    RoutingDraft.objects.create(
        number=1, at=0, role_id=UUID(int=10), person_id=UUID(int=1), content="rules: [{id: GONE, switch: off}]",
        submitted=True, valid_from=TODAY, why="",
    )  # fmt: skip
    RoutingDecision.objects.create(
        draft=1, at=0, role_id=UUID(int=12), person_id=UUID(int=2), approved=True, valid_from=TODAY, remark=""
    )
    assert rules_in_use() is standard()


def test_every_step_is_in_the_log(person: People) -> None:
    operations.decide(ROUTING, by=person("vera"), number=_sent(person), approved=True)
    lines = Event.objects.filter(action="routing-rules").order_by("at", "id")
    steps = [("save", 1), ("submit", 2), ("approve", 2)]
    assert sorted((one.detail["step"], one.detail["number"]) for one in lines) == sorted(steps)
