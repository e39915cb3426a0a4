"""Merkle tree arithmetic (RFC 6962 section 2, RFC 9162 section 2.1): bytes in, bytes out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Final

from audit_log.compiled import twin

EMPTY_ROOT: Final = hashlib.sha256(b"").digest()

Subtree = Callable[[int, int], bytes]
"""(height, index) -> hash of the perfect subtree over leaves [index << height, +1 << height)."""


class ProofInvalid(ValueError):
    """The proof does not show what it claims."""


def leaf_hash(entry: bytes) -> bytes:
    """SHA-256(00 || entry)."""
    return hashlib.sha256(b"\x00" + entry).digest()


@twin
def leaf_hashes(entries: Sequence[bytes]) -> list[bytes]:
    """`leaf_hash` of each entry."""
    sha256 = hashlib.sha256
    return [sha256(b"\x00" + entry).digest() for entry in entries]


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(01 || left || right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@twin
def perfect_root(hashes: bytes) -> bytes:
    """Root over 2^k hashes, given end to end."""
    sha256 = hashlib.sha256
    while len(hashes) > 32:
        pairs = [hashes[at : at + 64] for at in range(0, len(hashes), 64)]
        hashes = b"".join([sha256(b"\x01" + pair).digest() for pair in pairs])
    return hashes


def fold(peaks: Sequence[bytes]) -> bytes:
    """Root of a tree given its perfect subtrees, largest first."""
    if not peaks:
        return EMPTY_ROOT
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = node_hash(peak, root)
    return root


def peaks(start: int, end: int, at: Subtree) -> list[bytes]:
    """Hashes of the perfect subtrees of leaves [start, end), largest first.

    `start` must be a multiple of the largest power of two not above `end - start`.
    """
    found = []
    while start < end:
        height = (end - start).bit_length() - 1
        found.append(at(height, start >> height))
        start += 1 << height
    return found


def root(size: int, at: Subtree) -> bytes:
    """Root of the first `size` leaves."""
    return fold(peaks(0, size, at))


def inclusion_proof(index: int, size: int, at: Subtree) -> list[bytes]:
    """Audit path of leaf `index` in the tree of `size` leaves, bottom-up."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    start, end, path = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(fold(peaks(middle, end, at)))
            end = middle
        else:
            path.append(fold(peaks(start, middle, at)))
            start = middle
    return path[::-1]


def consistency_proof(old: int, new: int, at: Subtree) -> list[bytes]:
    """Proof that the first `old` leaves of the tree of `new` leaves are the old tree."""
    if not 0 < old <= new:
        raise ValueError(f"no consistency proof from size {old} to {new}")
    start, end, proof = 0, new, []
    while end != old:
        middle = start + _split(end - start)
        if old <= middle:
            proof.append(fold(peaks(middle, end, at)))
            end = middle
        else:
            proof.append(fold(peaks(start, middle, at)))
            start = middle
    if start:
        proof.append(fold(peaks(start, end, at)))
    return proof[::-1]


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> None:
    """RFC 9162 section 2.1.3.2. Raises `ProofInvalid`."""
    if not 0 <= index < size:
        raise ProofInvalid(f"no leaf {index} in a tree of {size}")
    fn, sn, result = index, size - 1, leaf
    for step in proof:
        if sn == 0:
            raise ProofInvalid("inclusion proof too long")
        if fn & 1 or fn == sn:
            result = node_hash(step, result)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            result = node_hash(result, step)
        fn, sn = fn >> 1, sn >> 1
    if sn != 0 or result != root or any(len(step) != 32 for step in proof):
        raise ProofInvalid(f"leaf {index} is not shown to be in the tree of {size}")


def verify_consistency(
    old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes
) -> None:
    """RFC 9162 section 2.1.4.2; size 0 proves nothing and is refused. Raises `ProofInvalid`."""
    if not 0 < old <= new:
        raise ProofInvalid(f"no consistency proof leads from size {old} to {new}")
    if old == new:
        if proof or old_root != new_root:
            raise ProofInvalid(f"two different trees of {old} leaves")
        return
    path = list(proof)
    if old & (old - 1) == 0:
        path.insert(0, old_root)
    if not path or any(len(step) != 32 for step in path):
        raise ProofInvalid("consistency proof is empty or malformed")
    fn, sn = old - 1, new - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    old_result = new_result = path[0]
    for step in path[1:]:
        if sn == 0:
            raise ProofInvalid("consistency proof too long")
        if fn & 1 or fn == sn:
            old_result, new_result = node_hash(step, old_result), node_hash(step, new_result)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            new_result = node_hash(new_result, step)
        fn, sn = fn >> 1, sn >> 1
    if sn != 0 or old_result != old_root or new_result != new_root:
        raise ProofInvalid(f"the tree of {new} leaves does not extend the tree of {old}")


def _split(size: int) -> int:
    """Largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)
