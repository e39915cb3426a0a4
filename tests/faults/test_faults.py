"""A short form of the rounds: nothing that was acknowledged is ever lost."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.audit_log.outside import need
from tests.faults import rounds
from tests.faults.rounds import SEGMENT, Injection


@pytest.mark.parametrize("after", [0.0, 0.1])
def test_kill(tmp_path: Path, after: float) -> None:
    """Kill -9 in full flow."""
    done = rounds.kill_round(tmp_path, after)
    assert done.ok, done
    assert done.acknowledged


@pytest.mark.parametrize(
    "injection",
    [
        Injection("write", "error=ENOSPC", 2, SEGMENT),
        Injection("write", "signal=KILL", 2, SEGMENT),
        Injection("fdatasync", "error=EIO", 2),
        Injection("fdatasync", "signal=KILL", 3),
        Injection("fsync", "error=EIO", 5),
        Injection("rename", "error=ENOSPC", 2),
    ],
    ids=str,
)
def test_a_failing_call(tmp_path: Path, injection: Injection) -> None:
    """One system call fails or kills; the process stops, and the log recovers whole."""
    need("strace", "" if shutil.which("strace") else "not installed")
    done = rounds.strace_round(tmp_path, injection)
    assert done.ok, done
    assert done.status == (-9 if "KILL" in injection.fault else 3)


def test_a_power_cut_and_its_negative_control() -> None:
    """The plug is pulled: nothing is lost; with fdatasync forgotten, something is."""
    need("powercut", rounds.powercut_lacks())
    with rounds.xfs_store() as store:
        done = rounds.powercut_round(store, 0.2, sync=True)
        assert done.ok, done
        assert rounds.powercut_round(store, 0.3, sync=False).lost
