"""Those of the messages, for what a child writes is shown to somebody by a message."""

from tests.integration.messages.conftest import clock, talk

__all__ = ["clock", "talk"]
