"""The command line as a newcomer and an operator use it: exit codes, sentences, and data that survives everything."""

import errno
import fcntl
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from typing import Any

import orjson
import pytest
from bench import synthetic
from django.db import DatabaseError, IntegrityError, OperationalError

from barnetsbog.cli import COMMANDS, CommandError, main, out_to
from barnetsbog.cli_faults import KEPT
from barnetsbog.commands import index_command
from barnetsbog.commands.instance import require_writable
from barnetsbog.kernel.folder import lay_secret
from barnetsbog.settings import _database
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
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else orjson.dumps(content))
    return path


def test_a_backup_of_an_instance_that_is_written_in(data: Path, tmp_path: Path) -> None:
    """What is committed is in it, also what only stands in the write-ahead log yet; and it can be put back as it is."""
    assert take_in(data, write(tmp_path / "a.json", bundle(patient(), observation("o1"))))[0] == 0
    (data / "mail").mkdir()
    write(data / "mail" / "brev.eml", b"x")
    write(data / "exports", b"x")
    for put_aside in ("audit.key.gammel", "secret.key.0123abcd"):
        write(data / put_aside, b"x")
    database = sqlite3.connect(data / "bog.sqlite3")
    database.execute("CREATE TABLE late (word)")
    database.commit()
    database.execute("INSERT INTO late VALUES ('not yet')")
    done, copy = bog("backup", tmp_path / "kopi", "--data", data), tmp_path / "kopi"
    assert done.returncode == 0 and "audit.key" in done.stdout and (data / "bog.sqlite3-wal").exists()
    database.close()
    assert {one.name for one in copy.iterdir()} == {"audit-checkpoint.json", "bog.sqlite3", "mail"}
    assert (copy / "mail" / "brev.eml").read_bytes() == b"x" and not copy.stat().st_mode & 0o077
    with sqlite3.connect(copy / "bog.sqlite3") as copied:
        assert copied.execute("SELECT count(*) FROM late").fetchone() == (0,)
    copied.close()
    for key in ("audit.key", "secret.key"):
        write(copy / key, (data / key).read_bytes())
    assert bog("audit", "verify", "--data", copy).returncode == 0
    assert take_in(copy, tmp_path / "a.json")[1]["stored"] == 0


