"""The ratios of an earlier run, kept beside the code, to be compared as a report."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks.figures import Cell, Report, Table

PATH: Final = Path(__file__).with_name("stored.json")


def keep(reports: Sequence[Report], machine: dict[str, Cell], at: str) -> None:
    """Store this run's ratios; suites that did not run keep theirs."""
    known = _known()
    for report in reports:
        ratios = {each.what: round(each.value, 4) for each in report.ratios}
        if ratios:
            known[report.suite] = {"at": at, "machine": machine, "ratios": ratios}
    PATH.write_text(json.dumps(known, indent=1, ensure_ascii=False, sort_keys=True) + "\n", "utf-8")


def comparison(reports: Sequence[Report]) -> Table | None:
    """This run's ratios beside the stored ones. A difference is news, never a failure."""
    rows: list[list[Cell]] = []
    for report in reports:
        stored = _known().get(report.suite, {}).get("ratios", {})
        for each in report.ratios:
            if stored.get(each.what):
                times = each.value / stored[each.what]
                better = 1 / times if each.at_most and times else times
                rows.append([f"{report.suite}: {each.what}", stored[each.what], each.value, better])
    columns = ["ratio", "stored", "now", "times as good"]
    return Table("Beside the stored run", columns, rows) if rows else None


def _known() -> dict[str, Any]:
    known: dict[str, Any] = json.loads(PATH.read_text("utf-8")) if PATH.exists() else {}
    return known
