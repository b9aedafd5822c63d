"""Reading `login.toml` in the instance's folder. Everything that is wrong with it is said at once, and nobody can log
in by half of it."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from .model import HOUR, MINUTE, Audience, ClaimNames, Limits, Oidc, Provider, Saml, Setup

FILE = "login.toml"
_AUDIENCES = tuple(one.value for one in Audience)
_EID = "https://data.gov.dk/model/core/eid"
_OIOSAML = {
    "number": f"{_EID}/cprNumber", "number-id": f"{_EID}/cprUuid",
    "professional": f"{_EID}/professional/uuid/persistent", "privileges": f"{_EID}/privilegesIntermediate",
    "level": "https://data.gov.dk/concept/core/nsis/loa",
}  # fmt: skip
_CLAIMS = {
    "number": "cpr", "number-id": "cpr_uuid", "professional": "professional_uuid", "privileges": "privileges",
    "level": "loa",
}  # fmt: skip
_SUBSTANTIAL = "https://data.gov.dk/concept/core/nsis/loa/Substantial"
LOCAL = ("127.0.0.1", "localhost", "::1")


class LoginFileError(ValueError):
    """What is wrong with the file, a line each."""


class _Table:
    """A part of the file: hands out its fields, and gathers what is wrong with them."""

    def __init__(self, where: str, content: object, faults: list[str]) -> None:
        self.where, self.faults = where, faults
        self._left: dict[str, Any] = dict(content) if isinstance(content, dict) else {}
        if not isinstance(content, dict):
            self.fault("", "skal være en tabel")

    def fault(self, field: str, text: str) -> None:
        self.faults.append(f"{FILE}: {self.where}{', ' if self.where and field else ''}{field}: {text}")

    def take(self, field: str, kind: type, default: Any, wanted: str) -> Any:
        value = self._left.pop(field, default)
        if type(value) is kind and value != "":
            return value
        if value is not default:
            self.fault(field, f"skal være {wanted}")
        return default

    def text(self, field: str, default: str = "") -> str:
        return str(self.take(field, str, default, "en tekst"))

    def needed(self, field: str) -> str:
        value = self.text(field)
        if not value and not any(f"{field}: skal" in one for one in self.faults):
            self.fault(field, "mangler")
        return value

    def flag(self, field: str, default: bool) -> bool:
        return bool(self.take(field, bool, default, "true eller false"))

    def number(self, field: str, default: int, low: int, high: int) -> int:
        value = int(self.take(field, int, default, "et helt tal"))
        if not low <= value <= high:
            self.fault(field, f"skal være mellem {low} og {high}")
        return value

    def texts(self, field: str, default: Iterable[str] = ()) -> tuple[str, ...]:
        value = self._left.pop(field, list(default))
        if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
            self.fault(field, "skal være en liste af tekster")
            return tuple(default)
        return tuple(value)

    def part(self, field: str) -> "_Table":
        return _Table(f"{self.where}{', ' if self.where else ''}{field}", self._left.pop(field, {}), self.faults)

    def parts(self, field: str) -> list["_Table"]:
        found = self._left.pop(field, [])
        if not isinstance(found, list):
            self.fault(field, f"skal skrives som [[{field}]]")
            return []
        return [_Table(f"{field} {number}", one, self.faults) for number, one in enumerate(found, 1)]

    def done(self) -> None:
        for field in self._left:
            self.fault(field, "kendes ikke")


def read(text: str, folder: Path, environment: Mapping[str, str]) -> Setup:
    """The setup that a file says. Files it names are looked for in `folder`; secrets are read from `environment` or a
    file of their own, never from this one. `LoginFileError` with every fault."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise LoginFileError(f"{FILE}: kan ikke læses: {error}") from None
    faults: list[str] = []
    top = _Table("", content, faults)
    address = _address(top, "address", top.needed("address"))
    limits = _limits(top.part("session"))
    providers = tuple(_provider(one, folder, environment) for one in top.parts("provider"))
    top.done()
    idents = [one.id for one in providers]
    faults += [f"{FILE}: provider: id »{one}« er brugt to gange" for one in sorted({*idents}) if idents.count(one) > 1]
    if faults:
        raise LoginFileError("\n".join(faults))
    return Setup(address, providers, limits)


