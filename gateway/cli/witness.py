"""`silkgate audit witness`: cosign other logs' checkpoints."""

from __future__ import annotations

import os
import time
from pathlib import Path

from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit_log import durable, note
from audit_log.note import BadNote, Signer, VerifierKey
from audit_log.witness import Witness, application
from gateway.cli.terminal import console, fail
from gateway.errors import ConfigError
from gateway.settings import split_address


def run(name: str, log_keys: list[Path], directory: Path, listen: str) -> None:
    """Serve until interrupted. The first run makes the witness's key in `directory`."""
    try:
        host, port = split_address(listen, "--listen")
        logs = [VerifierKey.parse(path.read_text("utf-8").strip()) for path in log_keys]
        signer = Signer(name, witness_key(directory), note.COSIGNATURE)
    except (BadNote, ConfigError, OSError, ValueError) as error:
        fail(str(error))
    witness = Witness(directory / "state.db", signer, logs, clock=lambda: int(time.time()))
    console.print(f"verifier key, for the policy file: {witness.vkey}", soft_wrap=True)
    try:
        web.run_app(application(witness), host=host, port=port, print=None, access_log=None)
    finally:
        witness.close()


def witness_key(directory: Path) -> Ed25519PrivateKey:
    """The key of the witness in `directory`, made on first use, readable by its owner alone."""
    path = directory / "witness.key"
    if not path.exists():
        durable.make_directories(directory)
        secret = Ed25519PrivateKey.generate().private_bytes_raw()
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with open(handle, "wb") as file:
            file.write(secret)
            file.flush()
            os.fsync(file.fileno())
    return Ed25519PrivateKey.from_private_bytes(path.read_bytes())
