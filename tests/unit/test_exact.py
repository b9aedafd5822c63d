"""JSON in which decimals stay as they are written."""

import copy
import pickle

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from barnetsbog.kernel import exact

NUMBERS = ("5.40", "5.4", "0", "-1.0", "1.00", "1e3", "1.50E-7", "0.00001", "0.1000000000000000055", "-0.0", "12", "1e+16", "1e16", "100000000000000000000000", "18446744073709551615", "-9223372036854775808", "123456789.12345678901")  # fmt: skip


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("frame", ['{"a":%s}', '[1, %s ,"x"]', '{"a" :\n%s,"b":"5.40"}'])
def test_a_number_is_written_as_it_was(number: str, frame: str) -> None:
    found = exact.loads((frame % number).encode())
    assert exact.dumps(found) == orjson.dumps(orjson.loads(frame % '"\x7f"')).replace(b'"\x7f"', number.encode())
    assert found == orjson.loads(frame % number)
    assert exact.dumps(copy.deepcopy(found)) == exact.dumps(pickle.loads(pickle.dumps(found))) == exact.dumps(found)


DECIMALS = st.from_regex(r"-?(0|[1-9][0-9]{0,18})(\.[0-9]{1,18})?([eE][+-]?[0-9]{1,2})?", fullmatch=True)


@given(
    st.lists(DECIMALS, max_size=4),
    st.sampled_from([b"", b" ", b"\n\t"]),
    st.sampled_from([b"e", rb"\u00e6", rb"\u00f8\/", rb"\u0065"]),
)
def test_whatever_its_digits_are(numbers: list[str], space: bytes, letter: bytes) -> None:
    numbers = [one for one in numbers if one != "-0"]  # which is no other than 0
    content = b'["%s",%s' % (letter, space) + (b"," + space).join(one.encode() for one in ("1", *numbers)) + b"]"
    plain = b"".join(content.split()).replace(letter, orjson.loads(b'"%s"' % letter).encode())
    assert exact.dumps(exact.loads(content)) == plain


def test_what_a_float_says_is_a_float_and_the_rest_is_never_lost_without_a_word() -> None:
    plain, written = exact.loads(b'{"a":5.4,"b":"5.40"}'), exact.loads(b'{"a":5.40}')
    assert type(plain["a"]) is float and isinstance(written["a"], exact.Written)
    with pytest.raises(TypeError):
        orjson.dumps(written)
    assert written["a"] == 5.4 and written["a"] + 1 == 6.4 and f"{written['a']}" == "5.4"


@pytest.mark.parametrize(("one", "other", "alike"), [
    (b'{"a":5.4,"b":1}', b'{"b":1,"a":5.4}', True), (b'{"a":5.4}', b'{"a":5.40}', False), (b'{"a":1}', b'{"a":1.0}', False),
    (b'{"a":true}', b'{"a":1}', False), (b'{"a":5.40}', b'{"a":5.40}', True), (b'{"a":5.40}', b'{"a":5.41}', False),
])  # fmt: skip
def test_two_say_the_same_digit_by_digit(one: bytes, other: bytes, alike: bool) -> None:
    assert exact.same(exact.loads(one), exact.loads(other)) is alike


def test_what_is_no_json_is_refused_as_ever() -> None:
    for content in (b'{"a":5.40', b"", b'{"a":NaN}', b'{"a":01.50}', b'{"a":1.}', b'{"a":"\\ud800","b":5.40}'):
        with pytest.raises(orjson.JSONDecodeError):
            exact.loads(content)
