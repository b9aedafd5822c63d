"""A body with its version and time: put into the bytes, and the same as if it had been parsed and written anew."""

from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from barnetsbog.exchange.fhir.outcomes import at
from barnetsbog.exchange.fhir.serving import http_date, ident_in, instant_of, stamped

MOMENT = 1_764_068_400_123_456
TEXTS = st.sampled_from(
    ["x", '"meta":{', '"versionId":"7"', '{"meta":{}}', '"contained":[', 'å\\"meta":{', "lastUpdated"]
)
VALUES = st.recursive(
    TEXTS | st.integers(0, 9) | st.booleans(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "contained", "text", "url"]), inner, max_size=3)
    ),
    max_leaves=6,
)
METAS = st.fixed_dictionaries(
    {},
    optional={
        "versionId": TEXTS,
        "lastUpdated": TEXTS,
        "source": TEXTS,
        "tag": st.lists(st.fixed_dictionaries({"code": TEXTS}), min_size=1, max_size=2),
    },
)
INSIDE = st.lists(
    st.fixed_dictionaries(
        {"resourceType": st.just("Organization")}, optional={"meta": METAS.filter(bool), "id": TEXTS}
    ),
    min_size=1,
    max_size=2,
)


@st.composite
def resources(draw: Any) -> dict[str, Any]:
    members = draw(
        st.permutations(
            [
                ("resourceType", "Basic"),
                ("id", "1"),
                ("x", draw(VALUES)),
                ("contained", draw(INSIDE)),
                ("meta", draw(METAS)),
            ]
        )
    )
    kept = draw(st.sets(st.sampled_from(["id", "x", "contained", "meta"])))
    return {name: value for name, value in members if name == "resourceType" or (name in kept and value != {})}


@given(resources(), st.text("0123456789abcdef", min_size=20, max_size=20))
def test_a_stamped_body_says_the_same_with_its_version_and_time(resource: dict[str, Any], version: str) -> None:
    found = orjson.loads(stamped(orjson.dumps(resource), "Basic", version, MOMENT))
    meta = {name: value for name, value in resource.get("meta", {}).items() if name not in ("versionId", "lastUpdated")}
    assert found == {**resource, "meta": {**meta, "versionId": version, "lastUpdated": instant_of(MOMENT)}}
    again = stamped(orjson.dumps(found), "Basic", version, MOMENT)
    assert orjson.loads(again) == found


def test_what_is_stored_with_its_stamp_is_served_untouched() -> None:
    body = (
        b'{"resourceType":"Basic","meta":{"versionId":"3","lastUpdated":"%s"},"id":"1"}' % instant_of(MOMENT).encode()
    )
    assert stamped(body, "Basic", "3", MOMENT) is body


def test_moments_in_both_forms() -> None:
    assert instant_of(MOMENT) == "2025-11-25T11:00:00.123456Z"
    assert instant_of(0) == "1970-01-01T00:00:00.000000Z"
    assert http_date(MOMENT) == "Tue, 25 Nov 2025 11:00:00 GMT"


def test_an_id_of_the_book_is_written_as_the_book_writes_it() -> None:
    good = "018f3c5e-0000-7000-8000-000000000000"
    assert str(ident_in(good)) == good
    for bad in (good.upper(), good.replace("-", ""), f"{{{good}}}", f"urn:uuid:{good}", "", "1", good + "x"):
        assert ident_in(bad) is None or bad == good, bad


def test_a_place_in_a_resource_is_said_from_its_bundle() -> None:
    assert at("", "Patient.name[0].given") == "Patient.name[0].given"
    assert at("Bundle.entry[2].resource", "Patient.name[0].given") == "Bundle.entry[2].resource.name[0].given"
    assert at("Bundle.entry[2].resource", "Patient") == "Bundle.entry[2].resource"
