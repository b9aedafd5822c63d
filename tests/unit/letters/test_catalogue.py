"""The letters as they are: what they say, how hard they are to read, and that nothing in them is left open."""

import re
from datetime import date

import pytest

from barnetsbog.access.law_in_force import standard
from barnetsbog.letters.blocks import parts, plain
from barnetsbog.letters.files import Faulty, catalogue, template
from barnetsbog.letters.filling import Missing, examples, filled, missing
from barnetsbog.letters.lix import lix
from barnetsbog.letters.model import LIMITS, Audience, Filled, Known, Sender, Template, Version
from tests.stories import CAST

KIM = Sender("Kim Demosen", "psykolog", "PPR Eksempelby", "Eksempelby Kommune", "00 00 00 14")
ALMA = Known("Alma Prøvegaard", "Alma", KIM, date(2026, 11, 25), "Sara Prøvegaard")
EVERY = [(one, audience) for one in catalogue().values() for audience in one.to]
NAMES = [f"{one.id}-{audience.value}" for one, audience in EVERY]


def written(letter: Template, audience: Audience, **answers: str) -> Version:
    body = letter.child if audience is Audience.CHILD else letter.body
    assert body
    blocks = filled(letter, body, ALMA, {**examples(letter), **answers})
    mine: tuple[Filled, ...] = tuple(one for one in blocks if not one.only or audience in one.only)
    return Version(body.title, ("Sara Prøvegaard",), ("PPR Eksempelby",), ALMA.day, "Brev 1", mine)


def test_there_are_twenty_eight_and_two_that_answer_requests_and_each_has_its_number() -> None:
    assert list(catalogue()) == [f"L{number}" for number in range(1, 31)]
    assert [one.id for one in catalogue().values() if one.request] == ["L29", "L30"]


def test_examples_name_nobody_and_no_place_of_the_demonstration() -> None:
    """Where somebody may not know who helps a child, an example would look as if it told."""
    known = {one.name for one in (*CAST.professionals.values(), *CAST.units.values())}
    known |= {unit.phone for unit in CAST.units.values() if unit.phone}
    said = [text for letter in catalogue().values() for text in examples(letter).values()]
    assert [text for text in said if any(one in text for one in known)] == []


@pytest.mark.parametrize(("letter", "audience"), EVERY, ids=NAMES)
def test_every_letter_is_easy_enough_for_everybody_who_gets_it(letter: Template, audience: Audience) -> None:
    measured = lix(parts(written(letter, audience)))
    assert measured is not None and measured <= LIMITS[audience]


@pytest.mark.parametrize(("letter", "audience"), EVERY, ids=NAMES)
def test_no_token_is_left_for_anybody(letter: Template, audience: Audience) -> None:
    said = plain(written(letter, audience))
    assert not re.search(r"[{}]|\bNone\b", said)
    assert "Kære Sara Prøvegaard" in said or "Hej" in said or letter.id == "L19"


def test_the_law_that_letters_name_is_the_rulebooks() -> None:
    named = {rule for one in catalogue().values() for rule in one.law}
    assert named <= set(standard().rules)


@pytest.mark.parametrize("letter", catalogue().values(), ids=list(catalogue()))
def test_what_is_lacking_is_named_and_nothing_is_sent_half(letter: Template) -> None:
    required = [one.label for one in letter.fields if one.required]
    assert missing(letter, {}) == required
    with pytest.raises(Missing) as told:
        filled(letter, letter.body, ALMA, {})
    assert list(told.value.labels) == required


def test_what_is_typed_is_never_looked_through_for_fields() -> None:
    trick = '{telefon} {{ x }} #read("/etc/passwd") =HYPERLINK("a") $x$ *y*'
    said = plain(written(catalogue()["L4"], Audience.HOLDER, fandt=trick))
    assert trick in said
    assert said.count("00 00 00 14") == 1


def test_a_row_has_as_many_cells_as_its_table() -> None:
    letter = written(catalogue()["L2"], Audience.HOLDER, opgaver="Ring\nSkriv | Kim\nMøde | Maja | i morgen | kl. 9")
    (table,) = (one for one in letter.blocks if one.rows)
    assert table.rows == (("Ring", "", ""), ("Skriv", "Kim", ""), ("Møde", "Maja", "i morgen | kl. 9"))


# -- files that are wrong ----------------------------------------------------------------------------------------------

GOOD = """
id: L1
title: Et brev
family: W1
from: PPR
to: [holder]
blocks: [AK]
channels: [print]
fields:
  - {id: tid, label: Tid, example: i morgen}
body:
  - p: Vi ses {tid}, {barn_kaldes}.
"""


def test_the_good_file_is_good() -> None:
    assert template(GOOD, "god.yaml").title == "Et brev"


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("{tid},", "{tidd},", "»tidd« kendes ikke"), ("{tid},", "{{tid}},", "skrevet forkert"),
        ("{tid},", "{tid ,", "skrevet forkert"), ("W1", "W9", "»W9« kendes ikke"), ("[print]", "[fax]", "fax"),
        ("[holder]", "[father]", "father"), ("id: L1", "id: X1", "X1"), ("title:", "titel:", "titel"),
        ("  - p:", "  - q:", "én ting"), ("id: tid", "id: barn", "»barn«"), ("[holder]", "[child]", "børnebrev"),
        ("body:", "body: [", "kan ikke læses"), ("body:", "body:\n  - p: Hej.\nbody:", "feltet 'body' står to gange"), ("example: i morgen", "class: Z, example: i", "»Z«"),
    ],
)  # fmt: skip
def test_a_faulty_file_says_which_and_why(old: str, new: str, why: str) -> None:
    with pytest.raises(Faulty, match=f"forkert.yaml.*{re.escape(why)}"):
        template(GOOD.replace(old, new, 1), "forkert.yaml")


def test_lix_is_the_measure_that_it_is_said_to_be() -> None:
    """Ten words, two sentences, two of them long: 5 + 20."""
    assert lix(["Hunden løber efter katten i haven.", "Katten kravler op altsammen."]) == 25
    assert lix(["For få ord."]) is None
    assert lix([]) is None
