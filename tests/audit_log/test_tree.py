"""Merkle arithmetic against published vectors and a recursive definition."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_log import tree
from audit_log.tree import ProofInvalid

# Certificate Transparency reference implementation, merkle_tree_test.cc.
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def reference_root(leaves: Sequence[bytes]) -> bytes:
    """RFC 6962 section 2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return tree.node_hash(reference_root(leaves[:split]), reference_root(leaves[split:]))


def subtrees(leaves: Sequence[bytes]) -> tree.Subtree:
    return lambda height, index: reference_root(leaves[index << height : (index + 1) << height])


def hashes(count: int) -> list[bytes]:
    return [tree.leaf_hash(str(number).encode()) for number in range(count)]


@pytest.mark.parametrize("size", range(9))
def test_roots_of_the_reference_tree(size: int) -> None:
    """RFC 6962 roots for 0 to 8 leaves."""
    leaves = [tree.leaf_hash(leaf) for leaf in LEAVES[:size]]
    assert tree.root(size, subtrees(leaves)).hex() == ROOTS[size]


def test_hasher_vectors() -> None:
    """Leaf and node hashes of transparency-dev/merkle."""
    leaf = "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"
    node = "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb"
    assert tree.leaf_hash(b"L123456").hex() == leaf
    assert tree.node_hash(b"N123", b"N456").hex() == node


@pytest.mark.parametrize(
    ("index", "size", "path"),
    [
        (0, 8, ["96a296d2", "5f083f0a", "6b47aaf2"]),
        (5, 8, ["bc1a0643", "ca854ea1", "d37ee418"]),
        (1, 5, ["6e340b9c", "5f083f0a", "bc1a0643"]),
    ],
)
def test_inclusion_vectors(index: int, size: int, path: list[str]) -> None:
    """Audit paths of the reference tree."""
    leaves = [tree.leaf_hash(leaf) for leaf in LEAVES[:size]]
    proof = tree.inclusion_proof(index, size, subtrees(leaves))
    assert [step.hex()[:8] for step in proof] == path


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [(6, 8, ["0ebc5d34", "ca854ea1", "d37ee418"]), (2, 5, ["5f083f0a", "bc1a0643"])],
)
def test_consistency_vectors(old: int, new: int, path: list[str]) -> None:
    """Consistency proofs of the reference tree."""
    leaves = [tree.leaf_hash(leaf) for leaf in LEAVES[:new]]
    proof = tree.consistency_proof(old, new, subtrees(leaves))
    assert [step.hex()[:8] for step in proof] == path


def test_every_proof_up_to_forty_leaves() -> None:
    """Each inclusion and consistency proof verifies, and fails for another root."""
    leaves = hashes(40)
    roots = [reference_root(leaves[:size]) for size in range(41)]
    for size in range(1, 41):
        for index in range(size):
            proof = tree.inclusion_proof(index, size, subtrees(leaves))
            tree.verify_inclusion(leaves[index], index, size, proof, roots[size])
            with pytest.raises(ProofInvalid):
                tree.verify_inclusion(leaves[index], index, size, proof, roots[size - 1])
        for old in range(1, size + 1):
            proof = tree.consistency_proof(old, size, subtrees(leaves))
            tree.verify_consistency(old, size, proof, roots[old], roots[size])
            with pytest.raises(ProofInvalid):
                tree.verify_consistency(old, size, proof, roots[old - 1], roots[size])


@given(st.data())
def test_mutated_proofs_are_refused(data: st.DataObject) -> None:
    """No change to a proof, an index or a size goes unnoticed."""
    size = data.draw(st.integers(2, 40))
    index = data.draw(st.integers(0, size - 1))
    leaves = hashes(size)
    root = reference_root(leaves)
    proof = tree.inclusion_proof(index, size, subtrees(leaves))
    at = data.draw(st.integers(0, len(proof) - 1))
    flipped = bytes([proof[at][0] ^ 1]) + proof[at][1:]
    for wrong in (
        proof[:at] + proof[at + 1 :],
        [*proof[:at], flipped, *proof[at + 1 :]],
        [*proof, root],
        [*proof[:at], proof[at][:31], *proof[at + 1 :]],
    ):
        with pytest.raises(ProofInvalid):
            tree.verify_inclusion(leaves[index], index, size, wrong, root)
    other = data.draw(st.integers(-1, size).filter(lambda number: number != index))
    with pytest.raises(ProofInvalid):
        tree.verify_inclusion(leaves[index], other, size, proof, root)


def test_consistency_from_nothing_is_refused() -> None:
    """A tree of size 0 proves nothing, whatever comes with it."""
    leaves = hashes(3)
    with pytest.raises(ProofInvalid):
        tree.verify_consistency(0, 3, [], tree.EMPTY_ROOT, reference_root(leaves))
