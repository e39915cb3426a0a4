"""Who calls: a key in `Silkgate-Key`, held as its SHA-256."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from gateway.errors import RouteForbidden, RouteUnknown, Unauthorized
from gateway.settings import CallerSettings

KEY_HEADER: Final = "Silkgate-Key"


@dataclass(frozen=True, slots=True)
class Caller:
    """An authenticated backend service."""

    name: str
    routes: frozenset[str]


class Callers:
    """The callers of a configuration, found by the digest of their key.

    The look-up compares digests of a secret of full entropy: timing tells nothing of the key.
    """

    def __init__(self, settings: Mapping[str, CallerSettings]) -> None:
        self._by_digest = {
            caller.key_sha256: Caller(name, frozenset(caller.routes))
            for name, caller in settings.items()
            if caller.key_sha256 is not None
        }

    def authenticate(self, keys: list[str]) -> Caller:
        """Who holds the one key of `keys`, the request's header values. Raises `Unauthorized`."""
        if len(keys) != 1:
            raise Unauthorized(f"send exactly one {KEY_HEADER} header with your key")
        digest = hashlib.sha256(keys[0].encode("utf-8", "surrogateescape")).hexdigest()
        caller = self._by_digest.get(digest)
        if caller is None:
            raise Unauthorized(f"the key in {KEY_HEADER} is not one of this gateway's callers")
        return caller


def authorize(caller: Caller, route: str, known: Mapping[str, object]) -> None:
    """Raise unless `caller` may use `route`; what a caller may not use it cannot enumerate."""
    if route in caller.routes:
        if route not in known:
            raise RouteUnknown(f"there is no route {route!r}")
        return
    raise RouteForbidden("this key does not open that route; ask for it in [callers.<name>].routes")
