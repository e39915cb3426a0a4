"""Anchors: a checkpoint's existence at a time, vouched for by others.

RFC 3161 time stamps over the checkpoint's bytes, and a small document for a judicial chain
(在线诉讼规则 2021, arts 16-18), which takes digests and never entries.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.x509 import load_pem_x509_certificates

from audit_log import checkpoint, durable, note
from audit_log.errors import AuditError

# ruff: noqa: PLC0415 - the time-stamp library is loaded where a time stamp is

FORMAT: Final = "silkgate/anchor/1"
REQUEST_TYPE: Final = "application/timestamp-query"


@dataclass(frozen=True, slots=True)
class Stamp:
    """A kept time stamp: over how many entries, and when it was fetched (POSIX seconds)."""

    size: int
    time: float


class TimestampInvalid(AuditError):
    """The time stamp does not vouch for the checkpoint."""


def sm3(data: bytes) -> bytes:
    """GB/T 32905 digest."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize()


def anchor_document(signed: bytes) -> bytes:
    """What is deposited on a judicial chain: the tree head and the digests of its signed note."""
    head = checkpoint.parse(note.parse(signed).text)
    facts = {
        "format": FORMAT,
        "origin": head.origin,
        "size": head.size,
        "root": head.root.hex(),
        "sha256": hashlib.sha256(signed).hexdigest(),
        "sm3": sm3(signed).hex(),
    }
    return json.dumps(facts, sort_keys=True, separators=(",", ":")).encode()


def timestamp_request(signed: bytes) -> bytes:
    """An RFC 3161 request over the checkpoint, DER, with a nonce; asks for the certificate."""
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

    builder = TimestampRequestBuilder().data(signed).hash_algorithm(HashAlgorithm.SHA256)
    return builder.nonce(nonce=True).cert_request(cert_request=True).build().as_bytes()


def verify_timestamp(response: bytes, signed: bytes, roots: bytes) -> datetime:
    """When the authority saw the checkpoint. `roots` are the trusted certificates, PEM.

    Raises `TimestampInvalid`.
    """
    from rfc3161_client import VerificationError, VerifierBuilder, decode_timestamp_response

    builder = VerifierBuilder()
    for certificate in load_pem_x509_certificates(roots):
        builder = builder.add_root_certificate(certificate)
    try:
        answer = decode_timestamp_response(response)
        builder.build().verify_message(answer, signed)
    except (VerificationError, ValueError) as error:
        raise TimestampInvalid(f"the time stamp does not hold: {error}") from error
    return answer.tst_info.gen_time


def last_stamp(directory: Path) -> Stamp | None:
    """The newest time stamp that is kept with the log."""
    kept = (directory / "stamps").glob("*.tsr")
    stamps = [Stamp(int(path.stem), path.stat().st_mtime) for path in kept if path.stem.isdigit()]
    return max(stamps, key=lambda stamp: stamp.size, default=None)


def keep_timestamp(directory: Path, signed: bytes, response: bytes, roots: bytes) -> Path:
    """Verify a time stamp and keep it with the very checkpoint that it is for."""
    verify_timestamp(response, signed, roots)
    size = checkpoint.parse(note.parse(signed).text).size
    folder = directory / "stamps"
    durable.make_directories(folder)
    durable.replace_file(folder / f"{size}.checkpoint", signed)
    durable.replace_file(folder / f"{size}.tsr", response)
    return folder / f"{size}.tsr"
