"""Sealed segments: Parquet with the canonical bytes, their leaf hashes and columns to search.

Parquet bytes are never hashed: what counts is the `entry` column. All else is derived from it,
for analysts and for a quick start, and verification derives it again.
"""

# ruff: noqa: PLC0415 - pyarrow is slow to load, and most commands need no sealed segment

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from audit_log import durable, searchable
from audit_log.entry import Header
from audit_log.errors import InvalidEntry, LogDamaged
from audit_log.tree import leaf_hashes

if TYPE_CHECKING:
    import pyarrow as pa

GROUP_ROWS: Final = 4096
CHAIN: Final = b"silkgate.chain"  # file metadata: chain head after the last entry
DROPPED: Final = b"silkgate.dropped"  # file metadata of a segment that retention has thinned
_MEMORY: Final = ("seq", "ts_us", "kind", "released", "export", "shape")


@dataclass(frozen=True, slots=True)
class Dropped:
    """What is left of a segment whose entries, but for the shapes, retention has dropped."""

    count: int  # entries there were
    ts_us: int  # time of the last
    open: Sequence[int]  # released exports whose outcome stands in a later segment
    closed: Sequence[int]  # exports of earlier segments whose outcome stood here
    started: bool  # whether a `start` stood here
    released: int  # exports released here, behind the last `start` if there was one

    def encode(self) -> bytes:
        """As file metadata."""
        return json.dumps(asdict(self)).encode()


def write(
    path: Path,
    groups: Iterable[Sequence[bytes]],
    chain: bytes,
    dropped: Dropped | None = None,
) -> None:
    """Seal `groups` of at most 4,096 entries each at `path`, durable and read back first.

    Raises `LogDamaged` where the disk does not give back what was written.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    temporary = path.with_name(f".{path.name}.tmp")
    leaves = []
    metadata = {CHAIN: chain.hex().encode()}
    if dropped is not None:
        metadata[DROPPED] = dropped.encode()
    schema = searchable.schema().with_metadata(metadata)
    with pq.ParquetWriter(
        temporary, schema, compression="zstd", write_page_checksum=True
    ) as writer:
        for group in groups:
            rows = searchable.table(group)
            leaves += rows["leaf"].to_pylist()
            writer.write_table(rows, row_group_size=GROUP_ROWS)
    temporary.chmod(0o600)
    durable.sync_file(temporary)
    if list(itertools.chain.from_iterable(map(leaf_hashes, read(temporary)))) != leaves:
        raise LogDamaged(f"{path.name}: the sealed segment does not read back as written")
    temporary.replace(path)
    durable.sync_directory(path.parent)
    pa.default_memory_pool().release_unused()


def chain(path: Path) -> bytes:
    """Chain head after the last entry."""
    with _reading(path):
        return bytes.fromhex(_open(path).schema_arrow.metadata[CHAIN].decode())


def dropped(path: Path) -> Dropped:
    """What retention left of a segment."""
    with _reading(path):
        return Dropped(**json.loads(_open(path).schema_arrow.metadata[DROPPED]))


def read(path: Path, start: int = 0, end: int | None = None) -> Iterator[list[bytes]]:
    """Entries of the rows [start, end), a row group at a time."""
    for rows in _row_groups(path, ["entry"], start, end):
        yield rows["entry"].to_pylist()


def tables(path: Path, start: int = 0) -> Iterator[pa.Table]:
    """Whole rows from `start` on, a row group at a time. Raises `LogDamaged` for other columns.

    While one is in use the next is read, in a thread of its own.
    """
    groups = _row_groups(path, None, start, None)
    with ThreadPoolExecutor(1, "audit-rows") as reading:
        coming = reading.submit(next, groups, None)
        while (rows := coming.result()) is not None:
            coming = reading.submit(next, groups, None)
            if not rows.schema.equals(searchable.schema()):
                raise LogDamaged(f"{path.name}: not the columns of a sealed segment")
            yield rows


def read_times(path: Path) -> Iterator[int]:
    """The times of the rows."""
    for rows in _row_groups(path, ["ts_us"], 0, None):
        yield from rows["ts_us"].to_pylist()


def agrees(rows: pa.RecordBatch) -> bool:
    """Whether all columns are those of the entries."""
    import pyarrow as pa

    try:
        derived = searchable.table(rows["entry"].to_pylist())
    except InvalidEntry:
        return False
    return bool(pa.Table.from_batches([rows]).equals(derived))


def headers(path: Path) -> Iterator[tuple[Header, bytes]]:
    """What a starting log must learn again, with leaf hashes, from the derived columns alone."""
    for rows in _row_groups(path, [*_MEMORY, "leaf"], 0, None):
        columns = [rows[name].to_pylist() for name in (*_MEMORY, "leaf")]
        for seq, ts_us, kind, released, export, shape, leaf in zip(*columns, strict=True):
            header = Header(1, seq, ts_us, "", kind, released=released, export=export, shape=shape)
            yield header, leaf


def _row_groups(
    path: Path, columns: list[str] | None, start: int, end: int | None
) -> Iterator[pa.Table]:
    first = 0
    with _reading(path):
        file = _open(path)
        for group in range(file.num_row_groups):
            rows = file.metadata.row_group(group).num_rows
            low, high = max(start - first, 0), rows if end is None else min(end - first, rows)
            if low < high:
                found = file.read_row_group(group, columns=columns, use_threads=False)
                found.validate()  # offsets lie within their buffers: compiled code reads these
                if "entry" in found.column_names and found["entry"].null_count:
                    raise LogDamaged(f"{path.name}: a row has no entry")
                yield found.slice(low, high - low)
            first += rows


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Whatever pyarrow makes of a damaged file, it is damage."""
    import pyarrow as pa

    try:
        yield
    except FileNotFoundError:
        raise
    except (pa.ArrowException, OSError, ValueError, LookupError, TypeError) as error:
        raise LogDamaged(f"{path.name} is not a whole sealed segment: {error}") from error


def _open(path: Path) -> Any:
    import pyarrow.parquet as pq

    return pq.ParquetFile(path, page_checksum_verification=True)
