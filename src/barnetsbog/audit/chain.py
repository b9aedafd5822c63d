"""The chain: each record's hash is made of the hash before it and of the record, with a key.

The key is kept outside the database, so that somebody who can only write in the database can change a record but can't
compute the chain anew. What it can't stop is somebody who holds both; for that there are checkpoints that were signed
and kept elsewhere (`checkpoints`). Pure: `keys` finds the key.
"""

from hashlib import blake2b

START = bytes(32)
"""What stands before the first record."""


class Chain:
    """The keyed hashes of one log. Each purpose has its own, so that a value of one can't be used as another's."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self.base = blake2b(digest_size=32, key=key, person=b"link")
        self._spool = blake2b(digest_size=32, key=key, person=b"spool")

    def after(self, previous: bytes, leaf: bytes) -> bytes:
        """The hash of the record with this leaf, behind the one with the hash `previous`."""
        hashed = self.base.copy()
        hashed.update(previous + leaf)
        return hashed.digest()

    def spooled(self, previous: bytes, leaf: bytes) -> bytes:
        hashed = self._spool.copy()
        hashed.update(previous + leaf)
        return hashed.digest()

    def head(self, size: int, last: bytes) -> bytes:
        """Vouches for where the log ends: old hashes can be read in the table, this can't be made from them."""
        return self._keyed(b"head", size.to_bytes(8, signed=True) + last)

    def unsealed(self, leaf: bytes) -> bytes:
        """Vouches for an event that has no place in the chain yet."""
        return self._keyed(b"event", leaf)

    def searched(self, text: str) -> str:
        """Stands for what somebody searched for: can be tried against a name, can't be read back without the key."""
        return self._keyed(b"search", text.encode(), 16).hex()

    def checked(self, result: bytes) -> str:
        """Vouches for the result of a check."""
        return self._keyed(b"check", result).hex()

    @property
    def name(self) -> str:
        """Tells one log from another; says nothing about the key."""
        return self._keyed(b"log", b"", 8).hex()

    def _keyed(self, use: bytes, content: bytes, size: int = 32) -> bytes:
        return blake2b(content, digest_size=size, key=self._key, person=use).digest()
