"""A consent goes to FHIR and comes back the same; what can't be read precisely opens nothing."""

import copy
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from barnetsbog.consent.mapping import Asking, Problem, answer_of, consent_of, consent_resource
from barnetsbog.consent.sent_again import still_answered
from barnetsbog.fhir import check
from barnetsbog.kernel.time import FOREVER
from barnetsbog.law.model import Block, Capacity, Class, Consent, Kind, Level, Sharing, Status
from tests.unit.consent.strategies import consents

Json = dict[str, Any]
MARCH, LATER = 1_772_492_400_000_000, 1_803_769_200_000_000  # 3 March 2026, 28 February 2027, Danish midnight
YES = Consent(
    "c1", "mor", Capacity.HOLDER, "ppr-to-bup", Kind.DISCLOSURE,
    Sharing(frozenset({(Block.INTERVENTION, Class.ORDINARY), (Block.CONDITION, Class.ORDINARY)}), Level.CONTENT),
    Status.GIVEN, MARCH, MARCH, LATER, frozenset({"ppr"}), "bup", purpose="assessment", form="mitid",
)  # fmt: skip


def resource(consent: Consent = YES) -> Json:
    child = consent.giver if consent.capacity is Capacity.CHILD else "alma"
    return consent_resource(consent, Asking(child, "Mor sagde ja", "Henvisning", "Ja tak", custody=("cpr", MARCH)))


def changed(*way: Any, to: Any = None) -> Json:
    """The good consent with one place changed, or taken away."""
    found = copy.deepcopy(resource())
    place: Any = found
    for step in way[:-1]:
        place = place[step]
    if to is None:
        del place[way[-1]]
    else:
        place[way[-1]] = to
    return found


@given(consents())
def test_a_consent_comes_back_the_same(consent: Consent) -> None:
    written = resource(consent)
    assert consent_of(written) == consent
    assert [issue for issue in check(written) if issue.severity == "error"] == []


def test_the_shape() -> None:
    found = resource()
    assert found["status"] == "active"
    assert found["provision"] == {
        "type": "permit",
        "period": {"start": "2026-03-03", "end": "2027-02-27"},
        "actor": [{"role": found["provision"]["actor"][0]["role"], "reference": {"reference": "Organization/bup"}}],
        "action": [{"coding": [{"system": "https://barnetsbog.example/fhir/CodeSystem/act", "code": "ppr-to-bup"}]}],
        "securityLabel": [{"system": "https://barnetsbog.example/fhir/CodeSystem/sensitivity-class", "code": "O"}],
        "class": [
            {"system": "https://barnetsbog.example/fhir/CodeSystem/block", "code": code} for code in ("IN", "TI")
        ],
        "purpose": [{"system": "https://barnetsbog.example/fhir/CodeSystem/purpose", "code": "assessment"}],
    }


OTHER = {"system": "http://snomed.info/sct", "code": "1"}
ENDED = {"url": "https://barnetsbog.example/fhir/StructureDefinition/ended-as", "valueCode": "superseded"}
TAKEN_BACK = {"url": "https://barnetsbog.example/fhir/StructureDefinition/withdrawn-at", "valueDateTime": "2026-10-02"}
LIMIT = {"code": [{"text": "kun medicin"}]}

