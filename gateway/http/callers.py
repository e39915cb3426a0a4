"""Who calls: by a key or token in `Silkgate-Key` or `Proxy-Authorization`, or by a certificate."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as BadBase64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from gateway.credentials import CallerLimits
from gateway.errors import ProxyUnauthorized, RouteForbidden, RouteUnknown, Unauthorized
from gateway.http.allowance import Allowance
from gateway.http.connection import peer_subject
from gateway.http.identities import Identities
from gateway.settings import CallerSettings

KEY_HEADER: Final = "Silkgate-Key"


@dataclass(frozen=True, slots=True)
class Caller:
    """An authenticated backend service and how much of the gateway it may take."""

    name: str
    routes: frozenset[str]
    allowance: Allowance
    max_body_bytes: int | None = None


class Callers:
    """The callers of a configuration."""

    def __init__(
        self,
        settings: Mapping[str, CallerSettings],
        identities: Identities,
        before: Callers | None = None,
    ) -> None:
        """Unchanged limits go on from where they stand with `before`."""
        self._identities = identities
        known: dict[str, Caller] = before._callers if before else {}
        self._callers: dict[str, Caller] = {
            name: _caller(name, caller, known.get(name)) for name, caller in settings.items()
        }

    def authenticate(self, request: web.BaseRequest, *, forward: bool) -> Caller:
        """Who sends `request`, to the reverse or the `forward` proxy.

        A certificate speaks for the caller where it shows nothing else. Raises `Unauthorized`;
        for the forward proxy `ProxyUnauthorized`.
        """
        try:
            secret = (_proxy_secret if forward else header_secret)(request)
            if secret is not None:
                name = self._identities.of_secret(secret)
            else:
                how = _HOW_FORWARD if forward else _HOW
                name = self._identities.of_certificate(peer_subject(request), how)
            return self._callers[name]
        except Unauthorized as error:
            if forward:
                raise ProxyUnauthorized(str(error)) from error
            raise


_HOW: Final = f"send exactly one {KEY_HEADER} header with your key or token"
_HOW_FORWARD: Final = (
    "send one Proxy-Authorization header: Basic with your key as the password, or Bearer"
)


def _caller(name: str, settings: CallerSettings, before: Caller | None) -> Caller:
    limits = settings.limits or CallerLimits()
    kept = before is not None and before.allowance.limits == limits
    allowance = before.allowance if before is not None and kept else Allowance(limits)
    return Caller(name, frozenset(settings.routes), allowance, limits.max_body_bytes)


def header_secret(request: web.BaseRequest) -> str | None:
    """The key or token in `Silkgate-Key`. Raises `Unauthorized` where there are several."""
    keys = request.headers.getall(KEY_HEADER, [])
    if len(keys) > 1:
        raise Unauthorized(_HOW)
    return keys[0] if keys else None


def _proxy_secret(request: web.BaseRequest) -> str | None:
    """The password of Basic (RFC 7617) or the token of Bearer (RFC 6750)."""
    values = request.headers.getall("Proxy-Authorization", [])
    if not values:
        return None
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
    raise Unauthorized(_HOW_FORWARD)


def authorize(caller: Caller, route: str, known: Mapping[str, object]) -> None:
    """Raise unless `caller` may use `route`; what a caller may not use it cannot enumerate."""
    if route in caller.routes:
        if route not in known:
            raise RouteUnknown(f"there is no route {route!r}")
        return
    raise RouteForbidden("this key does not open that route; ask for it in [callers.<name>].routes")
