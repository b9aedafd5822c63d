"""What nobody but the instance may read, though it is kept where others come, or given to somebody and brought back."""

import base64
from hashlib import blake2b

from cryptography.fernet import Fernet


def box(secret: str, purpose: bytes) -> Fernet:
    """Seals and opens with a key that is made of the instance's secret for one purpose (16 bytes at most)."""
    key = blake2b(secret.encode()[:64], digest_size=32, person=purpose).digest()
    return Fernet(base64.urlsafe_b64encode(key))
