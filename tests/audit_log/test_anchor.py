"""Anchors: time stamps by OpenSSL's authority, and the document for a judicial chain."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from audit_log import anchor
from audit_log.anchor import TimestampInvalid
from tests.audit_log.logs import Home, filled
from tests.audit_log.outside import need

CONFIG = """
[tsa]
default_tsa = tsa_config
[tsa_config]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
[req]
distinguished_name = name
[name]
[ca]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
subjectKeyIdentifier = hash
[leaf]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
"""


def openssl(*arguments: str, folder: Path) -> bytes:
    done = subprocess.run(
        ["openssl", *arguments], cwd=folder, check=False, capture_output=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def authority(tmp_path: Path) -> Path:
    """A time-stamping authority with a root of its own."""
    need("openssl", "" if shutil.which("openssl") else "not installed")
    folder = tmp_path / "tsa"
    folder.mkdir()
    (folder / "config").write_text(CONFIG.format(folder=folder))
    (folder / "serial").write_text("01\n")
    common = ["-config", "config", "-nodes", "-newkey", "rsa:2048"]
    openssl(
        *["req", "-x509", *common, "-keyout", "ca.key", "-out", "ca.pem", "-days", "9"],
        *["-subj", "/CN=Test Root", "-extensions", "ca"],
        folder=folder,
    )
    openssl(
        *["req", *common, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Test TSA"],
        folder=folder,
    )
    openssl(
        *["x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-out", "tsa.pem"],
        *["-CAcreateserial", "-days", "9", "-extfile", "config", "-extensions", "leaf"],
        folder=folder,
    )
    return folder


def stamp(authority: Path, request: bytes) -> bytes:
    (authority / "request").write_bytes(request)
    openssl(
        *["ts", "-reply", "-queryfile", "request", "-out", "reply", "-config", "config"],
        folder=authority,
    )
    return (authority / "reply").read_bytes()


async def test_a_time_stamp_over_a_checkpoint(home: Home, authority: Path) -> None:
    """OpenSSL answers our request; we accept its answer and so does OpenSSL."""
    await filled(home, 5)
    signed = (home.log / "checkpoint").read_bytes()
    reply = stamp(authority, anchor.timestamp_request(signed))
    roots = (authority / "ca.pem").read_bytes()
    seen = anchor.verify_timestamp(reply, signed, roots)
    assert abs(seen - datetime.now(UTC)) < timedelta(hours=1)
    kept = anchor.keep_timestamp(home.log, signed, reply, roots)
    openssl(
        *["ts", "-verify", "-in", str(kept), "-data", str(kept.with_suffix(".checkpoint"))],
        *["-CAfile", "ca.pem"],
        folder=authority,
    )
    assert home.verify().ok


async def test_a_time_stamp_of_something_else_is_refused(home: Home, authority: Path) -> None:
    """Another checkpoint, another root, or a flipped byte."""
    await filled(home, 5)
    signed = (home.log / "checkpoint").read_bytes()
    reply = stamp(authority, anchor.timestamp_request(signed))
    roots = (authority / "ca.pem").read_bytes()
    with pytest.raises(TimestampInvalid):
        anchor.verify_timestamp(reply, signed + b"x", roots)
    with pytest.raises(TimestampInvalid):
        anchor.verify_timestamp(reply, signed, (authority / "tsa.pem").read_bytes())
    with pytest.raises(TimestampInvalid):
        anchor.verify_timestamp(b"nonsense", signed, roots)
    for at in range(40, len(reply), 97):
        flipped = reply[:at] + bytes([reply[at] ^ 0x01]) + reply[at + 1 :]
        with pytest.raises(TimestampInvalid):
            anchor.verify_timestamp(flipped, signed, roots)


def test_sm3_vectors() -> None:
    """GB/T 32905-2016 annex A."""
    assert anchor.sm3(b"abc").hex() == (
        "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    )
    assert anchor.sm3(b"abcd" * 16).hex() == (
        "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
    )


async def test_the_document_for_a_judicial_chain(home: Home) -> None:
    """Digests of the signed checkpoint, no entries."""
    await filled(home, 5)
    signed = (home.log / "checkpoint").read_bytes()
    document = json.loads(anchor.anchor_document(signed))
    assert document["size"] == 5
    assert document["sha256"] == hashlib.sha256(signed).hexdigest()
    assert document["sm3"] == anchor.sm3(signed).hex()
