"""Offline proofs (C2SP tlog-proof): that one entry is in the log, checkable with keys alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from audit_log import checkpoint, note, strict64, tree
from audit_log.note import BadNote, VerifierKey
from audit_log.quorum import WitnessPolicy
from audit_log.tiles import TileFiles
from audit_log.tree import ProofInvalid, leaf_hash

HEADER: Final = "c2sp.org/tlog-proof@v1"
MAX_PROOF: Final = 63


@dataclass(frozen=True, slots=True)
class Proof:
    """Index, audit path and the checkpoint it leads to, as signed. `extra` is not authenticated."""

    index: int
    path: Sequence[bytes]
    signed: bytes
    extra: bytes | None = None

    def encode(self) -> bytes:
        """The `.tlog-proof` file."""
        lines = [HEADER]
        if self.extra is not None:
            lines.append(f"extra {strict64.encode(self.extra)}")
        lines.append(f"index {self.index}")
        lines += [strict64.encode(step) for step in self.path]
        return "\n".join(lines).encode() + b"\n\n" + self.signed


def parse(data: bytes) -> Proof:
    """Read a `.tlog-proof` file. Raises `ProofInvalid`."""
    head, blank, signed = data.partition(b"\n\n")
    header, *lines = head.decode("ascii", "replace").split("\n")
    if header != HEADER or not blank:
        raise ProofInvalid(f"expected {HEADER}")
    extra = None
    if lines and lines[0].startswith("extra "):
        extra = _base64(lines.pop(0).removeprefix("extra "))
    word, _, index = lines.pop(0).partition(" ") if lines else ("", "", "")
    plain = index.isascii() and index.isdigit() and len(index) < 20 and str(int(index)) == index
    if word != "index" or not plain or len(lines) > MAX_PROOF:
        raise ProofInvalid("expected `index` and a plain decimal, then at most 63 hashes")
    return Proof(int(index), [_base64(line, 32) for line in lines], signed, extra)


def prove(directory: Path, index: int) -> Proof:
    """Prove the entry at `index` against the best checkpoint there is: cosigned, else published.

    Raises `ProofInvalid` where no checkpoint covers it yet.
    """
    for name in ("cosigned", "checkpoint"):
        path = directory / name
        signed = path.read_bytes() if path.exists() else b""
        if signed and (head := checkpoint.parse(note.parse(signed).text)).size > index:
            at = TileFiles(directory).subtree(head.size)
            return Proof(index, tree.inclusion_proof(index, head.size, at), signed)
    raise ProofInvalid(f"no published checkpoint covers entry {index}")


def prove_growth(directory: Path, old: int, new: int) -> list[bytes]:
    """Consistency proof between two sizes of the log."""
    return tree.consistency_proof(old, new, TileFiles(directory).subtree(new))


def verify(
    proof: Proof, entry: bytes, *, key: VerifierKey, policy: WitnessPolicy | None = None
) -> None:
    """Check that `entry` is in the log of `key`, and the quorum of `policy` where given.

    Raises `ProofInvalid` or `BadNote`.
    """
    head = checkpoint.open_signed(proof.signed, origin=key.name, keys=[key])
    tree.verify_inclusion(leaf_hash(entry), proof.index, head.size, proof.path, head.root)
    if policy is not None and not policy.satisfied(policy.witnessed(note.parse(proof.signed))):
        raise BadNote("the checkpoint lacks the witnesses that the policy asks for")


def _base64(text: str, length: int | None = None) -> bytes:
    try:
        return strict64.decode(text, length=length)
    except ValueError as error:
        raise ProofInvalid("malformed base64") from error
