"""The family's log in words: what is told as one, who is named, and what is left out."""

import ast
from collections.abc import Iterator
from datetime import datetime
from enum import EnumType
from importlib import import_module
from typing import Any
from uuid import UUID

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from barnetsbog.access.breakglass import LookUp
from barnetsbog.access.own_log import HEALTH, OwnLog
from barnetsbog.access.roles import roles
from barnetsbog.audit.model import Action, LogRow
from barnetsbog.audit.queries import NOT_SEEING
from barnetsbog.directory.model import RoleName, UnitName
from barnetsbog.honour.model import Honour
from barnetsbog.kernel.time import COPENHAGEN, SECOND, instant
from barnetsbog.login.model import Reason
from barnetsbog.portal import log_words
from barnetsbog.portal.seen import Directory, named_in, told
from tests.conftest import ROOT


def ident(number: int) -> UUID:
    return UUID(int=number)


ALMA, SARA, KIM, IDA, PPR, BUP, GLASS = (ident(number) for number in range(1, 8))
KNOWN = Directory(
    {
        KIM: RoleName(KIM, None, "Kim Demosen", "psykolog", "psychologist", "", True, PPR, "PPR Eksempelby", "ppr", ""),
        IDA: RoleName(IDA, None, "Ida Testrup", "overlæge", "bup_clinician", "", True, BUP, "BUP Nord", "bup", ""),
    },
    {PPR: UnitName(PPR, "PPR Eksempelby", "ppr", "", ""), BUP: UnitName(BUP, "BUP Nord", "bup", "", "")},
    apps={"kurven": "Vækstkurven"},
)
MORNING = instant(datetime(2026, 11, 25, 8, tzinfo=COPENHAGEN))


def row(
    minute: int = 0, action: str = "overview", who: UUID | None = KIM, unit: UUID | None = PPR, **more: Any
) -> LogRow:
    role, purpose = more.pop("role", "psychologist"), more.pop("purpose", "ppr")
    at = MORNING + minute * 60 * SECOND
    return LogRow(ident(1000 + minute), at, action, True, ALMA, who, unit, role, purpose, "", more)


def log(*rows: LogRow, **more: Any) -> OwnLog:
    newest_first = sorted(rows, key=lambda one: -one.at)
    given: dict[str, Any] = {"look_ups": [], "nameless": False, "without": frozenset(), "cut": False} | more
    return OwnLog(newest_first, **given)


def glass(**more: Any) -> LookUp:
    given: dict[str, Any] = {
        "id": GLASS, "child_id": ALMA, "role_id": IDA, "at": MORNING, "until": MORNING + 3600 * SECOND, "reason": "Akut fare for Alma",
        "address_reason": "", "reviewed_at": None, "justified": None, "remark": "", "told_at": MORNING,
    } | more  # fmt: skip
    return LookUp(**given)


def test_what_somebody_did_on_one_day_for_one_reason_is_one_line() -> None:
    (one,) = told(log(row(0), row(1, "timeline"), row(2, "entry"), row(3, "entry")), KNOWN, SARA)
    assert (one.who.place, one.who.person) == ("PPR Eksempelby", "Kim Demosen, psykolog")
    assert (one.did, one.times, one.why) == ("Så: overblik, tidslinje, enkelte poster", 4, "PPR's arbejde med barnet")
    assert one.at == MORNING + 3 * 60 * SECOND


def test_another_day_another_reason_or_another_person_is_another_line() -> None:
    rows = row(0), row(24 * 60), row(1, purpose="ledelse"), row(2, who=IDA, unit=BUP)
    assert [one.times for one in told(log(*rows), KNOWN, SARA)] == [1, 1, 1, 1]


def test_an_app_is_named_beside_whoever_let_it_in_and_a_system_is_itself() -> None:
    rows = row(0), row(1, "fhir-create", client="kurven"), row(2, "fhir-read", client="kurven")
    app, page = told(log(*rows), KNOWN, SARA)
    assert app.who.person == "Kim Demosen, psykolog med appen Vækstkurven" and app.times == 2
    assert page.who.person == "Kim Demosen, psykolog"
    (own,) = told(log(row(0, "fhir-read", who=SARA, unit=None, client="gone")), KNOWN, SARA)
    assert own.who.place == "Dig selv med appen gone"
    (system,) = told(log(row(0, "fhir-create", role="system", client="ppr")), KNOWN, SARA)
    assert "med appen" not in system.who.person
    (hidden,) = told(log(row(0, "fhir-read", client="kurven"), nameless=True), KNOWN, SARA)
    assert hidden.who.person == ""


