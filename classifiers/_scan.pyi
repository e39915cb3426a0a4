"""Candidates, built from native/scan.c."""

from collections.abc import Mapping

VERSION: int

def joined(texts: list[str], /) -> tuple[bytes, bytearray] | None:
    """The UTF-8 of `texts` in one buffer, and where each begins; None where one has none."""

def note(expression: int, start: int, end: int, flags: int, hits: bytearray, /) -> None:
    """Hyperscan's handler: add a match to `hits`."""

def grouped(
    hits: bytearray,
    starts: bytearray,
    trails: tuple[int, ...],
    owners: tuple[tuple[int, ...], ...],
    /,
) -> Mapping[int, dict[int, list[int]]]:
    """By text and rule, the byte offsets in the text where a match may end."""

def changing(texts: list[str], /) -> list[int]:
    """Which of `texts` may have another canonical form: all that have one, and few others."""
