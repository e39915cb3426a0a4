"""Offline verification: recompute everything, trust only the verifier key."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Final

from audit_log import anchor, note
from audit_log.commitment import Vault
from audit_log.heads import SignedTree
from audit_log.keys import KeyChain, key_chain
from audit_log.note import BadNote, VerifierKey
from audit_log.parts import reading_ahead
from audit_log.passes import Pass
from audit_log.quorum import WitnessPolicy
from audit_log.report import Code, Damage, Problem, Report
from audit_log.walk import ReadAhead, Walk

WITNESS_LAG_US: Final = 86_400_000_000  # the newest cosigned head may be a day behind


def verify(
    directory: Path,
    *,
    vkey: str,
    state: Path | None = None,
    policy: WitnessPolicy | None = None,
    roots: bytes | None = None,
    vault: Path | None = None,
    resume: Path | None = None,
    workers: int = 1,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Report:
    """Check the whole log against `vkey`; with `state`, also that it is not an older copy.

    With `policy`, demand a checkpoint cosigned by its quorum, at most a day behind the entries;
    with `roots` (PEM), that every kept time stamp holds and is over a head of this log; with
    `vault`, that every salt that is gone was erased by an entry that says so. With `resume`, go
    on where the pass noted there ended, and note this one. With more than one of `workers`, sealed
    segments are read in so many processes. `progress` hears entries done and to do.

    What is wrong with the log is in the report. Raises `BadNote` where `vkey` is malformed,
    `PassUnknown` for a foreign `resume` and `OSError` where the disk cannot be read.
    """
    trusted = VerifierKey.parse(vkey)
    try:
        keys = key_chain(directory, trusted)
    except BadNote as error:
        problem = Problem(Code.TAMPERED, None, str(error))
        return Report(False, 0, "", None, (problem,), {}, {}, {})
    run = _Run(directory, trusted, keys)
    try:
        run.read_heads(state)
        run.read_witnesses(policy)
        run.read_stamps(roots)
        with reading_ahead(directory, run.tree, workers) as ahead:
            run.read_entries(resume, progress, ahead)
        run.check_end()
        run.check_vault(vault)
    except Damage as damage:
        run.problems.append(damage.problem)
    return run.report()


class _Run:
    def __init__(self, directory: Path, trusted: VerifierKey, keys: KeyChain) -> None:
        self.problems: list[Problem] = []
        self._directory = directory
        self._key = trusted
        self._keys = keys
        self.tree = SignedTree(directory, keys)
        self._walk = Walk(directory, self.tree)
        self._checked: Counter[str] = Counter()
        self._witnessed_us: int | None = None  # time of the newest cosignature

    def read_heads(self, state: Path | None) -> None:
        """Collect every signed head; the entries must agree with each of them."""
        self.tree.latest = self.tree.read_head(self._directory / "checkpoint")
        kept = [path for path in (self._directory / "ckpt").iterdir() if path.name.isdigit()]
        for path in (*kept, *((state,) if state else ())):
            self.tree.read_head(path)

    def read_witnesses(self, policy: WitnessPolicy | None) -> None:
        """Take the head that the quorum cosigned as one more to agree with."""
        if policy is None or policy.quorum is None:
            return
        try:
            data = (self._directory / "cosigned").read_bytes()
            times = policy.witnessed(note.parse(data))
        except FileNotFoundError:
            data, times = b"", {}
        except BadNote as error:
            raise Damage(Code.TAMPERED, None, f"cosigned: {error}") from error
        if not policy.satisfied(times):
            what = "no checkpoint carries the cosignatures that the policy asks for"
            self.problems.append(Problem(Code.UNWITNESSED, None, what))
            return
        self._checked["witnessed"] = self.tree.read_head(self._directory / "cosigned").size
        self._witnessed_us = max(times.values()) * 1_000_000

    def read_stamps(self, roots: bytes | None) -> None:
        """Take each head that was time-stamped as one more to agree with."""
        if roots is None:
            return
        for stamp in sorted((self._directory / "stamps").glob("*.tsr")):
            stamped = stamp.with_suffix(".checkpoint")
            self.tree.read_head(stamped)
            try:
                anchor.verify_timestamp(stamp.read_bytes(), stamped.read_bytes(), roots)
            except anchor.TimestampInvalid as error:
                raise Damage(Code.TAMPERED, None, f"{stamp.name}: {error}") from error
            self._checked["stamps"] += 1

    def read_entries(
        self,
        resume: Path | None,
        progress: Callable[[int, int], None],
        ahead: ReadAhead | None = None,
    ) -> None:
        """Read every entry, or those behind the pass noted in `resume`."""
        if resume is not None and resume.exists():
            Pass.read(resume, self._keys).restore(self._walk)
        else:
            self.tree.start()
        for size in self._walk.read(ahead):
            progress(size, max(size, self.tree.latest.size))
            if resume is not None and not self._walk.torn_bytes:
                Pass.of(self._walk, self._key).write(resume)

    def check_end(self) -> None:
        """Check what shows only when all entries are read."""
        walk, size = self._walk, self.tree.size
        if signed := self.tree.signed:
            raise Damage(Code.INCOMPLETE, size, f"{signed} entries were signed, {size} are here")
        for first, end in walk.dropped:
            if (first, end) not in walk.accounts.dropped:
                what = f"entries {first} to {end - 1} are gone and no entry says why"
                self.problems.append(Problem(Code.INCOMPLETE, first, what))
        for rotation in self._keys.rotations:
            if walk.accounts.rotations.get(rotation.seq) != rotation.new:
                what = f"entry {rotation.seq} does not state the change of keys that was made"
                self.problems.append(Problem(Code.TAMPERED, rotation.seq, what))
        if self._witnessed_us is not None and walk.ts_us > self._witnessed_us + WITNESS_LAG_US:
            first = self._checked["witnessed"]
            what = f"entries from {first} on were not witnessed within a day"
            self.problems.append(Problem(Code.UNWITNESSED, first, what))

    def check_vault(self, path: Path | None) -> None:
        """A salt that is gone without an entry was destroyed, not erased."""
        if path is None:
            return
        vault = Vault(path)
        silent = vault.erased() - self._walk.accounts.erased
        vault.close()
        if silent:
            what = f"{len(silent)} salts are gone, the first of row {min(silent)}, and no entry"
            self.problems.append(Problem(Code.TAMPERED, None, f"{what} says that they were erased"))

    def report(self) -> Report:
        """Everything found so far."""
        walk, tree = self._walk, self.tree
        problems = (*walk.problems, *self.problems)
        bad = [one.index for one in problems if one.index is not None]
        outcomes = dict(walk.accounts.statuses)
        if walk.accounts.unfinished:
            outcomes["unfinished"] = len(walk.accounts.unfinished)
        checked = {
            "entries": tree.size,
            "unsigned": max(tree.size - tree.latest.size, 0),
            "checkpoints": tree.heads,
            "tiles": tree.tiles,
            "torn_bytes": walk.torn_bytes,
            "dropped": sum(end - first for first, end in walk.dropped),
        }
        return Report(
            ok=not problems,
            size=tree.latest.size,
            root=tree.latest.root.hex(),
            first_bad=min(bad, default=None),
            problems=problems,
            checked=checked | self._checked,
            kinds=dict(walk.accounts.kinds),
            outcomes=outcomes,
        )
