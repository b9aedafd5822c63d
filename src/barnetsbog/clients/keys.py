"""Public keys of clients, as they are registered: by value, and never fetched from anywhere (RFC 7517). Pure."""

import json

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, RSAKey

ALGORITHMS = ["RS384", "ES384"]
"""What SMART demands of every server. Others, `none` and those with a shared secret among them, are refused."""
MOST_KEYS, LEAST_BITS, CURVE = 10, 2048, "P-384"


class BadKeys(ValueError):
    """These are no keys that a client can be known by: why, in Danish."""


def checked(text: str) -> str:
    """A JWK Set as it is stored. `BadKeys` when it has a private key in it, a weak one, or one without a name."""
    try:
        given = json.loads(text)
        listed = given["keys"]
        found = KeySet.import_key_set(given).keys
    except (ValueError, KeyError, TypeError, RecursionError, JoseError) as error:
        raise BadKeys("Filen er ikke et JWK Set (RFC 7517).") from error
    if not 0 < len(found) <= MOST_KEYS:
        raise BadKeys(f"Der skal være mellem 1 og {MOST_KEYS} nøgler.")
    names = [one.get("kid") for one in listed]
    if not all(isinstance(name, str) and name for name in names) or len(set(names)) < len(names):
        raise BadKeys("Hver nøgle skal have sit eget navn (kid).")
    for key in found:
        if key.is_private:
            raise BadKeys("Der er en privat nøgle i filen. Send kun den offentlige, og lav et nyt par.")
        if not _strong(key):
            raise BadKeys(f"Nøglerne skal være RSA på mindst {LEAST_BITS} bit eller EC på {CURVE}.")
    return json.dumps(KeySet(found).as_dict(private=False))


def _strong(key: object) -> bool:
    if isinstance(key, RSAKey):
        return key.raw_value.key_size >= LEAST_BITS
    return isinstance(key, ECKey) and key.curve_name == CURVE


def key_set(text: str) -> KeySet:
    """Keys as they are stored."""
    return KeySet.import_key_set(json.loads(text))
