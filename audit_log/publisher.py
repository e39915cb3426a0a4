"""Publishing: tiles and signed checkpoints over durable entries, never a step back."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from audit_log import checkpoint, durable
from audit_log.checkpoint import Checkpoint
from audit_log.errors import AuditUnavailable
from audit_log.note import Signer
from audit_log.tiles import Tile, TiledTree, TileFiles

KEEP_SECONDS: Final = 60.0  # how often a checkpoint is kept beside the latest


@dataclass(frozen=True, slots=True)
class Place:
    """Where a log lies: its directory, and the file of its last signed checkpoint outside it."""

    directory: Path
    state: Path

    @property
    def checkpoint(self) -> Path:
        """The latest published checkpoint."""
        return self.directory / "checkpoint"

    @property
    def cosigned(self) -> Path:
        """The latest checkpoint that its witnesses' quorum has cosigned."""
        return self.directory / "cosigned"

    def kept(self, size: int) -> Path:
        """The checkpoint of `size` entries, where it was kept."""
        return self.directory / "ckpt" / str(size)


def publish(
    place: Place, signer: Signer, tree: TiledTree, full: Sequence[Tile], *, keep: bool = True
) -> bytes:
    """Write tiles, sign `tree`, remember the signature outside the log, then show it.

    The order matters: whatever is signed is remembered before anyone can have seen it. With
    `keep`, the checkpoint also stays once later ones have replaced it.
    """
    files = TileFiles(place.directory)
    files.publish((*full, *tree.partial()))
    for tile in full:
        files.drop_partials(tile)
    signed = checkpoint.sign(Checkpoint(signer.name, tree.size, tree.root), [signer])
    durable.replace_file(place.state, signed)
    if keep:
        durable.replace_file(place.kept(tree.size), signed)
    durable.replace_file(place.checkpoint, signed)
    return signed


class Publisher:
    """Publishes within `seconds` of the first entry that is not yet published."""

    def __init__(
        self,
        place: Place,
        signer: Signer,
        tree: TiledTree,
        *,
        seconds: float,
        published: Callable[[int], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        self._place = place
        self._signer = signer
        self._tree = tree
        self._seconds = seconds
        self._published = published  # told the size of each published checkpoint
        self._failed = failed
        self._keep_from = 0.0
        self._broken = False
        self._leaves: list[bytes] = []
        self._has_leaves = threading.Event()
        self._lock = threading.Lock()
        self._publishing = threading.Lock()
        self._closing = threading.Event()
        self._latest = place.checkpoint.read_bytes()
        self._thread = threading.Thread(target=self._run, name="audit-publisher", daemon=True)

    def start(self) -> None:
        """Begin publishing."""
        self._thread.start()

    def add(self, leaves: Sequence[bytes]) -> None:
        """Take the leaf hashes of a group that is durable."""
        with self._lock:
            self._leaves.extend(leaves)
        self._has_leaves.set()

    def publish(self) -> bytes:
        """Publish all durable entries now; return the signed checkpoint."""
        with self._publishing:
            if self._broken:
                raise AuditUnavailable("an earlier checkpoint could not be published")
            with self._lock:
                leaves, self._leaves = self._leaves, []
                if not self._closing.is_set():  # then the thread must not wait for more
                    self._has_leaves.clear()
            if leaves:
                self._broken = True  # until it is done: a tree with lost tiles is never signed
                self._publish(leaves)
                self._broken = False
            return self._latest

    def _publish(self, leaves: Sequence[bytes]) -> None:
        full = self._tree.extend(leaves)
        keep = time.monotonic() >= self._keep_from
        self._latest = publish(self._place, self._signer, self._tree, full, keep=keep)
        if keep:
            self._keep_from = time.monotonic() + KEEP_SECONDS
        self._published(self._tree.size)

    def close(self) -> None:
        """Stop the thread; what is not yet published then is left to `publish`."""
        with self._lock:
            self._closing.set()
            self._has_leaves.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        try:
            while self._has_leaves.wait() and not self._closing.wait(self._seconds):
                self.publish()
        except BaseException as error:  # entries that cannot be signed must stop the log
            self._failed(error)
