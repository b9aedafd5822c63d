"""`login.toml`: what is wrong with it is said, all of it, in words that somebody can do something about."""

from pathlib import Path

import pytest

from barnetsbog.login.files import LoginFileError, read
from barnetsbog.login.model import HOUR, MINUTE, Audience, Oidc, Saml

GOOD = """
address = "https://bog.eksempelby.example/"

[session]
idle-minutes = 20
longest-hours = 4

[[provider]]
id = "mitid"
name = "MitID"
for = "citizens"
protocol = "oidc"
issuer = "https://nemlogin.example/oidc"
client-id = "bog"
secret-env = "BOG_MITID_SECRET"
scopes = ["openid", "ssn"]
claims = { number = "dk_cpr" }

[[provider]]
id = "kombit"
name = "din kommune"
for = "professionals"
protocol = "saml"
metadata = "kombit.xml"
entity-id = "https://bog.eksempelby.example/saml"
key = "sp.key"
certificate = "sp.crt"
organisations = ["12345678"]
"""
SECRET = {"BOG_MITID_SECRET": "hemmelig"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("kombit.xml", "sp.key", "sp.crt"):
        (tmp_path / name).write_text("x")
    return tmp_path


def faults(text: str, folder: Path, environment: dict[str, str] = SECRET) -> str:
    with pytest.raises(LoginFileError) as caught:
        read(text, folder, environment)
    return str(caught.value)


def test_several_providers_side_by_side(folder: Path) -> None:
    found = read(GOOD, folder, SECRET)
    assert found.address == "https://bog.eksempelby.example" and found.limits.idle == 20 * MINUTE
    assert found.limits.longest == 4 * HOUR
    mitid, kombit = found.providers
    assert (
        mitid.audience is Audience.CITIZENS and isinstance(mitid.protocol, Oidc) and mitid.protocol.secret == "hemmelig"
    )
    assert (mitid.claims.number, mitid.claims.level) == ("dk_cpr", "loa") and mitid.name_en == "MitID"
    assert isinstance(kombit.protocol, Saml) and kombit.protocol.encrypted and kombit.organisations == {"12345678"}
    assert kombit.claims.level == "https://data.gov.dk/concept/core/nsis/loa" and kombit.needs_privileges


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('address = "https://bog.eksempelby.example/"', "", "address: mangler"),
        ("https://bog.eksempelby.example/\"\n\n", 'http://bog.eksempelby.example"\n', "skal begynde med https://"),
        ('issuer = "https://nemlogin.example/oidc"', 'issuer = "http://nemlogin.example"', "provider mitid, issuer: »http"),
        ("idle-minutes = 20", "idle-minutes = 2", "session, idle-minutes: skal være mellem 10 og 120"),
        ("idle-minutes = 20", 'idle-minutes = "20"', "skal være et helt tal"),
        ('id = "kombit"', 'id = "mitid"', "»mitid« er brugt to gange"),
        ('id = "kombit"', 'id = "Kom bit"', "må kun have små bogstaver"),
        ('for = "citizens"', 'for = "borgere"', "for: skal være en af citizens, professionals"),
        ('protocol = "saml"', 'protocol = "ldap"', "protocol: skal være oidc eller saml"),
        ('client-id = "bog"', 'client-secret = "x"', "client-secret: kendes ikke"),
        ('key = "sp.key"', 'key = "borte.key"', "filen borte.key findes ikke"),
        ('organisations = ["12345678"]', 'organisations = ["1234"]', "»1234« er ikke et CVR-nummer"),
        ('scopes = ["openid", "ssn"]', 'scopes = "openid"', "scopes: skal være en liste"),
        ('claims = { number = "dk_cpr" }', 'claims = { cpr = "dk_cpr" }', "claims, cpr: kendes ikke"),
        ("[[provider]]", "[provider]", "kan ikke læses"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(folder: Path, old: str, new: str, told: str) -> None:
    assert old in GOOD
    assert told in faults(GOOD.replace(old, new), folder)


def test_all_faults_at_once(folder: Path) -> None:
    text = GOOD.replace('name = "MitID"', "").replace('entity-id = "https://bog.eksempelby.example/saml"', "odd = 1")
    told = faults(text, folder, {}).splitlines()
    assert len(told) == 4 and all(one.startswith("login.toml: provider") for one in told)
    assert any("variablen BOG_MITID_SECRET er ikke sat" in one for one in told)


def test_a_secret_is_never_told(folder: Path) -> None:
    assert "hemmelig" not in faults(GOOD.replace('client-id = "bog"', ""), folder)


def test_without_https_on_this_machine_only(folder: Path) -> None:
    local = GOOD.replace("https://nemlogin.example/oidc", "http://127.0.0.1:9400").replace(
        'address = "https://bog.eksempelby.example/"', 'address = "http://localhost:8000"'
    )
    assert read(local, folder, SECRET).address == "http://localhost:8000"


@pytest.mark.parametrize("text", ["", "provider = 3\naddress = 3", "[[provider]]\n[[provider]]", "session = 1"])
def test_odd_files_are_no_crash(folder: Path, text: str) -> None:
    assert "login.toml: " in faults(text, folder)
