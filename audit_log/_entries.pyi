"""Entries of the audit log, many at once, built from native/entries.c."""

from collections.abc import Mapping, Sequence
from mmap import mmap
from typing import Any

VERSION: int

def leaf_hashes(entries: Sequence[bytes], /) -> list[bytes]:
    """SHA-256(00 || entry) of each; missing where libcrypto was not found, like the next two."""

def chain_next(head: bytes, leaves: Sequence[bytes], /) -> bytes:
    """SHA-256(02 || head || leaf), leaf by leaf."""

def compose(
    drafts: Sequence[tuple[bytes, bytes, bytes]], seq: int, ts_us: int, head: bytes, /
) -> tuple[bytes, list[bytes], bytes]:
    """Payload of a frame, leaf hashes, chain head; missing like those above."""

def perfect_root(hashes: bytes, /) -> bytes:
    """Root over 2^k hashes, given end to end."""

def split(data: bytes | mmap, start: int, end: int, /) -> list[bytes] | None:
    """The (u32 length, entry)* there; None if the last is cut off."""

def skim(entries: Sequence[bytes], names: tuple[bytes, ...], max_size: int, /) -> bytes | None:
    """A JSON array of the entries' members of these ascending names; None where it declines."""

def fits(container: Any, depth: int, /) -> bool:
    """Whether all that a dict, list or tuple holds is surely inside the profile of entries."""

def set_down(
    body: Mapping[str, Any], node: str, names: tuple[bytes, ...], kinds: str, max_size: int, /
) -> tuple[tuple[bytes, bytes, bytes], bool, int | None, str | None] | None:
    """Parts of an entry, whether it opens an export, which one it closes, the shape it holds."""

def survey(
    entries: Sequence[bytes], names: tuple[bytes, ...], seq: int, ts_us: int, max_size: int, /
) -> (
    tuple[int, list[tuple[int, list[int], list[tuple[int, int | None, str | None]]]], bytes] | None
):
    """The last time, stretches of exports and outcomes, and the other entries' members as JSON."""

def examine(
    rows: Any,
    members: tuple[tuple[bytes, ...], str, bytes],
    due: tuple[int, int],
    max_size: int,
    /,
) -> tuple[
    list[bytes],
    tuple[int, list[tuple[int, list[int], list[tuple[int, int | None, str | None]]]], bytes] | None,
    bool | None,
]:
    """Leaf hashes of a batch's entries, `survey` of them, whether all columns are theirs.

    Missing like the hashes; the names, ascending, hold the survey's.
    """

def columns(
    entries: Sequence[bytes], names: tuple[bytes, ...], kinds: str, max_size: int, /
) -> list[tuple[bytes, bytes, bytes, bytes]] | None:
    """Buffers of Arrow for each ascending name: present, values, texts, lists."""
