"""fsck: derived files are mended from the entries, entries never from anything."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from audit_log.errors import AuditUnavailable, LogDamaged
from audit_log.fsck import Finding, fsck
from tests.audit_log.logs import Home, filled
from tests.audit_log.test_sealed import fill
from tests.audit_log.test_verify import edit, rewrite


async def test_a_good_log_has_no_findings(home: Home) -> None:
    """Nothing to say, nothing changed."""
    await filled(home, 600, group=50)
    assert fsck(home.log, mend=True) == []
    assert home.verify().ok


async def test_tiles_are_mended(home: Home) -> None:
    """Lost and damaged tiles, full and partial, come back as they were."""
    await filled(home, 600, group=50)
    lost, bent = home.log / "tile/0/000", home.log / "tile/1/000.p/2"
    lost.unlink()
    bent.write_bytes(b"x" * 64)
    (home.log / ".checkpoint.tmp").write_bytes(b"half")
    assert not home.verify().ok
    found = fsck(home.log)
    assert {one.path for one in found} == {"tile/0/000", "tile/1/000.p/2", ".checkpoint.tmp"}
    assert not home.verify().ok, "without mend nothing is written"
    assert all(one.mended for one in fsck(home.log, mend=True))
    assert fsck(home.log) == []
    assert home.verify().ok


async def test_an_open_log_is_not_mended(home: Home) -> None:
    """What its own threads are writing would pass for left over."""
    home.create()
    log = home.open()
    half = home.log / ".checkpoint.tmp"
    half.write_bytes(b"half")
    with pytest.raises(AuditUnavailable):
        fsck(home.log, mend=True)
    assert half.exists()
    await log.close()
    assert [one.path for one in fsck(home.log, mend=True)] == [half.name]
    assert not half.exists()


async def test_entries_are_never_made_to_fit(home: Home) -> None:
    """Entries that were not signed get no tiles."""
    await filled(home, 20)
    rewrite(home, edit)
    with pytest.raises(LogDamaged):
        fsck(home.log, mend=True)


async def test_every_column_is_compared(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """A column that only analysts read is checked here too."""
    monkeypatch.setattr("audit_log.segments.SEGMENT_ENTRIES", 10)
    await fill(home, 12)
    path = home.log / "seg" / f"{0:016d}.parquet"
    rows = pq.read_table(path)
    field = rows.schema.get_field_index("route")
    routes = pa.array(["elsewhere"] * len(rows))
    pq.write_table(rows.set_column(field, "route", routes), path, write_page_checksum=True)
    assert home.verify().first_bad == 0
    assert fsck(home.log) == [
        Finding(f"seg/{path.name}", "a column differs from the entries", False)
    ]
