"""Parts of large files, still whole documents of their format."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from gateway.codecs.model import MalformedBody
from gateway.scan.samples import Sample, positions

_LONGEST_LINE: Final = 16 * 1024 * 1024


def lines(path: Path, limit: int) -> tuple[bytes, Sample]:
    """At most `limit` of a file's lines that are not blank. Raises `MalformedBody`, `OSError`.

    The file is read twice, line by line, so that its size does not matter.
    """
    count = sum(1 for _ in _records(path))
    wanted = iter([*positions(count, limit), -1])
    following = next(wanted)
    taken = []
    for number, line in enumerate(_records(path)):
        if number == following:
            taken.append(line)
            following = next(wanted)
    return b"".join(taken), Sample(len(taken), count)


def _records(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        number = 0
        while line := file.readline(_LONGEST_LINE + 1):
            number += 1
            if len(line) > _LONGEST_LINE:
                raise MalformedBody(f"line {number}", f"a line over {_LONGEST_LINE} bytes")
            if line.strip():
                yield line


def row_groups(path: Path, limit: int) -> tuple[bytes, int]:
    """Row groups of a Parquet file, spread over it, that hold `limit` rows; and all its rows.

    Raises `MalformedBody` or `OSError`.
    """
    import pyarrow as pa  # noqa: PLC0415  slow to load
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        file = pq.ParquetFile(path)
        total = int(file.metadata.num_rows)
        if total <= limit:
            return path.read_bytes(), total
        groups = range(int(file.metadata.num_row_groups))
        rows = [int(file.metadata.row_group(group).num_rows) for group in groups]
        chosen, held = [], 0
        for group in spread(len(rows)):
            chosen.append(group)
            held += rows[group]
            if held >= limit:
                break
        table = file.read_row_groups(sorted(chosen), use_threads=False)
        sink = pa.BufferOutputStream()
        pq.write_table(table, sink)
        return sink.getvalue().to_pybytes(), total
    except (pa.ArrowException, ValueError) as error:
        raise MalformedBody("the whole file", "no readable Parquet") from error


def spread(count: int) -> list[int]:
    """All of `count` positions, those far from each other first: the ends, the middle, quarters.

    >>> spread(5)
    [0, 4, 2, 1, 3]
    """
    order = [0, count - 1] if count > 1 else [0] if count else []
    step = 1 << max(count - 1, 1).bit_length()
    while step > 1:
        step //= 2
        order += range(step, count, step)
    return list(dict.fromkeys(order))
