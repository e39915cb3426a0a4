"""The compiled functions give what their Python twins give."""

from __future__ import annotations

import hmac
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.checksums import luhn
from gateway.operators import made_up_numbers
from gateway.operators.compiled import EXTENSION, PURE
from gateway.operators.identity import hmac_sha256
from gateway.operators.made_up_numbers import card, cards
from gateway.operators.model import OperatorContext
from gateway.operators.surrogate import surrogate
from tests.gateway.treating import FakeKeys

is_compiled = pytest.mark.skipif(
    not hasattr(EXTENSION, "cards"), reason="no compiled functions on this machine"
)


@given(st.binary(max_size=200), st.lists(st.text(max_size=150), max_size=9))
def test_digests_are_hmacs(key: bytes, texts: list[str]) -> None:
    """RFC 2104 as the standard library has it, for keys shorter and longer than a block."""
    macs = [hmac.digest(key, text.encode(), "sha256") for text in texts]
    for function in (hmac_sha256, PURE["hmac_sha256"]):
        assert function(key, texts, None) == macs
        assert function(key, tuple(texts), "h_") == [f"h_{mac.hex()}" for mac in macs]


@pytest.mark.parametrize("function", [hmac_sha256, PURE["hmac_sha256"]])
def test_known_answers(function: Any) -> None:
    """RFC 4231, test cases 2 and 6."""
    assert function(b"Jefe", ["what do ya want for nothing?"], "")[0] == (
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    )
    text = "Test Using Larger Than Block-Size Key - Hash Key First"
    assert function(b"\xaa" * 131, [text], "")[0] == (
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
    )


NUMBERS = st.text("0123456789", max_size=24) | st.text("019 -٣x", max_size=19)


@is_compiled
@given(st.lists(st.tuples(NUMBERS, st.binary(min_size=32, max_size=32)), max_size=9))
def test_cards_are_equal(drawn: list[tuple[str, bytes]]) -> None:
    """Of any length, and of texts that are no plain digits."""
    texts, secrets = [text for text, _ in drawn], [secret for _, secret in drawn]
    made = cards(texts, secrets)
    assert made == PURE["cards"](texts, secrets)
    for text, secret, number in zip(texts, secrets, made, strict=True):
        assert number is None or (number == card(text, secret) and luhn(number))
        assert number is not None or not (3 <= len(text) <= 18 and set(text) <= set("0123456789"))


@is_compiled
@pytest.mark.parametrize(
    "call",
    [
        lambda: hmac_sha256(b"k", ["\ud800"], None),
        lambda: hmac_sha256(b"k", [b"bytes"], None),  # type: ignore[list-item]
        lambda: hmac_sha256(b"k", ["x"], "h" * 65),
        lambda: cards(["123"], []),
        lambda: cards([123], [b"x" * 32]),  # type: ignore[list-item]
    ],
)
def test_what_makes_no_sense_raises(call: Any) -> None:
    """Wrong types and sizes; nothing outside the data is read."""
    with pytest.raises((ValueError, TypeError, IndexError)):
        call()


def test_surrogates_are_the_same_without_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cards in one column with and without separators, long, short, and in other digits."""
    texts = ["6222020000000007", "6222 0200 0000 0007", "12", "6" * 19, "٦٢٢٢٠٢٠٠٠٠٠٠٠٠٠٧"]
    context = OperatorContext(recipient="R", keys=FakeKeys(), entity="CREDIT_CARD")
    quick = surrogate(texts, context)
    monkeypatch.setattr(made_up_numbers, "cards", PURE["cards"])
    monkeypatch.setattr("gateway.operators.surrogate.cards", PURE["cards"])
    monkeypatch.setattr("gateway.operators.identity.hmac_sha256", PURE["hmac_sha256"])
    assert surrogate(texts, context) == quick
    assert quick[0] == quick[1].replace(" ", "")
