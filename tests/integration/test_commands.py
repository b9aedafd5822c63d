"""The command line as a newcomer and an operator use it: exit codes, sentences, and data that survives everything."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import orjson
import pytest
from bench import synthetic

from tests.builders import bundle, observation, patient
from tests.instances import ROOT, bog, command, environment, new_instance


def take_in(data: Path, *files: Path) -> tuple[int, dict[str, Any]]:
    done = bog("import", "--data", data, "--json", *files)
    assert "Traceback" not in done.stderr
    return done.returncode, json.loads(done.stdout)  # nothing but the report


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return new_instance(tmp_path / "instans")


def write(path: Path, content: Any) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else orjson.dumps(content))
    return path


@pytest.mark.parametrize(
    "command", ["demo", "serve", "worker", "import", "export", "rights", "bench", "fhir", "test", "check"]
)
def test_every_command_explains_itself(command: str) -> None:
    done = bog(command, "--help")
    assert done.returncode == 0
    assert f"bog {command}" in done.stdout


def test_a_command_that_does_not_exist() -> None:
    done = bog("flyv")
    assert done.returncode == 2
    assert "flyv" in done.stderr and "Traceback" not in done.stderr


def test_in_and_out_again_from_an_empty_folder(tmp_path: Path) -> None:
    data = tmp_path / "instans"
    said = bundle(patient(), observation())
    code, report = take_in(data, write(tmp_path / "a.json", said))
    assert (code, report["read"], report["stored"], report["refused"]) == (0, 2, 2, 0)
    out = bog("export", "--data", data, "--child", "050517-9902")
    assert out.returncode == 0
    assert [entry["resource"] for entry in json.loads(out.stdout)["entry"]] == [patient(), observation()]


def test_refusals_are_code_2_and_name_file_resource_and_place(tmp_path: Path, data: Path) -> None:
    code, report = take_in(data, write(tmp_path / "a.json", bundle(patient(), observation(status="x"))))
    assert code == 2
    (refusal,) = report["refusals"]
    assert refusal["file"].endswith("a.json")
    assert (refusal["resource"], refusal["path"]) == ("Observation/o1", "Observation.status")


NO_FHIR = {
    "a.json": (b"<Patient/>", "XML"),
    "b.json": ('{"resourceType":"Patient"}'.encode("utf-16"), "UTF-16"),
    "c.json": (b'{"resourceType":"Pati\xe6nt"}', "UTF-8"),
    "d.json": (b"", "tom"),
    "e.json": (b'{"resourceType":"Patient"', "JSON"),
    "f.json": (b'{"resourceType":"Patient","id":"\x00"}', "NUL"),
    "g.ndjson": (b'{"resourceType":"Patient","id":"a"}\n<x/>\n', "XML"),
}


def test_each_file_that_cannot_be_taken_in_is_refused_by_name_and_the_others_go_in(tmp_path: Path, data: Path) -> None:
    files = [write(tmp_path / name, content) for name, (content, _) in NO_FHIR.items()]
    large = tmp_path / "stor.json"
    with large.open("wb") as file:
        file.truncate(200_000_000)
    sound = write(tmp_path / "god.json", patient())
    code, report = take_in(data, *files, large, tmp_path / "væk.json", sound)
    assert code == 2
    assert report["read"] == report["stored"] + report["unchanged"] + report["refused"]
    assert report["stored"] == 2  # the child, and the line before the wrong one
    reasons = {Path(refusal["file"]).name: refusal["reason"] for refusal in report["refusals"]}
    assert set(reasons) == {*NO_FHIR, "stor.json", "væk.json"}
    for name, (_, reason) in NO_FHIR.items():
        assert reason in reasons[name], name
    assert "200 MB" in reasons["stor.json"] and reasons["væk.json"] == "Filen findes ikke."


def test_no_book_about_nobody(data: Path) -> None:
    done = bog("export", "--data", data, "--child", "0101011234")
    assert done.returncode == 1
    assert "der er ingen bog om" in done.stderr and "Traceback" not in done.stderr


def test_a_data_folder_that_cannot_be_used(tmp_path: Path) -> None:
    done = bog("import", "--data", write(tmp_path / "fil", b"x") / "under", tmp_path)
    assert done.returncode == 1
    assert "kan ikke bruges" in done.stderr and "Traceback" not in done.stderr


def test_a_plain_instance_is_not_made_a_demonstration(tmp_path: Path, data: Path) -> None:
    take_in(data, write(tmp_path / "a.json", patient()))
    done = bog("demo", "--data", data, "--load-only")
    assert done.returncode == 1
    assert "ikke en demonstration" in done.stderr


def test_a_database_that_is_not_postgresql(data: Path, tmp_path: Path) -> None:
    done = bog("import", "--data", data, tmp_path, DATABASE_URL="mysql://x/y")
    assert done.returncode == 1
    assert "postgresql://" in done.stderr and "Traceback" not in done.stderr


def test_killed_in_the_middle_the_book_is_whole_and_the_import_can_be_repeated(tmp_path: Path, data: Path) -> None:
    folder = tmp_path / "ind"
    folder.mkdir()
    write(folder / "0.json", synthetic.directory())
    for number in range(60):
        write(folder / f"b{number:03}.json", synthetic.child(number))
    importing = command("import", "--data", data, "--source", "fil", folder)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(importing, env=environment(), cwd=ROOT, start_new_session=True, **quiet)
    database = data / "bog.sqlite3"
    for _ in range(400):
        if database.exists() and sum(p.stat().st_size for p in data.glob("bog.sqlite3*")) > 1_500_000:
            break
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()

    code, report = take_in(data, folder)
    total = 24 + 60 * 61
    assert code == 0
    assert report["read"] == total
    assert report["stored"] + report["unchanged"] == total
    assert report["unchanged"] % 61 in (0, 24)  # whole units only
    assert take_in(data, folder)[1]["unchanged"] == total


# -- rights --------------------------------------------------------------------------------------------------------------


def _grants(data: Path, sql: str) -> int:
    import sqlite3

    with sqlite3.connect(data / "bog.sqlite3") as connection:
        cursor = connection.execute(sql)
        return cursor.rowcount if cursor.rowcount >= 0 else int(cursor.fetchone()[0])


def _with_a_task(tmp_path: Path, data: Path) -> None:
    from tests.builders import care, role, unit

    take_in(data, write(tmp_path / "a.json", bundle(unit(), *role(), patient(), care(), observation())))


def test_rights_are_checked_and_rebuilt(tmp_path: Path, data: Path) -> None:
    _with_a_task(tmp_path, data)
    done = bog("rights", "--data", data, "--check")
    assert (done.returncode, done.stdout) == (0, "1 børn: alle rettigheder er, som reglerne siger.\n")
    number = _grants(data, "SELECT count(*) FROM access_grant")
    assert _grants(data, "DELETE FROM access_grant WHERE rule = 'FSL-PPV'") == 3
    found = json.loads(bog("rights", "--data", data, "--check", "--json").stdout)
    assert (found["children"], found["changed"], found["given"], found["ended"]) == (1, 1, 3, 0)
    check = bog("rights", "--data", data, "--check")
    assert check.returncode == 1 and "3 rettigheder skal gives, 0 skal ophøre" in check.stdout
    done = bog("rights", "--data", data)
    assert done.returncode == 0 and "3 rettigheder er givet, 0 er ophørt" in done.stdout
    assert _grants(data, "SELECT count(*) FROM access_grant") == number
    assert bog("rights", "--data", data, "--check").returncode == 0


def test_other_rules_are_noticed_at_the_next_opening_and_rights_follow(tmp_path: Path, data: Path) -> None:
    _with_a_task(tmp_path, data)
    assert _grants(data, "SELECT count(*) FROM access_grant WHERE rule = 'FSL-PPV'") == 3
    (data / "law-local.yaml").write_text("rules:\n  - {id: FSL-PPV, switch: off}\n")
    done = bog("export", "--data", data, "--child", "050517-9902")
    assert done.returncode == 0 and "Reglerne er ændret" in done.stderr and "1 af 1 børns rettigheder" in done.stderr
    assert _grants(data, "SELECT count(*) FROM access_grant WHERE rule = 'FSL-PPV'") == 0
    assert _grants(data, "SELECT count(*) FROM audit_event WHERE action = 'rights'") == 1
    assert "Reglerne" not in bog("export", "--data", data, "--child", "050517-9902").stderr


def test_a_deadline_longer_than_the_law_s_is_refused_in_a_sentence(tmp_path: Path, data: Path) -> None:
    _with_a_task(tmp_path, data)
    wrong = "deadlines:\n  - {id: concern-receipt, length: {working_days: 9}}\n"
    (data / "deadlines-local.yaml").write_text(wrong)
    done = bog("import", "--data", data, data)
    assert done.returncode == 1 and "kan kun være kortere end 6" in done.stderr and "Traceback" not in done.stderr


def test_rules_that_contradict_themselves_are_said_in_a_sentence(tmp_path: Path, data: Path) -> None:
    _with_a_task(tmp_path, data)
    (data / "law-local.yaml").write_text("rules:\n  - {id: NO-SUCH, switch: off}\n")
    for given in (("rights",), ("export", "--child", "050517-9902")):
        done = bog(given[0], "--data", data, *given[1:])
        assert done.returncode == 1 and "NO-SUCH" in done.stderr and "Traceback" not in done.stderr


def test_a_worker_of_the_server_begins_with_nothing(data: Path) -> None:
    """Where processes are not forked it has neither settings nor Django when it asks for what is to be served."""
    given = [sys.executable, "-c", "from barnetsbog.commands.served import application; print(callable(application))"]
    done = subprocess.run(given, env=environment(BOG_DATA=str(data)), capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "True\n", "")
