"""`./bog fhir` as an operator uses it."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.builders import patient
from tests.instances import bog, new_instance
from tests.packages import DESCRIPTION, archive, el, profile, sd

STRICT = {
    "package/package.json": DESCRIPTION,
    "package/StructureDefinition-p.json": profile("Patient", el("telecom", 1)),
}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return new_instance(tmp_path / "instans")


def written(path: Path, content: Any) -> Path:
    path.write_text(json.dumps(content))
    return path


def test_a_package_is_put_in_listed_used_and_lets_in_less_when_told_to(tmp_path: Path, data: Path) -> None:
    base = archive(
        tmp_path / "x.tgz", STRICT | {"package/package.json": DESCRIPTION | {"dependencies": {"x.base": "1.0.0"}}}
    )
    done = bog("fhir", "add-package", base, "--data", data)
    assert (done.returncode, done.stdout.splitlines()) == (
        0, ["x.test#1.0.0: lagt ind (1 definitioner).", "Bemærk: x.test#1.0.0 bygger på x.base#1.0.0, som ikke er indlæst."],
    )  # fmt: skip
    assert "er her i forvejen" in bog("fhir", "add-package", base, "--data", data).stdout
    assert "advarer" in bog("fhir", "list", "--data", data).stdout
    child = written(tmp_path / "a.json", patient())
    assert bog("fhir", "validate", child, "--data", data).returncode == 0
    done = bog("fhir", "validate", child, "--profile", sd("p"), "--data", data)
    assert done.returncode == 2
    assert "Fejl: Patient.telecom: Profilen p kræver mindst 1 telecom her." in done.stdout
    claimed = written(tmp_path / "b.json", patient(meta={"profile": [sd("p")]}))
    assert bog("import", claimed, "--data", data).returncode == 0
    assert bog("fhir", "gate", "x.test#1.0.0", "--data", data).stdout == "x.test#1.0.0 afviser.\n"
    again = written(tmp_path / "b.json", patient(meta={"profile": [sd("p")]}, gender="female"))
    done = bog("import", again, "--data", data)
    assert done.returncode == 2 and "Profilen p kræver" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["add-package", "mangler.tgz"], "mangler.tgz kan ikke læses: den findes ikke"),
        (["gate", "x#1"], "x#1 er ikke indlæst"),
        (["gate", "barnetsbog#0.1.0"], "barnetsbog#0.1.0 er bogens egne definitioner. De advarer kun."),
        (["validate", "mangler.json"], "mangler.json kan ikke læses"),
        (["validate", "mangler.json", "--for", "x#1"], "x#1 er ikke indlæst"),
        (["agreement", "--corpus", "mangler"], "her er ingen FHIR-pakker"),
    ],
)
def test_what_goes_wrong_is_one_sentence(data: Path, arguments: list[str], told: str) -> None:
    where = [] if arguments[0] == "agreement" else ["--data", data]
    done = bog("fhir", *arguments, *where)
    assert done.returncode == 1
    assert told in done.stderr and "Traceback" not in done.stderr


def test_where_nothing_was_judged_there_is_no_share(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    archive(tmp_path / "a" / "b" / "package.tgz", STRICT)
    done = bog("fhir", "agreement", "--corpus", tmp_path)
    assert done.returncode == 0 and "Enige om 0 af 0 (- %)" in done.stdout


def test_a_hostile_archive_leaves_nothing(tmp_path: Path, data: Path) -> None:
    evil = archive(tmp_path / "ond.tgz", STRICT | {"../../x.json": b"{}"})
    done = bog("fhir", "add-package", evil, "--data", data)
    assert done.returncode == 1 and "ond.tgz: ../../x.json peger uden for arkivet" in done.stderr
    assert not (data / "fhir").exists()
