"""What is kept by the objects it is made of, and not by what they say."""

from barnetsbog.kernel.keeping import kept


def test_the_very_same_things_are_asked_about_once() -> None:
    asked: list[dict[str, int]] = []

    @kept(2)
    def doubled(said: dict[str, int]) -> dict[str, int]:
        asked.append(said)
        return {name: 2 * value for name, value in said.items()}

    one, alike = {"a": 1}, {"a": 1}
    assert doubled(one) is doubled(one)
    assert doubled(alike) == doubled(one) and doubled(alike) is not doubled(one)
    assert asked == [one, alike]
    doubled({"b": 1})  # there is room for two, and the first was asked about last
    assert doubled(one) == {"a": 2} and len(asked) == 3
