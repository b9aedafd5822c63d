"""The people around Alma, as the tests of the ball know them."""

from tests.integration.responsibility.conftest import clock as clock
from tests.integration.responsibility.conftest import team as team
