"""A form from the first question to what it says in the book, on both databases."""

import io
from dataclasses import replace
from datetime import date
from uuid import UUID

import orjson
import pypdf
import pytest

from barnetsbog.access.gathering import facts_of
from barnetsbog.access.reading import open_book
from barnetsbog.access.rebuilding import differing
from barnetsbog.access.scopes import scope_for
from barnetsbog.audit.models import Event
from barnetsbog.consent.answering import Yes
from barnetsbog.directory.queries import roles, units
from barnetsbog.fhir.own import EXTENSION
from barnetsbog.fhir.packages import Library
from barnetsbog.fhir.packages.storing import own_definitions
from barnetsbog.fhir.profiling import Profiles
from barnetsbog.forms import languages, operations, prefill, queries, rules, sending
from barnetsbog.forms.acting import GroundNeeded, Incomplete
from barnetsbog.forms.model import Becomes, Kind, Option, Part, Party, Section, Wording
from barnetsbog.forms.response import Kept, News, Origin, State, TurnState
from barnetsbog.honour import queries as honour
from barnetsbog.intake.writing import body_of, write, writing
from barnetsbog.kernel.decisions import Conflict, NotFound, Refused
from barnetsbog.kernel.files import NoScan, scan_of
from barnetsbog.kernel.time import DAY
from barnetsbog.plan import operations as plan
from barnetsbog.plan.model import Said
from barnetsbog.record.entries import Filter
from barnetsbog.record.models import Entry, Grant, Version
from barnetsbog.record.scope import LoginLevel, Scope
from tests.builders import bundle, care, patient, pdf, role, send, unit
from tests.conftest import BOTH_DATABASES
from tests.integration.consent.conftest import NOON, holder
from tests.unit.forms import inventing

from .conftest import FROM_CHILD, STATUS, Catalogue, School, conditions, referral, second

pytestmark = BOTH_DATABASES


def test_a_draft_is_filled_with_what_is_known_and_where_it_is_from(school: School) -> None:
    found = school.reads("maja", school.begins("maja"))
    said = found.response
    assert said.answers["navn"] == ("Alma Prøvegaard",)
    assert said.answers["svaert"] == ({"hvad": ("Svært ved pauser",), "siden": ("2026-03-03",)},)
    source = said.origins["svaert.0.hvad"].source
    assert source.unit == f"Organization/{school.units['skole']}" and str(source.day) == "2026-03-03"


def test_a_form_has_the_number_and_the_home_that_the_child_has_now(school: School, catalogue: Catalogue) -> None:
    """Not a hospital's own number of it, nor where it lived before."""
    numbers = [{"system": "urn:oid:1.2.3.4", "value": "1112223334"}, *patient()["identifier"]]
    homes = [{"use": "old", "line": ["Gamlevej 1"], "city": "Aarhus"}, {"line": ["Nygade 2"], "city": "Aalborg"}]
    assert not send(bundle(patient(birthDate="2014-05-05", identifier=numbers, address=homes))).refusals
    items = (inventing.line("cpr", kind=Kind.CPR, fill="child.cpr"), inventing.line("bor", fill="child.address"))
    catalogue.publishes(inventing.form(*items, id="stamdata"))
    said = school.reads("maja", school.begins("maja", "stamdata")).response.answers
    assert said == {"cpr": (patient()["identifier"][0]["value"],), "bor": ("Nygade 2, Aalborg",)}


def test_a_draft_is_its_unit_s_and_nobody_else_knows_of_it(school: School) -> None:
    ident = school.begins("maja")
    school.writes("maja", ident, {"grund": "Hun er træt."})
    assert [one.row.id for one in school.lists("leder").drafts] == [ident]
    for name in ("kim", "Sara", "alma"):
        assert not school.lists(name).drafts
        with pytest.raises(NotFound):
            school.reads(name, ident)
    with pytest.raises(NotFound):  # no sector of the form's senders
        school.begins("kim")


def test_a_draft_opened_the_next_day_keeps_what_its_writer_saw(school: School) -> None:
    """smart-forms#1353: background values that were shown vanish on reopening."""
    ident = school.begins("maja")
    before = school.reads("maja", ident).response
    found = Entry.objects.get(what="condition")
    Entry.objects.filter(id=found.id).update(title="Noget andet")
    assert school.reads("maja", ident).response == before


def test_all_repetitions_are_there_when_it_is_reopened(school: School) -> None:
    """medplum#7373, #6609: only the last repetition is saved, only the first is shown."""
    ident = school.begins("maja")
    for number in range(3):
        operations.change_rows(
            by=school.who("maja"), child_id=school.child, ident=ident, version=school.version(ident), group="proevet"
        )
        school.writes("maja", ident, {f"proevet.{number}.indsats": f"Forsøg {number}"})
    said = school.reads("maja", ident).response.answers["proevet"]
    assert [one.get("indsats") for one in said][:3] == [("Forsøg 0",), ("Forsøg 1",), ("Forsøg 2",)]
    operations.change_rows(
        by=school.who("maja"), child_id=school.child, ident=ident, version=school.version(ident), group="svaert",
        without=0,
    )  # fmt: skip
    after = school.reads("maja", ident).response
    assert "svaert" not in after.answers and not [one for one in after.origins if one.startswith("svaert")]


def test_a_choice_can_be_set_and_cleared_and_history_tells_it(school: School) -> None:
    """primero R2-3665, R2-3615, R2-3890: a choice can't be cleared."""
    ident = school.begins("maja", "valg")
    school.writes("maja", ident, {"valg": "a"})
    assert school.writes("maja", ident, {"valg": ()}) == 3
    assert school.reads("maja", ident).response.answers == {}
    assert school.writes("maja", ident, {"valg": ()}) == 3  # nothing new, so no version
    assert school.writes("maja", ident, {"valg": "a"}) == 4  # as it was before: that is new all the same
    with open_book(school.who("maja"), "forms", school.child) as book:
        told = queries.history(book, queries.opened(book, school.child, ident))
    assert [one.answers.get("valg", ()) for _, _, _, one in reversed(told)] == [(), ("a",), (), ("a",)]


def test_two_editors_both_keep_what_they_typed(school: School) -> None:
    ident = school.begins("maja")
    began = school.version(ident)
    school.writes("maja", ident, {"grund": "Hun er træt."})
    with pytest.raises(Conflict):
        school.writes("leder", ident, {"grund": "Hun er ked af det."}, version=began)
    assert school.reads("maja", ident).response.answers["grund"] == ("Hun er træt.",)
    school.writes("leder", ident, {"tal": 4}, version=began)  # elsewhere in the form: both are kept
    said = school.reads("maja", ident).response.answers
    assert said["grund"] == ("Hun er træt.",) and said["tal"] == (4,)


def test_what_is_lacking_keeps_a_part_from_being_finished_also_after_a_pause(school: School) -> None:
    """open-forms#3535: a pause lets people pass a step that is blocked."""
    ident = school.begins("maja")
    school.writes("maja", ident, {"fravaer": True})
    for _ in range(2):
        with pytest.raises(Incomplete) as why:
            school.finishes("maja", ident, "skole")
        assert {one.path for one in why.value.faults} == {"grund", "hvor-meget"}
        school.reads("maja", ident)
    school.writes("maja", ident, {"fravaer": False, "grund": "Hun er træt."})
    assert school.finishes("maja", ident, "skole").at


def _through(school: School) -> tuple:
    school.may_tell_ppr()
    ident = school.begins("maja")
    school.writes("maja", ident, {"grund": "Hun er træt.", "tal": 7})
    school.finishes("maja", ident, "skole")
    return ident, {name: school.sheet(name) for name in ("Sara", "Jonas", "alma")}


