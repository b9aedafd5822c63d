"""`./bog audit` as an operator meets it: plain sentences, exit codes, and no traceback."""

import json
import os
import pwd
import shutil
import signal
import sqlite3
import subprocess
import time
from pathlib import Path

import pytest

from barnetsbog.cli import main
from barnetsbog.commands import audit_command
from tests.builders import bundle, observation, patient
from tests.instances import ROOT, bog, command, environment, new_instance, run
from tests.integration.test_commands import take_in, write


@pytest.fixture(scope="module")
def _made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("log")
    new_instance(folder / "instans")
    files = [write(folder / f"{n}.json", bundle(patient(), observation(f"o{n}"))) for n in range(5)]
    assert take_in(folder / "instans", *files)[0] == 0
    assert bog("export", "--data", folder / "instans", "--child", "050517-9902").returncode == 0
    return folder / "instans"


@pytest.fixture
def data(_made: Path, tmp_path: Path) -> Path:
    """An instance with six lines in its log: each test has a copy of its own."""
    return Path(shutil.copytree(_made, tmp_path / "instans"))


def test_the_log_says_whose_account_took_a_book_out_and_why(data: Path) -> None:
    for given, why, told in (
        (["--reason", "Aktindsigt, sag 12"], "Aktindsigt, sag 12", False), (["--reason", " "], None, True), ([], None, True)
    ):  # fmt: skip
        done = bog("export", "--data", data, "--child", "050517-9902", *given, SUDO_USER="ib")
        with sqlite3.connect(data / "bog.sqlite3") as database:
            found = "SELECT detail FROM audit_event WHERE action = 'export' ORDER BY at DESC, id DESC LIMIT 1"
            detail = json.loads(database.execute(found).fetchone()[0])
        account = f"{pwd.getpwuid(os.getuid()).pw_name} (ib)"
        assert (done.returncode, detail["account"], detail.get("why")) == (0, account, why)
        assert json.loads(done.stdout)["entry"] and ("uden at give en grund" in done.stderr) is told


def change(data: Path, *statements: str) -> None:
    with sqlite3.connect(data / "bog.sqlite3") as database:
        names = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]
        for name in names:
            database.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            database.execute(statement)
    database.close()


def verdict(data: Path, *more: object) -> tuple[int, str]:
    done = bog("audit", "verify", "--data", data, *more)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout + done.stderr


def test_a_sound_log(data: Path) -> None:
    code, told = verdict(data)
    assert code == 0 and "Loggen er i orden." in told and "6 poster" in told
    done = bog("audit", "verify", "--json", "--data", data)
    assert json.loads(done.stdout)["sound"] is True


EVENT = "(SELECT event_id FROM audit_link WHERE seq = 2)"


@pytest.mark.parametrize(
    ("statements", "told"),
    [
        ([f"UPDATE audit_event SET reason = 'x' WHERE id = {EVENT}"], "nummer 2, hændelse"),
        ([f"DELETE FROM audit_event WHERE id = {EVENT}"], "nummer 2, hændelse"),
        ([f"DELETE FROM audit_event WHERE id = {EVENT}", "DELETE FROM audit_link WHERE seq = 2"], "nummer 2 mangler"),
        (["DELETE FROM audit_link WHERE seq > 2"], "nummer 3 og alt efter den mangler"),
        ([f"UPDATE audit_link SET seq = {b} WHERE seq = {a}" for a, b in ((2, 9), (4, 2), (9, 4))], "er flyttet"),
        (["INSERT INTO audit_event SELECT randomblob(16), at, action, allowed, child_id, person_id, unit_id, role, purpose, reason, detail FROM audit_event LIMIT 1"], "skudt ind"),
    ],
)  # fmt: skip
def test_a_damaged_log(data: Path, statements: list[str], told: str) -> None:
    change(data, *statements)
    code, said = verdict(data)
    assert code == 1
    assert "LOGGEN ER SKADET" in said and told in said and "Rør ikke ved databasen" in said
    done = bog("audit", "verify", "--json", "--data", data)
    assert (done.returncode, json.loads(done.stdout)["sound"]) == (1, False)


def test_a_time_that_is_no_time(data: Path) -> None:
    change(data, f"UPDATE audit_event SET at = 9000000000000000000 WHERE id = {EVENT}")
    assert verdict(data)[0] == 1


