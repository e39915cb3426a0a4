"""A process that appends to a log and says which entries it was promised.

    python -m tests.faults.writer HOME [--entries N] [--no-sync]

Prints `seq leaf` for each acknowledged entry. Ends with 3 once the log is unavailable.
`--no-sync` forgets every fdatasync, for the negative control of the power cut.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from pathlib import Path

from audit_log.errors import AuditUnavailable
from audit_log.log import AuditLog, wall_clock_us
from tests.audit_log.logs import Home, export

CALLERS = 8


async def write(log: AuditLog, entries: int) -> None:
    """Append from several callers at once, telling each acknowledgement at once."""
    left = entries

    async def caller() -> None:
        nonlocal left
        while left > 0:
            left -= 1
            for receipt in await log.append([export(left, pad=left % 700)]):
                os.write(1, f"{receipt.seq} {receipt.leaf}\n".encode())

    await asyncio.gather(*(caller() for _ in range(CALLERS)))


async def main() -> int:
    """Run until done, killed, or the log fails."""
    parser = argparse.ArgumentParser()
    parser.add_argument("home", type=Path)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--no-sync", action="store_true")
    arguments = parser.parse_args()
    if arguments.no_sync:
        os.fdatasync = lambda fd: None
        os.fsync = lambda fd: None
    try:
        log = Home.make(arguments.home).open(clock=wall_clock_us, publish_seconds=0.005)
        await write(log, arguments.entries)
        healthy = log.healthy
        await log.close()
    except AuditUnavailable as error:
        print(error, file=sys.stderr)
        return 3
    return 0 if healthy else 3


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
