"""One process at a time has a log open, or mends it."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from audit_log.errors import AuditUnavailable, LogDamaged


def lock_log(directory: Path) -> int:
    """A descriptor that holds the log of `directory` until it is closed.

    Raises `LogDamaged` where there is none, `AuditUnavailable` where another holds it.
    """
    try:
        lock = os.open(directory / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except FileNotFoundError as error:
        raise LogDamaged(f"{directory} holds no audit log; create one with init") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(lock)
        raise AuditUnavailable(f"{directory} is open in another process") from error
    return lock
