"""Rounds of faults. Each ends with: recover, find every acknowledged entry, verify.

    python -m tests.faults.rounds [guess] [kill] [strace] [powercut] [--rounds N]

`guess` tries a million numbers on one salted commitment whose salt is erased. It and `kill` need
nothing; `strace` needs strace; `powercut` needs root, loop devices, xfsprogs,
e2fsprogs and 1.5 GB of sparse space. Ends with 1 if an acknowledged entry was lost.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from audit_log import reader
from audit_log.errors import AuditError
from audit_log.tree import leaf_hash
from tests.audit_log.guessing import guessed
from tests.audit_log.logs import Home

ROOT = Path(__file__).parents[2]
CANDIDATES = 1_000_000
WRITER = (sys.executable, "-m", "tests.faults.writer")


@dataclass(frozen=True)
class Round:
    """What one round came to."""

    name: str
    acknowledged: int
    lost: int
    status: int
    fault: str = ""

    @property
    def ok(self) -> bool:
        """Nothing lost and the log verifies."""
        return not self.lost and not self.fault


def acknowledged(path: Path) -> list[tuple[int, str]]:
    """The promises a writer printed; a torn last line was none."""
    lines = path.read_text().split("\n")[:-1]
    return [(int(seq), leaf) for seq, leaf in (line.split(" ") for line in lines)]


def judge(name: str, home: Home, acks: Sequence[tuple[int, str]], status: int) -> Round:
    """Recover the log and look for everything that was promised."""
    try:
        asyncio.run(_recover(home))
        held = {seq: leaf_hash(data).hex() for seq, data in reader.entries(home.log)}
        report = home.verify()
    except AuditError as error:
        return Round(name, len(acks), len(acks), status, str(error))
    lost = sum(held.get(seq) != leaf for seq, leaf in acks)
    fault = "" if report.ok else str(report.problems)
    return Round(name, len(acks), lost, status, fault)


async def _recover(home: Home) -> None:
    log = home.open()
    await log.close()


def guess_round(place: Path) -> Round:
    """A million candidates without the salt; with it the same search must find the number."""
    without, with_salt = guessed(place, CANDIDATES)
    fault = "" if (without, with_salt) == (0, 1) else "or the search proves nothing"
    name = f"{CANDIDATES} candidates: {without} fit without the salt, {with_salt} with it"
    return Round(name, 0, 0, 0, fault)


def kill_round(place: Path, after: float) -> Round:
    """Kill -9 a writer in full flow."""
    home = Home.make(place)
    home.create()
    acks = place / "acks"
    with acks.open("wb") as out:
        process = subprocess.Popen([*WRITER, str(place)], cwd=ROOT, stdout=out)
        while not acks.stat().st_size:
            time.sleep(0.01)
        time.sleep(after)
        process.kill()
        status = process.wait()
    return judge(f"kill after {after:.2f} s", home, acknowledged(acks), status)


@dataclass(frozen=True)
class Injection:
    """One fault at one call: strace's inject expression and the file it is limited to."""

    call: str
    fault: str
    when: int
    path: str = ""

    def __str__(self) -> str:
        return f"{self.call} {self.path} {self.fault} #{self.when}".replace("  ", " ")


SEGMENT = f"log/seg/{0:016d}.frm"
TARGETS = (
    ("write", SEGMENT),
    ("write", "log/.checkpoint.tmp"),
    ("write", "state/.last-signed.tmp"),
    ("fdatasync", ""),
    ("fsync", ""),
    ("rename", ""),
    ("link", ""),
    ("unlink", ""),
    ("openat", SEGMENT),
    ("openat", "log/.checkpoint.tmp"),
)
FAULTS = ("error=EIO", "error=ENOSPC", "signal=KILL")
WHEN = (1, 2, 3, 5)


def matrix() -> list[Injection]:
    """Every call, every fault, at several of its hits."""
    return [
        Injection(call, fault, when, path)
        for (call, path), fault, when in product(TARGETS, FAULTS, WHEN)
    ]


def strace_round(place: Path, injection: Injection, entries: int = 150) -> Round:
    """Let one system call fail, or kill the process in it."""
    home = Home.make(place)
    home.create()
    limit = ["-P", str(place / injection.path)] if injection.path else []
    expression = f"inject={injection.call}:{injection.fault}:when={injection.when}"
    command = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={injection.call}"]
    command += [*limit, "-e", expression, *WRITER, str(place), "--entries", str(entries)]
    acks = place / "acks"
    with acks.open("wb") as out:
        status = subprocess.run(
            command, cwd=ROOT, stdout=out, stderr=subprocess.DEVNULL, check=False, timeout=120
        ).returncode
    return judge(str(injection), home, acknowledged(acks), status)


