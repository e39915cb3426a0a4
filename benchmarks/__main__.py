"""`python -m benchmarks [SUITE …]`: measure, print, and keep the figures as JSON."""

from __future__ import annotations

import argparse
import importlib
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import orjson
from rich.console import Console

from benchmarks.figures import Report, machine, show

SUITES: Final = ("engine", "ledger", "linear", "proxy", "startup")


def main() -> None:
    """Run the suites that are named, or all."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "suites", nargs="*", metavar="SUITE", help=f"of {', '.join(SUITES)}; all by default"
    )
    parser.add_argument(
        "--out", type=Path, default=Path("bench-out"), help="folder for the figures"
    )
    options = parser.parse_args()
    unknown = set(options.suites) - set(SUITES)
    if unknown:
        parser.error(f"no suite {', '.join(sorted(unknown))}; there are {', '.join(SUITES)}")
    console = Console()
    on = machine()
    console.print(", ".join(f"{name} {value}" for name, value in on.items()), highlight=False)
    reports = [_run(suite, console) for suite in options.suites or SUITES]
    now = datetime.now(UTC)
    document = {
        "at": now.isoformat(timespec="seconds"),
        "machine": on,
        "suites": [each.document() for each in reports],
    }
    options.out.mkdir(exist_ok=True)
    path = options.out / f"{now:%Y%m%dT%H%M%SZ}.json"
    path.write_bytes(orjson.dumps(document, option=orjson.OPT_INDENT_2))
    console.print(f"Figures are in {path}. Compare ratios, and only those of one run.")


def _run(suite: str, console: Console) -> Report:
    report = Report(suite)
    started = time.perf_counter()
    importlib.import_module(f"benchmarks.{suite}").run(report)
    report.seconds = time.perf_counter() - started
    show(report, console)
    return report


if __name__ == "__main__":
    main()
