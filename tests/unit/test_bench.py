"""The measurement itself: that its yardsticks are fair and its figures say what they claim."""

import json
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from bench import importing, scale, synthetic
from bench.figures import Figure, Result, in_turn, rate, ratio

from barnetsbog.cli import main
from barnetsbog.commands.bench_command import PARTS, PEERS, add, all_told
from barnetsbog.fhir import check, check_bundle_envelope
from barnetsbog.record.store import ENTRY_COLUMNS


def test_a_figure_quotes_its_median() -> None:
    figure = Figure("x", "ms", (3.0, 1.0, 9.0))
    assert figure.median == 3.0
    assert figure.as_dict() | {"min": 1.0, "max": 9.0, "runs": 3, "reached": None} == figure.as_dict()


@pytest.mark.parametrize(
    ("least", "most", "reached"),
    [(None, None, None), (3.0, None, True), (3.1, None, False), (None, 3.0, True), (None, 2.9, False)],
)
def test_a_goal_is_reached_by_the_median(least: float | None, most: float | None, reached: bool | None) -> None:
    figure = Figure("x", "x", (1.0, 3.0, 9.0), least, most)
    assert figure.reached is reached
    assert ("IKKE NÅET" in figure.line()) is (reached is False)


def test_a_ratio_is_taken_run_by_run() -> None:
    """A slow moment that falls on both sides of one run does not move it."""
    ours, theirs = Figure("a", "/s", (10.0, 5.0, 10.0)), Figure("b", "/s", (5.0, 2.5, 5.0))
    assert ratio("a / b", ours, theirs).values == (2.0, 2.0, 2.0)


def test_what_is_measured_once_is_set_against_every_run() -> None:
    assert ratio("a / b", Figure("a", "B", (6.0,)), Figure("b", "B", (1.0, 2.0))).values == (6.0, 3.0)
    with pytest.raises(ValueError, match="argument"):
        ratio("a / b", Figure("a", "B", (6.0, 6.0)), Figure("b", "B", (1.0, 2.0, 3.0)))


def test_acts_are_measured_in_turn_after_a_warm_up() -> None:
    called: list[str] = []
    taken = in_turn(2, {"a": lambda: called.append("a"), "b": lambda: called.append("b")})
    assert called == ["a", "b"] * 3
    assert {name: len(values) for name, values in taken.items()} == {"a": 2, "b": 2}


def test_a_rate() -> None:
    assert rate(10, [2.0, 5.0]) == (5.0, 2.0)


def test_results_are_machine_readable() -> None:
    result = Result([Figure("x", "ms", (1.0,))])
    result.add(Result([], [Figure("x / y", "x", (2.0,), least=1.0)]))
    assert json.loads(json.dumps(result.as_dict()))["ratios"]["x / y"]["reached"] is True


@pytest.mark.parametrize("number", [0, 1, 7, 996, 1_010_000])
def test_synthetic_children_are_valid_and_always_the_same(number: int) -> None:
    bundle = synthetic.child(number)
    assert bundle == synthetic.child(number)
    assert len(bundle["entry"]) == importing.ENTRIES
    assert not [issue for issue in check_bundle_envelope(bundle) if issue.severity == "error"]
    faults = [i for e in bundle["entry"] for i in check(e["resource"]) if i.severity == "error"]
    assert faults == []


def test_no_two_resources_of_a_child_have_the_same_id() -> None:
    """Else fewer entries would be stored than are counted."""
    names = Counter(entry["fullUrl"] for entry in synthetic.child(3)["entry"])
    assert max(names.values()) == 1


@pytest.mark.parametrize("number", [1, 496, 497, 2000, 2001, 100_000])
def test_the_measured_unit_has_its_cases_whatever_the_scale(number: int) -> None:
    assert sum(scale.is_a_case(n, number, 497) for n in range(number)) == min(number, 497)


def test_the_measured_unit_is_nobodys_unless_told() -> None:
    """Else a work list would hold more cases after an import than without one."""
    name = f"bench-unit-{synthetic.MEASURED}".encode()
    assert name not in b"".join(synthetic.files(50))
    assert name in orjson.dumps(synthetic.child(0, care=(synthetic.MEASURED,)))
    assert name in orjson.dumps(synthetic.measured_unit())


def test_the_rows_of_the_scale_fit_the_tables() -> None:
    import random

    rows = list(scale._entries(b"c" * 16, 1, b"r" * 16, b"u" * 16, random.Random(1)))
    assert len(rows) == scale.ENTRIES
    assert {len(row) for row in rows} == {len(ENTRY_COLUMNS)}
    assert sum(bool(row[ENTRY_COLUMNS.index("open")]) for row in rows) == 1


def test_the_ceiling_leaves_nothing_behind(tmp_path: Path) -> None:
    taken = importing._ceiling(tmp_path / "ceiling.sqlite3", 2, 100)
    assert 0 < taken.processor <= taken.seconds + 0.02
    assert list(tmp_path.iterdir()) == []


def test_it_refuses_a_folder_that_holds_an_instance(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bog.sqlite3").touch()
    assert main(["bench", "--data", str(tmp_path)]) == 1
    assert "allerede en instans" in capsys.readouterr().err
    assert (tmp_path / "bog.sqlite3").stat().st_size == 0


@pytest.mark.parametrize(
    "given", [["--only", "import,fart"], ["fart"], ["--children", "0"], ["--scale", "-5"], ["fhir", "--peer", "nabo"]]
)
def test_what_it_cannot_measure_is_said(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["bench", *given])
    assert "Brug:" in capsys.readouterr().err


@pytest.mark.parametrize("parts", [[], ["import", "fhir"], ["--only", "size"]])
def test_a_server_at_an_address_is_only_asked_what_it_can_answer(
    parts: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bench", *parts, "--peer", "http://127.0.0.1:9/fhir"]) == 1
    assert "kun delen fhir" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("given", "peer"),
    [
        ([], None),
        (["--peer"], PEERS),
        (["fhir", "--peer"], PEERS),
        (["fhir", "--peer", "http://a.b/f/"], "http://a.b/f"),
    ],
)
def test_a_peer_is_ours_to_start_unless_it_has_an_address(given: list[str], peer: str | None) -> None:
    parser = ArgumentParser()
    add(parser)
    assert parser.parse_args(given).peer == peer


def test_what_was_found_has_been_told_when_it_is_stopped(capsys: pytest.CaptureFixture[str]) -> None:
    def parts() -> Iterator[Result]:
        yield Result([Figure("the first", "ms", (1.0,))])
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        all_told(parts(), Namespace(json=True))
    told = capsys.readouterr()
    assert "the first" in told.err
    assert not told.out, "only the object itself stands there"


def test_its_help_names_every_part(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["bench", "--help"])
    told = "".join(capsys.readouterr().out.split())
    assert all(part in told for part in PARTS)