def test_a_database_that_cannot_be_read(data: Path) -> None:
    change(data, "DROP TABLE audit_link")
    code, told = verdict(data, "--json")
    assert code == 1 and told.count("audit_link") == 2 and '"sound": false' in told


def test_a_checkpoint_out_and_against(data: Path, tmp_path: Path) -> None:
    out, later = tmp_path / "kontrol.json", tmp_path / "senere.json"
    assert bog("audit", "checkpoint", "--data", data, "--out", out).returncode == 0
    assert verdict(data, "--against", out)[0] == 0
    assert bog("export", "--data", data, "--directory").returncode == 0
    assert bog("audit", "checkpoint", "--data", data, "--out", later, "--since", out).returncode == 0
    assert json.loads(later.read_text())["continues"]["size"] == 6
    code, told = verdict(data, "--against", out, "--against", later)
    assert code == 0 and "fortsætter" in told
    changed = json.loads(out.read_text())
    other = write(tmp_path / "x.json", {**changed, "root": "00" * 32})
    code, told = verdict(data, "--against", other)
    assert code == 1 and "fra nummer 0 til 5" in told
    for since in (other, write(tmp_path / "y.json", {**changed, "size": 99})):
        done = bog("audit", "checkpoint", "--data", data, "--since", since)
        assert (done.returncode, done.stdout) == (1, "") and "fortsætter ikke" in done.stderr


def test_a_proof(data: Path) -> None:
    with sqlite3.connect(data / "bog.sqlite3") as database:
        (ident,) = database.execute("SELECT hex(event_id) FROM audit_link WHERE seq = 2").fetchone()
    database.close()
    done = bog("audit", "proof", ident, "--data", data)
    assert done.returncode == 0 and json.loads(done.stdout)["seq"] == 2
    assert bog("audit", "proof", "0" * 32, "--data", data).returncode == 1


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["verify", "--against", "findes-ikke.json"], "kan ikke læses"),
        (["verify", "--against", "README.md"], "ikke et kontrolpunkt"),
        (["proof", "x"], "ikke et id"),
        (["checkpoint", "--since", "pyproject.toml"], "ikke et kontrolpunkt"),
    ],
)
def test_bad_use(data: Path, given: list[str], told: str) -> None:
    done = bog("audit", *given, "--data", data)
    assert done.returncode == 2 and told in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("given", [[], ["flyv"], ["verify", "--uha"]])
def test_what_is_no_command(given: list[str]) -> None:
    done = bog("audit", *given)
    assert done.returncode == 2 and "Traceback" not in done.stderr


def test_no_instance_is_made_to_be_checked(tmp_path: Path) -> None:
    code, told = verdict(tmp_path / "intet")
    assert code == 2 and "ingen instans" in told
    assert not (tmp_path / "intet").exists()


NEEDS_THE_LOG = ["export", "--directory"], ["import", "README.md"], ["worker", "--once"], ["audit", "seal"]


@pytest.mark.parametrize("key", ["", "hej", "ab" * 32])
def test_without_its_key_nothing_is_done(data: Path, key: str) -> None:
    """Neither without one nor with another: on PostgreSQL lines would be written with it that nothing can make good."""
    (data / "audit.key").write_text(key) if key else (data / "audit.key").unlink()
    for given in NEEDS_THE_LOG:
        done = bog(*given, "--data", data)
        assert done.returncode == 1 and "audit.key" in done.stderr and "Traceback" not in done.stderr
    code, told = verdict(data)
    assert code == (1 if len(key) == 64 else 3) and "Nøglen" in told


def test_an_empty_database_is_no_new_book_where_there_was_one(data: Path) -> None:
    """A backup whose database is not in its place yet, or an address of another database."""
    (data / "bog.sqlite3").unlink()
    done = bog("import", "--data", data, "README.md")
    assert done.returncode == 1 and "kontrolpunkt af en log med 5 poster" in done.stderr
    assert verdict(data)[0] == 1


