"""Names in the order of the Danish alphabet."""

import pytest

from barnetsbog.kernel.alphabet import alphabetical, is_called


def test_the_last_letters_come_last_and_aa_is_one_of_them() -> None:
    told = ["Åse", "Zoe", "Øjvind", "Aage", "Ærik", "anna", "Änni", "Élodie", "Emil", "Abel", "Öz"]
    assert sorted(told, key=alphabetical) == [
        "Abel", "anna", "Élodie", "Emil", "Zoe", "Änni", "Ærik", "Øjvind", "Öz", "Aage", "Åse",
    ]  # fmt: skip
    assert alphabetical("É A") == alphabetical("e a") and alphabetical("") == ""


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        ("anna", True), ("ANNA-SOFIE", True), ("øster", True), ("sof øst", True), ("renee", True), ("aase", True),
        ("عبد", True), ("", True), ("nna", False), ("anna berg", False), ("oster", False),
    ],
)  # fmt: skip
def test_a_name_is_found_by_how_its_words_begin(sought: str, found: bool) -> None:
    assert is_called("Anna-Sofie Renée Åse عبد Østergaard", sought) is found