def test_a_backup_that_cannot_be_made_leaves_none(data: Path, tmp_path: Path) -> None:
    write(tmp_path / "fil", b"x")
    for to, told in ((tmp_path, "findes i forvejen"), (data / "kopi", "ligger i instansens mappe"), (tmp_path / "fil" / "kopi", "kan ikke laves")):  # fmt: skip
        done = bog("backup", to, "--data", data)
        assert done.returncode == 1 and told in done.stderr and "Traceback" not in done.stderr
    assert "ingen instans" in bog("backup", tmp_path / "kopi", "--data", tmp_path / "intet").stderr
    (half := tmp_path / "kopi.half").mkdir()
    write(half / "bog.sqlite3", b"af en anden")
    held = os.open(half, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    done = bog("backup", tmp_path / "kopi", "--data", data)
    assert done.returncode == 1 and "en anden er i gang" in done.stderr and [*half.iterdir()]
    os.close(held)
    database = data / "bog.sqlite3"
    database.write_bytes(database.read_bytes()[:200_000])
    done = bog("backup", tmp_path / "kopi", "--data", data)
    assert done.returncode == 1 and "databasen er i stykker" in done.stderr
    assert {one.name for one in tmp_path.iterdir()} == {"fil", data.name}


DIES = """
import os, sys
from django.db.migrations.recorder import MigrationRecorder
from barnetsbog.cli import main
writes_down = MigrationRecorder.record_applied
def dies(self, app, name):
    if (app, name) == ("joining", "0001_initial"):
        os._exit(9)
    writes_down(self, app, name)
MigrationRecorder.record_applied = dies
main(["import", "--data", *sys.argv[1:]])
"""


def test_killed_in_the_middle_of_an_upgrade(tmp_path: Path) -> None:
    """Just when a table had been made and that it was had not been written down."""
    given = [str(tmp_path / "instans"), str(write(tmp_path / "x.json", b"x"))]
    assert subprocess.run([sys.executable, "-c", DIES, *given], env=environment(), cwd=ROOT).returncode == 9
    done = bog("import", "--data", *given)
    assert (done.returncode, done.stderr) == (2, "")


def test_two_that_start_together_after_an_upgrade_make_the_tables_once(tmp_path: Path) -> None:
    """A server and a worker, as a machine starts them."""
    refused = command("import", "--data", tmp_path / "ny", write(tmp_path / "x.json", b"x"))
    both = [
        subprocess.Popen(refused, env=environment(), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    assert [(one.communicate()[1], one.returncode) for one in both] == [(b"", 2), (b"", 2)]


ENGLISH = re.compile(r"usage:|options:|arguments|show this|error:|choose from|expected|required|unrecognized|invalid")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_in_danish(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    told = capsys.readouterr().out
    assert ended.value.code == 0 and told.startswith(f"Brug: bog {command}")
    assert not ENGLISH.search(told)


WRONG = {
    "forms family": "mangler FAMILIE",
    "import": "mangler FIL",
    "export": "mangler et af disse valg: --child --all --directory",
    "export --all --directory": "--directory: kan ikke bruges sammen med --all",
    "demo --port": "--port: der mangler noget",
    "demo --port x": "--port: »x« er ikke et helt tal",
    "demo --p 1": "--p kan være flere valg: --port, --play",
    "demo --reset=1": "--reset: tager ikke imod '1'",
    "demo nu": "kan ikke forstås: nu",
    "forms nyt": "ikke noget, der hedder 'nyt'. Vælg: 'diff'",
    "forms diff a b": "NR: 'a' kan ikke bruges her",
    "fhir add-package": "mangler FIL",
}


@pytest.mark.parametrize("line", WRONG)
def test_what_is_wrong_with_a_line_is_said_in_danish(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(line.split())
    told = capsys.readouterr().err
    assert ended.value.code == 2 and WRONG[line] in told
    assert not ENGLISH.search(told)


@pytest.mark.parametrize("name", ["flyv", "--flyv"])
def test_a_command_that_does_not_exist(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name]) == 2
    told = capsys.readouterr().err
    assert f"ingen kommando, der hedder »{name}«" in told and not ENGLISH.search(told)


@pytest.mark.parametrize(
    "line",
    ["rights", "rights --check", "index", "worker --once", "export --all", "export --child 1", "fhir client list",
     "fhir client disable x", "fhir token", "audit seal"],
)  # fmt: skip
def test_a_misspelt_folder_is_not_an_empty_book_that_is_in_order(
    line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert main([*line.split(), "--data", str(tmp_path / "fejl")]) in (1, 2)
    assert "der er ingen instans i" in capsys.readouterr().err
    assert not (tmp_path / "fejl").exists()


def test_in_and_out_again_from_an_empty_folder(tmp_path: Path) -> None:
    data = tmp_path / "instans"
    said = bundle(patient(), observation())
    code, report = take_in(data, write(tmp_path / "a.json", said))
    assert (code, report["read"], report["stored"], report["refused"]) == (0, 2, 2, 0)
    out = bog("export", "--data", data, "--child", "050517-9902")
    assert out.returncode == 0
    assert [entry["resource"] for entry in json.loads(out.stdout)["entry"]] == [patient(), observation()]
    assert not [one for one in (data, *data.rglob("*")) if one.stat().st_mode & 0o077]


def test_what_is_in_the_folder_is_for_no_other_account_of_the_machine(tmp_path: Path, data: Path) -> None:
    """An older instance had files that everybody on the machine could read. A group is let in by whoever runs it."""
    book, rules = data / "bog.sqlite3", write(data / "mine-regler.yaml", b"")
    for path in (book, rules):
        path.chmod(0o644)
    written = tmp_path / "ud.json"
    assert bog("export", "--data", data, "--directory", "--out", written).returncode == 0
    assert [one.stat().st_mode & 0o777 for one in (book, rules, written)] == [0o640, 0o644, 0o600]


def test_refusals_are_code_2_and_name_file_resource_and_place(tmp_path: Path, data: Path) -> None:
    code, report = take_in(data, write(tmp_path / "a.json", bundle(patient(), observation(status="x"))))
    assert code == 2
    (refusal,) = report["refusals"]
    assert refusal["file"].endswith("a.json")
    assert (refusal["resource"], refusal["path"]) == ("Observation/o1", "Observation.status")
    done = bog("import", "--data", data, write(tmp_path / "tom" / "x.txt", b"x").parent)
    assert done.returncode == 0 and "Der var intet at læse" in done.stdout


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


@pytest.fixture(scope="module")
def somewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file, a folder, an instance with a child, and one whose files are folders."""
    place = tmp_path_factory.mktemp("steder")
    write(place / "fil", b"x")
    (place / "mappe").mkdir()
    take_in(new_instance(place / "instans"), write(place / "a.json", patient()))
    for name in ("secret.key", "login.toml", "law-local.yaml"):
        wrong = new_instance(place / f"med-{name}") / name
        wrong.unlink(missing_ok=True)
        wrong.mkdir()
    write(new_instance(place / "halv-nøgle") / "secret.key", b"")  # left by a process that died as it made it
    (new_instance(place / "gate") / "fhir" / "packages").mkdir(parents=True)
    write(place / "gate" / "fhir" / "packages" / "gates.json", b"[1")
    return place


APP = [
    "fhir",
    "client",
    "add",
    "--data",
    "@/instans",
    "--id",
    "app-1",
    "--name",
    "n",
    "--scope",
    "user/*.rs",
    "--redirect",
]
NUMBERS = [
    ["demo", "--port", "70000"], ["demo", "--port", "-1"], ["serve", "--port", "0"], ["demo", "--play", "-5"],
    ["demo", "--today", "0001-01-01"], ["demo", "--today", "9999-12-31"], ["import", "x", "--jobs", "0"],
    *(["import", "x", "--source", name] for name in ("", "x" * 61, "barnetsbog", "a\x1fb")),
    ["fhir", "token", "--port", "99999"], ["export", "--child", "b\udce6r"], [*APP, "https://x.dk/", "--name", "\udcf8"], [*APP, "https://x.dk/", "--days", "99999999999"],
    [*APP, "https://x.dk/", "--days", "-1"], [*APP, "https://x.dk/", "--per-minute", "99999999999999999999"],
]  # fmt: skip
PLACES = [
    ["export", "--data", "@/instans", "--directory", "--out", "@/væk/x.json"],
    ["export", "--data", "@/instans", "--directory", "--out", "@/mappe"],
    ["export", "--data", "@/instans", "--directory", "--out", "@/fil/x.json"],
    ["audit", "checkpoint", "--data", "@/instans", "--out", "@/mappe"],
    ["forms", "export", "@/fil"], ["forms", "export", "@/fil/under"], ["forms", "check", "--data", "@/væk"],
    ["bench", "--out", "@/mappe"], ["bench", "--out", "@/fil/x.json"],
    ["worker", "--once", "--data", "@/halv-nøgle"], ["fhir", "list", "--data", "@/fil"], ["fhir", "list", "--data", "@/gate"], ["worker", "--once", "--data", "@/gate"],
    ["fhir", "add-package", "--data", "@/fil", str(ROOT / "src" / "barnetsbog" / "fhir" / "profiles"), "--as", "a.b#1.0"],
    [*APP, "https://[x"], [*APP, "https://x.dk:99999/"], [*APP, "https://x.dk/", "--origin", "http://[:a"],
    *(["worker", "--once", "--data", f"@/med-{name}"] for name in ("secret.key", "login.toml", "law-local.yaml")),
]  # fmt: skip


def test_what_is_stopped_in_the_middle_leaves_the_earlier_file(tmp_path: Path) -> None:
    kept = write(tmp_path / "før.json", b"det, der stod")
    with pytest.raises(KeyboardInterrupt), out_to(kept) as file:
        file.write(b"halvt")
        raise KeyboardInterrupt
    assert kept.read_bytes() == b"det, der stod" and [*tmp_path.iterdir()] == [kept]
    with out_to(Path(os.devnull)) as file:
        file.write(b"alt")
    assert Path(os.devnull).is_char_device()


@pytest.mark.parametrize(
    ("arguments", "code"), [*((one, 2) for one in NUMBERS), *((one, 1) for one in PLACES)], ids=str
)
def test_what_cannot_be_used_is_one_sentence(arguments: list[str], code: int, somewhere: Path) -> None:
    done = bog(*(one.replace("@", str(somewhere)) for one in arguments))
    assert done.returncode == code and "Traceback" not in done.stderr
    last = done.stderr.splitlines()[-1]
    assert last.startswith(f"bog {arguments[0]}") and (code == 2 or len(done.stderr.splitlines()) == 1)


def test_an_export_that_cannot_be_written_is_not_in_the_log(somewhere: Path) -> None:
    data = somewhere / "instans"
    exported = "SELECT count(*) FROM audit_event WHERE action = 'export'"
    before = _grants(data, exported)
    done = bog("export", "--data", data, "--child", "050517-9902", "--out", somewhere / "væk" / "x.json")
    assert done.returncode == 1 and "x.json kan ikke skrives" in done.stderr and _grants(data, exported) == before
    kept = write(somewhere / "før.json", b"det, der stod")
    assert bog("export", "--data", data, "--child", "0101011234", "--out", kept).returncode == 1
    assert kept.read_bytes() == b"det, der stod"
    assert bog("export", "--data", data, "--child", "050517-9902", "--out", kept).returncode == 0
    assert json.loads(kept.read_bytes())["resourceType"] == "Bundle" and _grants(data, exported) == before + 1


@pytest.mark.parametrize(
    "name", ["BOG_SEAL_SECONDS", "BOG_CHECKPOINT_SECONDS", "BOG_CHECKPOINT_RECORDS", "BOG_DEMO_CLOCK"]
)
def test_a_setting_that_is_no_number_is_said_by_name(name: str, data: Path) -> None:
    done = bog("audit", "seal", "--data", data, **{name: "x"})
    assert done.returncode == 1 and name in done.stderr and "Traceback" not in done.stderr


def test_a_plain_instance_is_not_made_a_demonstration(tmp_path: Path, data: Path) -> None:
    take_in(data, write(tmp_path / "a.json", patient()))
    done = bog("demo", "--data", data, "--load-only")
    assert done.returncode == 1
    assert "ikke en demonstration" in done.stderr


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("mysql://x/y", "postgresql://"),
        ("bog", "postgresql://"),
        ("postgresql://x:abc/y", "Porten i DATABASE_URL"),
        ("postgresql://x/", "nævne databasen"),
    ],
)
def test_an_address_of_a_database_that_is_none_is_said_by_name(
    address: str, said: str, data: Path, tmp_path: Path
) -> None:
    done = bog("import", "--data", data, tmp_path, DATABASE_URL=address)
    assert done.returncode == 1
    assert "DATABASE_URL" in done.stderr and said in done.stderr and "Traceback" not in done.stderr


def test_what_an_address_of_a_database_says_of_the_connection_counts() -> None:
    """It was passed over: whoever asked for TLS had none, and was told nothing."""
    found = _database("postgresql://u:k%40@x/b%C3%B8rn?sslmode=verify-full&sslrootcert=%2Fetc%2Fca.pem")
    assert found["OPTIONS"] == {"sslmode": "verify-full", "sslrootcert": "/etc/ca.pem"}
    assert (found["NAME"], found["PASSWORD"]) == ("børn", "k@")
    done = bog("worker", "--once", DATABASE_URL="postgresql://127.0.0.1:1/x?farve=blå")
    assert done.returncode == 1 and "farve" in done.stderr and "Traceback" not in done.stderr


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


def test_an_environment_that_was_stopped_while_it_was_made_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python is there, and no pip. Once something is installed nobody asks for pip any more."""
    loader = SourceFileLoader("script", str(ROOT / "bog"))
    spec = spec_from_loader("script", loader)
    assert spec
    loader.exec_module(script := module_from_spec(spec))
    python, lock, made = tmp_path / ".venv" / "bin" / "python", write(tmp_path / "run.txt", b""), []

    def make(code: int) -> None:
        python.parent.mkdir(parents=True, exist_ok=True)
        python.write_text(f"#!/bin/sh\nexit {code}\n")
        python.chmod(0o755)
        made.append(code)

    for name, value in {"VENV": tmp_path / ".venv", "PYTHON": python, "make_environment": lambda: make(0)}.items():
        monkeypatch.setattr(script, name, value)
    make(1)
    script.install(lock)
    assert made == [1, 0]
    make(1)
    script.install(lock)
    assert made == [1, 0, 1]


# -- rights --------------------------------------------------------------------------------------------------------------


def _grants(data: Path, sql: str) -> int:
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


def test_a_file_of_the_instance_s_own_that_can_t_be_used_is_refused_in_a_sentence(tmp_path: Path, data: Path) -> None:
    _with_a_task(tmp_path, data)
    wrong = "deadlines:\n  - {id: concern-receipt, length: {working_days: 9}}\n"
    (data / "deadlines-local.yaml").write_text(wrong)
    done = bog("import", "--data", data, data)
    assert done.returncode == 1 and "kan kun være kortere end 6" in done.stderr and "Traceback" not in done.stderr
    (data / "deadlines-local.yaml").unlink()
    for name, wrong in (("danger", "phrases: [dø"), ("readiness", "requirements: {}")):
        (data / f"{name}-local.yaml").write_text(wrong)
        done = bog("rights", "--data", data)
        assert done.returncode == 1 and f"{name}-local.yaml" in done.stderr and "Traceback" not in done.stderr
        (data / f"{name}-local.yaml").unlink()


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


@pytest.mark.parametrize(
    ("how", "whom", "code"),
    [
        (signal.SIGTERM, "server", 0),
        (signal.SIGINT, "all", 0),
        (signal.SIGKILL, "child", 1),
        (signal.SIGKILL, "server", -9),
    ],
)
def test_a_server_ends_whenever_it_is_stopped_and_leaves_nothing(
    how: signal.Signals, whom: str, code: int, data: Path
) -> None:
    """Also when what serves for it has just been forked, and has not loaded what it serves."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    given = command("serve", "--data", data, "--port", port)
    server = subprocess.Popen(given, env=environment(), cwd=ROOT, start_new_session=True, stderr=subprocess.DEVNULL)
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children")
    try:
        assert happens(lambda: bool(children.read_text()))
        if whom == "all":
            os.killpg(server.pid, how)
        else:
            os.kill(server.pid if whom == "server" else int(children.read_text().split()[0]), how)
        assert server.wait(timeout=8) == code
        assert happens(lambda: not is_any_of(server.pid))
    finally:
        if is_any_of(server.pid):
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def happens(what: Callable[[], bool]) -> bool:
    return any(what() or time.sleep(0.01) for _ in range(1000))


def is_any_of(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


DISK = {
    OSError(errno.ENOSPC, "No space left on device"): "disken er fuld",
    OSError(errno.EROFS, "Read-only file system", "/srv/bog/x"): "/srv/bog/x kan ikke bruges: disken kan kun læses",
    OperationalError("database or disk is full"): "Lav plads",
    OperationalError("disk I/O error"): "disken er fuld eller melder fejl",
    OperationalError("attempt to write a readonly database"): "kan kun læses",
    OperationalError("database is locked"): "et andet program bruger databasen",
    DatabaseError("database disk image is malformed"): "i stykker",
    sqlite3.OperationalError("disk I/O error"): "disken er fuld eller melder fejl",
}


@pytest.mark.parametrize("fault", DISK, ids=str)
def test_what_the_machine_can_t_do_is_said_in_a_sentence_with_what_is_kept(
    fault: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _fails(monkeypatch, fault)
    assert main(["index"]) == 1
    told = capsys.readouterr().err
    assert told.startswith("bog index: ") and DISK[fault] in told and told.count("\n") == 1


def test_who_stops_a_command_is_told_what_is_kept(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stopped(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(index_command, "run", stopped)
    assert main(["index"]) == 130
    assert capsys.readouterr().err == f"bog index: stoppet. {KEPT}\n"


@pytest.mark.parametrize("fault", [IntegrityError("UNIQUE constraint failed"), OperationalError("no such column: x"),
                                   OSError("uden nummer"), RuntimeError("disk is full")], ids=str)  # fmt: skip
def test_a_fault_of_the_program_keeps_its_traceback(fault: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    _fails(monkeypatch, fault)
    with pytest.raises(type(fault)):
        main(["index"])


def _fails(monkeypatch: pytest.MonkeyPatch, fault: Exception) -> None:
    def run(options: object) -> int:
        raise fault

    monkeypatch.setattr(index_command, "run", run)


def test_a_database_that_is_broken_is_said_by_whoever_meets_it(tmp_path: Path, data: Path) -> None:
    take_in(data, write(tmp_path / "a.json", patient()))
    with (data / "bog.sqlite3").open("r+b") as file:
        file.seek(40_960)
        file.write(b"\xff" * 800_000)
    done = bog("import", "--data", data, write(tmp_path / "b.json", observation()))
    assert done.returncode == 1 and "Traceback" not in done.stderr and "i stykker" in done.stderr


@pytest.mark.parametrize("app", ["record", "a-room-of-its-own"])
def test_an_earlier_release_of_the_program_does_not_touch_a_later_one_s_book(
    app: str, tmp_path: Path, data: Path
) -> None:
    with sqlite3.connect(data / "bog.sqlite3") as database:
        later = "INSERT INTO django_migrations (app, name, applied) VALUES (?, '9999_later', '2027-01-01')"
        database.execute(later, [app])
    done = bog("import", "--data", data, write(tmp_path / "a.json", patient()))
    assert done.returncode == 1 and f"nyere udgave af programmet ({app}.9999_later)" in done.stderr
    assert _grants(data, "SELECT count(*) FROM child") == 0


def test_a_server_does_not_start_where_nothing_can_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    require_writable(tmp_path)
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(CommandError, match="kan kun læses"):
        require_writable(tmp_path)


def test_a_secret_that_there_was_no_room_for_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        lay_secret(tmp_path / "secret.key", "x" * 50)
    assert not list(tmp_path.iterdir())
