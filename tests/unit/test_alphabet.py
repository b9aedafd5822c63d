"""Names in the order of the Danish alphabet."""

from barnetsbog.kernel.alphabet import alphabetical


def test_the_last_letters_come_last_and_aa_is_one_of_them() -> None:
    told = ["Åse", "Zoe", "Øjvind", "Aage", "Ærik", "anna", "Änni", "Élodie", "Emil", "Abel", "Öz"]
    assert sorted(told, key=alphabetical) == [
        "Abel", "anna", "Élodie", "Emil", "Zoe", "Änni", "Ærik", "Øjvind", "Öz", "Aage", "Åse",
    ]  # fmt: skip
    assert alphabetical("É A") == alphabetical("e a") and alphabetical("") == ""
