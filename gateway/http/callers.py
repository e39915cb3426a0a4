"""Who calls: a key held as its SHA-256, in `Silkgate-Key` or in `Proxy-Authorization`."""

from __future__ import annotations

import hashlib
from base64 import b64decode
from binascii import Error as BadBase64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from gateway.errors import ProxyUnauthorized, RouteForbidden, RouteUnknown, Unauthorized
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

    def authenticate(self, request: web.BaseRequest, *, forward: bool) -> Caller:
        """Who sends `request`, to the reverse or the `forward` proxy.

        Raises `Unauthorized`; for the forward proxy `ProxyUnauthorized`.
        """
        if forward:
            where, key = "Proxy-Authorization", _proxy_key(request)
        else:
            where, key = KEY_HEADER, _header_key(request)
        caller = self._by_digest.get(_digest(key))
        if caller is None:
            error = ProxyUnauthorized if forward else Unauthorized
            raise error(f"the key in {where} is not one of this gateway's callers")
        return caller


def _header_key(request: web.BaseRequest) -> str:
    keys = request.headers.getall(KEY_HEADER, [])
    if len(keys) != 1:
        raise Unauthorized(f"send exactly one {KEY_HEADER} header with your key")
    return keys[0]


def _proxy_key(request: web.BaseRequest) -> str:
    """The password of Basic (RFC 7617) or the token of Bearer (RFC 6750)."""
    values = request.headers.getall("Proxy-Authorization", [])
    scheme, _, rest = values[0].strip().partition(" ") if len(values) == 1 else ("", "", "")
    if scheme.lower() == "bearer" and rest:
        return rest.strip()
    try:
        if scheme.lower() == "basic":
            _, colon, password = b64decode(rest.strip(), validate=True).decode().partition(":")
            if colon:
                return password
    except (BadBase64, UnicodeDecodeError):
        pass
    raise ProxyUnauthorized(
        "send one Proxy-Authorization header: Basic with your key as the password, or Bearer"
    )


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()


def authorize(caller: Caller, route: str, known: Mapping[str, object]) -> None:
    """Raise unless `caller` may use `route`; what a caller may not use it cannot enumerate."""
    if route in caller.routes:
        if route not in known:
            raise RouteUnknown(f"there is no route {route!r}")
        return
    raise RouteForbidden("this key does not open that route; ask for it in [callers.<name>].routes")