@contextlib.contextmanager
def _mounted(image: Path, at: Path) -> Iterator[Path]:
    at.mkdir(exist_ok=True)
    subprocess.run(["mount", "-o", "loop", image, at], check=True)
    try:
        yield at
    finally:
        subprocess.run(["umount", "-l", at], check=True)


def powercut_round(store: Path, after: float, *, sync: bool) -> Round:
    """Pull the plug: copy the disk's image at one instant, and start from the copy.

    `store` lies on a file system whose copies are atomic (XFS reflinks). The log lies on ext4 in
    an image there, so that the copy is the disk as a power cut leaves it.
    """
    image, cut, acks = store / "disk.img", store / "cut.img", store / "acks"
    for old in (image, cut, acks):
        old.unlink(missing_ok=True)
    with image.open("wb") as file:
        file.truncate(256 << 20)
    subprocess.run(["mkfs.ext4", "-q", "-F", image], check=True)
    with _mounted(image, store / "disk") as disk:
        Home.make(disk / "home").create()
        os.sync()
        command = [*WRITER, str(disk / "home"), *([] if sync else ["--no-sync"])]
        with acks.open("wb") as out:
            process = subprocess.Popen(command, cwd=ROOT, stdout=out)
            while not acks.stat().st_size:
                time.sleep(0.01)
            time.sleep(after)
            promised = acknowledged(acks)  # before the cut: what came later may be lost
            subprocess.run(["cp", "--reflink=always", image, cut], check=True)
            process.kill()
            status = process.wait()
    with _mounted(cut, store / "after") as disk:
        return judge(f"power cut after {after:.2f} s", Home.make(disk / "home"), promised, status)


@contextlib.contextmanager
def xfs_store() -> Iterator[Path]:
    """A file system with atomic copies, in a sparse file."""
    base = Path(tempfile.mkdtemp(prefix="powercut-"))
    image = base / "store.img"
    with image.open("wb") as file:
        file.truncate(1536 << 20)
    try:
        subprocess.run(["mkfs.xfs", "-q", image], check=True)
        with _mounted(image, base / "store") as store:
            yield store
    finally:
        shutil.rmtree(base, ignore_errors=True)


def powercut_lacks() -> str:
    """Why the power cut cannot run here, or nothing."""
    if os.geteuid() != 0:
        return "needs root to mount"
    for tool in ("mkfs.xfs", "mkfs.ext4", "mount"):
        if not shutil.which(tool, path=f"{os.environ['PATH']}:/usr/sbin:/sbin"):
            return f"needs {tool}"
    if not Path("/dev/loop-control").exists():
        return "needs loop devices"
    return ""


def _run(kinds: Sequence[str], rounds: int) -> Iterator[Round]:
    with tempfile.TemporaryDirectory(prefix="faults-") as base:
        if "guess" in kinds:
            yield guess_round(Path(base))
        if "kill" in kinds:
            for number in range(rounds):
                yield kill_round(Path(base) / f"kill{number}", 0.02 * (number % 10))
        if "strace" in kinds:
            for number, injection in enumerate(matrix()):
                yield strace_round(Path(base) / f"strace{number}", injection)
    if "powercut" in kinds:
        if lacks := powercut_lacks():
            raise SystemExit(f"powercut: {lacks}")
        with xfs_store() as store:
            for number in range(rounds):
                yield powercut_round(store, 0.1 * (number % 5 + 1), sync=True)
            control = powercut_round(store, 0.3, sync=False)
            fault = "" if control.lost else "the control lost nothing: the test proves nothing"
            name = (
                f"without fdatasync {control.lost} of {control.acknowledged} are lost, as they must"
            )
            yield Round(name, 0, 0, control.status, fault)


def main() -> int:
    """Run the chosen rounds and count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kinds", nargs="*", default=["guess", "kill", "strace", "powercut"])
    parser.add_argument("--rounds", type=int, default=6)
    arguments = parser.parse_args()
    done = []
    for one in _run(arguments.kinds, arguments.rounds):
        done.append(one)
        print(f"{'ok  ' if one.ok else 'LOST'} {one.name}: {one.acknowledged} acknowledged, "
              f"{one.lost} lost, status {one.status} {one.fault}", flush=True)  # fmt: skip
    bad = sum(not one.ok for one in done)
    promised = sum(one.acknowledged for one in done)
    print(f"{len(done)} rounds, {promised} acknowledged entries, {bad} rounds failed")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
