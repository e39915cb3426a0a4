"""`python -m benchmarks [SUITE …]`: measure, print, and keep the figures as JSON.

Without names, the suites of one core, proxy and start-up, and the short ones of log and decision.
"""

from __future__ import annotations

import argparse
import importlib
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import orjson
from rich.console import Console

from benchmarks import stored
from benchmarks.figures import Report, machine, show, show_table
from benchmarks.plot import svg

SUITES: Final = ("engine", "formats", "linear", "proxy", "memory", "workers", "startup")
SCRIPTS: Final[dict[str, Sequence[str]]] = {  # programs of their own, with what they are given
    "audit": ("--seconds", "0.5"),
    "decision": (),
    "ledger": (),
    "operators": (),
    "policies": (),
}
DEFAULT: Final = (*SUITES, "audit", "decision")
SECONDS: Final = 600  # that a suite may take where the machine is busy


def main() -> None:
    """Run the suites that are named, or all."""
    known = (*SUITES, *SCRIPTS)
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "suites",
        nargs="*",
        metavar="SUITE",
        help=f"of {', '.join(known)}; {', '.join(DEFAULT)} by default",
    )
    parser.add_argument(
        "--out", type=Path, default=Path("bench-out"), help="folder for the figures"
    )
    parser.add_argument(
        "--store", action="store_true", help="keep the ratios as those to compare with"
    )
    options = parser.parse_args()
    unknown = set(options.suites) - set(known)
    if unknown:
        parser.error(f"no suite {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    console = Console()
    on = machine()
    console.print(", ".join(f"{name} {value}" for name, value in on.items()), highlight=False)
    reports = [_run(suite, console) for suite in options.suites or DEFAULT]
    now = datetime.now(UTC)
    document: dict[str, Any] = {
        "at": now.isoformat(timespec="seconds"),
        "machine": on,
        "suites": [each.document() for each in reports],
    }
    options.out.mkdir(exist_ok=True)
    path = options.out / f"{now:%Y%m%dT%H%M%SZ}.json"
    path.write_bytes(orjson.dumps(document, option=orjson.OPT_INDENT_2))
    (options.out / "ratios.svg").write_text(svg(reports), "utf-8")
    if beside := stored.comparison(reports):
        show_table(beside, console)
    if options.store:
        stored.keep(reports, on, document["at"])
    console.print(f"Figures are in {path}. Compare ratios, and only those of one run.")


def _run(suite: str, console: Console) -> Report:
    report = Report(suite)
    started = time.perf_counter()
    try:
        if suite in SCRIPTS:
            report.notes += _script(suite)
        else:
            signal.alarm(SECONDS)
            importlib.import_module(f"benchmarks.{suite}").run(report)
    except (TimeoutError, subprocess.TimeoutExpired):
        report.notes.append(f"stopped after {SECONDS} s: what is missing was not measured")
    finally:
        signal.alarm(0)
    report.seconds = time.perf_counter() - started
    show(report, console)
    return report


def _script(suite: str) -> list[str]:
    """What the program of a suite prints."""
    command = [sys.executable, "-m", f"benchmarks.{suite}", *SCRIPTS[suite]]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    return (done.stdout if done.returncode == 0 else done.stderr).splitlines()


def _late(number: int, frame: object) -> None:
    raise TimeoutError


if __name__ == "__main__":
    signal.signal(signal.SIGALRM, _late)
    main()