UNREADABLE = [
    (changed("performer"), "Den, der svarer, mangler."),
    (changed("performer", to=[{"reference": "RelatedPerson/mor"}, {"reference": "RelatedPerson/far"}]), "flere gange"),
    (changed("performer", 0, to={"display": "Mor"}), "peger ikke på nogen"),
    (changed("performer", 0, to={"reference": "https://x.example/RelatedPerson/1"}), "peger ikke på nogen"),
    (changed("performer", 0, to={"reference": "Patient/alma"}), "passer ikke sammen"),
    (changed("performer", 0, to={"reference": "Practitioner/kim"}), "peger ikke på nogen"),
    (changed("patient"), "Barnet"),
    (changed("provision"), "ikke, hvad det gælder"),
    (changed("provision", "action"), "Handlingen mangler."),
    (changed("provision", "action", 0, "coding", 0, "code", to="everything"), "»everything« kendes ikke"),
    (changed("provision", "action", to=resource()["provision"]["action"] * 2), "flere handlinger"),
    (changed("provision", "period", "end", to="2020-01-01"), "slutter, før den begynder"),
    (changed("provision", "period", "end", to="i morgen"), "ikke en dato"),
    (changed("provision", "period", "end"), "hvor længe"),
    (changed("provision", "actor"), "Modtageren mangler."),
    (changed("provision", "actor", 0, "reference", to={"reference": "RelatedPerson/x"}), "Modtageren peger"),
    (changed("provision", "actor", 0, "role", to={"coding": [OTHER]}), "rolle"),
    (changed("organization"), "hvem der må dele"),
    (changed("provision", "type", to="deny"), "hver sit"),
    (changed("provision", "securityLabel"), "ikke både"),
    (changed("provision", "class", 0, to=OTHER), "koder, bogen ikke kender"),
    (changed("provision", "code", to=LIMIT["code"]), "afgrænset på en måde"),
    (changed("provision", "dataPeriod", to={"start": "2026"}), "afgrænset på en måde"),
    (changed("provision", "provision", to=[{"type": "deny"}]), "uden indhold"),
    (changed("provision", "provision", to=[{"type": "permit", "class": [OTHER]}]), "undtagelse"),
    (changed("provision", "modifierExtension", to=[{"url": "http://x", "valueBoolean": True}]), "betingelse"),
    (changed("modifierExtension", to=[{"url": "http://x", "valueBoolean": True}]), "betingelse"),
    (changed("status", to="draft"), "status »draft«"),
    (changed("status", to="inactive"), "ophørt"),
    (changed("extension", to=[*resource()["extension"], ENDED]), "status »active«"),
    (changed("extension", to=[*resource()["extension"], TAKEN_BACK]), "trukket tilbage"),
    (changed("category", 1), "Arten mangler."),
    (changed("verification", to=[{"verified": False}]), "ikke bekræftet"),
    (changed("resourceType", to="Patient"), "ikke et samtykke"),
]  # fmt: skip


@pytest.mark.parametrize(("found", "why"), UNREADABLE, ids=[why for _, why in UNREADABLE])
def test_what_is_not_clear_opens_nothing(found: Json, why: str) -> None:
    read = consent_of(found)
    assert isinstance(read, Problem) and why in read.reason, read


def test_a_consent_without_a_level_shares_the_least() -> None:
    found = resource()
    found["extension"] = [e for e in found["extension"] if not e["url"].endswith("/sharing-level")]
    read = consent_of(found)
    assert isinstance(read, Consent) and read.sharing.level is Level.AT


def test_a_no_lasts_until_it_is_changed() -> None:
    found = changed("provision", "period", "end") | {"status": "rejected"}
    found["provision"]["type"] = "deny"
    read = consent_of(found)
    assert isinstance(read, Consent) and (read.status, read.valid_to) == (Status.REFUSED, FOREVER)


@pytest.mark.parametrize(
    ("limit", "units"),
    [
        ({"dataPeriod": {"start": "2026-01-01"}}, (frozenset({"ppr"}), "bup")),  # a limit we don't know
        ({"period": {"start": "9999"}, "purpose": [{"code": "?"}]}, (frozenset({"ppr"}), "bup")),
        ({"actor": []}, (frozenset(), "")),  # to nobody in particular
    ],
)  # fmt: skip
def test_a_no_that_cant_be_read_precisely_is_a_no_to_the_whole_act(limit: Json, units: tuple[Any, str]) -> None:
    found = resource(replace(YES, status=Status.REFUSED, answered_at=LATER))
    found["provision"] |= limit
    assert isinstance(consent_of(found), Problem)
    no = answer_of(found)
    assert no and (no.giver, no.act, no.status, no.answered_at) == ("mor", "ppr-to-bup", Status.REFUSED, LATER)
    assert (no.disclosers, no.recipient) == units and not no.sharing.shelves


