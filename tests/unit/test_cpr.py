"""CPR numbers: modulus 11 warns and never rejects; the fictitious series is recognised and nothing else is."""

from datetime import date

import pytest

from barnetsbog.kernel.cpr import demo_birth_date, is_demo_number, masked, normalise, passes_modulus_11


@pytest.mark.parametrize(
    ("number", "passes"),
    [
        ("0707614285", True),
        ("0101011234", False),
        ("2512484916", True),
        ("12345", False),
        ("01010112AB", False),
        ("²101011234", False),
    ],
)
def test_modulus_11(number: str, passes: bool) -> None:
    assert passes_modulus_11(number) is passes


@pytest.mark.parametrize(
    ("number", "is_demo"),
    [
        ("670517-9902", True), ("6705179902", True), ("910516-9999", True), ("610109-9911", True),
        ("600517-9902", False), ("920517-9902", False), ("670517-9802", False), ("671317-9902", False), ("070517-9902", False), ("", False),
    ],
)  # fmt: skip
def test_the_fictitious_series(number: str, is_demo: bool) -> None:
    assert is_demo_number(number) is is_demo


def test_a_fictitious_number_speaks_of_a_birth_date() -> None:
    assert demo_birth_date("670517-9902") == date(2017, 5, 7)


def test_a_number_in_a_message_is_masked() -> None:
    assert masked("010101-1234") == "010101-xxxx"
    assert normalise(" 010101-12ab ") == "01010112AB"
