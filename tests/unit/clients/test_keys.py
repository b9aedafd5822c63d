"""Which public keys a client can be known by."""

import json
from typing import Any

import pytest
from joserfc.jwk import ECKey, OctKey, RSAKey

from barnetsbog.clients.keys import BadKeys, checked, key_set

STRONG = ECKey.generate_key("P-384", {"kid": "one"})


def public(*keys: Any) -> str:
    return json.dumps({"keys": [key.as_dict(private=False) for key in keys]})


def test_strong_public_keys_with_names_are_kept_and_read_again() -> None:
    rsa = RSAKey.generate_key(2048, {"kid": "two"})
    assert {key.kid for key in key_set(checked(public(STRONG, rsa))).keys} == {"one", "two"}


@pytest.mark.parametrize(("text", "why"), [
    ("", "JWK Set"), ("[]", "JWK Set"), ('{"keys": 3}', "JWK Set"), ('{"keys": [{"kty": "EC"}]}', "JWK Set"),
    ("[" * 5000, "JWK Set"), ('{"keys": []}', "JWK Set"), (public(*[STRONG] * 11), "mellem 1 og"), (public(*[STRONG] * 2), "navn"),
    (public(ECKey.generate_key("P-256", {"kid": "a"})), "P-384"), (public(RSAKey.generate_key(1024, {"kid": "a"})), "2048"),
    (json.dumps({"keys": [STRONG.as_dict(private=True)]}), "privat"),
    (json.dumps({"keys": [OctKey.generate_key(256, {"kid": "a"}).as_dict(private=True)]}), "privat"),
    (json.dumps({"keys": [{**STRONG.as_dict(private=False), "kid": ""}]}), "navn"),
], ids=range(13))  # fmt: skip
def test_anything_else_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(BadKeys, match=why):
        checked(text)
