"""Somebody presses twice on a slow phone: of two choices in the same moment the last one stands, and nothing breaks."""

from collections.abc import Callable
from pathlib import Path

import pytest

from barnetsbog.delivery.channels import announcers
from barnetsbog.notifications import operations
from barnetsbog.notifications.model import Quiet, Wanted, Way
from barnetsbog.notifications.models import NoticeChoice
from tests.at_once import ON_POSTGRESQL, at_once
from tests.integration.consent.conftest import Family, clock
from tests.integration.consent.test_at_once import family

__all__ = ["clock", "family"]

pytestmark = ON_POSTGRESQL


def test_of_two_choices_in_the_same_moment_one_stands(
    family: Family, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operations, "announcers", lambda _: announcers(tmp_path))
    sara = family.person("mother")

    def chooses(address: str) -> Callable[[], None]:
        wanted = Wanted(Way.MAIL, address, Quiet())
        return lambda: operations.choose(by=sara, child_id=family.child, wanted=wanted)

    at_once(*(chooses(f"{one}@eksempel.dk") for one in "abcd"))
    assert NoticeChoice.objects.get().address.endswith("@eksempel.dk")
    before = len([*tmp_path.rglob("*.eml")])
    at_once(*[chooses("e@eksempel.dk")] * 4)
    assert len([*tmp_path.rglob("*.eml")]) == before + 1
    assert (NoticeChoice.objects.get().address, NoticeChoice.objects.get().codes) == ("e@eksempel.dk", 5)
