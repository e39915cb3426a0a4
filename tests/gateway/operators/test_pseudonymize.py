"""Tokens: stable for one recipient, strangers to another."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.operators.model import OperatorContext
from gateway.operators.pseudonymize import pseudonymize
from tests.gateway.treating import FakeKeys


def _token(text: str, recipient: str = "R", seed: str = "s", version: int = 1) -> str:
    keys = FakeKeys(seed, version)
    (token,) = pseudonymize([text], OperatorContext(recipient=recipient, keys=keys))
    return token


@given(st.text(max_size=20))
def test_same_value_same_token_for_one_recipient_only(text: str) -> None:
    """Recipient, key and version all change the token; nothing of the text shows."""
    token = _token(text)
    assert token == _token(text)
    assert len({token, _token(text, "other"), _token(text, seed="t"), _token(text, version=2)}) == 4
    assert re.fullmatch(r"psn_1_[a-z2-7]{24}", token)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("13800138000", "１３８００１３８０００"),
        ("13800138000", "138-0013 8000"),
        ("Li@Example.com", "li@example.com "),
        ("José", "Jose\u0301"),
        ("张三", "张\u200b三"),
    ],
)
def test_spellings_of_one_value_share_a_token(one: str, other: str) -> None:
    """Width, separators, case of an address, composition and invisible characters do not matter."""
    assert _token(one) == _token(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("13800138000", "13800138001"), ("Li", "li"), ("+8613", "8613"), ("a b", "ab")],
)
def test_different_values_have_different_tokens(one: str, other: str) -> None:
    """Nothing else is taken for the same."""
    assert _token(one) != _token(other)


def test_a_known_answer() -> None:
    """The token is HMAC-SHA-256, cut to 120 bits, in base32: computed here from RFC 2104."""
    import base64
    import hashlib

    key = FakeKeys("s").derive("pseudonym", "R", version=1).ljust(64, b"\0")
    inner = hashlib.sha256(bytes(b ^ 0x36 for b in key) + b"13800138000").digest()
    outer = hashlib.sha256(bytes(b ^ 0x5C for b in key) + inner).digest()
    assert _token("13800138000") == "psn_1_" + base64.b32encode(outer[:15]).decode().lower()
