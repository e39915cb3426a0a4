"""Dropping what need not be kept: salts at once and for good, whole segments after years.

Both are said in the log first. Leaf hashes and tiles stay, so that roots, proofs and the chain
hold for ever; of dropped segments the shapes stay too, since later entries refer to them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from audit_log import durable, reader, sealed
from audit_log.accounts import Accounts
from audit_log.commitment import Vault
from audit_log.entry import read_header, read_headers
from audit_log.log import AuditLog
from audit_log.segments import DROPPED, Segment, segments

FLOOR_US: Final = 3 * 366 * 86_400_000_000  # PIPL art 56: assessments, and records of what was
# done on them, are kept for at least three years
_ROWS: Final = 4096  # vault rows that one entry can name


async def erase(log: AuditLog, vault: Vault, rows: Sequence[int], *, reason: str) -> int:
    """Say in the log that the salts in `rows` go, then erase them; the last entry's seq.

    `reason` is a code or reference, never a value. Raises `KeyError` for a row that is not there.
    """
    for row in rows:
        vault.salt(row)
    seq = -1
    for at in range(0, len(rows), _ROWS):
        part = list(rows[at : at + _ROWS])
        (receipt,) = await log.append([{"kind": "erase", "rows": part, "reason": reason}])
        vault.erase(part)
        seq = receipt.seq
    return seq


def pending_erasures(directory: Path, vault: Vault) -> set[int]:
    """Rows that the log says are erased and the vault still holds: a crash came between."""
    accounts = Accounts()
    accounts.take([read_header(data) for _, data in reader.entries(directory)])
    return accounts.erased - vault.erased()


async def expire(
    log: AuditLog, directory: Path, *, now_us: int, keep_us: int = FLOOR_US
) -> list[tuple[int, int]]:
    """Drop the sealed segments whose last entry is older than `keep_us`; the ranges dropped.

    Raises `ValueError` below the floor of three years.
    """
    if keep_us < FLOOR_US:
        raise ValueError("entries are kept for at least three years (PIPL art 56)")
    done = []
    for segment in [one for one in segments(directory) if one.is_sealed]:
        entries = await asyncio.to_thread(_entries, segment)
        if read_header(entries[-1]).ts_us >= now_us - keep_us:
            break
        end = segment.first + len(entries)
        await log.append([{"kind": "retention", "first": segment.first, "end": end}])
        await log.checkpoint()
        await asyncio.to_thread(_drop, segment, entries)
        done.append((segment.first, end))
    return done


def _entries(segment: Segment) -> list[bytes]:
    return [entry for group in sealed.read(segment.path) for entry in group]


def _drop(segment: Segment, entries: Sequence[bytes]) -> None:
    accounts = Accounts()
    headers = read_headers(entries)
    accounts.take(headers)
    kept = [
        entry
        for entry, header in zip(entries, headers, strict=True)
        if header.kind in ("shape", "erase", "retention", "rotation")
    ]
    closed = [h.export for h in headers if h.kind == "outcome" and h.export is not None]
    left = sealed.Dropped(
        count=len(entries),
        ts_us=headers[-1].ts_us,
        open=list(accounts.unfinished),
        closed=[seq for seq in closed if seq < segment.first],
        started=accounts.kinds["start"] > 0,
        released=accounts.released,
    )
    groups = [kept[at : at + sealed.GROUP_ROWS] for at in range(0, len(kept), sealed.GROUP_ROWS)]
    chain = sealed.chain(segment.path)
    sealed.write(segment.path.with_suffix(DROPPED), groups, chain, left)
    durable.remove_file(segment.path)
