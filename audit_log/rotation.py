"""Changing the log's key: said in the log, signed by both keys, one checkpoint with both names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit_log import checkpoint, durable, note, strict64
from audit_log.keys import Rotation, statement
from audit_log.log import AuditLog, wall_clock_us
from audit_log.note import Signer


async def rotate(
    directory: Path,
    *,
    origin: str,
    node: str,
    old: Ed25519PrivateKey,
    new: Ed25519PrivateKey,
    state: Path,
    clock: Callable[[], int] = wall_clock_us,
) -> Rotation:
    """Put `new` in the place of `old`. The log must be closed; afterwards it opens with `new`.

    Raises as `AuditLog.open` and `append` do. If it is interrupted, do it again.
    """
    signers = [Signer(origin, old), Signer(origin, new)]
    vkeys = [str(signer.verifier) for signer in signers]
    text = statement(*vkeys)
    signed = [strict64.encode(signer.key.sign(text)) for signer in signers]
    log = AuditLog.open(directory, origin=origin, node=node, key=old, state=state, clock=clock)
    facts = {"old": vkeys[0], "new": vkeys[1]}
    facts |= {"old_signature": signed[0], "new_signature": signed[1]}
    try:
        (receipt,) = await log.append([{"kind": "rotation", **facts}])
        head = checkpoint.parse(note.parse(await log.checkpoint()).text)
    finally:
        await log.close()
    rotation = Rotation(receipt.seq, *vkeys, *signed)
    both = checkpoint.sign(head, signers)
    durable.replace_file(
        directory / "keys" / f"{receipt.seq}.rotation", msgspec.json.encode(rotation)
    )
    durable.replace_file(directory / "keys" / f"{node}.vkey", f"{vkeys[1]}\n".encode())
    for path in (directory / "ckpt" / str(head.size), state, directory / "checkpoint"):
        durable.replace_file(path, both)
    return rotation