def test_what_is_no_clear_no_says_nothing() -> None:
    no = resource(replace(YES, status=Status.REFUSED))
    strange = {"dataPeriod": {"start": "2026-01-01"}}
    assert answer_of(resource()) == YES
    for found in (
        resource() | {"provision": resource()["provision"] | strange},  # a yes with a limit
        no | {"provision": no["provision"] | strange | {"type": "permit"}},  # it says both
        no | {"modifierExtension": [{"url": "https://example.org/not"}]},
        no | {"provision": {**strange, "type": "deny"}},  # to what?
        no | {"performer": []},
        no | {"provision": None},
    ):
        assert answer_of(found) is None, found


def test_a_child_answers_for_itself_only() -> None:
    other = Consent("c", "bo", Capacity.CHILD, "medication", Kind.TREATMENT, YES.sharing, Status.GIVEN, 1, 1, 2)
    with pytest.raises(ValueError, match="itself"):
        consent_resource(other, Asking("alma", "Bo sagde ja"))


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5)),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(st.text(max_size=5), inner, max_size=2)),
    max_leaves=5,
)


@given(st.sampled_from(sorted(resource())), JSON)
def test_nonsense_is_a_problem_and_never_an_exception_and_never_wider(key: str, value: Any) -> None:
    read = consent_of({**resource(), key: value})
    assert isinstance(read, Problem) or YES.sharing.covers(read.sharing)


@given(st.sampled_from(sorted(resource()["provision"])), JSON)
def test_nonsense_in_the_rule_is_never_wider(key: str, value: Any) -> None:
    read = consent_of(changed("provision", key, to=value) if value is not None else changed("provision", key))
    assert isinstance(read, Problem) or YES.sharing.covers(read.sharing)


def _consents(content: Any) -> list[Json]:
    if isinstance(content, list):
        return [found for part in content for found in _consents(part)]
    if not isinstance(content, dict):
        return []
    own = [content] if content.get("resourceType") == "Consent" else []
    return [*own, *(found for part in content.values() for found in _consents(part))]


@pytest.mark.corpus
def test_other_peoples_consents_open_nothing(corpus: Path) -> None:
    files = [path.read_bytes() for path in sorted(corpus.rglob("*.json"))]
    found = [one for body in files if b'"Consent"' in body for one in _consents(orjson.loads(body))]
    assert found
    for one in found:
        assert isinstance(consent_of(one), Problem)


NO = replace(YES, status=Status.REFUSED, valid_to=FOREVER)
WITHDRAWN = replace(YES, status=Status.WITHDRAWN, withdrawn_at=MARCH + 5)
ASKED = replace(YES, status=Status.ASKED, answered_at=None)


@pytest.mark.parametrize(
    ("sent", "stands", "still"),
    [
        (YES, WITHDRAWN, True), (replace(YES, answered_at=MARCH + 9), WITHDRAWN, False), (ASKED, YES, True), (ASKED, NO, True),
        (YES, replace(YES, answered_at=MARCH + 9), True), (YES, YES, False), (NO, replace(YES, answered_at=MARCH + 9), False),
        (WITHDRAWN, replace(YES, answered_at=MARCH + 9), False), (YES, ASKED, False),
        (YES, replace(YES, status=Status.SUPERSEDED, answered_at=MARCH + 9), False),
    ],
)  # fmt: skip
def test_a_later_answer_stands_when_an_older_yes_or_the_question_is_sent_again(
    sent: Consent, stands: Consent, still: bool
) -> None:
    assert still_answered(resource(sent), resource(stands)) is still


def test_what_cannot_be_read_takes_no_no_away_and_else_is_kept_to_be_looked_at() -> None:
    strange = changed("provision", "action")
    assert still_answered(strange, resource(WITHDRAWN)) and not still_answered(strange, resource(YES))
