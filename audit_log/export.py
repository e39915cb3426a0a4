"""Exports: a range of entries with everything an outsider needs to check it.

A folder holds `entries.ndjson` (one canonical entry a line), `range.json` (where the range lies
and the hashes on both sides of it), `checkpoint` (signed, with cosignatures if there are any)
and `verify_export.py`. Other forms of the same entries are views and prove nothing.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Final

from audit_log import checkpoint, reader, sealed, searchable
from audit_log.checkpoint import Checkpoint
from audit_log.entry import decode
from audit_log.errors import AuditError
from audit_log.note import VerifierKey
from audit_log.segments import segments
from audit_log.standalone import verify_export
from audit_log.tiles import TileFiles

FORMAT: Final = "silkgate/audit-export/1"
_BATCH: Final = 4096


class ExportRefused(AuditError):
    """The range cannot be exported with a proof."""


@dataclass(frozen=True, slots=True)
class Range:
    """What `range.json` says: entries [first, first + count) of the tree of `size`."""

    format: str
    origin: str
    vkey: str
    first: int
    count: int
    size: int
    left: Sequence[str]  # hashes of the perfect subtrees before the range, in hex
    right: Sequence[str]  # and behind it


def export_range(
    directory: Path, to: Path, *, vkey: str, start: int = 0, end: int | None = None
) -> Range:
    """Write the entries [start, end), as far as they are signed, and their proof to folder `to`.

    Raises `ExportRefused` for a range that is empty or not signed, or a folder that exists.
    """
    signed, head = _best_head(directory, VerifierKey.parse(vkey), start)
    end = head.size if end is None else min(end, head.size)
    if not 0 <= start < end:
        raise ExportRefused(f"no entries from {start} to {end} are signed yet")
    if to.exists():
        raise ExportRefused(f"{to} exists; exports are never written over")
    gone = _dropped_below(directory)
    if start < gone:
        raise ExportRefused(f"retention has dropped the entries before {gone}")
    to.mkdir(parents=True)
    at = TileFiles(directory).subtree(head.size)
    left = [at(*place).hex() for place in verify_export.subtrees(0, start)]
    right = [at(*place).hex() for place in verify_export.subtrees(end, head.size)]
    made = Range(FORMAT, head.origin, vkey, start, end - start, head.size, left, right)
    (to / "range.json").write_text(json.dumps(asdict(made), indent=1) + "\n")
    (to / "checkpoint").write_bytes(signed)
    with (to / "entries.ndjson").open("wb") as file:
        for _, data in reader.entries(directory, start, end):
            file.write(data + b"\n")
    shutil.copyfile(verify_export.__file__, to / "verify_export.py")
    return made


def _dropped_below(directory: Path) -> int:
    """The first entry that retention has left."""
    dropped = [segment for segment in segments(directory) if segment.is_dropped]
    return max((one.first + sealed.dropped(one.path).count for one in dropped), default=0)


def write_parquet(folder: Path) -> None:
    """Add `entries.parquet`, with the columns of a sealed segment, to an exported folder."""
    write_rows(folder / "entries.parquet", _lines(folder))


def write_rows(path: Path, entries: Iterator[bytes]) -> int:
    """Write `entries` with the columns of a sealed segment to `path`; how many there were."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - slow to load, and only this view needs it

    count = 0
    with pq.ParquetWriter(
        path, searchable.schema(), compression="zstd", write_page_checksum=True
    ) as writer:
        while batch := list(islice(entries, _BATCH)):
            writer.write_table(searchable.table(batch))
            count += len(batch)
    return count


def write_opa(folder: Path, directory: Path) -> None:
    """Add `decisions.ndjson`: the exports as events of OPA's decision log.

    Names are those of openpolicyagent.org/docs/management-decision-logs; each group of an export
    is one event, its input and result taken from the shape that the log at `directory` holds.
    """
    shapes = {
        body["shape"]: body for body in reader.documents(directory) if body["kind"] == "shape"
    }
    with (folder / "decisions.ndjson").open("w") as file:
        for line in _lines(folder):
            body = decode(line)
            if body["kind"] == "export":
                for event in _opa_events(body, shapes):
                    file.write(json.dumps(event, ensure_ascii=False) + "\n")


def _opa_events(body: dict[str, Any], shapes: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for group in body.get("groups", ()):
        shape = shapes.get(group["shape"], {})
        yield {
            "labels": {"app": "silkgate", "id": body["node"]},
            "decision_id": body.get("decision_id"),
            "bundles": {"silkgate": {"revision": shape.get("revision")}},
            "path": "silkgate/decision",
            "input": shape.get("input"),
            "result": shape.get("decision"),
            "requested_by": body.get("caller"),
            "timestamp": _rfc3339(body["ts_us"]),
            "req_id": body["seq"],
        }


def _rfc3339(ts_us: int) -> str:
    return (datetime.fromtimestamp(0, UTC) + timedelta(microseconds=ts_us)).isoformat()


def _lines(folder: Path) -> Iterator[bytes]:
    with (folder / "entries.ndjson").open("rb") as file:
        for line in file:
            yield line.removesuffix(b"\n")


def _best_head(directory: Path, key: VerifierKey, start: int) -> tuple[bytes, Checkpoint]:
    """The cosigned head where it covers `start`, else the published one."""
    for name in ("cosigned", "checkpoint"):
        path = directory / name
        if path.exists():
            signed = path.read_bytes()
            head = checkpoint.open_signed(signed, origin=key.name, keys=[key])
            if head.size > start:
                return signed, head
    raise ExportRefused(f"no signed checkpoint covers entry {start}")