def _address(table: _Table, field: str, value: str) -> str:
    """Https; without it only on this machine. No slash at the end."""
    try:
        parts = urlsplit(value)
        safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOCAL)
    except ValueError:
        safe = False
    if value and (not safe or not parts.hostname or parts.query or parts.fragment):
        table.fault(field, f"»{value}« skal begynde med https://")
    return value.rstrip("/")


def _limits(table: _Table) -> Limits:
    idle = table.number("idle-minutes", 30, 10, 120)
    longest = table.number("longest-hours", 8, 1, 12)
    table.done()
    return Limits(idle * MINUTE, longest * HOUR)


def _provider(table: _Table, folder: Path, environment: Mapping[str, str]) -> Provider:
    ident = table.needed("id")
    if ident and not re.fullmatch(r"[a-z0-9-]{1,40}", ident):
        table.fault("id", "må kun have små bogstaver, tal og bindestreg")
    if ident:
        table.where = f"provider {ident}"
    name, protocol, audience = table.needed("name"), table.needed("protocol"), table.needed("for")
    if audience and audience not in _AUDIENCES:
        table.fault("for", f"skal være en af {', '.join(_AUDIENCES)}")
    if protocol not in ("oidc", "saml", ""):
        table.fault("protocol", "skal være oidc eller saml")
    speaks = _saml(table, folder) if protocol == "saml" else _oidc(table, folder, environment)
    found = Provider(
        ident, name, table.text("name-en", name),
        Audience(audience) if audience in _AUDIENCES else Audience.CITIZENS,
        _claims(table.part("claims"), _OIOSAML if protocol == "saml" else _CLAIMS), speaks,
        table.flag("needs-privileges", True), frozenset(table.texts("organisations")),
        frozenset(table.texts("constraints-left-out")),
    )  # fmt: skip
    table.done()
    for cvr in sorted(found.organisations):
        if not re.fullmatch(r"\d{8}", cvr):
            table.fault("organisations", f"»{cvr}« er ikke et CVR-nummer")
    return found


def _claims(table: _Table, usual: Mapping[str, str]) -> ClaimNames:
    found = {field: table.text(field, name) for field, name in usual.items()}
    table.done()
    return ClaimNames(found["number"], found["number-id"], found["professional"], found["privileges"], found["level"])


def _oidc(table: _Table, folder: Path, environment: Mapping[str, str]) -> Oidc:
    return Oidc(
        _address(table, "issuer", table.needed("issuer")), table.needed("client-id"),
        _secret(table, folder, environment), _file(table, folder, "metadata", needed=False),
        table.texts("scopes", ("openid",)), table.texts("levels", (_SUBSTANTIAL,)), table.flag("userinfo", False),
    )  # fmt: skip


def _saml(table: _Table, folder: Path) -> Saml:
    metadata, key, certificate = (_file(table, folder, one) for one in ("metadata", "key", "certificate"))
    return Saml(
        metadata or folder, table.needed("entity-id"), key or folder, certificate or folder,
        table.flag("encrypted", True), table.texts("levels", (_SUBSTANTIAL,)),
    )  # fmt: skip


def _file(table: _Table, folder: Path, field: str, *, needed: bool = True) -> Path | None:
    name = table.needed(field) if needed else table.text(field)
    if not name:
        return None
    path = folder / name
    if not path.is_file():
        table.fault(field, f"filen {name} findes ikke i instansens mappe")
    return path


def _secret(table: _Table, folder: Path, environment: Mapping[str, str]) -> str:
    variable, path = table.text("secret-env"), _file(table, folder, "secret-file", needed=False)
    if variable and not environment.get(variable):
        table.fault("secret-env", f"variablen {variable} er ikke sat")
    if not variable and not path:
        table.fault("secret-env", "mangler (eller secret-file)")
    if path and path.is_file():
        return path.read_text(encoding="utf-8").strip()
    return environment.get(variable, "")
