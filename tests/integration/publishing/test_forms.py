"""An instance's own forms on both databases: changed by one, approved by another, used from a day, never lost."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from barnetsbog.audit.models import Event
from barnetsbog.forms import common, editing, loading, samples
from barnetsbog.forms.common import Common
from barnetsbog.forms.editing import Words, item_in
from barnetsbog.forms.files import FormError
from barnetsbog.forms.local import Sort, Tried, dumped, put_together, read_local, read_package, written
from barnetsbog.forms.model import Form
from barnetsbog.forms.trying import as_it_comes_out
from barnetsbog.kernel.decisions import Conflict, NotFound
from barnetsbog.law.rulefiles import LawFileError
from barnetsbog.publishing import forms, operations
from barnetsbog.publishing.forms import FORMS, Meanwhile, mark
from barnetsbog.publishing.models import FormRelease
from barnetsbog.publishing.operations import NotAllowed
from barnetsbog.record.scope import Scope
from tests.conftest import BOTH_DATABASES

from .conftest import TODAY, People

pytestmark = [BOTH_DATABASES, pytest.mark.usefixtures("database", "forgotten")]

SCHOOL, SHARED = "form/status-school", "question/mood"
ASKED = "Hvordan er humøret i skolen?"


@pytest.fixture
def forgotten() -> Iterator[None]:
    """The versions of another test's database."""
    forms.forget()
    yield
    forms.forget()


def _asks(by: Scope, ask: str = ASKED, form: str = "status-school", began: str = "") -> None:
    """Somebody words the question of the mood differently in one form."""
    forms.change(
        by=by, key=f"form/{form}", make=lambda now: editing.worded(now.raw, form, "mood", _said(now, form)._replace(ask=ask)),
        saw=lambda now: _said(now, form), began=began,
    )  # fmt: skip


def _said(now: Tried, form: str) -> Words:
    item = item_in(now.forms[form], "mood")
    assert item
    return Words.of(item)


def _publishes(person: People, *, days: int = 0) -> int:
    sent = operations.submit(
        FORMS, by=person("ib"), after=forms.standing().after, valid_from=TODAY + timedelta(days), why="Ny praksis"
    )
    operations.decide(FORMS, by=person("vera"), number=sent, approved=True)
    return sent


def _mood(form: Form) -> str:
    item = item_in(form, "mood")
    assert item
    return item.ask


def test_a_question_is_asked_anew_when_another_person_has_approved_it(person: People) -> None:
    before = loading.catalogue()["status-school"]
    _asks(person("ib"))
    assert loading.catalogue()["status-school"] == before
    _publishes(person)
    now = loading.catalogue()["status-school"]
    assert (now.version, _mood(now)) == (1001, ASKED)
    assert loading.form("status-school", before.version) == before
    assert {one for one, form in loading.catalogue().items() if form.version >= 1001} == {"status-school"}


def test_a_shared_question_makes_a_new_version_of_every_form_that_asks_it(person: People) -> None:
    now = forms.standing()
    content = common.worded(put_together(""), Common(Sort.QUESTION, "mood"), "mood", _words()._replace(ask=ASKED))
    forms.save_record(by=person("ib"), key=SHARED, text=dumped(content), began=mark(now.text(SHARED)))
    coming = {one.id for one in forms.changes(forms.standing().content)}
    _publishes(person)
    assert coming == {one.form for one in forms.releases()} and len(coming) > 3
    assert all(_mood(loading.catalogue()[one]) == ASKED for one in coming)


def _words() -> Words:
    return Words.of(put_together(forms.standing().content).sources.shared.items["mood"])


def test_and_from_its_day_on_in_every_process(person: People, today: Callable[[int], None]) -> None:
    _asks(person("ib"))
    _publishes(person, days=3)
    assert loading.catalogue()["status-school"].version == loading.program()["status-school"].version
    today(3)
    assert loading.catalogue()["status-school"].version == 1001


