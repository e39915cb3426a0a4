"""The keyring: secret roots in files, keys derived from them by purpose and context.

One file holds one version of one root. A version, once used, is never used again. Every key the
gateway works with is derived (HKDF-SHA-256, RFC 5869), so that keys of two purposes or of two
recipients tell nothing about each other.
"""

from __future__ import annotations

import os
import re
import secrets
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SIGNING: Final = "node"  # the Ed25519 key that signs checkpoints
PURPOSES: Final = (
    "pseudonym",
    "hash",
    "surrogate",
    "encrypt",
    "fpe",
    "ledger",
    "spool",
    SIGNING,
)
_BYTES: Final = 32
_FILE: Final = re.compile(r"([a-z]+)\.v([1-9][0-9]{0,5})\.key")
_INFO: Final = b"silkgate/1"


class KeyUnavailable(Exception):
    """A key cannot be had, or its files are not as safe as they must be."""


class Keyring:
    """Roots by purpose and version, read once. Its repr and errors hold no key material."""

    def __init__(self, directory: Path, roots: Mapping[tuple[str, int], bytes]) -> None:
        """`roots`: 32 bytes for each (purpose, version)."""
        self.directory = directory
        self._roots = dict(roots)
        self._current: dict[str, int] = {}
        for purpose, version in roots:
            self._current[purpose] = max(version, self._current.get(purpose, 0))
        self._derived: dict[tuple[str, str, int], bytes] = {}

    def __repr__(self) -> str:
        return f"Keyring({str(self.directory)!r}, {len(self._roots)} roots)"

    @classmethod
    def create(cls, directory: Path) -> Keyring:
        """Make a folder (0700) with a new root (0600) for every purpose.

        Raises `KeyUnavailable` if the folder is there already.
        """
        try:
            directory.mkdir(mode=0o700)
        except FileExistsError:
            raise KeyUnavailable(f"{directory} exists: keys are never overwritten") from None
        for purpose in PURPOSES:
            _write(directory, purpose, 1, secrets.token_bytes(_BYTES))
        _sync(directory)
        return cls.open(directory)

    @classmethod
    def open(cls, directory: Path) -> Keyring:
        """Read every root. Raises `KeyUnavailable`.

        The folder and its files must belong to this process's user, be open to nobody else, and
        be no symbolic links.
        """
        _check(directory, _stat(directory))
        roots = {}
        for path in sorted(directory.iterdir()):
            name = _FILE.fullmatch(path.name)
            if name is None or name[1] not in PURPOSES:
                raise KeyUnavailable(f"{path} is no key file: remove it from the keyring")
            roots[name[1], int(name[2])] = _read(path)
        ring = cls(directory, roots)
        for purpose in PURPOSES:
            ring.current(purpose)
        return ring

    def current(self, purpose: str) -> int:
        """The version in use for `purpose`. Raises `KeyUnavailable`."""
        try:
            return self._current[purpose]
        except KeyError:
            raise KeyUnavailable(f"the keyring has no {purpose} key") from None

    def derive(self, purpose: str, context: str = "", *, version: int | None = None) -> bytes:
        """32 bytes for `purpose` and `context` (HKDF-SHA-256, RFC 5869). Raises `KeyUnavailable`.

        Without `version`, the current one. The signing key is not derived from.
        """
        if purpose == SIGNING:
            raise KeyUnavailable("the signing key signs; nothing is derived from it")
        version = self.current(purpose) if version is None else version
        found = self._derived.get((purpose, context, version))
        if found is None:
            found = self._derived[purpose, context, version] = hkdf(
                self._root(purpose, version), _info(purpose, context)
            )
        return found

    def signing_key(self) -> Ed25519PrivateKey:
        """The key that signs this node's checkpoints (RFC 8032)."""
        return Ed25519PrivateKey.from_private_bytes(self._root(SIGNING, self.current(SIGNING)))

    def _root(self, purpose: str, version: int) -> bytes:
        try:
            return self._roots[purpose, version]
        except KeyError:
            raise KeyUnavailable(f"the keyring has no {purpose} key of version {version}") from None


def hkdf(root: bytes, info: bytes, *, salt: bytes | None = None, length: int = _BYTES) -> bytes:
    """HKDF-SHA-256 (RFC 5869)."""
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(root)


def _info(purpose: str, context: str) -> bytes:
    """Purpose and context, each preceded by its length, so that no two pairs read alike."""
    parts = (purpose.encode(), context.encode())
    return _INFO + b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def _write(directory: Path, purpose: str, version: int, root: bytes) -> None:
    path = directory / f"{purpose}.v{version}.key"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    with open(os.open(path, flags, 0o600), "wb") as file:
        file.write(root.hex().encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def _sync(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _stat(path: Path) -> os.stat_result:
    try:
        return path.lstat()
    except OSError as error:
        raise KeyUnavailable(f"{path} cannot be read: {error.strerror}") from None


def _check(path: Path, status: os.stat_result) -> None:
    """Refuse what another user could have read or replaced."""
    if not (stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)):
        raise KeyUnavailable(f"{path} is neither a plain file nor a folder")
    if status.st_uid != os.geteuid():
        raise KeyUnavailable(f"{path} belongs to another user")
    if status.st_mode & 0o077:
        raise KeyUnavailable(f"{path} is open to others: chmod go= {path}")


def _read(path: Path) -> bytes:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise KeyUnavailable(f"{path} cannot be read: {error.strerror}") from None
    with open(handle, "rb") as file:
        _check(path, os.fstat(file.fileno()))
        text = file.read(2 * _BYTES + 2)
    try:
        root = bytes.fromhex(text.decode("ascii"))
    except ValueError:
        root = b""
    if len(root) != _BYTES:
        raise KeyUnavailable(f"{path} does not hold {_BYTES} bytes in hex")
    return root
