"""Ready-made systems and an app for the demonstration, so that a developer's first call takes a minute.

Their private keys are made for each demonstration and lie in its folder. There are none anywhere else: what is made
here is made in a demonstration or not at all.
"""

import json
from pathlib import Path
from typing import NamedTuple

from authlib.oauth2.rfc7523 import private_key_jwt_sign
from joserfc.jwk import ECKey, KeySet

from barnetsbog.clients import addresses, operations
from barnetsbog.clients.assertions import LONGEST
from barnetsbog.clients.operations import New
from barnetsbog.clients.protocol import Answer, token_for
from barnetsbog.clients.queries import client
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.kernel.folder import Made
from barnetsbog.kernel.ids import derived_id
from barnetsbog.record.instance import id_key, is_demo

from .loading import SOURCE
from .story import slug

FOLDER = Made.DEMO_CLIENTS.value


class Ready(NamedTuple):
    """A system of the demonstration: whose (`actors.yaml`), in which role, with which scopes."""

    id: str
    name: str
    of: str
    role: str
    scopes: str


SYSTEMS = (
    Ready("ppr", "PPRs fagsystem (demo)", "ppr_eks", "system", "system/*.cruds"),
    Ready("bup", "BUPs journal (demo)", "bup_amb", "system", "system/*.cruds"),
    Ready("laege", "Lægesystemet (demo)", "laege", "system", "system/*.rs"),
    Ready("stamdata", "Kommunens stamdata (demo)", "eksempelby", "master_data", "system/*.cruds"),
    Ready("tilsyn", "Kommunens logsystem (demo)", "datab_eks", "log_reader", "system/AuditEvent.rs"),
)
APP = New(
    "demo-app", "Demo-appen",
    "user/*.rs patient/*.rs user/Subscription.cruds patient/Subscription.cruds launch/patient online_access "
    "offline_access",
    redirects=("http://127.0.0.1:8765/tilbage",), origins=("http://127.0.0.1:8765",),
    notify=("http://127.0.0.1:8765",),
)  # fmt: skip


NOTIFY = ("broker", "http://127.0.0.1:8765")
"""Where the systems may be told of what happens: the folder `notifications`, and a program on the same machine."""


class NoDemonstration(RuntimeError):
    """Only a demonstration has ready-made clients."""


def make(folder: Path) -> None:
    """Registers those that are not there yet. `folder`: the instance's."""
    if not is_demo():
        raise NoDemonstration
    for one in SYSTEMS:
        if client(one.id) is None:
            unit = derived_id(id_key(), SOURCE, f"Organization/{slug(one.of)}")
            keys = _new_keys(folder, one.id)
            told = () if one.role == "log_reader" else NOTIFY
            operations.register(New(one.id, one.name, one.scopes, role=one.role, unit_id=unit, jwks=keys, notify=told))
    if client(APP.id) is None:
        operations.register(APP)


def _new_keys(folder: Path, ident: str) -> str:
    """A key pair: the private one in the folder, readable by its owner only; the public ones as they are registered."""
    key = ECKey.generate_key("P-384", {"kid": ident, "use": "sig"})
    path = _path(folder, ident)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(json.dumps(key.as_dict(private=True)))
    return json.dumps(KeySet([key]).as_dict(private=False))


def _path(folder: Path, ident: str) -> Path:
    return folder / FOLDER / f"{ident}.json"


def token(folder: Path, ident: str, base: str) -> Answer:
    """An access token, fetched as any system would: with a statement that it signs. `NotFound` when the demonstration
    has no such system."""
    if not is_demo():
        raise NoDemonstration
    ready = next((one for one in SYSTEMS if one.id == ident), None)
    if ready is None or not _path(folder, ident).exists():
        raise NotFound
    key = ECKey.import_key(json.loads(_path(folder, ident).read_text()))
    said = private_key_jwt_sign(
        key, ident, addresses.token(base), alg="ES384", header={"kid": ident}, expires_in=LONGEST - 60
    )
    return token_for(base, {
        "grant_type": "client_credentials", "scope": ready.scopes, "client_assertion": said,
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    }.items())  # fmt: skip
