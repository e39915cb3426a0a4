"""Keyed digests of many texts at once, built from native/keyed.c."""

from collections.abc import Sequence

VERSION: int

def hmac_sha256(key: bytes, texts: Sequence[str], head: str | None, /) -> list[bytes] | list[str]:
    """HMAC-SHA-256 of each text in UTF-8: as bytes without a head, else in hex behind it."""

def cards(texts: Sequence[str], secrets: Sequence[bytes], /) -> list[str | None]:
    """A made-up card number for each text of 3 to 18 ASCII digits; None for another."""
