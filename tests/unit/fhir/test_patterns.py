"""Patterns that come with packages are tried, and end, whatever they are."""

import time

from barnetsbog.fhir.patterns import quick

ENDLESS = (
    "(a+)+b", "^(a*)*$", "(a|ab|b)*c", "([a-z]+)*x", r"^(\w+\s?)*$", "(.*)*x", "(a?a?)*b", "(x+x+)+y",
    r"^([a-zA-Z0-9_.-])+@(([a-zA-Z0-9-])+[.])*([a-zA-Z0-9.-]{2,4})+$", r"(\d+|[0-9a]+)*x", "(a{1,30}){1,30}b",
    "(?i)([a-c]b|A[B])*x", "([^a]|[^b])*c", "(a|a)*b",
)  # fmt: skip
"""In Python's own engine."""


def test_what_would_take_for_ever_ends() -> None:
    began = time.process_time()
    for one in ENDLESS:
        made = quick(one)
        assert made
        for text in ("a" * 5000 + "!", "1." * 2000 + "!", "ab" * 2000, " a" * 2000 + "\n"):
            made.search(text)
    assert time.process_time() - began < 2


def test_a_pattern_means_what_it_says() -> None:
    said = {
        r"^[0-9]{8}$": ("12345678", "1234567"), r"^\S+( \S+)*$": ("æ ø å", " æ"), "^(ab|cd)+$": ("abcd", "abc"),
        r"(?i)^urn:uuid:": ("URN:UUID:x", "uuid:"), "^a.b$": ("a\nb", "a\n\nb"), r"^\p{L}+$": ("Åse", "Åse1"),
    }  # fmt: skip
    for pattern, (yes, no) in said.items():
        made = quick(pattern)
        assert made and made.search(yes) and not made.search(no), pattern
    assert (made := quick("a|ab")) and made.fullmatch("ab") and not made.fullmatch("abc")


def test_what_is_none_or_can_not_be_tried_so_is_told() -> None:
    assert [one for one in ("(", "[z-a]", r"(a)\1", "(?=a)b", "a(?!b)", "a{2000}", "\ud800") if quick(one)] == []
