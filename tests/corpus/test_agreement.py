"""The profile check against the verdicts of HL7's own validator, on the examples of the Danish packages.

`agreement.json` says of each package how many of its examples have a verdict, and of each that we judge otherwise why.
It may only get shorter: a disagreement that isn't there is one too many, and one that is there no more is taken out.
`./bog fhir agreement --corpus FOLDER` prints what is found.
"""

import json
import resource
from pathlib import Path

import pytest

from barnetsbog.fhir.packages import Library, add_package, open_library
from barnetsbog.fhir.packages.library import loaded
from barnetsbog.fhir.profiling.agreement import Agreement, agreements, corpus_packages
from barnetsbog.fhir.terminology import Terminology
from tests.conftest import CORPUS

pytestmark = pytest.mark.corpus

GOLDEN: dict[str, dict[str, object]] = json.loads(Path(__file__).with_name("agreement.json").read_bytes())
WANTED = 0.95


@pytest.fixture(scope="module")
def found() -> list[Agreement]:
    if not CORPUS.is_dir():
        pytest.skip(f"the third-party FHIR corpus is not at {CORPUS}")
    return list(agreements(corpus_packages(CORPUS)))


def test_the_agreement_only_rises(corpus: Path, found: list[Agreement]) -> None:
    said = {
        one.package: {"judged": one.judged, "disagreements": {d.example: d.cause for d in one.disagreements}}
        for one in found
    }
    assert said == GOLDEN


def test_no_clean_example_is_called_wrong(corpus: Path, found: list[Agreement]) -> None:
    alarms = [
        (one.package, other.example, other.issues)
        for one in found
        for other in one.disagreements
        if other.cause == "false alarm"
    ]
    assert alarms == []


def test_it_agrees_on_at_least_ninety_five_in_a_hundred(corpus: Path, found: list[Agreement]) -> None:
    assert sum(one.examples for one in found) == 542
    assert sum(one.agreed for one in found) >= WANTED * 542


def test_every_package_is_loaded_quickly_and_small(corpus: Path, tmp_path: Path) -> None:
    for package in corpus_packages(corpus).values():
        add_package(package, tmp_path)
    size = sum(path.stat().st_size for path in tmp_path.rglob("*.fhir"))
    assert size < 2_000_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert len(open_library(tmp_path).packages) == 22  # and our own
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000  # kB


FFB, FBOE = "urn:oid:1.2.208.176.2.22", "http://fhir.kl.dk/term/CodeSystem/FBOE"
LTT, CARE = "http://fhir.kl.dk/term/CodeSystem/LTT", "http://fhir.kl.dk/term/CodeSystem/CareSocialCodes"
FSIII = "urn:oid:1.2.208.176.2.21"


def test_the_code_systems_of_kl_answer(corpus: Path) -> None:
    terms = Terminology(Library(loaded(one) for one in corpus_packages(corpus).values()))
    sizes = {
        system: len(known.concepts) for system in (FFB, FBOE, FSIII, LTT, CARE) if (known := terms.code_system(system))
    }
    assert sizes == {FFB: 220, FBOE: 295, FSIII: 828, LTT: 27, CARE: 91}
    expanded = terms.expand("http://fhir.kl.dk/term/ValueSet/KLConditionADCodesFFB")
    assert (expanded.total, expanded.missing) == (31, ())
    top = next(one for one in terms.code_system(FFB).concepts.values() if not one.parents)  # type: ignore[union-attr]
    assert terms.subsumes(FFB, top.code, top.children[0]) == "subsumes"
