"""Finding one resource, word for word, in what a source sent.

A delivery is kept as it came. What it said of one entry is cut out of it by *place*: `entry[3].resource` of a Bundle,
`line 12` of an NDJSON file, or the whole of it. Parsing and writing anew would lose spaces, key order and the zeros of
decimals, and with them signatures.
"""

import json
import re

_STEP = re.compile(r"([A-Za-z]+)(?:\[(\d+)\])?")
_DECODER = json.JSONDecoder()
_SPACE = re.compile(r"[ \t\r\n]*")


def cut(payload: bytes, place: str) -> bytes:
    """The bytes at `place`. An empty place is the whole payload."""
    if not place:
        return payload
    if place.startswith("line "):
        return payload.split(b"\n")[int(place[5:]) - 1].strip()
    text = payload.decode("utf-8-sig")
    position = _skip(text, 0)
    for name, index in _STEP.findall(place):
        position = _member(text, position, name)
        if index:
            position = _item(text, position, int(index))
    _, end = _DECODER.raw_decode(text, position)
    return text[position:end].encode()


def _skip(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return match.end() if match else position


def _member(text: str, position: int, name: str) -> int:
    """Where the value of member `name` of the object at `position` begins."""
    position = _skip(text, position + 1)
    while True:
        key, position = _DECODER.raw_decode(text, position)
        position = _skip(text, _skip(text, position) + 1)
        if key == name:
            return position
        _, position = _DECODER.raw_decode(text, position)
        position = _skip(text, _skip(text, position) + 1)


def _item(text: str, position: int, index: int) -> int:
    """Where item `index` of the array at `position` begins."""
    position = _skip(text, position + 1)
    for _ in range(index):
        _, position = _DECODER.raw_decode(text, position)
        position = _skip(text, _skip(text, position) + 1)
    return position
