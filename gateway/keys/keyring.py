"""The keyring: secret roots in files, keys derived from them by purpose and context.

One file holds one version of one root. A version, once used, is never used again: a retired key
leaves an empty file in its place. Every key the gateway works with is derived (HKDF-SHA-256,
RFC 5869), so that keys of two purposes or of two recipients tell nothing about each other.
"""

from __future__ import annotations

import os
import re
import secrets
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SIGNING: Final = "node"  # the Ed25519 key that signs checkpoints
LEDGER: Final = "ledger"  # hashes persons; a new key within a year would count them twice
PURPOSES: Final = (
    "pseudonym",
    "hash",
    "surrogate",
    "encrypt",
    "fpe",
    LEDGER,
    "spool",
    SIGNING,
)
OPERATOR_KEYS: Final = ("encrypt", "fpe", "hash", "pseudonym", "surrogate")
_BYTES: Final = 32
_FILE: Final = re.compile(r"([a-z]+)\.v([1-9][0-9]{0,5})\.(key|retired)")
_INFO: Final = b"silkgate/1"


class KeyUnavailable(Exception):
    """A key cannot be had, or its files are not as safe as they must be."""


class KeyGone(KeyUnavailable):
    """This version of a key is retired, or was never here."""

    def __init__(self, purpose: str, version: int, why: str) -> None:
        super().__init__(f"version {version} of the {purpose} key is {why}")
        self.version = version


@dataclass(frozen=True, slots=True)
class KeyState:
    """One version of one key, without the key. A `kept` one still reads what it once made."""

    purpose: str
    version: int
    state: Literal["current", "kept", "retired"]


class Keyring:
    """Roots by purpose and version. Its repr and errors hold no key material."""

    def __init__(self, directory: Path, purposes: Sequence[str] = PURPOSES) -> None:
        """Read every root of `directory`. Raises `KeyUnavailable`; see `open`."""
        self.directory, self._purposes = directory, purposes
        self._load()

    def _load(self) -> None:
        roots = _roots(self.directory)
        current: dict[str, int] = {}
        for purpose, version in (at for at, root in roots.items() if root is not None):
            current[purpose] = max(version, current.get(purpose, 0))
        for purpose in self._purposes:
            if purpose not in current:
                raise KeyUnavailable(f"the keyring has no {purpose} key")
        self._roots, self._current = roots, current
        self._derived: dict[tuple[str, str, int], bytes] = {}

    def __repr__(self) -> str:
        return f"Keyring({str(self.directory)!r}, {len(self._roots)} roots)"

    @classmethod
    def create(cls, directory: Path, purposes: Sequence[str] = PURPOSES) -> Keyring:
        """Make a folder (0700) with a new root (0600) for each of `purposes`.

        Raises `KeyUnavailable` if the folder is there already.
        """
        try:
            directory.mkdir(mode=0o700)
        except FileExistsError:
            raise KeyUnavailable(f"{directory} exists: keys are never overwritten") from None
        for purpose in purposes:
            _write(directory, f"{purpose}.v1.key", secrets.token_bytes(_BYTES))
        return cls.open(directory, purposes)

    @classmethod
    def open(cls, directory: Path, purposes: Sequence[str] = PURPOSES) -> Keyring:
        """Read every root; those of `purposes` must be there. Raises `KeyUnavailable`.

        The folder and its files must belong to this process's user, be open to nobody else, and
        be no symbolic links.
        """
        return cls(directory, purposes)

    def reload(self) -> None:
        """Take over what `rotate` and `retire` changed in the folder. Raises `KeyUnavailable`.

        If it raises, the keys that were read before stay in force.
        """
        self._load()

    def states(self) -> list[KeyState]:
        """Every version of every key, by purpose and version."""
        return [
            KeyState(
                purpose,
                version,
                self._state(purpose, version),
            )
            for purpose, version in sorted(self._roots)
        ]

    def _state(self, purpose: str, version: int) -> Literal["current", "kept", "retired"]:
        if self._roots[purpose, version] is None:
            return "retired"
        return "current" if version == self._current[purpose] else "kept"

    def rotate(self, purpose: str, *, today: date) -> int:
        """Put a new version of a key in force; older ones stay for reading. The new version.

        The ledger's key changes only on 1 January (`today` in Asia/Shanghai), when counts begin
        anew. Raises `KeyUnavailable`.
        """
        self.current(purpose)
        if purpose == LEDGER and (today.month, today.day) != (1, 1):
            raise KeyUnavailable(
                "the ledger's key changes only on 1 January, when counts begin anew"
            )
        version = max(number for of, number in self._roots if of == purpose) + 1
        _write(self.directory, f"{purpose}.v{version}.key", secrets.token_bytes(_BYTES))
        self._load()
        return version

    def retire(self, purpose: str, version: int) -> None:
        """Erase an old version: what was made with it can no longer be read.

        Raises `KeyUnavailable` for the version in force.
        """
        self._root(purpose, version)
        if version == self.current(purpose):
            raise KeyUnavailable(
                f"version {version} of the {purpose} key is in force: rotate first"
            )
        _write(self.directory, f"{purpose}.v{version}.retired", b"")
        (self.directory / f"{purpose}.v{version}.key").unlink()
        _sync(self.directory)
        self._load()

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
                self._root(purpose, version), key_info(purpose, context)
            )
        return found

    def signing_key(self, version: int | None = None) -> Ed25519PrivateKey:
        """The key that signs this node's checkpoints (RFC 8032). Raises `KeyUnavailable`.

        Without `version`, the current one.
        """
        version = self.current(SIGNING) if version is None else version
        return Ed25519PrivateKey.from_private_bytes(self._root(SIGNING, version))

    def _root(self, purpose: str, version: int) -> bytes:
        root = self._roots.get((purpose, version))
        if root is None:
            gone = "retired" if (purpose, version) in self._roots else "not in the keyring"
            raise KeyGone(purpose, version, gone)
        return root


def hkdf(root: bytes, info: bytes, *, salt: bytes | None = None, length: int = _BYTES) -> bytes:
    """HKDF-SHA-256 (RFC 5869)."""
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(root)


def key_info(purpose: str, context: str) -> bytes:
    """Purpose and context, each preceded by its length, so that no two pairs read alike."""
    parts = (purpose.encode(), context.encode())
    return _INFO + b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def _roots(directory: Path) -> dict[tuple[str, int], bytes | None]:
    """Every root of a folder; None for a retired one."""
    _check(directory, _stat(directory))
    roots: dict[tuple[str, int], bytes | None] = {}
    for path in sorted(directory.iterdir(), key=lambda path: path.suffix):  # .key, then .retired
        name = _FILE.fullmatch(path.name)
        if name is None or name[1] not in PURPOSES:
            raise KeyUnavailable(f"{path} is no key file: remove it from the keyring")
        roots[name[1], int(name[2])] = _read(path) if name[3] == "key" else None
    return roots


def _write(directory: Path, name: str, root: bytes) -> None:
    """Make a private file that was not there, durably."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    with open(os.open(directory / name, flags, 0o600), "wb") as file:
        file.write(root.hex().encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    _sync(directory)


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