def test_a_single_entry_is_one_entry() -> None:
    assert told(log(row(0, "entry")), KNOWN, SARA)[0].did == "Så: en post"


def test_what_was_done_is_told_after_what_was_seen() -> None:
    (one,) = told(log(row(0), row(1, "consent"), row(2, "consent-preview"), row(3, "consent-ask")), KNOWN, SARA)
    assert one.did == "Så: overblik, samtykker. Spurgte om samtykke."
    assert told(log(row(0, "consent-remind")), KNOWN, SARA)[0].did == "Mindede om et svar."


def _actions() -> Iterator[str]:
    """Everything that any room calls something in the log."""
    for path in (ROOT / "src").rglob("*.py"):
        if "as the log names" in path.read_text():
            module = import_module(".".join(path.relative_to(ROOT / "src").with_suffix("").parts))
            named = [one for one in vars(module).values() if "as the log names" in (getattr(one, "__doc__", "") or "")]
            yield from (value for one in named if isinstance(one, EnumType) for value in one)


def test_every_action_has_words() -> None:
    actions = {*Action, *_actions()}
    assert len(actions) > 100 and actions <= {*log_words.ACTIONS}
    told_apart = {"entry", "import", "rights", "break-glass", *NOT_SEEING}
    about_no_child = {
        "work-list", "search", "routing-rules", "form-catalogue", "step-up", "absence", "cases-closed", "letter-batch",
        "measures", "measures-across", "calendar-feed-made", "calendar-feed-ended",
    }  # fmt: skip
    told_to_nobody = {*map(str, Honour)}  # of the family, ever (ADR 42)
    assert {*log_words.OPENED, *log_words.DONE} | told_apart | about_no_child | told_to_nobody >= actions


def _written(function: str, argument: str) -> set[str]:
    """What the program itself says for an argument wherever it calls a function."""
    texts = (path.read_text() for path in (ROOT / "src").rglob("*.py") if "demo" not in path.parts)
    trees = (ast.parse(text) for text in texts if f"{function}(" in text)  # to take a module apart is dear
    calls = (one for tree in trees for one in ast.walk(tree) if isinstance(one, ast.Call))
    named = (one for one in calls if getattr(one.func, "id", getattr(one.func, "attr", "")) == function)
    given = (word.value for one in named for word in one.keywords if word.arg == argument)
    return {one.value for one in given if isinstance(one, ast.Constant) and one.value}


def test_what_the_program_writes_in_the_log_has_words() -> None:
    assert _written("note", "reason") | _written("end", "reason") | {*map(str, Reason)} <= {*log_words.REASONS}
    assert {role.purpose for role in roles().values()} | _written("operator_scope", "purpose") <= {*log_words.PURPOSES}


def test_an_import_is_told_as_a_system() -> None:
    (one,) = told(log(*(row(n, "import", None, None, role="", purpose="") for n in range(5))), KNOWN, SARA)
    assert (one.who.place, one.did, one.times, one.why) == ("Et system", "Hentede oplysninger ind i bogen", 1, "")


def test_neither_the_hour_nor_the_number_of_imports_is_told() -> None:
    some, more = (
        told(log(row(0), *(row(n, "import", None, None) for n in minutes)), KNOWN, SARA) for minutes in ((-5,), (-5, 9))
    )
    assert some == more and some[1].whole_day


def test_oneself_is_told_as_oneself() -> None:
    (one,) = told(log(row(who=SARA, unit=None, role="holder", purpose="forældremyndighed")), KNOWN, SARA)
    assert (one.who.place, one.who.person) == ("Dig selv", "")


