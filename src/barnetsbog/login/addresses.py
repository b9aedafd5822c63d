"""Where providers send people back to, as it must be told to them. The pages are the portal's (`portal.urls`)."""

from .model import Provider


def callback(address: str, provider: Provider) -> str:
    """OpenID Connect's redirect_uri."""
    return f"{address}/log-ind/{provider.id}/svar"


def consumer(address: str, provider: Provider) -> str:
    """SAML's AssertionConsumerService."""
    return f"{address}/log-ind/{provider.id}/modtag"


def single_logout(address: str, provider: Provider) -> str:
    return f"{address}/log-ind/{provider.id}/log-af"


def logged_out(address: str) -> str:
    return f"{address}/log-af/faerdig/"
