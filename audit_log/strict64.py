"""Base64 in its one canonical form, so that two texts never stand for the same bytes."""

from __future__ import annotations

import base64


def encode(data: bytes) -> str:
    """RFC 4648 section 4, with padding."""
    return base64.b64encode(data).decode()


def decode(text: str, *, length: int | None = None) -> bytes:
    """The bytes of `text`. Raises `ValueError` for any other spelling, or another length."""
    data = base64.b64decode(text, validate=True)
    if encode(data) != text or length not in (None, len(data)):
        raise ValueError("not canonical base64 of the expected length")
    return data
