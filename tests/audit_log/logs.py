"""Small logs to test with."""

from __future__ import annotations

import shutil
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit_log import segments
from audit_log.log import AuditLog
from audit_log.note import Signer
from audit_log.report import Report
from audit_log.verify import verify

ORIGIN = "audit.example/node-1"
NODE = "node-1"


class FakeClock:
    """A clock that moves one millisecond a reading, or where it is told."""

    def __init__(self, start_us: int = 1_795_000_000_000_000) -> None:
        self.now_us = start_us

    def __call__(self) -> int:
        self.now_us += 1000
        return self.now_us


@dataclass(frozen=True)
class Home:
    """Where a test's log lies, and its key."""

    root: Path
    key: Ed25519PrivateKey

    @classmethod
    def make(cls, root: Path, seed: int = 1) -> Home:
        """A home with a fixed key; no log yet."""
        return cls(root, Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32))

    @property
    def log(self) -> Path:
        return self.root / "log"

    @property
    def state(self) -> Path:
        return self.root / "state" / "last-signed"

    @property
    def vkey(self) -> str:
        return str(Signer(ORIGIN, self.key).verifier)

    def create(self) -> None:
        AuditLog.create(self.log, origin=ORIGIN, node=NODE, key=self.key, state=self.state)

    def open(self, **options: Any) -> AuditLog:
        options.setdefault("clock", FakeClock())
        return AuditLog.open(
            self.log, origin=ORIGIN, node=NODE, key=self.key, state=self.state, **options
        )

    def verify(self, **options: Any) -> Report:
        options.setdefault("state", self.state)
        return verify(self.log, vkey=self.vkey, **options)

    def copy(self, to: Path) -> Home:
        """The same log in another place."""
        shutil.copytree(self.root, to)
        return Home(to, self.key)


def export(number: int = 0, *, released: bool = True, pad: int = 0) -> dict[str, Any]:
    """An opening entry as a gateway would write it."""
    return {
        "kind": "export",
        "released": released,
        "route": "sg-fulfilment",
        "number": number,
        "pad": "x" * pad,
    }


async def filled(home: Home, count: int, *, group: int = 1) -> None:
    """Create a log of `count` exports, `group` to a group, and close it."""
    home.create()
    log = home.open()
    for first in range(0, count, group):
        await log.append([export(number) for number in range(first, min(first + group, count))])
    await log.close()


async def finish(log: AuditLog) -> None:
    """Publish, and wait until what can be sealed is."""
    await log.checkpoint()
    done = threading.Event()
    log._sealer._failed = lambda error: done.set()
    for _ in range(2000):
        if not log._sealer._waiting and not segments.unsealed(log._publisher._place.directory):
            break
        done.wait(0.005)
    await log.close()
