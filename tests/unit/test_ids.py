"""Ids: time-ordered when drawn, always the same when derived, and never a hash that can be guessed back."""

import hashlib
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from barnetsbog.kernel.ids import derived_bytes, derived_id, new_id, text_of, timeless_id

KEY = b"k" * 32


def test_new_ids_are_version_7_and_sort_by_time() -> None:
    first, second = new_id(), new_id()
    assert first.version == second.version == 7
    assert first.variant == "specified in RFC 4122"
    assert first.int >> 80 <= second.int >> 80


def test_an_id_without_a_time_looks_like_one_of_what_was_received() -> None:
    first, second = timeless_id(), timeless_id()
    assert first != second
    assert first.version == second.version == derived_id(KEY, "a").version == 8


@given(st.lists(st.text(), min_size=1, max_size=4))
def test_a_derived_id_is_always_the_same(parts: list[str]) -> None:
    parts = [part.encode("utf-8", "ignore").decode() for part in parts]
    assert derived_id(KEY, *parts) == derived_id(KEY, *parts)
    assert derived_id(KEY, *parts).version == 8


def test_another_key_source_or_name_gives_another_id() -> None:
    ids = {derived_id(KEY, "a", "Patient/1"), derived_id(b"x", "a", "Patient/1"), derived_id(KEY, "b", "Patient/1")}
    ids |= {derived_id(KEY, "a", "Patient/2"), derived_id(KEY, "aPatient", "/1")}
    assert len(ids) == 5


def test_the_id_is_no_plain_hash_of_a_cpr_number() -> None:
    name = "Patient/0101011234"
    plain = {hashlib.new(n, name.encode()).digest()[:16] for n in ("md5", "sha1", "sha256", "blake2b", "blake2s")}
    assert derived_bytes(KEY, name) not in plain


@given(st.uuids())
def test_text_of_is_how_a_uuid_is_written(ident: UUID) -> None:
    assert text_of(ident.bytes) == str(ident)
