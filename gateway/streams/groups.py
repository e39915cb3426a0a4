"""What the formats that come in many records have in common: groups cut from them, put together.

A group is a whole document of its media type, small enough to be held in memory. Where it ends
depends on the input's bytes alone, not on how they arrive: an input sent or read again has the
same groups.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

GROUP_RECORDS: Final = 1_000
GROUP_BYTES: Final = 1024 * 1024  # also the longest record


@dataclass(frozen=True, slots=True)
class Cut:
    """One group. Records count from 0; `size` is how many bytes of the input it took.

    `head` is what its body repeats of the input's beginning; `start` says, for error messages, from
    where places in it are counted.
    """

    number: int
    first_record: int
    records: int
    body: bytes
    size: int
    head: bytes = b""
    start: str = ""


class Cutter(Protocol):
    """Takes chunks, gives groups."""

    def feed(self, chunk: bytes) -> Iterator[Cut]:
        """The groups that are complete with `chunk`. Raises `TooLarge`."""
        ...

    def finish(self) -> Iterator[Cut]:
        """What is left when no more comes. Raises `TooLarge`."""
        ...


class Framing(Protocol):
    """How records stand in a group's body, and groups behind each other in what leaves."""

    def parted(self, body: bytes, held: Sequence[bool]) -> tuple[bytes, list[bytes]]:
        """`body` without the records that are `held`, and each of those as a body of its own.

        `held` says for each record in order whether it stays.
        """
        ...

    def joined(self, bodies: Sequence[bytes]) -> bytes:
        """One body of what `parted` took out, in its order; at least one."""
        ...

    def written(self, body: bytes, cut: Cut) -> bytes:
        """What is written of `body`, made from that of `cut`, behind the groups before it.

        Raises `Unprocessable` where it was changed in a way that holds for all groups.
        """
        ...


async def cuts(chunks: AsyncIterator[bytes], cutter: Cutter) -> AsyncIterator[Cut]:
    """The groups of a stream that arrives in `chunks`."""
    async for chunk in chunks:
        for cut in cutter.feed(chunk):
            yield cut
    for cut in cutter.finish():
        yield cut
