"""Merkle trees: our roots are RFC 6962's, proofs prove what is so and nothing else."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from barnetsbog.audit import proofs
from barnetsbog.audit.proofs import Frontier, leaf_hash

KNOWN = [
    b"",
    b"\x00",
    b"\x10",
    b"\x20\x21",
    b"\x30\x31",
    b"\x40\x41\x42\x43",
    bytes(range(0x50, 0x58)),
    bytes(range(0x60, 0x70)),
]
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}
"""The test vectors of the certificate transparency project."""

sizes = st.integers(1, 70)


def leaves(size: int) -> list[bytes]:
    return [leaf_hash(str(number).encode()) for number in range(size)]


def by_definition(hashes: list[bytes]) -> bytes:
    """MTH of RFC 6962 §2.1, word for word."""
    if not hashes:
        return sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return sha256(b"\x01" + by_definition(hashes[:split]) + by_definition(hashes[split:])).digest()


@pytest.mark.parametrize("size", ROOTS)
def test_the_roots_of_certificate_transparency(size: int) -> None:
    assert proofs.root([leaf_hash(content) for content in KNOWN[:size]]).hex() == ROOTS[size]


@pytest.mark.parametrize("size", range(40))
def test_a_root_is_what_the_rfc_defines(size: int) -> None:
    assert proofs.root(leaves(size)) == by_definition(leaves(size))


@given(st.lists(st.integers(0, 20), max_size=8))
def test_a_tree_grows_without_its_leaves(parts: list[int]) -> None:
    whole, grown = leaves(sum(parts)), Frontier()
    for part in parts:
        grown = grown.extended(whole[grown.size : grown.size + part])
    assert (grown.size, grown.root) == (len(whole), proofs.root(whole))


@given(sizes, st.data())
def test_a_record_is_proved_at_its_place_and_nowhere_else(size: int, data: st.DataObject) -> None:
    index, other = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size - 1))
    whole = leaves(size)
    path, root = proofs.inclusion(index, whole), proofs.root(whole)
    assert proofs.includes(whole[index], index, size, path, root)
    assert proofs.includes(whole[index], other, size, path, root) is (other == index)
    assert proofs.includes(whole[other], index, size, path, root) is (other == index)
    assert not proofs.includes(whole[index], index, size, path, leaf_hash(b"other"))
    assert not proofs.includes(whole[index], size, size, path, root)
    if path:
        assert not proofs.includes(whole[index], index, size, path[:-1], root)
        assert not proofs.includes(whole[index], index, size, [*path[:-1], leaf_hash(b"x")], root)
    assert not proofs.includes(whole[index], index, size, [*path, leaf_hash(b"x")], root)


@given(sizes, st.data())
def test_a_log_is_proved_to_have_only_grown(size: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, size))
    whole = leaves(size)
    path, root, before = proofs.consistency(old, whole), proofs.root(whole), proofs.root(whole[:old])
    assert proofs.is_continued(old, before, size, root, path)
    assert not proofs.is_continued(old, leaf_hash(b"x"), size, root, path)
    assert not proofs.is_continued(old, before, size, leaf_hash(b"x"), path)
    changed = data.draw(st.integers(0, old - 1))
    other = [*whole[:changed], leaf_hash(b"changed"), *whole[changed + 1 :]]
    assert not proofs.is_continued(old, before, size, proofs.root(other), proofs.consistency(old, other))
    if path:
        assert not proofs.is_continued(old, before, size, root, path[:-1])


def test_what_cannot_be_proved() -> None:
    for index in (-1, 3):
        with pytest.raises(IndexError):
            proofs.inclusion(index, leaves(3))
    for old in (0, 4):
        with pytest.raises(IndexError):
            proofs.consistency(old, leaves(3))
    root = proofs.root(leaves(3))
    assert not proofs.is_continued(0, root, 3, root, [])
    assert not proofs.is_continued(4, root, 3, root, [])
