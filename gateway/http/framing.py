"""What a request's head must be before anybody asks whose it is (RFC 9110, RFC 9112).

The parser has refused already: obs-fold, bare LF and CR, control characters, white space before a
colon, a missing or second Host, Content-Length beside Transfer-Encoding or twice, bad chunks.
"""

from __future__ import annotations

import re
from typing import Final

from aiohttp import HttpVersion10, HttpVersion11, web

from gateway.errors import BadRequest, ExpectationFailed, MethodRefused, VersionRefused
from gateway.http.headers import OVERRIDES

METHODS: Final = frozenset({"DELETE", "GET", "HEAD", "PATCH", "POST", "PUT"})
_HOST: Final = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._~-]*)(?::[0-9]{0,5})?")


def check_framing(request: web.BaseRequest) -> None:
    """Refuse what recipients could read in another way than we do.

    Raises `VersionRefused`, `BadRequest` or `ExpectationFailed`.
    """
    if request.version not in (HttpVersion11, HttpVersion10):
        raise VersionRefused("send HTTP/1.1")
    headers = request.headers
    if not _HOST.fullmatch(headers.get("Host", "")):
        raise BadRequest("Host is not a host and port (RFC 9112 §3.2)")
    codings = headers.getall("Transfer-Encoding", [])
    if codings and (
        [coding.strip().lower() for coding in codings] != ["chunked"]
        or request.version == HttpVersion10
    ):
        raise BadRequest("the only transfer coding is chunked, in HTTP/1.1 (RFC 9112 §6.1)")
    expected = headers.get("Expect")
    if expected is not None and expected.lower() != "100-continue":
        raise ExpectationFailed("the only expectation that can be met is 100-continue")


def check_method(request: web.BaseRequest) -> None:
    """Refuse what cannot be inspected or would steer. Raises `MethodRefused` or `BadRequest`."""
    if request.method == "CONNECT":
        raise MethodRefused(
            "a tunnel carries bytes that cannot be inspected; send the request itself in absolute "
            "form (http://host/path), the gateway speaks TLS to the recipient"
        )
    if "Upgrade" in request.headers:
        raise MethodRefused(
            "WebSocket, h2c and other upgrades carry bytes that cannot be inspected; "
            "send single HTTP/1.1 requests"
        )
    if request.method not in METHODS:
        raise MethodRefused(f"the methods are {', '.join(sorted(METHODS))}")
    steering = OVERRIDES & {name.lower() for name in request.headers}
    if steering:
        raise BadRequest(f"{min(steering)} would change what was decided on; leave it out")
