"""Numbers as they are written in Danish, wherever somebody reads one."""

import re
from pathlib import Path

import pytest

import barnetsbog
from barnetsbog.kernel.numbers import danish


@pytest.mark.parametrize(
    ("number", "decimals", "text"),
    [(12.5, None, "12,5"), (3.0, None, "3"), (96, None, "96"), (0.1 + 0.2, None, "0,3"), (1234567.5, None, "1234567,5"),
     (0.04, 1, "0,0"), (98.26, 1, "98,3"), (2.5, 0, "2")],
)  # fmt: skip
def test_a_number_has_a_comma(number: float, decimals: int | None, text: str) -> None:
    assert danish(number, decimals) == text


def test_no_command_and_no_page_writes_one_with_a_point() -> None:
    """What a machine reads is left: a drawing, the source of a form."""
    pointed = re.compile(r":(\.[1-9][f%]|g)\}")
    root = Path(barnetsbog.__file__).parent
    found = {
        str(path.relative_to(root)) for path in root.rglob("*.py") if pointed.search(path.read_text(encoding="utf-8"))
    }
    assert found == {"forms/differences.py", "forms/paper_fields.py"}
