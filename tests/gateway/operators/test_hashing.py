"""Keyed hashes."""

from __future__ import annotations

import hashlib

import pytest
from cryptography.hazmat.primitives.hashes import SM3, Hash

from gateway.operators.hashing import hash_sha256, hash_sm3
from gateway.operators.model import OperatorContext
from tests.gateway.treating import FakeKeys


def _context(recipient: str = "R") -> OperatorContext:
    return OperatorContext(recipient=recipient, keys=FakeKeys())


def _sm3(data: bytes) -> bytes:
    digest = Hash(SM3())
    digest.update(data)
    return digest.finalize()


def _hmac(hash_of, key: bytes, data: bytes) -> str:  # type: ignore[no-untyped-def]
    """RFC 2104, spelt out."""
    key = key.ljust(64, b"\0")
    inner = hash_of(bytes(b ^ 0x36 for b in key) + data)
    return str(hash_of(bytes(b ^ 0x5C for b in key) + inner).hex())


def test_sm3_vectors() -> None:
    """GB/T 32905-2016 appendix A."""
    assert _sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert (
        _sm3(b"abcd" * 16).hex()
        == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
    )


def test_known_answers() -> None:
    """Both hashes are HMACs of the canonical form under the recipient's key."""
    sha = _hmac(
        lambda data: hashlib.sha256(data).digest(),
        FakeKeys().derive("hash", "sha256/R"),
        b"13800138000",
    )
    sm3 = _hmac(_sm3, FakeKeys().derive("hash", "sm3/R"), b"13800138000")
    assert hash_sha256(["138-0013-8000"], _context()) == [f"sha256_1_{sha}"]
    assert hash_sm3(["138-0013-8000"], _context()) == [f"sm3_1_{sm3}"]


@pytest.mark.parametrize("hashed", [hash_sha256, hash_sm3])
def test_a_prefix_cannot_be_tried_out_without_the_key(hashed) -> None:  # type: ignore[no-untyped-def]
    """An attacker who knows the algorithm and seven digits enumerates the rest in vain."""
    (token,) = hashed(["13800138000"], _context())
    digest = token.rpartition("_")[2]
    for rest in range(10_000):
        guess = f"1380013{rest:04}".encode()
        assert hashlib.sha256(guess).hexdigest() != digest
        assert hashlib.sha256(b"R" + guess).hexdigest() != digest
    assert hashed(["13800138000"], _context("other")) != [token]