def test_each_party_answers_its_own_part_and_sees_no_other_until_it_is_sent(school: School) -> None:
    assert not school.lists("Sara").waiting
    ident, sheets = _through(school)
    school.writes("Sara", sheets["Sara"], {"hjemme": "Det går bedre"})
    school.finishes("Sara", sheets["Sara"], "hjem")
    for name in ("maja", "leder", "kim", "Jonas", "alma"):
        with pytest.raises(NotFound):
            school.reads(name, sheets["Sara"])
    with pytest.raises(NotFound):
        school.reads("Sara", ident)
    with pytest.raises(Refused):  # her part is locked
        school.writes("Sara", sheets["Sara"], {"hjemme": "Nej"})
    main = school.reads("maja", ident).response
    assert [one.part for one in main.turns if one.finished] == ["skole", "hjem"]
    with pytest.raises(Refused):  # Jonas and Alma have not answered
        school.sends("maja", ident)
    school.sends("maja", ident, reason="Far svarer ikke, og Alma vil ikke.")
    assert school.reads("kim", ident).response.answers["grund"] == ("Hun er træt.",)
    assert school.reads("kim", sheets["Sara"]).response.answers["hjemme"] == ("Det går bedre",)
    assert school.reads("maja", sheets["Sara"]) and school.reads("Sara", sheets["Sara"])
    assert school.reads("Jonas", sheets["Jonas"]).response.state is State.WITHDRAWN
    with pytest.raises(NotFound):
        school.reads("kim", sheets["Jonas"])


@pytest.mark.parametrize("given_up", [False, True])
def test_a_form_that_was_ready_is_nobody_s_ball_when_it_is_sent_or_given_up(school: School, given_up: bool) -> None:
    ident, sheets = _through(school)
    for name in ("Sara", "Jonas"):
        school.writes(name, sheets[name], {"hjemme": "Ja"})
        school.finishes(name, sheets[name], "hjem")
    school.finishes("alma", sheets["alma"], "barn", shared=True)
    ready = Entry.objects.filter(what="task", title="Et skema er klar til at sende", open=True)
    assert ready.count() == 1
    version = school.version(sheets["Sara"])
    again = {"by": school.who("Sara"), "child_id": school.child, "ident": sheets["Sara"], "version": version}
    operations.take_up(**again, part="hjem")
    assert not ready.exists()
    school.finishes("Sara", sheets["Sara"], "hjem")
    assert ready.count() == 1
    if given_up:
        version = school.version(ident)
        operations.withdraw(by=school.who("maja"), child_id=school.child, ident=ident, version=version)
    else:
        school.sends("maja", ident)
    assert not ready.exists()


def test_a_part_can_be_taken_up_again_until_the_form_is_sent(school: School) -> None:
    ident, sheets = _through(school)
    school.writes("Sara", sheets["Sara"], {"hjemme": "Ja"})
    school.finishes("Sara", sheets["Sara"], "hjem")
    operations.take_up(
        by=school.who("Sara"), child_id=school.child, ident=sheets["Sara"], version=school.version(sheets["Sara"]),
        part="hjem",
    )  # fmt: skip
    assert not [one for one in school.reads("maja", ident).response.turns if one.part == "hjem" and one.finished]
    school.writes("Sara", sheets["Sara"], {"hjemme": "Nej"})


@pytest.mark.parametrize("shared", [True, False])
def test_a_child_says_who_may_read_its_part(school: School, shared: bool) -> None:
    ident, sheets = _through(school)
    school.writes("alma", sheets["alma"], {"oenske": "jeg vil ha en hund 😅"})
    school.finishes("alma", sheets["alma"], "barn", shared=shared)
    school.sends("maja", ident, reason="Forældrene svarer ikke.")
    goal = Entry.objects.get(what="own-goal")
    assert goal.title == "jeg vil ha en hund 😅"
    assert b'"shared"' not in orjson.dumps(school.reads("Sara", ident).body)  # the form does not tell what she said
    assert school.reads("maja", sheets["alma"]) and school.reads("alma", sheets["alma"])
    for name in ("kim", "Sara"):
        if shared:
            assert school.reads(name, sheets["alma"])
        else:
            with pytest.raises(NotFound):
                school.reads(name, sheets["alma"])


@pytest.mark.parametrize("shared", [True, False])
def test_a_child_s_own_form_is_read_by_its_parents_only_when_it_says_so(school: School, shared: bool) -> None:
    """BL5: a child's talk is its own by default; law-and-access.md §3, rows 12, 13, 16 and 17: class P is no holder's."""
    ident = school.begins("alma", "fra-barnet")
    school.writes("alma", ident, {"tal": 7, "oenske": "jeg vil ha ro", "svaert.0.hvad": "Mit store problem"})
    with pytest.raises(Refused, match="Vælg, hvem der må læse"):
        school.sends("alma", ident)
    school.sends("alma", ident, shared=shared)
    assert school.reads("kim", ident).response.answers["oenske"] == ("jeg vil ha ro",) and school.reads("alma", ident)
    made = Entry.objects.filter(child_id=school.child, what__in=("own-goal", "measure"))
    condition = Entry.objects.get(title="Mit store problem")
    with open_book(school.who("kim"), "forms", school.child) as book:
        assert condition.id in {one.id for one in book.entries(school.child, Filter())}
    for parent in ("Sara", "Jonas"):
        with open_book(school.who(parent), "forms", school.child) as book:
            seen = {one.id for one in book.entries(school.child, Filter(on_timeline=False))}
        # Not the form, not one number of it, not what it became; or all of it
        assert ({ident, condition.id, *(one.id for one in made)} & seen != set()) is shared
        if shared:
            assert school.reads(parent, ident)
        else:
            with pytest.raises(NotFound):
                school.reads(parent, ident)
    # Corrected, by the child alone, it stays as private as it was
    with pytest.raises(NotFound):
        sending.correct(by=school.who("kim"), child_id=school.child, ident=ident)
    draft = sending.correct(by=school.who("alma"), child_id=school.child, ident=ident)
    school.writes("alma", draft, {"tal": 8})
    school.sends("alma", draft, reason="Jeg huskede forkert.")
    with open_book(school.who("Sara"), "forms", school.child) as book:
        assert (ident in {one.id for one in book.entries(school.child, Filter(on_timeline=False))}) is shared


@pytest.mark.parametrize("shared", [True, False])
def test_a_child_who_can_t_log_in_has_its_own_form_written_down_and_says_who_may_read_it(
    school: School, catalogue: Catalogue, shared: bool
) -> None:
    """A child under eight, or one who would rather tell it: the form is the child's all the same."""
    school.may_tell_ppr()
    catalogue.publishes(replace(FROM_CHILD, version=2, sender=(Party.CHILD, Party.SCHOOL), receiver=("board",)))
    ident = school.begins("maja", "fra-barnet")
    school.writes("maja", ident, {"tal": 7, "oenske": "ro", "svaert.1.hvad": "Mit store problem"})
    with pytest.raises(Refused, match="Vælg, hvem der må læse"):
        school.sends("maja", ident)
    if not shared:
        with pytest.raises(Refused, match="kun I må læse"):
            school.sends("maja", ident, shared=False)
    school.sends("maja", ident, to="ppr" if shared else "skole", shared=shared)
    goal, hard = Entry.objects.get(what="own-goal").id, Entry.objects.get(title="Mit store problem").id
    everything, nothing = {ident, goal, hard}, set[UUID]()
    own = {"maja": everything, "kim": nothing, "alma": everything, "Sara": nothing}
    others = {"maja": everything, "kim": everything, "alma": {goal}, "Sara": everything}
    for name, reads in (others if shared else own).items():
        with open_book(school.who(name), "forms", school.child) as book:
            seen = {one.id for one in book.entries(school.child, Filter(on_timeline=False))}
        assert everything & seen == reads, name
    # Corrected by whoever wrote it down, it stays as private as it was
    draft = sending.correct(by=school.who("maja"), child_id=school.child, ident=ident)
    school.writes("maja", draft, {"tal": 8})
    school.sends("maja", draft, to="ppr" if shared else "skole", reason="Vi huskede forkert.")
    with open_book(school.who("Sara"), "forms", school.child) as book:
        assert (ident in {one.id for one in book.entries(school.child, Filter(on_timeline=False))}) is shared


