"""What a source sent is cut out word for word."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from barnetsbog.record.verbatim import cut

BUNDLE = b"""{ "resourceType":"Bundle" , "note": {"entry":[1]},
  "entry" : [ {"fullUrl":"a","resource":{"b": 1.00,  "a":"\xc3\xa6\\u00e6"}},{"resource" : {"c":[ {"resource":2} ]} } ] }"""


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("entry[0].resource", b'{"b": 1.00,  "a":"\xc3\xa6\\u00e6"}'),
        ("entry[1].resource", b'{"c":[ {"resource":2} ]}'),
        ("", BUNDLE),
    ],
)
def test_a_resource_of_a_bundle(place: str, text: bytes) -> None:
    assert cut(BUNDLE, place) == text


def test_a_line_of_ndjson() -> None:
    assert cut(b'{"a":1}\n\n {"b": 2.50} \n', "line 3") == b'{"b": 2.50}'


def test_a_byte_order_mark_is_not_part_of_it() -> None:
    assert cut(b"\xef\xbb\xbf" + BUNDLE, "entry[1].resource") == b'{"c":[ {"resource":2} ]}'


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda x: st.lists(x) | st.dictionaries(st.text(), x),
    max_leaves=8,
)


@given(st.lists(_JSON, min_size=1, max_size=5), st.integers(0, 4), st.sampled_from([None, 1, 3]), st.booleans())
def test_any_resource_of_any_bundle(resources: list[object], index: int, indent: int | None, ascii_only: bool) -> None:
    index %= len(resources)
    bundle = {"x": resources, "entry": [{"fullUrl": "u", "resource": r, "after": r} for r in resources]}
    payload = json.dumps(bundle, indent=indent, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    if b"\xed" in payload:
        return
    assert json.loads(cut(payload, f"entry[{index}].resource")) == resources[index]