def test_back_is_a_new_version_that_says_the_same_and_the_one_between_is_never_lost(person: People) -> None:
    program = loading.catalogue()["status-school"]
    _asks(person("ib"))
    first = _publishes(person)
    operations.take_up(FORMS, by=person("ib"), after=first, number=0)
    with pytest.raises(NotAllowed, match="kan ikke selv godkende"):
        sent = operations.submit(FORMS, by=person("ib"), after=first + 1, valid_from=TODAY, why="Det gik ikke")
        operations.decide(FORMS, by=person("ib again"), number=sent, approved=True)
    operations.decide(FORMS, by=person("vera"), number=sent, approved=True)
    now = loading.catalogue()["status-school"]
    assert (now.version, now.sections) == (1002, program.sections)
    assert _mood(loading.form("status-school", 1001)) == ASKED
    operations.take_up(FORMS, by=person("vera"), after=sent, number=first)
    again = operations.submit(FORMS, by=person("vera"), after=sent + 1, valid_from=TODAY, why="Det var godt nok")
    operations.decide(FORMS, by=person("ib"), number=again, approved=True)
    assert (loading.catalogue()["status-school"].version, _mood(loading.catalogue()["status-school"])) == (1003, ASKED)


def test_two_who_change_the_same_are_both_heard_and_different_things_meet(person: People) -> None:
    seen = mark(_said(put_together(forms.standing().content), "status-school"))
    text, text_seen = _text(SCHOOL), mark(_text(SCHOOL))
    _asks(person("vera"), "Hvordan er humøret, Vera?", began=seen)
    with pytest.raises(Meanwhile):
        _asks(person("ib"), began=seen)
    with pytest.raises(Meanwhile):
        forms.save_record(by=person("ib"), key=SCHOOL, text=text.replace("Skole", "Skolen"), began=text_seen)
    _asks(person("ib"), form="status-preschool")
    records = read_local(forms.standing().content).records
    assert "Vera?" in records[SCHOOL] and ASKED in records["form/status-preschool"]


def test_two_servers_in_the_same_second(person: People, monkeypatch: pytest.MonkeyPatch) -> None:
    _asks(person("ib"))
    before = forms.standing()
    monkeypatch.setattr("barnetsbog.publishing.operations.history", lambda chain: before.history[:-1])
    with pytest.raises(Conflict):
        operations.save(FORMS, by=person("vera"), after=0, content=before.content)


def test_what_can_t_be_put_together_is_not_kept_and_what_does_not_hold_is_not_sent(person: People) -> None:
    with pytest.raises(LawFileError, match="nope"):
        forms.save_record(by=person("ib"), key=SCHOOL, text="id: status-school\nnope: 1", began=mark(_text(SCHOOL)))
    assert forms.standing().after == 0
    _asks(person("ib"), "Pædagogisk-psykologiske undersøgelsesproblematikkers foranstaltninger? " * 4)
    with pytest.raises(FormError, match="teksten har"):
        _publishes(person)
    assert not FormRelease.objects.exists()


def _text(key: str) -> str:
    return forms.standing().text(key) or ""


def test_a_case_that_fails_stops_it(person: People) -> None:
    form = loading.catalogue()["status-school"]
    forms.save_case(by=person("ib"), make=lambda one: as_it_comes_out(one, "Alt", form, samples.answers(form)))
    raw = read_package()
    gone = dumped(editing.without(raw, "status-school", "mood"))
    forms.save_record(by=person("ib"), key=SCHOOL, text=gone, began=mark(_text(SCHOOL)))
    with pytest.raises(FormError, match="Prøven »Alt«: der spørges ikke om"):
        _publishes(person)
    forms.remove_case(by=person("ib"), ident="egen-1")
    _publishes(person)
    assert item_in(loading.catalogue()["status-school"], "mood") is None