def test_nobody_but_a_child_says_that_its_answers_are_a_child_s(school: School) -> None:
    _, sheets = _through(school)
    school.writes("Sara", sheets["Sara"], {"hjemme": "Ja"})
    assert school.finishes("Sara", sheets["Sara"], "hjem", shared=False).shared is None


def test_nobody_takes_a_child_s_yes_for_granted(school: School) -> None:
    """Typed from paper, or by whoever asked: who may read it is asked all the same."""
    _, sheets = _through(school)
    school.writes("alma", sheets["alma"], {"oenske": "ro"})
    with pytest.raises(Refused, match="Vælg, hvem der må læse"):
        school.finishes("alma", sheets["alma"], "barn")


def test_what_is_answered_becomes_entries_once_and_fills_the_next_form(school: School) -> None:
    ident, _ = _through(school)
    operations.take_up(
        by=school.who("maja"), child_id=school.child, ident=ident, version=school.version(ident), part="skole"
    )
    school.writes("maja", ident, {"proevet.0.indsats": "Faste pauser", "proevet.0.fra": "2026-09"})
    school.writes("maja", ident, {"svaert.1.hvad": "Sover dårligt"})
    school.finishes("maja", ident, "skole")
    school.sends("maja", ident, reason="Ingen svarer.")
    assert Entry.objects.filter(what="condition").count() == 2  # the one that was fetched is not there twice
    assert Entry.objects.get(what="intervention").title == "Faste pauser"
    assert Entry.objects.get(what="measure").title.endswith("Hvor slemt er det?")
    following = school.reads("maja", school.begins("maja", "status")).response
    assert [one["hvad"] for one in following.answers["svaert"]]
    assert following.answers["grund"] == ("Hun er træt.",) and following.origins["grund"].source.own


