"""What a consent of a story means when the writer left it to be understood, and what a writer is told."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from barnetsbog.consent.mapping import consent_of
from barnetsbog.consent.people import child_of, custody_of
from barnetsbog.demo.build import child_bundles, next_days_bundle
from barnetsbog.demo.check import check_stories
from barnetsbog.demo.dates import WRITTEN_TODAY
from barnetsbog.demo.model import Cast
from barnetsbog.demo.story import gather
from barnetsbog.kernel.time import FOREVER, day_start
from barnetsbog.law.model import Block, Capacity, Class, Consent, HolderKind, Level, Placement, Status

Json = dict[str, Any]
BASIC = {
    "at": date(2026, 11, 6), "kind": "consent", "by": "mor", "title": "Mor sagde ja til noget", "text": "Ja tak.",
    "giver": "mor", "from_unit": "ppr_eks", "to_unit": "bup_vis", "what": "Vurdering", "level": "indhold", "answer": "ja",
}  # fmt: skip


def day(text: str) -> int:
    return day_start(date.fromisoformat(text))


class Told:
    """The small story with one consent in it."""

    def __init__(self, raw: Json, write: Any, cast: Cast) -> None:
        self.raw, self.write, self.cast = raw, write, cast

    def story(self, **fields: Any) -> Any:
        event = {key: value for key, value in {**BASIC, **fields}.items() if value is not None}
        stories, faults = gather(self.write({**self.raw, "events": [event]}), self.cast)
        assert faults == []
        return stories[0]

    def resources(self, **fields: Any) -> list[Json]:
        bundles = child_bundles(self.story(**fields), self.cast)
        return [entry["resource"] for bundle in bundles for entry in bundle["entry"]]

    def consents(self, **fields: Any) -> list[Consent]:
        found = [consent_of(r) for r in self.resources(**fields) if r["resourceType"] == "Consent"]
        assert all(isinstance(one, Consent) for one in found), found
        return [one for one in found if isinstance(one, Consent)]

    def faults(self, **fields: Any) -> list[str]:
        ours = ("act", "until", "answers", "from_unit", "tilbagetrækning", "under 15")
        return [fault for fault in check_stories([self.story(**fields)], self.cast) if any(f in fault for f in ours)]


@pytest.fixture
def told(raw: Json, write: Any, cast: Cast) -> Told:
    return Told(raw, write, cast)


@pytest.mark.parametrize(
    ("sender", "receiver", "what", "act"),
    [
        ("prove", "ppr_eks", "Observationer", "school-to-ppr"),
        ("prove", "ppr_eks", "PPR's vurdering", "ppr-assessment"),
        ("prove", "fam_eks", "Status", "school-to-others"),
        ("ppr_eks", "prove", "Råd", "ppr-to-school"),
        ("ppr_kob", "ppr_eks", "Den gamle vurdering", "transfer-between-municipalities"),
        ("bup_amb", "prove", "Råd", "bup-to-school"),
        ("bup_amb", "ppr_eks", "Svar", "bup-to-ppr"),
        ("bup_amb", "laege", "Svar", "bup-to-gp"),
        ("bup_amb", "opholdet", "Råd", "bup-to-municipality"),
        ("bup_amb", "voksenpsyk", "Journal", "bup-to-adult-psychiatry"),
        ("laege", "bup_vis", "Henvisning", "gp-to-bup"),
        ("laege", "fam_eks", "Notater", "municipality-retrieves-health"),
        ("ltt_eks", "prove", "Tider", "ltt-to-others"),
        ("fam_eks", "bup_amb", "Henvisning", "family-department-to-others"),
        ("opholdet", "prove", "Hverdagen", "family-department-to-others"),
        (None, "bup_amb", "Udredning og behandling", "bup-assessment"),
        (None, "bup_amb", "Behandling", "bup-treatment"),
        (None, "bup_amb", "Medicin for ADHD", "medication"),
        (None, "ltt_eks", "Forløb", "ltt-course"),
        (None, "ppr_eks", "Råd", "ppr-consultation"),
        (None, "fam_eks", "Støtte i hjemmet", "support-section-32"),
        (None, None, "Udredning i BUP", "bup-assessment"),
    ],
)
def test_the_act_follows_from_the_units(told: Told, sender: str, receiver: str, what: str, act: str) -> None:
    (consent,) = told.consents(from_unit=sender, to_unit=receiver, what=what)
    assert consent.act == act


@pytest.mark.parametrize(
    ("sender", "level", "blocks", "classes"),
    [
        ("prove", "indhold", "AK IN KO TI", "O"),
        ("bup_amb", "overskrifter", "AK IN KO", "H O"),
        ("fam_eks", "at", "AK KO", "F O"),
        (None, "indhold", "", ""),
    ],
)
def test_what_is_shared_follows_from_level_and_sender(
    told: Told, sender: str, level: str, blocks: str, classes: str
) -> None:
    (consent,) = told.consents(from_unit=sender, to_unit="bup_vis", level=level, act="ppr-assessment")
    assert consent.sharing.shelves == {(Block(b), Class(c)) for b in blocks.split() for c in classes.split()}


def test_everything_can_be_written_out(told: Told) -> None:
    (consent,) = told.consents(
        from_unit=["prove", "ltt_eks"], to_unit="ppr_eks", act="coordination", blocks=["IN"], classes="O", purpose="support",
        capacity="other", language="ar", text_version="v7", until=date(2027, 1, 31), **{"from": date(2026, 12, 1)},
    )  # fmt: skip
    assert (consent.act, consent.disclosers, consent.capacity) == ("coordination", {"prove", "ltt-eks"}, Capacity.OTHER)
    assert consent.sharing.shelves == {(Block.INTERVENTION, Class.ORDINARY)}
    assert (consent.purpose, consent.language, consent.text_version) == ("support", "ar", "v7")
    assert (consent.valid_from, consent.valid_to) == (day("2026-12-01"), day("2027-02-01"))


def test_a_yes_lasts_a_year_when_nothing_is_said_and_silence_has_no_end(told: Told) -> None:
    (yes,), (silent,) = told.consents(), told.consents(answer="intet svar")
    assert (yes.answered_at, yes.valid_to) == (day("2026-11-06"), day("2027-11-06"))
    assert (silent.status, silent.answered_at, silent.valid_to) == (Status.ASKED, None, FOREVER)


def test_one_record_through_question_answer_renewal_and_withdrawal(told: Told) -> None:
    changes = [
        {"at": date(2026, 11, 8), "by": "mor", "answer": "ja", "until": date(2026, 11, 12)},
        {"at": date(2026, 11, 10), "by": "mor", "from": date(2026, 11, 10), "until": date(2027, 11, 9)},
        {"at": date(2026, 11, 15), "by": "mor", "answer": "trukket", "title": "Mor trak sit ja tilbage"},
    ]
    found = told.consents(answer="intet svar", changed=changes)
    assert len({one.id for one in found}) == len({one.text_version for one in found}) == 1
    assert [one.status for one in found] == [Status.ASKED, Status.GIVEN, Status.GIVEN, Status.WITHDRAWN]
    assert [one.answered_at for one in found][1:] == [day("2026-11-08"), day("2026-11-10"), day("2026-11-10")]
    assert (found[3].withdrawn_at, found[3].valid_to) == (day("2026-11-15"), day("2027-11-10"))
    assert found[3].sharing == found[1].sharing


def test_a_scripted_answer_is_the_next_version_of_the_question(raw: Json, write: Any, cast: Cast) -> None:
    asked = {**BASIC, "answer": "intet svar", "key": "spurgt"}
    answer = {**BASIC, "at": date(2026, 11, 27), "answers": "spurgt"}
    stories, faults = gather(write({**raw, "events": [asked], "script": [answer]}), cast)
    coming = next_days_bundle(stories[0], cast, WRITTEN_TODAY, 3)
    assert faults == [] and coming is not None
    (found,) = (entry["resource"] for entry in coming["entry"])
    assert (found["id"], found["status"]) == ("alma-001-spurgt", "active")


@pytest.mark.parametrize(
    ("person", "capacity"),
    [
        ({"relation": "mother", "custody": True}, Capacity.HOLDER),
        ({"relation": "mother", "custody": False}, Capacity.PARENT),
        ({"relation": "mother", "custody": {"to": date(2026, 11, 5)}}, Capacity.PARENT),
        ({"relation": "mother", "custody": {"from": date(2026, 11, 6)}}, Capacity.HOLDER),
        ({"relation": "guardian", "custody": {"kind": "temporary"}}, Capacity.HOLDER),
        ({"relation": "guardian", "custody": {"kind": "representative"}}, Capacity.REPRESENTATIVE),
        ({"relation": "foster_carer"}, Capacity.FOSTER_CARER),
        ({"relation": "stepparent"}, Capacity.OTHER),
    ],
)
def test_the_capacity_follows_from_custody_that_day(told: Told, person: Json, capacity: Capacity) -> None:
    told.raw["people"]["mor"] = {"name": "Sara Prøvegaard", **person}
    assert told.consents()[0].capacity is capacity


def test_custody_and_the_child_reach_the_law(told: Told) -> None:
    told.raw["people"]["mor"]["custody"] = [
        {"from": date(2018, 1, 1), "to": date(2020, 1, 31), "kind": "appointed", "evidence": "court"},
        {"from": date(2025, 3, 1)},
    ]
    told.raw["people"]["far"] |= {"custody": {"to": date(2024, 2, 19)}, "deceased": date(2024, 2, 19)}
    told.raw["placements"] = [{"from": date(2024, 5, 28), "covers": ["ppr-assessment"]}]
    told.raw["capacity"] = [{"from": date(2026, 1, 5), "reason": "Kan ikke overskue følgerne"}]
    told.raw["honour_conflict"] = {"suspected": date(2026, 1, 5), "assessed": date(2026, 1, 12)}
    resources = told.resources()
    custody = custody_of([r for r in resources if r["resourceType"] == "RelatedPerson"], "alma")
    assert [(h.person, h.kind, h.valid_from, h.valid_to) for h in custody.holders] == [
        ("alma-mor", HolderKind.APPOINTED, day("2018-01-01"), day("2020-02-01")),
        ("alma-mor", HolderKind.PARENT, day("2025-03-01"), FOREVER),
        ("alma-far", HolderKind.PARENT, day("2017-05-07"), day("2024-02-20")),
    ]
    assert (custody.evidence, custody.holders[2].deceased_at) == ("court, cpr", day("2024-02-19"))
    child = child_of(next(r for r in resources if r["resourceType"] == "Patient"))
    assert child.placements == (Placement(day("2024-05-28"), FOREVER, frozenset({"ppr-assessment"})),)
    assert [one.reasoned for one in child.capacity_decisions] == [True]
    assert (child.suspected_honour_conflict, child.risk_assessed) == (True, True)


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({}, None),
        ({"until": date(2028, 1, 1)}, "højst et år"),
        ({"from_unit": ["prove", "ltt_eks"]}, "kan ikke udledes"),
        ({"from_unit": None, "act": "ppr-to-bup"}, "skal have både"),
        ({"answer": "trukket"}, "en tilbagetrækning er en ændring"),
        ({"giver": "child", "by": "child"}, "under 15"),
        ({"answers": "ukendt"}, "intet samtykke hedder"),
    ],
)
def test_what_a_writer_is_told(told: Told, fields: Json, fault: str | None) -> None:
    found = told.faults(**fields)
    assert (found == []) if fault is None else any(fault in one for one in found)


@pytest.mark.parametrize(
    ("key", "value", "fault"),
    [
        ("custody", {"kind": "boss"}, "»boss« kendes ikke her"),
        ("custody", {"since": date(2020, 1, 1)}, "felt `since`: kendes ikke"),
        ("custody", "måske", "skal være ja eller nej"),
        ("deceased", "i går", "ikke en dato"),
    ],
)
def test_custody_that_cannot_be_read(key: str, value: Any, fault: str, raw: Json, write: Any, cast: Cast) -> None:
    raw["people"]["mor"][key] = value
    _, faults = gather(write(raw), cast)
    assert any(fault in one for one in faults), faults


def test_the_level_of_a_consent_without_one_is_the_least(told: Told) -> None:
    assert told.consents(level=None)[0].sharing.level is Level.AT
