"""The traps of the corpus README, "Traps in the data", each by itself. Nothing here is an error of the sender's."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from barnetsbog.fhir import check, check_bundle_envelope
from barnetsbog.fhir.packages import Library
from barnetsbog.fhir.packages.library import loaded
from barnetsbog.fhir.profiling.agreement import corpus_packages
from barnetsbog.fhir.terminology import Terminology, normalised_system
from barnetsbog.kernel.cpr import CPR_SYSTEM
from barnetsbog.record.models import Entry
from tests.builders import send
from tests.conftest import CORPUS, skip

from .test_corpus import FILES, resources

pytestmark = pytest.mark.corpus

STS = "https://kombit.dk/sts/organisation", "https://www.kombit.dk/organisation"
ICPC = "urn:oid:1.2.208.176.2.31", "https://kiap.dk/koder/icpc-2-dk"


@pytest.fixture(scope="module")
def library() -> Library:
    if not CORPUS.is_dir():
        skip(f"the third-party FHIR corpus is not at {CORPUS}")
    return Library(loaded(one) for one in corpus_packages(CORPUS).values())


def numbers() -> set[str]:
    """The person numbers of the examples."""
    said = (one.get("identifier", ()) for _, one in resources(FILES))
    ids = [each for some in said if isinstance(some, list) for each in some if isinstance(each, dict)]
    return {each["value"] for each in ids if each.get("system") == CPR_SYSTEM and "value" in each}


@pytest.mark.django_db
def test_no_person_number_is_refused_for_its_check_digit(corpus: Path) -> None:
    found = sorted(one for one in numbers() if re.fullmatch(r"\d{10}", one))
    assert len(found) >= 40
    assert all(sum(int(a) * b for a, b in zip(one, (4, 3, 2, 7, 6, 5, 4, 3, 2, 1), strict=True)) % 11 for one in found)
    ids = ({"system": CPR_SYSTEM, "value": one} for one in found)
    sent = [{"resourceType": "Patient", "id": f"p{at}", "identifier": [one]} for at, one in enumerate(ids)]
    assert send(*sent).stored == len(found) == Entry.objects.filter(kind="Patient").count()


def test_names_in_a_bundle_may_be_relative_or_absolute(corpus: Path) -> None:
    relative, absolute = 0, 0
    for path in FILES:
        bundle = json.loads(path.read_bytes())
        names = [str(one.get("fullUrl", "")) for one in bundle.get("entry", ())]
        relative += sum(1 for one in names if re.match(r"[A-Z]\w+/", one))
        absolute += sum(1 for one in names if one.startswith(("http", "urn:")))
        if names:
            assert not [one for one in check_bundle_envelope(bundle) if one.severity == "error"], path.name
    assert relative > 50 and absolute > 50


@pytest.mark.parametrize("pair", [STS, ICPC])
def test_two_addresses_of_one_system_are_both_met_and_lead_to_the_same(library: Library, corpus: Path, pair: tuple[str, str]) -> None:  # fmt: skip
    text = "".join(path.read_text() for path in corpus.rglob("*.json"))
    assert all(f'"{one}"' in text for one in pair)
    one, other = pair
    assert normalised_system(one) == normalised_system(other)
    terms = Terminology(library)
    assert terms.code_system(one) is terms.code_system(other)


def test_answers_that_name_another_form_are_answers_all_the_same(corpus: Path) -> None:
    (path,) = corpus.rglob("QuestionnaireResponse-SDQ4-10AnswerLars.json")
    found: dict[str, Any] = json.loads(path.read_bytes())
    assert "11-17" in found["questionnaire"]
    assert not [one for one in check(found) if one.severity == "error"]


def test_value_sets_of_descendants_and_of_value_sets_are_whole(library: Library, corpus: Path) -> None:
    terms, by_filter, nested = Terminology(library), 0, 0
    for path in corpus.rglob("ValueSet-*.json"):
        one = json.loads(path.read_bytes())
        parts = one.get("compose", {}).get("include", ())
        below = any(each.get("op") == "descendent-of" for part in parts for each in part.get("filter", ()))
        inside = any("valueSet" in part for part in parts)
        if not one["url"].startswith("http://fhir.kl.dk") or not (below or inside):
            continue
        expanded = terms.expand(one["url"])
        if not expanded.missing:
            assert expanded.total, one["url"]
            by_filter, nested = by_filter + below, nested + inside
    assert by_filter > 10 and nested > 3


def test_packages_built_on_other_versions_of_dk_core_stand_beside_each_other(library: Library, corpus: Path) -> None:
    built_on = {
        json.loads(path.read_bytes()).get("dependencies", {}).get("hl7.fhir.dk.core") for path in corpus.rglob("package.json")
    } - {None}  # fmt: skip
    assert len(built_on) >= 4
    assert len(library.packages) >= 20
