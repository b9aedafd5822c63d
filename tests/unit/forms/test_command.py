"""`./bog forms`: the catalogue from the command line."""

import json

from barnetsbog.cli import main
from barnetsbog.forms import loading


def test_the_catalogue_is_listed(capsys):
    assert main(["forms"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 54
    assert lines[42].split()[:3] == ["43", "V11", "status-school"]


def test_two_forms_stand_side_by_side(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "160")
    assert main(["forms", "diff", "43", "44"]) == 0

    rows = capsys.readouterr().out.splitlines()
    assert all(len(row) <= 160 for row in rows)
    assert any(row.endswith(" <") for row in rows)
    assert any(" > " in row and "»Kun dagtilbud«" in row for row in rows)


def test_a_family_is_its_base_beside_each_variant(capsys):
    assert main(["forms", "family", "V11"]) == 0

    assert capsys.readouterr().out.count("V11, base") == 6


def test_what_is_not_there_is_said_in_one_sentence(capsys):
    assert main(["forms", "diff", "43", "99"]) == 1
    assert main(["forms", "family", "V99"]) == 1

    assert capsys.readouterr().err.splitlines() == [
        "bog forms: der er intet skema med nummer 99",
        "bog forms: der er ingen familie, der hedder V99",
    ]


def test_the_whole_is_in_order(capsys):
    assert main(["forms", "check"]) == 0
    assert capsys.readouterr().out == "54 skemaer er i orden.\n"


def test_every_form_is_written_out(tmp_path, capsys):
    assert main(["forms", "export", str(tmp_path / "out")]) == 0

    written = {path.name for path in (tmp_path / "out").iterdir()}
    assert len(written) == 54
    found = json.loads((tmp_path / "out" / "Questionnaire-status-school.json").read_text(encoding="utf-8"))
    newest = str(loading.program()["status-school"].version)
    assert (found["url"], found["version"]) == ("https://barnetsbog.example/fhir/Questionnaire/status-school", newest)