def test_where_the_law_is_not_certain_a_form_is_sent_with_a_reason_and_not_without(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    school.may_tell_ppr()
    certain = sending.telling
    monkeypatch.setattr(sending, "telling", lambda *given: replace(certain(*given), needs_reason=True))
    ident = school.begins("maja", "status")
    with pytest.raises(GroundNeeded):
        school.sends("maja", ident, ground=" ")
    school.sends("maja", ident, ground="Der er ringet til begge forældre.")
    assert school.reads("maja", ident).response.sent_at


def test_somebody_whom_a_form_names_is_a_contact_that_fills_the_next(school: School) -> None:
    school.may_tell_ppr()
    ident = school.begins("maja", "status")
    there = len(school.reads("maja", ident).response.answers["andre"])
    at = f"andre.{there}"
    school.writes("maja", ident, {f"{at}.navn-paa": "Åse Øster", f"{at}.opgave": "AKT", f"{at}.nummer": "12345678"})
    school.sends("maja", ident)
    person = Entry.objects.get(what="person", title="Åse Øster")
    assert not Grant.objects.filter(grantee_id=person.id).exists()
    # The school that wrote it, and PPR that may read what the school writes, find it in their next form, once
    for name, form in (("maja", "status"), ("kim", "ppr-status")):
        again = school.begins(name, form)
        response = school.reads(name, again).response
        (row,) = [one for one in response.answers["andre"] if one.get("navn-paa") == ("Åse Øster",)]
        assert row == {"navn-paa": ("Åse Øster",), "opgave": ("AKT",), "nummer": ("12345678",)}
        school.sends(name, again, to="ppr")
    assert Entry.objects.filter(what="person", title="Åse Øster").count() == 1


def test_somebody_whom_a_form_names_is_as_guarded_as_the_form(school: School) -> None:
    """That somebody works with a child can tell of what is hidden: class F of a family's form, and no school sees it."""
    ident = school.begins("Sara", "fra-hjemmet")
    at = len(school.reads("Sara", ident).response.answers.get("andre", ()))
    school.writes("Sara", ident, {f"andre.{at}.navn-paa": "Misbrugscenteret"})
    school.sends("Sara", ident)
    for name, sees in (("kim", True), ("maja", False), ("Jonas", False)):
        with open_book(school.who(name), "forms", school.child) as book:
            titles = {one.title for one in book.entries(school.child, Filter(what=("person",), on_timeline=False))}
        assert ("Misbrugscenteret" in titles) is sees, name


def test_what_is_structured_can_be_sent_alone(school: School) -> None:
    """A receiver who may read nothing else of it gets the excerpt, and by no way the free text."""
    ident = school.begins("Sara", "fra-hjemmet")
    at = len(school.reads("Sara", ident).response.answers.get("andre", ()))
    school.writes("Sara", ident, {"hjemme": "Kun vi må læse det her.", f"andre.{at}.navn-paa": "Åse Øster"})
    school.sends("Sara", ident, structured=True)
    (row,) = school.lists("kim").sent
    found = school.reads("kim", row.row.id).response
    assert found.excerpt_of == f"QuestionnaireResponse/{ident}" and "hjemme" not in found.answers
    assert ("Åse Øster",) in [one.get("navn-paa") for one in found.answers["andre"]]
    # Not the form, not in the bytes of what was sent, and not among the sender's forms twice
    with pytest.raises(NotFound):
        school.reads("kim", ident)
    with open_book(school.who("kim"), "forms", school.child) as book:
        rows = book.entries(school.child, Filter(on_timeline=False))
        assert not [one for one in book.bodies(rows).values() if "Kun vi må læse" in bytes(one).decode()]
    assert [one.row.id for one in school.lists("Sara").sent] == [ident]
    assert school.reads("Sara", ident).response.answers["hjemme"] == ("Kun vi må læse det her.",)
    # Corrected, the receiver has the next version of the same excerpt
    draft = sending.correct(by=school.who("Sara"), child_id=school.child, ident=ident)
    school.writes("Sara", draft, {f"andre.{at}.navn-paa": "Åse Øster-Ægir"})
    school.sends("Sara", draft, reason="Hele navnet.", structured=True)
    assert ("Åse Øster-Ægir",) in [
        one.get("navn-paa") for one in school.reads("kim", row.row.id).response.answers["andre"]
    ]


def test_what_forms_write_keeps_to_our_own_definitions(school: School) -> None:
    """Every version of everything that a form wrote, in a story with sheets, excerpts, contacts and confidences."""
    ident, sheets = _through(school)
    school.writes("alma", sheets["alma"], {"oenske": "ro"})
    school.finishes("alma", sheets["alma"], "barn", shared=False)
    school.sends("maja", ident, reason="Forældrene svarer ikke.", structured=True)
    own = school.begins("alma", "fra-barnet")
    school.writes("alma", own, {"tal": 7, "svaert.0.hvad": "Larm"})
    school.sends("alma", own, shared=False)
    home = school.begins("Sara", "fra-hjemmet")
    at = len(school.reads("Sara", home).response.answers.get("andre", ()))
    school.writes("Sara", home, {f"andre.{at}.navn-paa": "Åse Øster"})
    school.sends("Sara", home, structured=True)
    own_profiles, told = Profiles(Library([own_definitions()])), []
    ours = Entry.objects.filter(source="barnetsbog").exclude(kind="Consent")
    written = Version.objects.filter(entry_id__in=ours.values("id"))
    for one in written:
        body = orjson.loads(one.body)
        told += [f"{body['resourceType']}: {issue}" for issue in own_profiles.check(body)]
    assert written.count() > 15 and told == []


def test_correcting_what_is_one_s_own_asks_nobody_and_changes_nothing(school: School) -> None:
    school.may_tell_ppr()
    condition = Entry.objects.get(what="condition")
    ident = school.begins("leder", "status")
    assert school.reads("leder", ident).response.origins["svaert.0.hvad"].kept is Kept.KEPT
    # It is the school's own: a correction needs nobody's ball
    school.writes("leder", ident, {"svaert.0.hvad": "Svært ved skift"})
    assert school.reads("leder", ident).response.origins["svaert.0.hvad"].kept is Kept.CORRECTED
    school.sends("leder", ident)
    assert not Entry.objects.filter(what="task").exists()
    assert Entry.objects.get(id=condition.id).title == "Svært ved pauser"


def test_a_correction_of_what_was_fetched_is_a_ball_for_its_source_and_changes_nothing(school: School) -> None:
    school.may_tell_ppr()
    condition = Entry.objects.get(what="condition")
    ident = school.begins("kim", "ppr-status")
    assert school.reads("kim", ident).response.origins["svaert.0.hvad"].source.unit.endswith(str(school.units["skole"]))
    school.writes("kim", ident, {"svaert.0.hvad": "Svært ved skift"})
    school.sends("kim", ident)
    # The school is told what PPR thinks, and decides itself
    task = Entry.objects.get(what="task")
    assert task.title == "Et skema foreslår en rettelse" and str(task.offered_id) == str(school.units["skole"])
    words = Version.objects.get(entry_id=task.id, number=1).body.decode()
    assert "Svært ved pauser" in words and "Svært ved skift" in words
    assert Entry.objects.get(id=condition.id).title == "Svært ved pauser"


def test_where_a_row_is_left_out_those_after_it_are_from_where_they_were(school: School) -> None:
    """A correction goes to its own source, a new row is kept, and what was left out is not among what is sent."""
    school.may_tell_ppr()
    send(bundle(conditions("Larm i klassen")[0] | {"id": "svaert-1"}))
    ident = school.begins("kim", "ppr-status")
    first, second = (one["hvad"][0] for one in school.reads("kim", ident).response.answers["svaert"])
    school.writes(
        "kim", ident,
        {"svaert.0.hvad": (), "svaert.0.siden": (), "svaert.1.hvad": "Svært ved skift", "svaert.2.hvad": "Helt nyt"},
        kept={"svaert.0.hvad": Kept.LEFT_OUT, "svaert.0.siden": Kept.LEFT_OUT},
    )  # fmt: skip
    school.sends("kim", ident)
    words = Version.objects.get(entry_id=Entry.objects.get(what="task").id, number=1).body.decode()
    assert f"Står: {second}" in words and "Forslag: Svært ved skift" in words
    assert Entry.objects.filter(what="condition", title="Helt nyt").count() == 1
    sent = school.reads("kim", ident).response
    assert {path: one.kept for path, one in sent.origins.items() if path.startswith("svaert")} == {
        "svaert.0.hvad": Kept.CORRECTED, "svaert.0.siden": Kept.KEPT
    }  # fmt: skip
    assert sent.origins["svaert.0.siden"].said == sent.answers["svaert"][0]["siden"]
    told = orjson.dumps(body_of(school.child, ident)).decode()
    assert "Helt nyt" in told and first not in told and second not in told
    # Corrected, what nobody knows the source's words of any more stays as it is
    draft = sending.correct(by=school.who("kim"), child_id=school.child, ident=ident)
    assert school.news("kim", draft) == {}
    school.writes("kim", draft, {"svaert.0.hvad": "Svært ved skift"}, kept={"svaert.0.hvad": Kept.KEPT})
    assert school.reads("kim", draft).response.answers["svaert"][0]["hvad"] == ("Svært ved skift",)


def test_a_source_that_has_changed_is_told_and_taken_only_by_choice(school: School) -> None:
    """smart-forms#1940, and the refresh of SDC engines: old and new are shown and the person chooses."""
    school.may_tell_ppr()
    ident = school.begins("kim", "ppr-status")
    assert school.news("kim", ident) == {}
    send(bundle(conditions("Svært ved skift")[0]))
    found = school.news("kim", ident)
    assert {path: one.said for path, one in found.items()} == {"svaert.0.hvad": ("Svært ved skift",)}
    # Nothing has happened to the draft, and what the page did not show is not taken
    assert school.reads("kim", ident).response.answers["svaert"][0]["hvad"] == ("Svært ved pauser",)
    shown = found["svaert.0.hvad"].source.version
    said = {"svaert.0.hvad": "Svært ved pauser"}
    school.writes("kim", ident, said, news={"svaert.0.hvad": News(shown - 1, True)})
    assert school.news("kim", ident) == found
    # Declined, it is not asked again; until the source says something else once more, which is taken
    school.writes("kim", ident, said, news={"svaert.0.hvad": News(shown, False)})
    assert school.news("kim", ident) == {}
    assert school.reads("kim", ident).response.answers["svaert"][0]["hvad"] == ("Svært ved pauser",)
    send(bundle(conditions("Svært ved støj")[0]))
    newer = school.news("kim", ident)["svaert.0.hvad"].source.version
    school.writes("kim", ident, said, news={"svaert.0.hvad": News(newer, True)})
    response = school.reads("kim", ident).response
    assert response.answers["svaert"][0]["hvad"] == ("Svært ved støj",) and school.news("kim", ident) == {}
    assert response.origins["svaert.0.hvad"] == Origin(
        response.origins["svaert.0.hvad"].source, ("Svært ved støj",), Kept.KEPT
    )


def test_a_correction_that_its_source_has_made_already_is_proposed_to_nobody(school: School) -> None:
    school.may_tell_ppr()
    ident = school.begins("kim", "ppr-status")
    school.writes("kim", ident, {"svaert.0.hvad": "Svært ved skift"})
    send(bundle(conditions("Svært ved skift")[0]))
    assert school.news("kim", ident) == {}
    school.sends("kim", ident)
    assert not Entry.objects.filter(what="task").exists()


def test_a_proposal_names_a_day_as_pages_do(school: School) -> None:
    school.may_tell_ppr()
    send(bundle(conditions(onsetDateTime="2026-03-03")[0]))
    ident = school.begins("kim", "ppr-status")
    school.writes("kim", ident, {"svaert.0.siden": "2026-02-03"})
    school.sends("kim", ident)
    words = Version.objects.get(entry_id=Entry.objects.get(what="task").id, number=1).body.decode()
    assert "Står: 03.03.2026" in words and "Forslag: 03.02.2026" in words


def test_a_corrected_form_is_the_next_version_of_itself_and_of_what_it_said(school: School) -> None:
    school.may_tell_ppr()
    ident = school.begins("maja", "status")
    school.writes("maja", ident, {"svaert.1.hvad": "Sover dårligt"})
    school.sends("maja", ident)
    made = Entry.objects.get(what="condition", title="Sover dårligt")
    draft = sending.correct(by=school.who("maja"), child_id=school.child, ident=ident)
    # A colleague who begins meanwhile goes on in the same draft, so that neither writes over the other
    assert sending.correct(by=school.who("leder"), child_id=school.child, ident=ident) == draft
    assert school.reads("kim", ident).response.state is State.SENT
    school.writes("maja", draft, {"svaert.1.hvad": "Sover meget dårligt"})
    with pytest.raises(Refused):
        school.sends("maja", draft)
    school.sends("maja", draft, reason="Der manglede et ord.")
    found = school.reads("kim", ident).response
    assert found.state is State.CORRECTED and found.reason == "Der manglede et ord."
    after = Entry.objects.get(id=made.id)
    assert (after.title, after.version) == ("Sover meget dårligt", 2)
    assert not school.lists("maja").drafts
    # And once more; but what somebody has written in meanwhile stays theirs
    draft = sending.correct(by=school.who("maja"), child_id=school.child, ident=ident)
    school.writes("maja", draft, {"svaert.1.hvad": "Sover hele dagen"})
    school.sends("maja", draft, reason="Endnu et ord.")
    assert Entry.objects.get(id=made.id).title == "Sover hele dagen"
    body = body_of(school.child, made.id)
    with writing(school.who("maja"), "forms", school.child):
        write(school.who("maja"), {**body, "code": {"text": "Sover i skolen"}})
    draft = sending.correct(by=school.who("maja"), child_id=school.child, ident=ident)
    school.writes("maja", draft, {"svaert.1.hvad": "Sover aldrig"})
    school.sends("maja", draft, reason="Et sidste ord.")
    assert Entry.objects.get(id=made.id).title == "Sover i skolen"


def test_a_draft_survives_a_new_version_and_shows_what_is_different(school: School, catalogue: Catalogue) -> None:
    ident = school.begins("maja")
    school.writes("maja", ident, {"tal": 7, "grund": "Hun er træt."})
    catalogue.publishes(second())
    found = school.reads("maja", ident)
    assert found.form.version == 1 and found.newest.version == 2 and found.response.answers["tal"] == (7,)
    operations.take_new_version(
        by=school.who("maja"), child_id=school.child, ident=ident, version=school.version(ident)
    )
    found = school.reads("maja", ident)
    assert found.form.version == 2 and "tal" not in found.response.answers
    assert found.response.answers["grund"] == ("Hun er træt.",)


def test_a_draft_goes_on_in_a_version_with_other_parts_and_nothing_that_is_finished_is_lost(
    school: School, catalogue: Catalogue
) -> None:
    """The parents' part is gone and its section is the school's; what the school was asked last is PPR's."""
    form = referral()
    first, home, child = form.sections
    rest = replace(first, items=tuple(one for one in first.items if one.id != "tal"))
    last = Section("s-tal", "Til sidst", "skole", tuple(one for one in first.items if one.id == "tal"))
    catalogue.publishes(replace(form, sections=(rest, last, home, child)))
    ident, sheets = _through(school)
    school.writes("Sara", sheets["Sara"], {"hjemme": "Fint"})
    school.finishes("Sara", sheets["Sara"], "hjem")
    operations.take_up(
        by=school.who("maja"), child_id=school.child, ident=ident, version=school.version(ident), part="skole"
    )
    ppr = Part("ppr", Party.PPR, "PPR")
    handed = (rest, replace(last, part="ppr"), replace(home, part="skole"), child)
    catalogue.publishes(replace(form, version=2, parts=(form.parts[0], form.parts[2], ppr), sections=handed))
    found = school.reads("maja", ident)
    difference = rules.difference(found.form, found.newest, found.response.answers, {"skole"})
    assert difference.lost == ("tal",) and [one.title for _, one in difference.handed] == ["PPR", "Skolen"]
    with pytest.raises(NotFound):  # the new version asks nothing of the father
        operations.take_new_version(
            by=school.who("Jonas"),
            child_id=school.child,
            ident=sheets["Jonas"],
            version=school.version(sheets["Jonas"]),
        )
    operations.take_new_version(
        by=school.who("maja"), child_id=school.child, ident=ident, version=school.version(ident)
    )
    response = school.reads("maja", ident).response
    assert "tal" not in response.answers and response.answers["grund"]
    assert {(one.part, one.state) for one in response.turns} == {
        ("skole", TurnState.ASKED), ("hjem", TurnState.FINISHED), ("barn", TurnState.ASKED), ("ppr", TurnState.ASKED),
    }  # fmt: skip
    assert not school.lists("Jonas").waiting and school.lists("kim").waiting
    school.writes("maja", ident, {"hjemme": "Han er glad for kaninen."})
    school.sends("maja", ident, reason="Barnet og PPR svarer ikke.")
    assert school.reads("kim", sheets["Sara"]).response.answers["hjemme"] == ("Fint",)


def test_a_form_that_is_retired_while_it_is_open_takes_no_more_and_stays_readable(
    school: School, catalogue: Catalogue
) -> None:
    """care PR 3023: an inactive form accepts answers."""
    ident = school.begins("maja", "status")
    school.writes("maja", ident, {"grund": "Hun er træt."})
    catalogue.retires("status")
    with pytest.raises(Refused, match="bruges ikke mere"):
        school.sends("maja", ident)
    assert school.reads("maja", ident).response.answers["grund"] == ("Hun er træt.",)
    with pytest.raises(NotFound):
        school.begins("maja", "status")


def test_a_parent_begins_a_form_of_their_own_and_sends_it_to_ppr(school: School) -> None:
    assert [one.id for one in school.lists("Sara").begin] == ["fra-hjemmet", "withdrawal"]
    ident = school.begins("Sara", "fra-hjemmet")
    school.writes("Sara", ident, {"hjemme": "Åse Øster-Ægir"})
    with pytest.raises(NotFound):
        school.reads("kim", ident)
    school.sends("Sara", ident)
    assert school.reads("kim", ident).response.answers["hjemme"] == ("Åse Øster-Ægir",)
    assert school.reads("Sara", ident)


def test_neither_parent_reads_what_the_other_tells(school: School) -> None:
    """Law and access § 3, row 12: not the form, not a sheet of the same form, and not the paper that it came on."""
    own = school.begins("Sara", "fra-hjemmet")
    school.writes("Sara", own, {"hjemme": "Jonas drikker"})
    school.sends("Sara", own)
    ident, sheets = _through(school)
    school.writes("Jonas", sheets["Jonas"], {"hjemme": "Sara lyver"})
    school.finishes("Jonas", sheets["Jonas"], "hjem")
    mother = f"RelatedPerson/{school.who('Sara').role_id}"
    paper = operations.on_paper(
        by=school.who("maja"), child_id=school.child, ident=ident, version=school.version(ident), part="hjem",
        who=mother, scan=scan_of(pdf()),
    )  # fmt: skip
    school.writes("maja", paper, {"hjemme": "Han kommer ikke"})
    school.finishes("maja", paper, "hjem")
    child = operations.on_paper(
        by=school.who("maja"), child_id=school.child, ident=ident, version=school.version(ident), part="barn",
        who=school.reads("alma", sheets["alma"]).response.author, scan=scan_of(pdf()),
    )  # fmt: skip
    school.writes("maja", child, {"oenske": "ro"})
    school.finishes("maja", child, "barn", shared=False)
    school.sends("maja", ident)
    scans = {row.id for row in Entry.objects.filter(kind="DocumentReference")}
    hers = {own, paper, *scans}
    for name, sees in (("Jonas", {sheets["Jonas"]}), ("Sara", {own}), ("kim", {own, paper, sheets["Jonas"]})):
        with open_book(school.who(name), "forms", school.child) as book:
            found = {one.id for one in book.entries(school.child, Filter(on_timeline=False))}
        papers = 1 if name == "kim" else 0  # not the one on which a child has told in confidence
        assert found & {*hers, child, sheets["Jonas"]} - scans == sees and len(found & scans) == papers, name


def test_a_form_that_goes_to_a_parent_takes_the_other_s_answers_no_further_than_to_whoever_asked(
    school: School, catalogue: Catalogue
) -> None:
    catalogue.publishes(replace(referral(2), receiver=("parent",)))
    ident, sheets = _through(school)
    for name, said in (("Sara", "Jonas drikker"), ("Jonas", "Sara lyver")):
        school.writes(name, sheets[name], {"hjemme": said})
        school.finishes(name, sheets[name], "hjem")
    to = f"RelatedPerson/{school.who('Jonas').role_id}"
    version = school.version(ident)
    sending.send(
        by=school.who("maja"), child_id=school.child, ident=ident, version=version, to=to, reason="Alma vil ikke."
    )
    assert school.reads("Jonas", ident) and school.reads("Jonas", sheets["Jonas"])
    assert school.reads("maja", sheets["Sara"]).response.answers["hjemme"] == ("Jonas drikker",)
    with pytest.raises(NotFound):
        school.reads("Jonas", sheets["Sara"])


def test_a_part_on_paper_is_typed_by_whoever_began_and_says_so(school: School) -> None:
    ident, _ = _through(school)
    jonas = f"RelatedPerson/{school.who('Jonas').role_id}"
    sheet = operations.on_paper(
        by=school.who("maja"), child_id=school.child, ident=ident, version=school.version(ident), part="hjem",
        who=jonas, scan=scan_of(pdf()),
    )  # fmt: skip
    school.writes("maja", sheet, {"hjemme": "Fint"})
    school.finishes("maja", sheet, "hjem")
    (turn,) = [one for one in school.reads("maja", ident).response.turns if one.paper]
    assert turn.finished
    assert not school.lists("Jonas").waiting
    school.sends("maja", ident, reason="Mor og barn svarer ikke.")
    assert school.reads("kim", sheet).response.answers["hjemme"] == ("Fint",)


def _on_paper(school: School, ident: UUID, part: str, who: UUID) -> UUID:
    """The sheet in which the school types what came on paper."""
    kind = "Patient" if who == school.alma else "RelatedPerson"
    return operations.on_paper(
        by=school.who("maja"), child_id=school.child, ident=ident, version=school.version(ident), part=part,
        who=f"{kind}/{who}", scan=scan_of(pdf()),
    )  # fmt: skip


def test_two_parents_papers_are_two_sheets_and_neither_is_lost_or_typed_in_the_form_itself(school: School) -> None:
    ident, _ = _through(school)
    papers = {name: _on_paper(school, ident, "hjem", school.who(name).role_id) for name in ("Sara", "Jonas")}
    with pytest.raises(Refused):  # the form itself is read by both parents
        school.writes("maja", ident, {"hjemme": "Jonas drikker"})
    for name, sheet in papers.items():
        school.writes("maja", sheet, {"hjemme": f"Siger {name}"})
    school.finishes("maja", papers["Sara"], "hjem")
    with pytest.raises(Refused, match="mangler stadig"):  # that of Jonas is not typed
        school.sends("maja", ident)
    school.finishes("maja", papers["Jonas"], "hjem")
    school.sends("maja", ident, reason="Alma vil ikke.")
    for name, sheet in papers.items():
        assert school.reads("kim", sheet).response.answers["hjemme"] == (f"Siger {name}",)


def test_what_a_child_has_told_in_confidence_on_paper_becomes_nothing_that_others_read(
    school: School, catalogue: Catalogue
) -> None:
    before = referral()
    child = replace(before.sections[2], items=(*before.sections[2].items, inventing.group(
        "svaert-barn", inventing.line("barnets"), becomes=Becomes("condition", {"barnets": "what"}),
    )))  # fmt: skip
    catalogue.publishes(replace(before, version=2, sections=(*before.sections[:2], child)))
    ident, _ = _through(school)
    sheet = _on_paper(school, ident, "barn", school.alma)
    school.writes("maja", sheet, {"oenske": "ro", "svaert-barn.0.barnets": "Far slår"})
    school.finishes("maja", sheet, "barn", shared=False)
    school.sends("maja", ident, reason="Forældrene svarer ikke.")
    told = Entry.objects.get(title="Far slår").id
    for name, reads in (("Sara", False), ("kim", False), ("maja", True), ("alma", True)):
        with open_book(school.who(name), "forms", school.child) as book:
            assert (told in {row.id for row in book.entries(school.child, Filter())}) is reads, name


def test_what_somebody_reads_in_confidence_is_no_answer_of_their_next_form(
    school: School, catalogue: Catalogue
) -> None:
    """A worry that the parents must not know of, what a child has said to one, and what a parent has told the one
    that the other would read."""
    school.units["fam"], _ = _family_department()
    concern = catalogue.newest["concern-professional"]
    asked = (*concern.sections[0].items, inventing.line("siger", kind=Kind.WORDS), inventing.line("hjemme"))
    wishes = inventing.group("egne", inventing.line("egne-words"), fill="own-goals")
    catalogue.publishes(replace(concern, version=2, sections=(replace(concern.sections[0], items=asked),)))
    catalogue.publishes(inventing.form(*asked[-2:], wishes, id="naeste", receiver=("parent",)))
    catalogue.publishes(inventing.form(*asked[-2:], id="ppr-naeste", sender=(Party.PPR,)))
    ident = school.begins("maja", "concern-professional")
    school.writes("maja", ident, {"concern-kinds": ("violence",), "concern-seen": "Mærker", "siger": "Far slår mig"})
    school.sends("maja", ident, to="fam")
    for words, shared in (("hemmeligt", False), ("en hund", True)):
        plan.write_down(by=school.who("maja"), child_id=school.child, said=Said(words, date(2026, 11, 24), shared))
    own = school.begins("Sara", "fra-hjemmet")
    school.writes("Sara", own, {"hjemme": "Jonas drikker"})
    school.sends("Sara", own)
    following = school.reads("maja", school.begins("maja", "naeste")).response.answers
    assert following == {"egne": ({"egne-words": ("en hund",)},)}
    assert school.reads("kim", school.begins("kim", "ppr-naeste")).response.answers == {}
    assert school.reads("Sara", school.begins("Sara", "fra-hjemmet")).response.answers["hjemme"] == ("Jonas drikker",)


def test_a_pdf_that_is_filled_in_on_a_screen_is_read_into_the_draft(school: School) -> None:
    ident = school.begins("maja")
    with open_book(school.who("maja"), "forms", school.child) as book:
        content = queries.paper(book, school.child, ident, "skole")
    filled = _filled(content, {"grund": "Hun er træt.", "tal": "7", "svaert:1:hvad": "Sover dårligt"})
    version = operations.read_in(
        by=school.who("maja"), child_id=school.child, ident=ident, version=school.version(ident), part="skole",
        content=filled,
    )  # fmt: skip
    found = school.reads("maja", ident).response
    assert (found.answers["grund"], found.answers["tal"], version) == (("Hun er træt.",), (7,), 2)
    assert [one["hvad"] for one in found.answers["svaert"]] == [("Svært ved pauser",), ("Sover dårligt",)]
    assert found.origins["svaert.0.hvad"].kept is Kept.KEPT
    # The same PDF, which knows nothing of what was answered here since, takes nothing of it away
    school.writes("maja", ident, {"fravaer": True, "navn": "Alma P."})
    version = school.version(ident)
    again = _filled(filled, {"tal": "8"})
    operations.read_in(
        by=school.who("maja"), child_id=school.child, ident=ident, version=version, part="skole", content=again
    )
    said = school.reads("maja", ident).response.answers
    assert (said["fravaer"], said["navn"], said["tal"]) == ((True,), ("Alma P.",), (8,))
    # That of another draft is refused with the reason, and nothing changes
    other = school.begins("maja")
    with pytest.raises(NoScan, match="hører til et andet skema"):
        operations.read_in(
            by=school.who("maja"), child_id=school.child, ident=other, version=1, part="skole", content=filled
        )
    assert school.version(other) == 1


def test_a_parent_s_pdf_comes_back_to_the_school_and_is_typed_already(school: School) -> None:
    ident, _ = _through(school)
    # The school prints the parents' part; there is nothing in it of what anybody has answered
    with open_book(school.who("maja"), "forms", school.child) as book:
        content = queries.paper(book, school.child, ident, "hjem")
    filled = _filled(content, {"hjemme": "Hun sover godt."})
    who = next(one.who for one in school.reads("maja", ident).response.turns if one.part == "hjem")
    sheet = operations.on_paper(
        by=school.who("maja"), child_id=school.child, ident=ident, version=school.version(ident), part="hjem", who=who,
        scan=scan_of(filled),
    )  # fmt: skip
    assert school.reads("maja", sheet).response.answers == {"hjemme": ("Hun sover godt.",)}
    # A part that nobody has been asked for, and a form that is not one's own, have no paper
    for name, part in (("maja", "findes-ikke"), ("kim", "hjem")):
        with pytest.raises(NotFound), open_book(school.who(name), "forms", school.child) as book:
            queries.paper(book, school.child, ident, part)


def _filled(content: bytes, values: dict[str, str]) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(content))
    for page in writer.pages:
        there = {str(one.get_object().get("/T") or "") for one in page.get("/Annots", ())}  # type: ignore[attr-defined]
        writer.update_page_form_field_values(page, {name: one for name, one in values.items() if name in there})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_draft_that_is_given_up_asks_nobody_any_more(school: School) -> None:
    ident, sheets = _through(school)
    operations.withdraw(by=school.who("maja"), child_id=school.child, ident=ident, version=school.version(ident))
    assert not school.lists("maja").drafts and not school.lists("Sara").waiting
    with pytest.raises(NotFound):
        school.writes("Sara", sheets["Sara"], {"hjemme": "x"})


