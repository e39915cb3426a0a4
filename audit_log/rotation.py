"""Changing the log's key: said in the log, signed by both keys, one checkpoint with both names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit_log import checkpoint, durable, note, strict64
from audit_log.keys import Rotation, key_chain, statement
from audit_log.log import AuditLog, wall_clock_us
from audit_log.note import BadNote, Signer, VerifierKey
from audit_log.publisher import Place


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

    Raises as `AuditLog.open` and `append` do. If it is interrupted, do it again with the same keys.
    """
    signers = [Signer(origin, old), Signer(origin, new)]
    vkeys = [str(signer.verifier) for signer in signers]
    rotation = _begun(directory, *vkeys)
    if rotation is None:
        text = statement(*vkeys)
        signed = [strict64.encode(signer.key.sign(text)) for signer in signers]
        facts = {"old": vkeys[0], "new": vkeys[1]}
        facts |= {"old_signature": signed[0], "new_signature": signed[1]}
        log = AuditLog.open(directory, origin=origin, node=node, key=old, state=state, clock=clock)
        try:
            (receipt,) = await log.append([{"kind": "rotation", **facts}])
            await log.checkpoint()
        finally:
            await log.close()
        rotation = Rotation(receipt.seq, *vkeys, *signed)
        durable.replace_file(
            directory / "keys" / f"{receipt.seq}.rotation", msgspec.json.encode(rotation)
        )
    _hand_over(Place(directory, state), signers, node)
    return rotation


def _begun(directory: Path, old: str, new: str) -> Rotation | None:
    """A change between these keys that is on record, perhaps not finished."""
    chain = key_chain(directory, VerifierKey.parse(old))
    if chain.rotations and (chain.rotations[-1].old, chain.rotations[-1].new) == (old, new):
        return chain.rotations[-1]
    return None


def _hand_over(place: Place, signers: Sequence[Signer], node: str) -> None:
    """Sign the last checkpoint with both keys and name the new one; in any part done before."""
    opened = note.parse(place.checkpoint.read_bytes())
    if not opened.verified([signer.verifier for signer in signers]):
        raise BadNote("the checkpoint is signed by neither key")
    head = checkpoint.parse(opened.text)
    both = checkpoint.sign(head, signers)
    vkey = f"{signers[-1].verifier}\n".encode()
    durable.replace_file(place.directory / "keys" / f"{node}.vkey", vkey)
    for path in (place.kept(head.size), place.state, place.checkpoint):
        durable.replace_file(path, both)
