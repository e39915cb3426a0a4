"""A witness (C2SP tlog-witness): cosigns checkpoints that extend what it cosigned before."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from audit_log import checkpoint, note, strict64, tree
from audit_log.checkpoint import Checkpoint
from audit_log.note import BadNote, Note, Signer, VerifierKey
from audit_log.tree import ProofInvalid

if TYPE_CHECKING:
    from aiohttp import web

MAX_PROOF: Final = 63
MAX_BODY_BYTES: Final = 1 << 16
_TABLES: Final = """
CREATE TABLE IF NOT EXISTS cosigned (origin TEXT PRIMARY KEY, size INTEGER, root BLOB) STRICT;
CREATE TABLE IF NOT EXISTS refused (
    origin TEXT, size INTEGER, root BLOB, time INTEGER, request BLOB,
    PRIMARY KEY (origin, size, root)
) STRICT;
"""


@dataclass(frozen=True, slots=True)
class Submission:
    """An add-checkpoint request, parsed."""

    old: int
    proof: Sequence[bytes]
    note: Note
    checkpoint: Checkpoint


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer."""

    status: int
    body: bytes = b""
    content_type: str = "text/plain"


class _Refused(Exception):
    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.reply = Reply(status, why.encode() + b"\n")


def parse_submission(body: bytes) -> Submission:
    """Read the body of add-checkpoint. Raises `BadNote`."""
    head, blank, signed = body.partition(b"\n\n")
    if not blank or len(body) > MAX_BODY_BYTES:
        raise BadNote("expected old size, proof, blank line and checkpoint")
    first, *lines = head.decode("ascii", "replace").split("\n")
    word, _, size = first.partition(" ")
    if word != "old" or not size.isascii() or not size.isdigit() or str(int(size[:20])) != size:
        raise BadNote("expected `old` and a size in plain decimal")
    if len(lines) > MAX_PROOF:
        raise BadNote(f"more than {MAX_PROOF} proof lines")
    opened = note.parse(signed)
    proof = tuple(_hash(line) for line in lines)
    return Submission(int(size), proof, opened, checkpoint.parse(opened.text))


def submission(old: int, proof: Sequence[bytes], signed: bytes) -> bytes:
    """The body of add-checkpoint."""
    lines = [f"old {old}", *(strict64.encode(step) for step in proof)]
    return "\n".join(lines).encode() + b"\n\n" + signed


class Witness:
    """Knows some logs by their keys and never cosigns two histories of one of them.

    The state at `path` must not be lost or rolled back: a witness that has lost it must be
    retired. `clock` tells POSIX seconds.
    """

    def __init__(
        self,
        path: Path,
        signer: Signer,
        logs: Sequence[VerifierKey],
        *,
        clock: Callable[[], int],
    ) -> None:
        self._signer = Signer(signer.name, signer.key, note.COSIGNATURE)
        self._logs: Mapping[str, list[VerifierKey]] = {
            log.name: [other for other in logs if other.name == log.name] for log in logs
        }
        self._clock = clock
        self._lock = threading.Lock()
        self._state = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._state.execute("PRAGMA journal_mode=DELETE")
        self._state.execute("PRAGMA synchronous=FULL")
        self._state.executescript(_TABLES)

    @property
    def vkey(self) -> str:
        """The key that cosigns."""
        return str(self._signer.verifier)

    def close(self) -> None:
        """Let go of the state."""
        self._state.close()

    def add_checkpoint(self, body: bytes) -> Reply:
        """Answer one request: 200 with a cosignature line, or why not."""
        try:
            request = parse_submission(body)
            self._authenticate(request)
        except BadNote as error:
            return Reply(400, f"{error}\n".encode())
        except _Refused as refusal:
            return refusal.reply
        with self._lock:
            self._state.execute("BEGIN IMMEDIATE")
            try:
                reply = self._extend(request)
                if reply.status != 200:  # signed by the log all the same: perhaps evidence
                    self._keep(request, body)
                self._state.execute("COMMIT")
            except BaseException:
                self._state.execute("ROLLBACK")
                raise
        return reply

    def _authenticate(self, request: Submission) -> None:
        keys = self._logs.get(request.checkpoint.origin)
        if keys is None:
            raise _Refused(404, "this log is not known here")
        try:
            signed = request.note.verified(keys)
        except BadNote as error:
            raise _Refused(403, str(error)) from error
        if not signed:
            raise _Refused(403, "not signed by a key of this log")
        if request.old > request.checkpoint.size:
            raise _Refused(400, "the old size is above the new one")

    def _extend(self, request: Submission) -> Reply:
        new = request.checkpoint
        row = self._state.execute(
            "SELECT size, root FROM cosigned WHERE origin = ?", (new.origin,)
        ).fetchone()
        size, root = row or (0, tree.EMPTY_ROOT)
        if request.old != size or (new.size == size and new.root != root):
            return Reply(409, f"{size}\n".encode(), "text/x.tlog.size")
        try:
            _check_growth(size, root, request)
        except ProofInvalid as error:
            return Reply(422, f"{error}\n".encode())
        self._state.execute(
            "REPLACE INTO cosigned VALUES (?, ?, ?)", (new.origin, new.size, new.root)
        )
        return Reply(200, self._signer.cosign(request.note.text, time=self._clock()).encode())

    def _keep(self, request: Submission, body: bytes) -> None:
        new = request.checkpoint
        row = (new.origin, new.size, new.root, self._clock(), body)
        self._state.execute("INSERT OR IGNORE INTO refused VALUES (?, ?, ?, ?, ?)", row)


def application(witness: Witness) -> web.Application:
    """The witness as an aiohttp application."""
    from aiohttp import web  # noqa: PLC0415 - only a serving witness needs it

    async def add_checkpoint(request: web.Request) -> web.Response:
        reply = witness.add_checkpoint(await request.read())
        return web.Response(status=reply.status, body=reply.body, content_type=reply.content_type)

    app = web.Application(client_max_size=MAX_BODY_BYTES)
    app.router.add_post("/add-checkpoint", add_checkpoint)
    return app


def _check_growth(size: int, root: bytes, request: Submission) -> None:
    new = request.checkpoint
    if size:
        tree.verify_consistency(size, new.size, request.proof, root, new.root)
    elif request.proof:
        raise ProofInvalid("a proof from size 0 must be empty")
    elif not new.size and new.root != tree.EMPTY_ROOT:
        raise ProofInvalid("the empty tree has another root")


def _hash(line: str) -> bytes:
    try:
        return strict64.decode(line, length=32)
    except ValueError as error:
        raise BadNote("a proof line is not a hash in base64") from error