def test_nothing_is_told_that_the_law_does_not_let_one_unit_tell_another(school: School) -> None:
    ident = school.begins("maja", "status")
    with pytest.raises(Refused, match="forældremyndigheden"):
        school.sends("maja", ident)
    assert school.lists("maja").drafts and not school.lists("kim").sent


def test_sending_twice_makes_nothing_twice(school: School) -> None:
    school.may_tell_ppr()
    ident = school.begins("maja", "status")
    version = school.version(ident)
    school.sends("maja", ident)
    count = Entry.objects.count()
    with pytest.raises((NotFound, Conflict)):
        sending.send(
            by=school.who("maja"), child_id=school.child, ident=ident, version=version,
            to=f"Organization/{school.units['ppr']}",
        )  # fmt: skip
    assert Entry.objects.count() == count


def test_14_a_notification_of_concern_is_nobody_s_to_refuse_and_its_clocks_run(school: School) -> None:
    """Law and access § 7, case 14: also to a family department that does not know the child yet."""
    fam, rita = _family_department()
    ident = school.begins("maja", "concern-professional")
    with pytest.raises(NotFound), open_book(_scope(rita), "forms", school.child):
        pass
    with open_book(school.who("maja"), "forms", school.child) as book:
        form = queries.opened(book, school.child, ident).form
        assert not send({**unit("fam-lukket", "family_dept"), "active": False}).refusals
        assert queries.who_can_get(book, school.child, form) == [(f"Organization/{fam}", "Enhed fam")]
    school.writes("maja", ident, {"concern-seen": "Han ville ikke hjem."})
    sending.send(
        by=school.who("maja"), child_id=school.child, ident=ident, version=school.version(ident),
        to=f"Organization/{fam}",
    )  # fmt: skip
    # The department knows whom it is about, reads the form and the notification, and has 24 hours
    with open_book(_scope(rita), "forms", school.child) as book:
        seen = {row.what: row for row in book.entries(school.child, Filter(on_timeline=False))}
        assert seen.keys() == {"child", "person", "document", "concern", "task"}
        assert b"Han ville ikke hjem." in book.bodies([seen["concern"]])[seen["concern"].id]
    due = Entry.objects.filter(what="task", offered_id=fam).order_by("due").values_list("due", flat=True)[0]
    assert due <= NOON + 2 * DAY
    assert not differing(school.child)