def test_a_form_of_ones_own_is_used_and_withdrawn_and_still_read(person: People) -> None:
    content = read_package().forms["19-ppr-assessment.yaml"] | {"id": "egen", "number": 100, "title": "Vores eget"}
    forms.save_record(by=person("ib"), key="form/egen", text=dumped(content), began=mark(None))
    _publishes(person)
    assert loading.catalogue()["egen"].title == "Vores eget" and loading.catalogue()["egen"].version == 1001
    with pytest.raises(Meanwhile):
        forms.forget_record(by=person("ib"), key="form/egen", began=mark("Noget andet"))
    forms.forget_record(by=person("ib"), key="form/egen", began=mark(_text("form/egen")))
    _publishes(person)
    assert "egen" not in loading.catalogue()
    assert loading.form("egen", 1001).title == "Vores eget"


def test_only_administrators(person: People) -> None:
    _asks(person("ib"))
    maja, text = person("maja"), _text(SCHOOL)
    form = loading.catalogue()["status-school"]
    for act in (
        lambda: forms.save_record(
            by=maja, key=SHARED, text=_text(SHARED).replace("Barnets", "Hans"), began=mark(_text(SHARED))
        ),
        lambda: forms.save_record(by=maja, key=SCHOOL, text=text, began=mark(text)),
        lambda: forms.forget_record(by=maja, key=SCHOOL, began=mark(text)),
        lambda: forms.save_case(by=maja, make=lambda one: as_it_comes_out(one, "x", form, {})),
        lambda: forms.remove_case(by=maja, ident="egen-1"),
        lambda: operations.submit(FORMS, by=maja, after=1, valid_from=TODAY, why=""),
        lambda: operations.take_up(FORMS, by=maja, after=1, number=0),
    ):
        with pytest.raises(NotFound):
            act()
    assert forms.standing().after == 1


def test_saved_without_a_change_nothing_is_kept(person: People) -> None:
    forms.save_record(by=person("ib"), key=SCHOOL, text=_text(SCHOOL), began=mark(_text(SCHOOL)))
    assert forms.standing().after == 0


def test_nothing_is_ever_changed_or_removed(person: People) -> None:
    _asks(person("ib"))
    _publishes(person)
    for table in ("form_draft", "form_decision", "form_release"):
        for sql in (
            f"DELETE FROM {table}",
            f"UPDATE {table} SET content = ''" if table != "form_decision" else "UPDATE form_decision SET at = 0",
        ):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql)


def test_every_step_is_in_the_log(person: People) -> None:
    _asks(person("ib"))
    _publishes(person)
    steps = [one.detail["step"] for one in Event.objects.filter(action="form-catalogue").order_by("at", "id")]
    assert sorted(steps) == ["approve", "save", "submit"]


def test_a_text_that_was_kept_is_read_again_the_same(person: People) -> None:
    _asks(person("ib"))
    now = forms.standing()
    assert written(now.local) == now.content == FORMS.draft._default_manager.get(number=1).content


def test_a_version_that_an_update_can_t_read_is_not_used_and_can_be_released_anew(
    person: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    _asks(person("ib"))
    _publishes(person)
    content = forms.Published.content
    monkeypatch.setattr(forms.Published, "content", lambda self, form, version: content(self, form, version).replace(
        b"school.absence", b"gone" if version == 1001 else b"school.absence"
    ))  # fmt: skip
    forms.forget()
    assert loading.catalogue()["status-school"].version < 1001 and forms.unreadable() == {"status-school": 1001}
    operations.take_up(FORMS, by=person("ib"), after=2, number=2)
    _publishes(person)
    assert (loading.catalogue()["status-school"].version, _mood(loading.catalogue()["status-school"])) == (1002, ASKED)
    assert not forms.unreadable()


def test_a_page_reads_what_one_draft_says_and_not_all_that_there_ever_were(person: People) -> None:
    for n in range(3):
        _asks(person("ib"), f"Hvordan har barnet det, nr. {n}?")
    with CaptureQueriesContext(connection) as asked:
        assert len(forms.standing().history) == 3
    assert sum("content" in one["sql"] for one in asked) == 1
