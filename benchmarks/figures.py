"""What a suite hands back, and how it is shown: ratios against marks first, then tables."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table as RichTable

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Ratio:
    """One figure of the run beside what is asked of it. `at_most`: smaller is better."""

    what: str
    value: float
    mark: float | None = None
    moonshot: float | None = None
    at_most: bool = False
    unit: str = "×"

    @property
    def state(self) -> str:
        """How far the figure has come."""
        for goal, reached in ((self.moonshot, "moonshot"), (self.mark, "mark")):
            if goal is not None and (self.value <= goal if self.at_most else self.value >= goal):
                return reached
        return "" if self.mark is None else "missed"


@dataclass(frozen=True, slots=True)
class Table:
    """Absolute figures, for this machine and this minute."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]


@dataclass(slots=True)
class Report:
    """A suite's result. `notes` say what was left out and why."""

    suite: str
    ratios: list[Ratio] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def document(self) -> dict[str, Any]:
        """As plain JSON values."""
        return asdict(self) | {
            "ratios": [asdict(each) | {"state": each.state} for each in self.ratios]
        }


def machine() -> dict[str, Cell]:
    """What the figures were measured on."""
    models = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines()
        if line.startswith("model name")
    ]
    return {
        "cpu": models[0] if models else platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "python": platform.python_version(),
        "kernel": platform.release(),
        "load": round(os.getloadavg()[0], 2),
    }


def show(report: Report, console: Console) -> None:
    """Print one suite."""
    console.rule(f"[bold]{report.suite}[/]  {report.seconds:.0f} s", align="left")
    if report.ratios:
        console.print(_ratios(report.ratios))
    for table in report.tables:
        show_table(table, console)
    for note in report.notes:
        console.print(note, style="dim", markup=False, highlight=False)


def show_table(table: Table, console: Console) -> None:
    """Print one table."""
    drawn = RichTable(title=table.title, title_justify="left", box=box.SIMPLE_HEAD)
    for number, name in enumerate(table.columns):
        drawn.add_column(name, justify="right" if number else "left")
    for row in table.rows:
        drawn.add_row(*map(_text, row))
    console.print(drawn)


def _ratios(ratios: Sequence[Ratio]) -> RichTable:
    drawn = RichTable(box=box.SIMPLE_HEAD)
    for name in ("ratio", "here", "mark", "moonshot", ""):
        drawn.add_column(name, justify="left" if name in ("ratio", "") else "right")
    colours = {"moonshot": "bold green", "mark": "green", "missed": "red", "": "dim"}
    for each in ratios:
        sign = "≤ " if each.at_most else "≥ "
        goals = ("" if goal is None else sign + _text(goal) for goal in (each.mark, each.moonshot))
        state = f"[{colours[each.state]}]{each.state}[/]" if each.state else ""
        drawn.add_row(each.what, f"{_text(each.value)} {each.unit}", *goals, state)
    return drawn


def _text(value: Cell) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return f"{value:,}" if isinstance(value, int) else value