def _family_department() -> tuple[str, UUID]:
    assert not send(bundle(unit("fam", "family_dept"), *role("rita", "fam", "caseworker"))).refusals
    fam = next(one.id for one in units().values() if one.sector == "family_dept")
    return str(fam), next(one.id for one in roles().values() if one.name.startswith("Rita"))


@pytest.mark.parametrize(("kind", "held"), [("honour", True), ("care", False)])
def test_a_worry_that_the_parents_may_not_know_of_leaves_no_trace_for_them(
    school: School, kind: str, held: bool
) -> None:
    """Barnets lov § 18: nothing goes to the parents before the risk is assessed; and what the form itself says must not
    be talked of with those who may have done it, the book does not show them."""
    school.units["fam"], rita = _family_department()

    def reads(who: Scope) -> set[str]:
        with open_book(who, "forms", school.child) as book:
            return {row.what for row in book.entries(school.child, Filter(on_timeline=False))}

    before = reads(school.who("Sara"))
    ident = school.begins("maja", "concern-professional")
    said = {"proevet.0.indsats": "Talt med Alma om far", "concern-seen": "Hun er bange for at gå hjem."}
    school.writes("maja", ident, {"concern-kinds": (kind,), **said})
    school.sends("maja", ident, to="fam")
    assert reads(_scope(rita)) >= {"document", "concern", "task"} and school.reads("leder", ident).response.sent_at
    logged = Event.objects.filter(action="form-send").get().detail["confidential"]
    assert bool(logged) is held  # nor that the school has sent something
    new = reads(school.who("Sara")) - before
    assert (not new) is held, new
    with pytest.raises(NotFound):
        school.reads("kim", ident)
    assert facts_of(school.child).child.parents_wait is (kind == "honour")
    with open_book(_scope(rita), "honour", school.child, between=[]) as book:
        told = [one.suspicion.seen for one in honour.pages(book, school.child).told]
    assert told == (["Hun er bange for at gå hjem."] if kind == "honour" else [])
    with pytest.raises(NotFound), open_book(school.who("maja"), "honour", school.child, between=[]) as book:
        honour.pages(book, school.child)
    assert not differing(school.child)


