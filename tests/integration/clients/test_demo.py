"""The ready-made clients of a demonstration, and that they are nowhere else."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from joserfc.jwk import ECKey

from barnetsbog.clients.queries import clients
from barnetsbog.demo.clients import FOLDER, NoDemonstration, make, token
from tests.conftest import BOTH_DATABASES
from tests.instances import bog, demonstration, new_instance

from .conftest import BASE, World, jwks


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    return Path(shutil.copytree(demonstration(), tmp_path / "demo"))


def test_a_developers_first_token_takes_one_line(demo: Path) -> None:
    done = bog("fhir", "token", "--client", "ppr", "--data", demo)
    assert done.returncode == 0 and len(done.stdout.strip()) == 43, done.stderr
    listed = bog("fhir", "client", "list", "--data", demo).stdout
    assert {line.split()[0] for line in listed.splitlines()} == {
        "ppr",
        "bup",
        "laege",
        "stamdata",
        "tilsyn",
        "demo-app",
    }
    assert bog("fhir", "client", "disable", "ppr", "--data", demo).returncode == 0
    refused = bog("fhir", "token", "--client", "ppr", "--data", demo)
    assert refused.returncode == 1 and "Traceback" not in refused.stderr


def test_the_private_keys_lie_in_the_folder_for_their_owner_alone(demo: Path) -> None:
    files = [*(demo / FOLDER).iterdir()]
    assert len(files) == 5 and all(one.stat().st_mode & 0o077 == 0 for one in files)
    assert len({json.loads(one.read_text())["d"] for one in files}) == 5


def test_an_operator_adds_a_system_and_is_told_what_is_wrong(tmp_path: Path, demo: Path) -> None:
    keys = tmp_path / "keys.json"
    keys.write_text(jwks(ECKey.generate_key("P-384", {"kid": "one"})))
    asked = ["fhir", "client", "add", "--data", demo, "--id", "skolen", "--name", "Skolens system", "--role", "system"]
    asked += ["--scope", "system/*.rs", "--jwks", keys, "--unit"]
    assert "ingen enhed hedder" in bog(*asked, "Ingen Skole").stderr
    assert "flere enheder hedder" in bog(*asked, "Lægehuset Demo").stderr
    assert bog(*asked, "Prøvebakkeskolen").returncode == 0
    assert "hedder »skolen«" in bog(*asked, "Prøvebakkeskolen").stderr
    assert "JWK Set" in bog("fhir", "client", "keys", "skolen", "--jwks", __file__, "--data", demo).stderr
    assert "ingen klient" in bog("fhir", "client", "disable", "nobody", "--data", demo).stderr
    with closing(sqlite3.connect(demo / "bog.sqlite3")) as database:
        database.execute("UPDATE client SET ends_at = 1 WHERE id = 'skolen'")
        database.commit()
    done = bog("fhir", "client", "enable", "skolen", "--data", demo)
    assert done.returncode == 1 and "dens tid (--days) er gået" in done.stderr


def test_outside_a_demonstration_there_is_no_token_for_the_asking(tmp_path: Path) -> None:
    done = bog("fhir", "token", "--data", new_instance(tmp_path / "instans"))
    assert done.returncode == 1 and "er ikke en demonstration" in done.stderr and done.stdout == ""


@BOTH_DATABASES
def test_outside_a_demonstration_nothing_is_made(world: World, tmp_path: Path) -> None:
    with pytest.raises(NoDemonstration):
        make(tmp_path)
    with pytest.raises(NoDemonstration):
        token(tmp_path, "ppr", BASE)
    assert clients() == [] and not [*tmp_path.iterdir()]
