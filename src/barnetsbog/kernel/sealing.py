"""Keys for what only the instance may read, though it is kept where others come, or given out and brought back."""

from hashlib import blake2b


def key_for(purpose: bytes, secret: str, size: int) -> bytes:
    """A key of so many bytes (64 at most) that is made of the instance's secret for one purpose (16 bytes at most)."""
    return blake2b(secret.encode()[:64], digest_size=size, person=purpose).digest()
