"""Sealed tokens: published vectors, round trips, tampering."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import ECB
from hypothesis import given
from hypothesis import strategies as st

from gateway.operators import encrypt
from gateway.operators.encrypt import NotOurs, decrypt, encrypt_aes, encrypt_sm4
from gateway.operators.model import OperatorContext
from tests.gateway.treating import FakeKeys

_KINDS = [encrypt_aes, encrypt_sm4]


def _context(recipient: str = "R", version: int = 1) -> OperatorContext:
    return OperatorContext(recipient=recipient, keys=FakeKeys(version=version))


def test_sm4_block_vector() -> None:
    """GM/T 0002 (GB/T 32907) appendix A, example 1."""
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    one = Cipher(SM4(key), ECB()).encryptor()
    assert one.update(key).hex() == "681edf34d206965e86b3e94f536e4246"


def test_sm4_gcm_vector() -> None:
    """RFC 8998 appendix A.1."""
    sealed = (
        "00001234567800000000ABCD"
        "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735"
        "D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D"
        "83DE3541E4C2B58177E065A9BF7B62EC"
    )
    opened = encrypt._opened_sm4(
        bytes.fromhex("0123456789ABCDEFFEDCBA9876543210"),
        bytes.fromhex(sealed),
        bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2"),
    )
    assert opened.hex() == "".join(c * 16 for c in "abcdefea")


def test_aes_gcm_vector() -> None:
    """Test case 16 of the GCM specification (McGrew and Viega)."""
    sealed = (
        "cafebabefacedbaddecaf888"
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
        "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
        "76fc6ece0f4e1768cddf8853bb2d551b"
    )
    opened = encrypt._opened_aes(
        bytes.fromhex("feffe9928665731c6d6a8f9467308308" * 2),
        bytes.fromhex(sealed),
        bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
    )
    assert opened.hex() == (
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
        "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
    )


@pytest.mark.parametrize("kind", _KINDS)
@given(text=st.text(st.characters(exclude_categories=["Cs"])))
def test_decrypt_undoes_encrypt(kind, text: str) -> None:  # type: ignore[no-untyped-def]
    """decrypt(encrypt(x)) = x, also under a later key version."""
    (token,) = kind([text], _context(version=3))
    assert decrypt(token, _context(version=4)) == text


@pytest.mark.parametrize("kind", _KINDS)
def test_tokens_tell_nothing(kind) -> None:  # type: ignore[no-untyped-def]
    """Equal values have different tokens, and the text does not show."""
    tokens = kind(["13800138000"] * 50, _context())
    assert len(set(tokens)) == 50
    assert not any("13800138000" in token for token in tokens)


@pytest.mark.parametrize("kind", _KINDS)
def test_only_the_maker_can_open(kind) -> None:  # type: ignore[no-untyped-def]
    """Another recipient's key, another version or a changed character open nothing."""
    (token,) = kind(["13800138000"], _context())
    flipped = token[:12] + ("A" if token[12] != "A" else "B") + token[13:]
    other = token.replace("_1_", "_2_", 1)
    for bad, context in [
        (token, _context("other")),
        (flipped, _context()),
        (other, _context()),
        (token[:-1], _context()),
        ("aes_1_" + "A" * 38, _context()),
        ("psn_1_abc", _context()),
        ("", _context()),
    ]:
        with pytest.raises(NotOurs):
            decrypt(bad, context)


def test_the_algorithm_is_bound() -> None:
    """A token of one algorithm is none of the other's."""
    (token,) = encrypt_aes(["x"], _context())
    with pytest.raises(NotOurs):
        decrypt("sm4" + token[3:], _context())
