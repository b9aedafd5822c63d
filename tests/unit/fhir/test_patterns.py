"""Patterns that may keep Python busy for ever are known, and no others."""

import time

from barnetsbog.fhir.patterns import quick

ENDLESS = (
    "(a+)+b", "^(a*)*$", "(a|ab|b)*c", "([a-z]+)*x", r"^(\w+\s?)*$", "(.*)*x", "(a?a?)*b", "(x+x+)+y",
    r"^([a-zA-Z0-9_.-])+@(([a-zA-Z0-9-])+[.])*([a-zA-Z0-9.-]{2,4})+$", r"(\d+|[0-9a]+)*x", "(a{1,30}){1,30}b", "(",
    "(?i)([a-c]b|A[B])*x", "([^a]|[^b])*c", "(a|a)*b",
)  # fmt: skip
QUICK = (
    "a+b+", "^[0-9]{8}$", "^([^,]+,)*[^,]+$", "(a|b)*c", "(ab|cd)*", "[A-Z]([A-Za-z0-9_]){0,254}", ".*a.*b",
    r"^\s*(\S+\s+)*\S+$", r"(?:[01]\d|2[0-3]):[0-5]\d", "^((a|b)c)+$", "^.{1,30}$", r"(?i)^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}",
    "^[0-9]+([.][0-9]+)*(-[0-9A-Za-z-]+([.][0-9A-Za-z-]+)*)?$", "(æ|ø)*å", r"(?=a)(a(?!b))*\Z",
)  # fmt: skip


def test_a_pattern_with_two_ways_through_a_loop_is_not_tried() -> None:
    assert [one for one in ENDLESS if quick(one)] == []
    assert [one for one in QUICK if not quick(one)] == []


def test_what_is_tried_ends() -> None:
    began = time.process_time()
    for one in QUICK:
        made = quick(one)
        for text in ("a" * 500 + "!", "1." * 200 + "!", "ab" * 200, " a" * 200 + "\n", "urn:uuid:" + "0" * 400):
            assert made and made.search(text) is not made
    assert time.process_time() - began < 2
