"""What is received and the profiles of loaded packages: a package warns until somebody says that it gates."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from barnetsbog.cli import CommandError
from barnetsbog.commands.instance import _packages_in_order
from barnetsbog.fhir.packages import add_package, gate
from barnetsbog.intake import profiled
from barnetsbog.intake.model import Report
from tests.builders import bundle, observation, patient, send, unit
from tests.conftest import BOTH_DATABASES
from tests.packages import CORE, el, package, profile, sd

Json = dict[str, Any]
CLAIM = {"profile": [sd("p")]}
STRICT = package(
    profile("Patient", el("telecom", 1, "1")),
    profile("Observation", el("subject", type="Reference", of={"targetProfile": [f"{CORE}/Patient"], "aggregation": ["bundled"]}), name="o"),
    profile("Bundle", el("identifier", 1, "1"), name="b"),
)  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An instance's folder of its own."""
    monkeypatch.setattr(settings, "DATA", tmp_path)
    yield tmp_path
    profiled._opened.cache_clear()


def said(report: Report) -> list[str]:
    """What was said of profiles."""
    return [warning for warning in report.warnings if "Profilen" in warning]


def counts(report: Report) -> tuple[int, int, int]:
    return report.read, report.stored, report.refused


@BOTH_DATABASES
@pytest.mark.usefixtures("database")
class TestReceiving:
    def test_without_packages_nothing_is_asked(self, folder: Path) -> None:
        assert profiled.profiles_in_use() is None
        own = "https://barnetsbog.example/fhir/CodeSystem/sector"
        assert profiled.definitions_in_use().profiles.terms.lookup(own, "ppr").code == "ppr"
        report = send(bundle(unit(), patient(meta=CLAIM)))
        assert (counts(report), said(report)) == ((2, 2, 0), [])

    def test_a_package_warns_until_it_gates(self, folder: Path) -> None:
        add_package(STRICT, folder)
        sent = bundle(unit(), patient(meta=CLAIM), observation(meta={"profile": [sd("o")]}))
        report = send(sent)
        assert counts(report) == (3, 3, 0)
        (warning,) = said(report)
        assert "Bundle.entry[1].resource.telecom" in warning and "Profilen p kræver" in warning
        gate(STRICT.key, folder, shut=True)
        report = send(sent | {"timestamp": "2026-11-25T09:00:00Z"})
        (refusal,) = report.refusals
        assert (counts(report), refusal.path) == ((3, 0, 1), "entry[1].resource")
        assert "Profilen p kræver mindst 1 telecom her" in refusal.reason
        gate(STRICT.key, folder, shut=False)
        assert send(sent | {"timestamp": "2026-11-25T10:00:00Z"}).refusals == []

    def test_what_two_packages_ask_is_refused_when_either_gates(self, folder: Path) -> None:
        number = profile("Identifier", el("period", 1, "1"), name="number")
        numbered = [
            profile("Patient", el("identifier", type="Identifier", of={"profile": [sd("number")]}), name=name)
            for name in ("lax", "strict")
        ]
        add_package(package(numbered[0], name="x.lax"), folder)
        add_package(package(numbered[1], number, name="x.strict"), folder)
        gate("x.strict#1.0.0", folder, shut=True)
        for claims, refused in ((["lax"], 0), (["strict"], 1), (["lax", "strict"], 1)):
            claim = {"profile": [sd(one) for one in claims]}
            assert len(send(bundle(unit(), patient(meta=claim))).refusals) == refused

    def test_a_spoilt_package_is_told_when_the_instance_is_opened(self, folder: Path) -> None:
        add_package(STRICT, folder)
        next((folder / "fhir" / "packages").iterdir()).write_bytes(b"nonsens")
        with pytest.raises(CommandError, match="kan ikke læses"):
            _packages_in_order(folder)

    def test_a_bundle_that_breaks_its_own_profile_is_refused_whole(self, folder: Path) -> None:
        add_package(STRICT, folder)
        gate(STRICT.key, folder, shut=True)
        report = send(bundle(unit(), patient()) | {"meta": {"profile": [sd("b")]}})
        assert counts(report) == (2, 0, 2)
        assert all("Bundle.identifier" in refusal.reason for refusal in report.refusals)

    def test_each_line_and_each_file_is_judged_by_itself(self, folder: Path) -> None:
        add_package(STRICT, folder)
        gate(STRICT.key, folder, shut=True)
        assert counts(send(patient(meta=CLAIM))) == (1, 0, 1)
        assert counts(send(patient())) == (1, 1, 0)
        report = send(observation(meta={"profile": [sd("o"), "urn:not-here"]}))
        assert counts(report) == (1, 0, 1)
        assert "aggregation" in report.refusals[0].reason
        assert [warning for warning in said(report) if "urn:not-here er ikke indlæst" in warning]
