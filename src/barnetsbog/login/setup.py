"""The log-in of this instance, as its folder says. Read once in each process; a change takes a new start."""

import os
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from . import addresses, files
from .files import LoginFileError
from .model import Provider, Saml, Setup

if TYPE_CHECKING:
    from . import saml

NEEDS_SAML = "kræver SAML. Kør: pip install --require-hashes -r requirements/saml.txt"


def folder() -> Path:
    return Path(settings.DATA)


@lru_cache(maxsize=1)
def setup() -> Setup:
    """Without a file nobody can log in, but in a demonstration. A faulty one is a `LoginFileError`."""
    path = folder() / files.FILE
    if not path.exists():
        return Setup()
    return files.read(path.read_text(encoding="utf-8"), folder(), os.environ)


def check() -> None:
    """Before anybody is served: the file is in order, and what its protocols need is installed and can be read.
    `LoginFileError` says what is not."""
    for provider in setup().providers:
        try:
            _check(provider)
        except ImportError:
            raise LoginFileError(f"{files.FILE}: provider {provider.id}: {NEEDS_SAML}") from None
        except Exception as error:  # the libraries raise what their parsers do
            why = getattr(error, "detail", "") or str(error) or type(error).__name__
            raise LoginFileError(f"{files.FILE}: provider {provider.id}: kan ikke bruges: {why}") from None


def _check(provider: Provider) -> None:
    if isinstance(provider.protocol, Saml):
        from . import saml

        saml.check(provider, places(provider))
    elif provider.protocol.metadata:
        from . import oidc

        oidc.check(provider)


def places(provider: Provider) -> "saml.Places":
    """Where an identity provider reaches this instance."""
    from . import saml

    address = setup().address
    return saml.Places(addresses.consumer(address, provider), addresses.single_logout(address, provider))


def forget() -> None:
    """Drop what is remembered of the instance's file; for tests."""
    setup.cache_clear()
