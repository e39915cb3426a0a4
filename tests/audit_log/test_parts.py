"""Verification in several processes says what it says in one."""

from __future__ import annotations

from pathlib import Path

import pytest

from audit_log import durable, sealed
from audit_log.accounts import Accounts
from audit_log.entry import Header
from audit_log.walk import Walk
from tests.audit_log.logs import Home


def files(home: Home) -> list[Path]:
    return sorted((home.log / "seg").glob("*.parquet"))


async def test_the_reports_are_equal(parted: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole or damaged, in any segment; every sealed segment but the first is read elsewhere."""
    assert len(files(parted)) >= 5
    alone = parted.verify()
    assert alone.kinds["outcome"]
    assert {problem.code for problem in alone.problems} == {"unaccounted"}  # the stray outcomes
    assert parted.verify(workers=2).as_dict() == alone.as_dict()
    read = Walk.read_sealed
    here: list[int] = []

    def counted(self: Walk, segment: object) -> None:
        here.append(self.tree.size)
        read(self, segment)

    monkeypatch.setattr(Walk, "read_sealed", counted)
    parted.verify(workers=2)
    assert here == [0]


@pytest.mark.parametrize(
    ("place", "change"),
    [(2, "flip"), (0, "entry"), (2, "entry"), (-1, "missing"), (1, "chain"), (-1, "chain")],
)
async def test_damage_is_named_alike(parted: Home, place: int, change: str) -> None:
    """A flipped bit, a changed entry in a well-formed file, a file gone, a wrong chain head."""
    path = files(parted)[place]
    if change == "flip":
        data = path.read_bytes()
        path.write_bytes(data[:200] + bytes([data[200] ^ 1]) + data[201:])
    elif change == "missing":
        path.unlink()
    else:
        chain = sealed.chain(path)
        entries = [entry for group in sealed.read(path) for entry in group]
        if change == "entry":
            entries[3] = entries[3].replace(b'"node":"node-1"', b'"node":"node-2"')
        else:
            chain = bytes(32)
        path.unlink()
        sealed.write(path, [entries], chain)
    alone = parted.verify()
    assert not alone.ok
    assert parted.verify(workers=2).as_dict() == alone.as_dict()


async def test_a_damaged_tile_between_parts(parted: Home) -> None:
    """A part that begins at a wrong place is not taken."""
    tiles = [path for path in (parted.log / "tile" / "0").rglob("*") if path.is_file()]
    tile = max(tiles, key=lambda path: path.stat().st_size)
    data = bytearray(tile.read_bytes())
    data[15 * 32] ^= 1
    durable.replace_file(tile, bytes(data))
    alone = parted.verify()
    assert ("tampered", 15) in [(one.code, one.index) for one in alone.problems]
    assert parted.verify(workers=2).as_dict() == alone.as_dict()


def header(seq: int, kind: str, **facts: object) -> Header:
    return Header(1, seq, seq, "n", kind, **facts)


def test_accounts_of_parts_add_up() -> None:
    """Cut anywhere, the counts and the faults are those of the whole."""
    headers = [
        header(0, "start"),
        header(1, "export", released=True),
        header(2, "export", released=True),
        header(3, "outcome", export=1, status="delivered"),
        header(4, "counters", forwarded=2),
        header(5, "counters", forwarded=3),
        header(6, "outcome", export=1, status="failed"),
        header(7, "start"),
        header(8, "counters", forwarded=1),
        header(9, "export", released=True),
        header(10, "counters", forwarded=1),
        header(11, "erase", rows=(4,)),
        header(12, "outcome", export=2, status="unknown"),
        header(13, "outcome", status="unknown"),
    ]
    whole = Accounts()
    faults = whole.take(headers)
    assert [seq for seq, _ in faults] == [5, 6, 8, 13]
    for cut in range(1, len(headers)):
        left, right = Accounts(), Accounts(cut)
        found = left.take(headers[:cut]) + right.take(headers[cut:])
        found += left.join(right)
        assert sorted(found) == faults, cut
        assert (left.unfinished, left.released, left.erased) == (
            whole.unfinished, whole.released, whole.erased
        )  # fmt: skip
        assert (left.kinds, left.statuses) == (whole.kinds, whole.statuses)
