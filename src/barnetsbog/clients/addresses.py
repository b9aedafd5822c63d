"""Where others find this instance, as they sign it and as it is told to them."""

from django.conf import settings


def base(asked_at: str) -> str:
    """The address of the instance: as it is set, else the one that was asked at, without a slash at the end."""
    return settings.ADDRESS or asked_at.rstrip("/")


def fhir(base: str) -> str:
    return f"{base}/fhir"


def token(base: str) -> str:
    return f"{base}/oauth/token"


def authorize(base: str) -> str:
    return f"{base}/oauth/authorize"


def revoke(base: str) -> str:
    return f"{base}/oauth/revoke"


def introspect(base: str) -> str:
    return f"{base}/oauth/introspect"