def _scope(role_id: UUID) -> Scope:
    made = scope_for(role_id, level=LoginLevel.SUBSTANTIAL)
    assert made
    return made


def test_who_holds_custody_is_told_as_the_law_has_it(school: School) -> None:
    """Somebody who is appointed is no parent alone (FAL § 28), and what contradicts itself is for somebody to look at."""
    options = tuple(Option(one, one) for one in ("joint", "sole", "other", "unclear"))
    made = inventing.form(inventing.line("custody", kind=Kind.CHOICE, options=options, fill="custody"))

    def told() -> object:
        with open_book(school.who("maja"), "forms", school.child) as book:
            return prefill.fill(made, prefill.known(book, school.child, [made])).answers["custody"]

    assert told() == ("joint",)
    send(bundle(holder("far", "Jonas") | {"active": False}))
    assert told() == ("sole",)
    appointed = holder("moster", "Else")
    appointed["extension"][0]["extension"][0]["valueCode"] = "appointed"
    send(bundle(appointed))
    assert told() == ("unclear",)
    send(bundle(holder("mor", "Sara") | {"active": False}))
    assert told() == ("other",)


@pytest.mark.parametrize(("said", "stops"), [("ppr", True), ("all", True), ("family-dept", False)])
def test_a_no_by_a_form_stops_what_was_shared_at_once(school: School, said: str, stops: bool) -> None:
    """GDPR art. 7(3): it says that it stops now, so it does."""
    school.may_tell_ppr()
    condition = Entry.objects.get(what="condition").id

    def seen() -> bool:
        with open_book(school.who("kim"), "forms", school.child) as book:
            return condition in {one.id for one in book.entries(school.child, Filter())}

    assert seen()
    ident = school.begins("Sara", "withdrawal")
    school.writes("Sara", ident, {"withdrawn-from": (said,)})
    assert seen()  # not before it is sent
    school.sends("Sara", ident)
    assert seen() is not stops
    assert Entry.objects.filter(what="consent", status="inactive").count() == stops
    assert Event.objects.filter(action="consent-withdraw").count() == stops
    assert not differing(school.child)
    # A yes said since stands when the form is corrected, but not for whom it names now and did not then
    if stops:
        school.says("mother", Yes())
    for now, stands in ((said, True), ("ppr", said != "family-dept")):
        draft = sending.correct(by=school.who("Sara"), child_id=school.child, ident=ident)
        school.writes("Sara", draft, {"withdrawn-from": (now,)})
        school.sends("Sara", draft, reason="Et forkert kryds.")
        assert seen() is stands


