"""Random changes to a sample, for where no coverage-guided fuzzer is installed."""

from __future__ import annotations

import random
from typing import Final

_TOKENS: Final = (
    b'"', b"\\", b"\\u0041", b"\\ud800", b"{", b"}", b"[", b"]", b",", b":", b"\n", b"\r\n", b"\0",
    b"<", b">", b"&#65;", b"]]>", b"<!--", b"%41", b"%", b"=", b"--xYz", b";", b"\xef\xbb\xbf",
    b"\xff", b"\xe5\xbc\xa0", b"1e9", b"-0", b"null", b"\xf0\x9f\x98\x80", b"\x1f\x8b", b"\x00\x00",
)  # fmt: skip


def mutated(sample: bytes, draw: random.Random) -> bytes:
    """`sample` with some bytes changed, cut, doubled or replaced by tokens of the formats."""
    body = bytearray(sample)
    for _ in range(draw.randint(1, 6)):
        at = draw.randint(0, len(body))
        match draw.randrange(5):
            case 0 if body:
                body[min(at, len(body) - 1)] = draw.randrange(256)
            case 1:
                del body[at : at + draw.randint(1, 8)]
            case 2:
                body[at:at] = draw.choice(_TOKENS)
            case 3:
                end = min(at + draw.randint(1, 30), len(body))
                body[at:at] = body[at:end]
            case _:
                body[at:at] = draw.randbytes(draw.randint(1, 4))
    return bytes(body)
