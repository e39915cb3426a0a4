"""One file export, measured from within: `python -m benchmarks.resident FILE` prints its memory.

On the demonstration's configuration: log, ledger, policy, text engines. Nothing is loaded that
`silkgate export` would not load, since libraries of a benchmark would count as its memory.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from benchmarks.contestants import KEY
from benchmarks.node import ROUTE, prepared
from gateway.node import running
from gateway.settings import StreamsSettings
from gateway.streams.files import FileExport


def peak_mb() -> float:
    """This process's resident peak so far."""
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1e3 * 1.024
    raise SystemExit("the kernel does not tell the peak of resident memory")


async def _export(source: Path, size: int, root: Path) -> dict[str, Any]:
    noted: list[float] = []
    done = 0

    def progress(count: int) -> None:
        nonlocal done
        done += count
        while len(noted) < 3 and done * 4 >= size * (len(noted) + 1):
            noted.append(peak_mb())

    patient = StreamsSettings(deadline_seconds=24 * 3600)  # gigabytes on a busy machine
    async with running(replace(prepared(root, 1, KEY), streams=patient)) as node:
        before, started = peak_mb(), time.monotonic()
        target = root / f"out{source.suffix}"
        summary = await FileExport(node, node.routes[ROUTE], source, target, progress).run()
        taken = time.monotonic() - started
    noted += [peak_mb()] * (4 - len(noted))
    facts = {"before": before, "noted": noted, "peak": noted[-1], "seconds": taken}
    return facts | {"delivered": summary.delivered}


class _Hidden(MetaPathFinder):
    """Arrow loads pandas where it is installed, as for the tests; Silkgate comes without."""

    def find_spec(self, fullname: str, *_: object) -> None:
        """Raises `ModuleNotFoundError` for pandas."""
        if fullname == "pandas":
            raise ModuleNotFoundError(fullname, name=fullname)


def main() -> None:
    """Export the file and print what was noted as JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.resident", description=__doc__)
    parser.add_argument("source", type=Path)
    source: Path = parser.parse_args().source
    sys.meta_path.insert(0, _Hidden())
    with tempfile.TemporaryDirectory(prefix="silkgate-") as folder:
        print(json.dumps(asyncio.run(_export(source, source.stat().st_size, Path(folder)))))


if __name__ == "__main__":
    main()
