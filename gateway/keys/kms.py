"""Roots from an external key service instead of files: a command, or Vault's transit engine.

Both give a 32-byte root for a purpose and version; working keys are derived from it as from a
root in the keyring. Roots are kept in memory for a lease and asked for again before it is up. The
signing key of the audit log stays in the keyring.
"""

from __future__ import annotations

import base64
import json
import math
import subprocess
import time
import urllib.error
import urllib.request
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlsplit

from gateway.keys.keyring import KeyUnavailable, hkdf, key_info

TIMEOUT_SECONDS: Final = 5.0
LEASE_SECONDS: Final = 300.0
_ROOT_BYTES: Final = 32
_ROOT_INPUT: Final = base64.b64encode(b"silkgate/1/root").decode()


class ExternalKeys(ABC):
    """Keys derived from roots that another service holds. See `gateway.ports.KeyProvider`."""

    def __init__(self, lease_seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Nothing is fetched before `refresh`. `clock` gives monotonic seconds."""
        self.lease_seconds, self._clock = lease_seconds, clock
        self._current: dict[str, int] = {}
        self._roots: dict[tuple[str, int], bytes] = {}
        self._derived: dict[tuple[str, str, int], bytes] = {}
        self._until = -math.inf

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self._roots)} roots)"

    @abstractmethod
    def _fetch_current(self, purpose: str) -> int:
        """The newest version. Raises `KeyUnavailable`."""

    @abstractmethod
    def _fetch_root(self, purpose: str, version: int) -> bytes:
        """32 bytes. Raises `KeyUnavailable`."""

    @property
    def fresh(self) -> bool:
        """Whether the service was reached within a lease."""
        return self._clock() < self._until

    def refresh(self, purposes: Sequence[str]) -> None:
        """Ask for the current version and root of each of `purposes`.

        Older roots are forgotten and fetched again when they are needed, so that what the service
        no longer gives out is gone here too. Blocks. Raises `KeyUnavailable`: what was fetched
        before holds until its lease is up.
        """
        asked = self._clock()
        current = {purpose: self._fetch_current(purpose) for purpose in purposes}
        roots = {at: self._root(*at) for at in current.items()}
        self._current, self._roots, self._derived = current, roots, {}
        self._until = asked + self.lease_seconds

    def current(self, purpose: str) -> int:
        """The version in use for `purpose`, as of the last refresh. Raises `KeyUnavailable`."""
        self._check()
        try:
            return self._current[purpose]
        except KeyError:
            raise KeyUnavailable(f"the key service was not asked for {purpose}") from None

    def derive(self, purpose: str, context: str = "", *, version: int | None = None) -> bytes:
        """32 bytes for `purpose` and `context` (HKDF-SHA-256). Raises `KeyUnavailable`."""
        version = self.current(purpose) if version is None else version
        self._check()
        found = self._derived.get((purpose, context, version))
        if found is None:
            root = self._roots.get((purpose, version))
            if root is None:
                root = self._roots[purpose, version] = self._root(purpose, version)
            found = hkdf(root, key_info(purpose, context))
            self._derived[purpose, context, version] = found
        return found

    def _root(self, purpose: str, version: int) -> bytes:
        root = self._fetch_root(purpose, version)
        if len(root) != _ROOT_BYTES:
            raise KeyUnavailable(f"the key service gave no {_ROOT_BYTES} bytes for {purpose}")
        return root

    def _check(self) -> None:
        if not self.fresh:
            raise KeyUnavailable("the key service has been out of reach for longer than a lease")


class CommandKeys(ExternalKeys):
    """Roots printed by a command.

    It is called with `current PURPOSE` and prints a version, or with `root PURPOSE VERSION` and
    prints 64 hex digits.
    """

    def __init__(self, command: Sequence[str], *, lease_seconds: float = LEASE_SECONDS) -> None:
        """`command` is run as it is, without a shell."""
        super().__init__(lease_seconds)
        self._command = list(command)

    def _fetch_current(self, purpose: str) -> int:
        text = self._run("current", purpose)
        if not (text.isascii() and text.isdigit()):
            raise KeyUnavailable(f"the key command gave no version for {purpose}")
        return int(text)

    def _fetch_root(self, purpose: str, version: int) -> bytes:
        try:
            return bytes.fromhex(self._run("root", purpose, str(version)))
        except ValueError:
            raise KeyUnavailable(f"the key command gave no hex for {purpose}") from None

    def _run(self, *arguments: str) -> str:
        try:
            done = subprocess.run(  # noqa: S603 the operator's own command, from configuration
                [*self._command, *arguments],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=TIMEOUT_SECONDS,
                check=True,
            )
        except (OSError, subprocess.SubprocessError) as error:
            # Neither the command's output nor the exception, which holds it, may get out.
            raise KeyUnavailable(f"the key command failed ({type(error).__name__})") from None
        return done.stdout.decode("ascii", "replace").strip()


class VaultKeys(ExternalKeys):
    """Roots from Vault's transit engine: the HMAC of a fixed text under the key `NAME-PURPOSE`.

    The transit keys never leave Vault. Its API: `GET /v1/transit/keys/:name` and
    `POST /v1/transit/hmac/:name/sha2-256` (developer.hashicorp.com/vault/api-docs/secret/transit).
    """

    def __init__(
        self,
        url: str,
        *,
        token_file: Path,
        name: str = "silkgate",
        mount: str = "transit",
        lease_seconds: float = LEASE_SECONDS,
    ) -> None:
        """`url` must be https, or http to this machine. Raises `KeyUnavailable`."""
        super().__init__(lease_seconds)
        parts = urlsplit(url)
        if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "::1", "localhost"):
            raise KeyUnavailable("the key service's url must be https")
        self._base = f"{url.rstrip('/')}/v1/{quote(mount)}"
        self._token_file, self._name = token_file, name

    def _fetch_current(self, purpose: str) -> int:
        data = self._asked(f"keys/{self._key(purpose)}", None)
        version = data.get("latest_version")
        if not isinstance(version, int):
            raise KeyUnavailable(f"the key service gave no version for {purpose}")
        return version

    def _fetch_root(self, purpose: str, version: int) -> bytes:
        body = {"input": _ROOT_INPUT, "key_version": version}
        data = self._asked(f"hmac/{self._key(purpose)}/sha2-256", body)
        prefix, _, digest = str(data.get("hmac", "")).rpartition(":")
        if prefix != f"vault:v{version}":
            raise KeyUnavailable(f"the key service answered for another version of {purpose}")
        try:
            return base64.b64decode(digest, validate=True)
        except ValueError:
            raise KeyUnavailable(f"the key service gave no base64 for {purpose}") from None

    def _key(self, purpose: str) -> str:
        return quote(f"{self._name}-{purpose}", safe="")

    def _asked(self, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
        try:
            request = urllib.request.Request(  # noqa: S310 the scheme was checked
                f"{self._base}/{path}",
                data=None if body is None else json.dumps(body).encode(),
                headers={"X-Vault-Token": self._token_file.read_text().strip()},
            )
            with _OPENER.open(request, timeout=TIMEOUT_SECONDS) as answer:
                data = json.load(answer)["data"]
        except (OSError, ValueError, KeyError, TypeError, urllib.error.URLError) as error:
            raise KeyUnavailable(f"the key service failed ({type(error).__name__})") from None
        if not isinstance(data, dict):
            raise KeyUnavailable("the key service's answer is not understood")
        return data


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would take the token elsewhere."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        """Refuse: the caller gets the 3xx as an `HTTPError`."""


_OPENER: Final = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect)
