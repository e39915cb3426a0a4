"""The questions that the documentation asks of sealed segments have answers."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from tests.audit_log.logs import Home, export, finish

TEXT = (Path(__file__).parents[2] / "docs" / "audit-log.md").read_text("utf-8")


@pytest.fixture
async def here(home: Home, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which `data/audit` is a log with a sealed segment."""
    monkeypatch.setattr("audit_log.segments.SEGMENT_ENTRIES", 10)
    home.create()
    log = home.open()
    treated = {"treatments": [{"treatment": "mask", "category": "pi_basic", "cells": 1}]}
    await log.append([export(0) | treated | {"destination": "SG", "records": 7}, export(1)])
    await log.append([{"kind": "outcome", "export": 0, "status": "delivered"}])
    for number in range(10):
        await log.append([export(number)])
    await finish(log)
    (home.root / "data").mkdir()
    (home.root / "data" / "audit").symlink_to(home.log)
    monkeypatch.chdir(home.root)
    return home.root


async def test_duckdb(here: Path) -> None:
    """Records by destination and month; exports without a delivery."""
    by_month, undelivered = re.findall(r"```sql\n(.*?)```", TEXT, re.DOTALL)
    assert ("SG", "2026-11", 7) in duckdb.sql(by_month).fetchall()
    missing = duckdb.sql(undelivered).fetchall()
    assert missing[0] == (1, "sg-fulfilment", "no outcome")
    assert 0 not in [row[0] for row in missing]


async def test_pandas(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Categories by route."""
    (example,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    exec(example, {})
    assert re.search(r"sg-fulfilment +pi_basic +1", capsys.readouterr().out)


def test_every_threat_has_its_tests() -> None:
    """The tests that the table names exist."""
    tests = Path(__file__).parents[1]
    source = "".join(path.read_text("utf-8") for path in tests.rglob("test_*.py"))
    table = TEXT.partition("## Who attacks what")[2].partition("\n## ")[0]
    rows = [row for row in table.splitlines() if row.startswith("|")][2:]
    assert rows
    for row in rows:
        named = re.findall(r"`(test_\w+)`", row)
        assert named, row
        for name in named:
            assert f"def {name}(" in source, name