def test_parents_are_asked_and_told_only_what_they_may_be(school: School, catalogue: Catalogue) -> None:
    """Barnets lov § 18; law and access § 2, Address; sundhedsloven § 17: by a form as by a letter."""
    catalogue.publishes(replace(STATUS, id="til-hjemmet", sender=(Party.SCHOOL, Party.BUP), receiver=("parent",)))
    ident = school.begins("maja", "til-hjemmet")

    def told(who: str = "maja") -> set[str]:
        with open_book(school.who(who), "forms", school.child) as book:
            found = queries.who_can_get(book, school.child, catalogue.newest["til-hjemmet"])
        return {name for ref, name in found if ref.startswith("RelatedPerson/")}

    def as_it_is(**more: object) -> None:
        assert not send(bundle(patient(**{"birthDate": "2014-05-05", **more}))).refusals

    assert told() == {"Sara", "Jonas"}
    suspected = [{"url": "suspected", "valueDate": "2026-11-01"}]
    as_it_is(extension=[{"url": f"{EXTENSION}honour-conflict", "extension": suspected}])
    assert told() == set()
    referral = school.begins("maja")
    school.writes("maja", referral, {"grund": "Hun er træt."})
    school.finishes("maja", referral, "skole")
    assert not school.lists("Sara").waiting and school.lists("alma").waiting
    send(bundle(care("c-bup", unit_id="bup")))
    as_it_is(birthDate="2010-05-05")
    assert told("ida") == set() and told() == {"Sara", "Jonas"}
    as_it_is(extension=[{"url": f"{EXTENSION}protected-address", "valueBoolean": True}])
    assert told() == told("ida") == {"Sara"}  # Jonas does not live with her
    jonas = Entry.objects.get(what="person", title="Jonas").id
    with pytest.raises(Refused, match="Vælg, hvem"):
        sending.send(
            by=school.who("maja"), child_id=school.child, ident=ident, version=school.version(ident),
            to=f"RelatedPerson/{jonas}",
        )  # fmt: skip


# -- in other languages ------------------------------------------------------------------------------------------------


def test_a_parent_is_asked_in_a_language_of_their_own_and_the_form_says_which(
    school: School, catalogue: Catalogue
) -> None:
    words = {"Indstilling til PPR": "Referral", "Forældrene": "The parents", "Hjemme": "At home", "Barnet": "The child"}
    words |= {"Dig": "You", "Hvad ønsker du dig?": "What do you wish for?", "Hvad med hjemme?": "And at home?"}
    form = catalogue.newest["indstilling"]
    catalogue.publishes(replace(form, languages=(Wording("en", words),)))
    ident = school.begins("maja")
    school.writes("maja", ident, {"grund": "Hun er træt."})
    school.finishes("maja", ident, "skole")
    sheet = school.sheet("Sara")
    # a language that the form is not there in, and a sheet that is somebody else's
    for name, of, language in (("Sara", sheet, "ar"), ("Jonas", sheet, "en"), ("maja", sheet, "en")):
        with pytest.raises(NotFound):
            operations.ask_in(by=school.who(name), child_id=school.child, ident=of, language=language)
    school.writes("Sara", sheet, {"hjemme": "Godt"})
    before = school.version(sheet)
    operations.ask_in(by=school.who("Sara"), child_id=school.child, ident=sheet, language="en")
    operations.ask_in(by=school.who("Sara"), child_id=school.child, ident=sheet, language="en")
    found = school.reads("Sara", sheet)
    assert found.row.version == before + 1  # the second time says nothing new
    assert found.response.asked_in == "en" and found.response.answers["hjemme"] == ("Godt",)
    assert languages.worded(found.form, "en").sections[1].items[0].ask == "And at home?"
    assert school.reads("maja", ident).response.asked_in == "da"
    # on paper it is in that language too, with the Danish beside it, and what is answered
    with open_book(school.who("Sara"), "forms", school.child) as book:
        content = queries.paper(book, school.child, sheet, "hjem", "en")
    page = pypdf.PdfReader(io.BytesIO(content)).pages[0]
    assert "And at home?" in page.extract_text() and "Hvad med hjemme?" in page.extract_text()
    # it is kept with what is answered, and can be taken back
    school.finishes("Sara", sheet, "hjem")
    assert school.reads("Sara", sheet).response.asked_in == "en"
    with pytest.raises(NotFound):  # it is finished and locked
        operations.ask_in(by=school.who("Sara"), child_id=school.child, ident=ident, language="da")


def test_what_was_written_before_it_was_sent_is_the_writer_s(school: School) -> None:
    """A receiver reads what was sent, and no version of the draft: neither what was taken out again nor what was
    fetched and left out."""
    school.may_tell_ppr()
    ident = school.begins("maja", "status")
    school.writes("maja", ident, {"grund": "Jeg tror, far drikker."})
    school.writes("maja", ident, {"grund": "Hun er træt."})
    school.sends("maja", ident)
    for name, versions in (("maja", 4), ("leder", 4), ("kim", 1)):
        with open_book(school.who(name), "forms", school.child) as book:
            found = queries.opened(book, school.child, ident)
            told = [*book.versions(found.row), *book.histories([found.row])[ident]]
            assert (b"far drikker" in b"".join(one.body for one in told)) is (versions > 1), name
            assert len(queries.history(book, found)) == versions
