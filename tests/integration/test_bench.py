"""The measurement comes in as somebody who is logged in, or it would measure the way to the log-in."""

import pytest
from bench.pages import Measured, browser

from barnetsbog.directory.queries import roles
from tests.builders import bundle, role, send, unit
from tests.conftest import BOTH_DATABASES

pytestmark = [BOTH_DATABASES, pytest.mark.usefixtures("database")]


@pytest.mark.parametrize("address", ["/arbejdsliste/?fane=alle", "/klar/"])
def test_a_measured_page_is_a_page_behind_the_door(address: str) -> None:
    assert not send(bundle(unit(), *role())).refusals
    (one,) = roles()
    browser(Measured(one, {})).page(address)()