def test_of_somebody_at_risk_the_title_is_told_and_not_the_name() -> None:
    known = Directory(KNOWN.roles, KNOWN.units, frozenset((str(KIM),)))
    (one,) = told(log(row()), known, SARA)
    assert (one.who.place, one.who.person) == ("PPR Eksempelby", "psykolog")


def test_where_the_child_is_must_not_be_known_no_place_and_no_name_is_told() -> None:
    broken = log(row(0, "break-glass", IDA, BUP), row(1), look_ups=[glass()], nameless=True)
    found = told(broken, KNOWN, SARA)
    assert [one.who.place for one in found] == ["En skolepsykolog i PPR", "Børne- og ungdomspsykiatrien"]
    assert not [one for one in found if one.who.person or one.reason]


def test_of_what_is_the_young_persons_own_a_parent_is_told_nothing() -> None:
    found = told(log(row(0, who=IDA, unit=BUP), row(1), without=HEALTH), KNOWN, SARA)
    assert [one.who.place for one in found] == ["PPR Eksempelby"]


def test_an_opening_without_consent_has_its_reason_and_says_whether_it_was_reviewed() -> None:
    clicks = row(0, "break-glass", IDA, BUP), row(1, "overview", IDA, BUP, acute=True), row(90, "overview", IDA, BUP)
    later, one = told(log(*clicks, look_ups=[glass()]), KNOWN, SARA)
    assert (one.broke_glass, one.reason, one.reviewed, one.did, one.times) == (
        True,
        "Akut fare for Alma",
        False,
        "Så: overblik",
        1,
    )
    assert not later.broke_glass
    assert told(log(*clicks, look_ups=[glass(reviewed_at=MORNING)]), KNOWN, SARA)[1].reviewed


def test_a_book_that_was_opened_and_not_read_is_told_too() -> None:
    (one,) = told(log(row(0, "break-glass", IDA, BUP), look_ups=[glass()]), KNOWN, SARA)
    assert (one.did, one.times) == ("Åbnede bogen", 1)


def test_changed_rights_are_told_in_words() -> None:
    given = [{"unit": str(BUP), "to": 5}]
    (one,) = told(log(row(0, "rights", None, None, given=given, ended=[{"unit": str(PPR)}])), KNOWN, SARA)
    assert one.did == "BUP Nord fik adgang. PPR Eksempelby har ikke længere adgang."
    assert told(log(row(0, "rights", None, None, given=given), without=HEALTH), KNOWN, SARA) == []
    both = [{"to": str(PPR), "rule": "FSL-PPV", "from": 0, "until": 5}]
    (changed,) = told(log(row(0, "rights", None, None, given=both, ended=both)), KNOWN, SARA)
    assert changed.did == "PPR Eksempelby fik ændret sin adgang."


def test_the_names_that_are_needed_are_asked_for_at_once() -> None:
    rows = (
        row(),
        row(1, "rights", None, None, given=[{"unit": str(BUP)}]),
        row(2, who=SARA, unit=None),
        row(3, "import", None, None),
    )
    assert named_in(rows) == ({KIM}, {PPR, BUP})


def test_in_english() -> None:
    with translation.override("en"):
        assert told(log(row(0, "entry")), KNOWN, SARA)[0].did == "Saw: an entry"


CLICKS = st.builds(
    row, st.integers(0, 5000), st.sampled_from(("overview", "timeline", "entry", "export", "log-read")),
    st.sampled_from((KIM, IDA)), st.sampled_from((PPR, BUP)), purpose=st.sampled_from(("ppr", "behandling", "x")),
)  # fmt: skip


@given(st.lists(CLICKS, max_size=30))
def test_no_click_is_lost_and_the_newest_comes_first(clicks: list[LogRow]) -> None:
    found = told(log(*clicks), KNOWN, SARA)
    assert sum(one.times for one in found) == len(clicks)
    assert [one.at for one in found] == sorted((one.at for one in found), reverse=True)


@pytest.mark.parametrize("listed", [None, "x", [None], [{"unit": "no"}], [{}], 7])
def test_nonsense_in_a_line_is_no_error(listed: object) -> None:
    assert told(log(row(0, "rights", None, None, given=listed)), KNOWN, SARA) == []