@pytest.mark.parametrize(("content", "told"), [(b"x" * 9000, "databasen er i stykker"), (None, "i stykker")])
def test_a_check_that_could_not_be_made(data: Path, content: bytes | None, told: str) -> None:
    """1 says that the log was changed, and of that nothing is known."""
    database = data / "bog.sqlite3"
    database.write_bytes(content or database.read_bytes()[:200_000])
    done = bog("audit", "verify", "--json", "--data", data)
    said = json.loads(done.stdout)
    assert (done.returncode, said["sound"]) == (3, None) and told in said["why"] and told in done.stderr.lower()


def test_a_fault_of_the_program_says_nothing_of_the_log(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def wrong(*_: object, **__: object) -> None:
        raise RuntimeError("en proces døde")

    monkeypatch.setattr(audit_command, "open_existing", wrong)
    assert main(["audit", "verify", "--json"]) == 3
    told = capsys.readouterr()
    assert json.loads(told.out)["sound"] is None and "RuntimeError: en proces døde" in told.err
    with pytest.raises(RuntimeError):
        main(["audit", "seal"])


def test_events_from_before_the_chain_are_sealed(tmp_path: Path) -> None:
    """An instance whose log was written before there was a chain."""
    folder = new_instance(tmp_path / "gammel")
    take_in(folder, write(tmp_path / "a.json", patient()))
    change(
        folder, "DELETE FROM django_migrations WHERE app = 'audit' AND name = '0003_chain'",
        *(f"DROP TABLE audit_{name}" for name in ("link", "head", "checkpoint", "unsealed")),
        "CREATE TABLE old AS SELECT * FROM audit_event", "DROP TABLE audit_event",
        "CREATE TABLE audit_event (id blob NOT NULL PRIMARY KEY, at bigint NOT NULL, action varchar(30) NOT NULL, allowed bool NOT NULL, child_id blob NULL, person_id blob NULL, unit_id blob NULL, role varchar(30) NOT NULL, purpose varchar(60) NOT NULL, reason varchar(300) NOT NULL, detail text NOT NULL)",
        "INSERT INTO audit_event SELECT * FROM old", "DROP TABLE old",
        "CREATE INDEX audit_child ON audit_event (child_id, at)", "CREATE INDEX audit_person ON audit_event (person_id, at)",
    )  # fmt: skip
    (folder / "audit-checkpoint.json").unlink()
    code, told = verdict(folder)
    assert code == 0 and "1 hændelser har endnu ingen plads" in told, told
    assert "1 hændelser fik plads" in bog("audit", "seal", "--data", folder).stdout
    assert verdict(folder)[0] == 0
    database = sqlite3.connect(folder / "bog.sqlite3")
    with pytest.raises(sqlite3.IntegrityError, match="only added"):
        database.execute("DELETE FROM audit_event")
    database.close()


def test_killed_while_writing_the_log_is_sound(tmp_path: Path) -> None:
    folder, incoming = new_instance(tmp_path / "instans"), tmp_path / "ind"
    incoming.mkdir()
    for number in range(120):
        write(incoming / f"{number:03}.json", bundle(patient(), observation(f"o{number}")))
    take_in(folder, write(tmp_path / "a.json", patient()))
    importing = command("import", "--data", folder, incoming)
    process = subprocess.Popen(
        importing, stdout=subprocess.DEVNULL, env=environment(), cwd=ROOT, start_new_session=True
    )
    database, number = sqlite3.connect(folder / "bog.sqlite3", timeout=20), 0
    for _ in range(1000):
        (number,) = database.execute("SELECT count(*) FROM audit_link").fetchone()
        if number > 20:
            break
        time.sleep(0.01)
    database.close()
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert number > 20
    code, told = verdict(folder)
    assert code == 0, told
    assert take_in(folder, incoming)[0] == 0
    assert verdict(folder)[0] == 0


def _on_several_cores(data: Path, act: str) -> str:
    done = run("tests.integration.audit.on_several_cores", act, data)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_check_on_several_cores(tmp_path: Path) -> None:
    """Cut into ranges of 64 records: the fault is named wherever it lies, and the roots are those of one tree."""
    data = tmp_path / "instans"
    assert _on_several_cores(data, "write") == "1000 10 None"
    for seq in (999, 640, 639, 100, 0):
        change(
            data, f"UPDATE audit_event SET reason = 'x' WHERE id = (SELECT event_id FROM audit_link WHERE seq = {seq})"
        )
        assert _on_several_cores(data, "check") == f"1000 10 ('changed', {seq})"
