"""How long commands take to start: `silkgate --help`, the first serve, the serves after it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Final

from benchmarks.figures import Cell, Ratio, Report, Table

HELPS: Final = 5
SERVES: Final = 4  # the first with an empty cache
PATIENCE: Final = 300.0  # a cold first start on a busy machine
_COMMAND: Final = [sys.executable, "-m", "gateway"]


def run(report: Report) -> None:
    """The startup suite. Wall-clock time: what a person or an orchestrator waits."""
    helps = sorted(_help() for _ in range(HELPS))
    with tempfile.TemporaryDirectory(prefix="silkgate-") as root:
        home = Path(root)
        subprocess.run([*_COMMAND, "init", str(home / "gateway")], check=True, capture_output=True)
        serves = [_serve(home) for _ in range(SERVES)]
    report.ratios += [
        Ratio("silkgate --help", helps[0], 0.3, at_most=True, unit="s"),
        Ratio(
            "ready to serve, after the first start", min(serves[1:]), 3, 1.5, at_most=True, unit="s"
        ),
    ]
    rows: list[list[Cell]] = [
        ["silkgate --help", helps[0], helps[HELPS // 2]],
        ["first serve, patterns compiled", serves[0], None],
        ["serve again, patterns cached", min(serves[1:]), None],
    ]
    report.tables.append(Table("Seconds", ["", "least", "median"], rows))


def _help() -> float:
    started = time.perf_counter()
    subprocess.run([*_COMMAND, "--help"], check=True, capture_output=True)
    return time.perf_counter() - started


def _serve(home: Path) -> float:
    """Seconds until `/readyz` says 200, with caches under `home`."""
    config = home / "gateway" / "gateway.toml"
    text = config.read_text("utf-8")
    config.write_text(re.sub(r'"127\.0\.0\.1:808[01]"', '"127.0.0.1:0"', text), "utf-8")
    environment = os.environ | {"HOME": str(home), "PYTHONUNBUFFERED": "1"}
    started = time.perf_counter()
    command = [*_COMMAND, "serve", "-c", str(config)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as child:
        try:
            assert child.stdout is not None
            port = re.search(r'"admin": ?([0-9]+)', child.stdout.readline())
            if port is None:
                raise SystemExit("silkgate serve did not start")
            _await_ready(int(port[1]), started + PATIENCE)
            return time.perf_counter() - started
        finally:
            child.terminate()


def _await_ready(port: int, end: float) -> None:
    while time.perf_counter() < end:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as reply:
                if reply.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.01)
    raise SystemExit("silkgate serve did not become ready")
