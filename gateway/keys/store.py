"""The keys of a gateway as configured: the keyring alone, or roots from an external service.

Keys are kept fresh while the gateway serves: what `silkgate keys` changes in the keyring is taken
over within seconds, and roots of a service are asked for again before their lease is up. A service
that stays out of reach for a lease leaves the gateway without keys, and nothing is sent.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, Protocol

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Meta, Struct

from gateway.keys.keyring import PURPOSES, SIGNING, Keyring, KeyUnavailable
from gateway.keys.kms import CommandKeys, ExternalKeys, VaultKeys
from gateway.ports import KeyProvider

_KEYRING_SECONDS: Final = 2.0
_EXTERNAL: Final = tuple(purpose for purpose in PURPOSES if purpose != SIGNING)

log = structlog.get_logger(__name__)


class KmsSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """`[keys.kms]`: give `command`, or `vault` and `token_file`."""

    command: list[str] = []
    vault: str = ""
    token_file: str = ""
    name: str = "silkgate"
    mount: str = "transit"
    lease_seconds: Annotated[int, Meta(ge=10)] = 300


class Keys(KeyProvider, Protocol):
    """All keys of a gateway. `problem`: why they could not be refreshed last, "" if they were."""

    problem: str
    interval: float  # seconds between refreshes

    @property
    def usable(self) -> bool:
        """Whether keys can be had now."""
        ...

    def signing_key(self) -> Ed25519PrivateKey:
        """The key that signs this node's checkpoints."""
        ...

    def refresh(self) -> None:
        """Take over what has changed. Blocks. Raises `KeyUnavailable`; the old keys stay."""
        ...


class KeyringKeys:
    """A keyring, read again when its folder has changed. See `Keys`."""

    interval = _KEYRING_SECONDS
    usable = True

    def __init__(self, keyring: Keyring) -> None:
        self.keyring, self.problem = keyring, ""
        self._seen = self._changed()
        self.current, self.signing_key = keyring.current, keyring.signing_key

    def derive(self, purpose: str, context: str = "", *, version: int | None = None) -> bytes:
        """See `gateway.ports.KeyProvider`.

        A version that is not here yet, since another process saw the rotation first, is looked
        for once more.
        """
        try:
            return self.keyring.derive(purpose, context, version=version)
        except KeyUnavailable:
            self.refresh()
            return self.keyring.derive(purpose, context, version=version)

    def refresh(self) -> None:
        """See `Keys`."""
        now = self._changed()
        if now != self._seen:
            self.keyring.reload()
            self._seen = now

    def _changed(self) -> int:
        try:
            return self.keyring.directory.stat().st_mtime_ns
        except OSError as error:
            raise KeyUnavailable(f"the keyring cannot be read: {error.strerror}") from None


class ServiceKeys:
    """Roots from an external service; the signing key stays in the keyring. See `Keys`."""

    def __init__(self, keyring: Keyring, service: ExternalKeys) -> None:
        """Ask for every root at once. Raises `KeyUnavailable`."""
        self._service, self.problem = service, ""
        self.interval = service.lease_seconds / 3
        self.current, self.derive = service.current, service.derive
        self.signing_key = keyring.signing_key
        self.refresh()

    @property
    def usable(self) -> bool:
        """See `Keys`."""
        return self._service.fresh

    def refresh(self) -> None:
        """See `Keys`."""
        self._service.refresh(_EXTERNAL)


class PinnedKeys:
    """Keys of which certain versions are the current ones, whatever is rotated meanwhile."""

    def __init__(self, keys: KeyProvider, versions: Mapping[str, int]) -> None:
        self._keys, self._versions = keys, versions

    def current(self, purpose: str) -> int:
        """See `gateway.ports.KeyProvider`."""
        return self._versions[purpose]

    def derive(self, purpose: str, context: str = "", *, version: int | None = None) -> bytes:
        """See `gateway.ports.KeyProvider`."""
        pinned = self._versions[purpose] if version is None else version
        return self._keys.derive(purpose, context, version=pinned)


def open_keys(directory: Path, kms: KmsSettings | None, root: Path) -> Keys:
    """The configured keys; `root` is what the paths of `kms` are relative to.

    Raises `KeyUnavailable`.
    """
    if kms is None:
        return KeyringKeys(Keyring.open(directory))
    return ServiceKeys(Keyring.open(directory, (SIGNING,)), _service(kms, root))


def _service(kms: KmsSettings, root: Path) -> ExternalKeys:
    if bool(kms.command) == bool(kms.vault) or bool(kms.vault) != bool(kms.token_file):
        raise KeyUnavailable("[keys.kms]: give command, or vault and token_file")
    if kms.command:
        return CommandKeys(kms.command, lease_seconds=kms.lease_seconds)
    return VaultKeys(
        kms.vault,
        token_file=root / kms.token_file,
        name=kms.name,
        mount=kms.mount,
        lease_seconds=kms.lease_seconds,
    )


async def keep_fresh(keys: Keys) -> None:
    """Refresh `keys` for ever; what goes wrong is logged and shows in `keys.problem`."""
    while True:
        await asyncio.sleep(keys.interval)
        try:
            await asyncio.to_thread(keys.refresh)
            keys.problem = ""
        except KeyUnavailable as error:
            if not keys.problem:
                log.error("keys not refreshed", why=str(error))
            keys.problem = str(error)
