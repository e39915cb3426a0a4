"""Requests that no well-behaved client sends (40-50), and what rides in headers and paths."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Mapping
from typing import Final

from benchmarks.attacks.model import JSON, MAIL, PHONE, Case, Want, typed

_BODY: Final = json.dumps({"m": MAIL}).encode()
_HEAD: Final = (
    b"Host: %(host)s\r\nSilkgate-Key: %(key)s\r\nContent-Type: application/json\r\n"
    b"Connection: close\r\n"
)
_HIDDEN: Final = (MAIL.encode(), PHONE.encode())
_SMUGGLED: Final = b"GET /%(route)s/" + PHONE.encode() + b" HTTP/1.1\r\nHost: x\r\n\r\n"
_REFUSED: Final = Want.REFUSED


def _raw(
    number: int,
    name: str,
    line: str = "POST /%(route)s/x HTTP/1.1",
    *fields: str,
    body: bytes = b"",
    want: Want = _REFUSED,
    head: bytes = _HEAD,
) -> Case:
    more = "".join(f"{field}\r\n" for field in fields).encode()
    raw = line.encode() + b"\r\n" + head + more + b"\r\n" + body
    return Case(number, name, want, hidden=_HIDDEN, raw=raw)


def _chunked(body: bytes, *, extension: bytes = b"", trailer: bytes = b"") -> bytes:
    return b"%x%b\r\n%b\r\n0\r\n%b\r\n" % (len(body), extension, body, trailer)


def _target(number: int, name: str, target: str, want: Want = _REFUSED) -> Case:
    return Case(number, name, want, method="GET", target=target, hidden=_HIDDEN, headers={})


def _with(number: int, name: str, want: Want, headers: Mapping[str, str]) -> Case:
    return Case(number, name, want, b'{"a": 1}', _HIDDEN, headers={**JSON, **headers})


_POST: Final = "POST /%(route)s/x HTTP/1.1"
_CL: Final = f"Content-Length: {len(_BODY)}"
_TE: Final = "Transfer-Encoding: chunked"
_DEEP: Final = zlib.compress(zlib.compress(bytes(100_000_000), 9), 9)

WIRE: Final[list[Case]] = [
    _raw(40, "CL.TE", _POST, "Content-Length: 6", _TE, body=b"0\r\n\r\n" + _SMUGGLED),
    _raw(40, "TE.CL", _POST, _TE, "Content-Length: 4", body=_chunked(_SMUGGLED)),
    _raw(40, "two lengths", _POST, "Content-Length: 2", f"Content-Length: {2 + len(_SMUGGLED)}",
         body=b"{}" + _SMUGGLED),
    _raw(40, "TE in disguise", _POST, "Transfer-Encoding: xchunked", "Content-Length: 2",
         body=b"{}" + _SMUGGLED),
    _raw(40, "TE with a tab", _POST, "Transfer-Encoding:\tchunked, identity", body=_chunked(_BODY)),
    _raw(40, "TE twice", _POST, _TE, _TE, body=_chunked(_BODY)),
    _raw(40, "space before the colon", _POST, "Transfer-Encoding : chunked", body=_chunked(_BODY)),
    _raw(40, "chunk size with a sign", _POST, _TE, body=b"+2\r\n{}\r\n0\r\n\r\n"),
    _raw(40, "chunk size with 0x", _POST, _TE, body=b"0x2\r\n{}\r\n0\r\n\r\n"),
    _raw(40, "chunk size that overflows", _POST, _TE,
         body=b"ffffffffffffffff2\r\n{}\r\n0\r\n\r\n"),
    _raw(40, "chunk without its end", _POST, _TE, body=b"2\r\n{}" + MAIL.encode() + b"\r\n0\r\n\r\n"),
    _raw(40, "obs-fold", _POST, "Content-Length: 2", f"Accept: a\r\n {MAIL}", body=b"{}"),
    _raw(40, "bare LF", head=_HEAD.replace(b"\r\n", b"\n"), body=b""),
    _raw(41, "length in Arabic digits", _POST, "Content-Length: ٢", body=b"{}"),
    _raw(41, "chunk size in fullwidth", _POST, _TE, body="２\r\n{}\r\n0\r\n\r\n".encode()),
    _raw(41, "header outside ASCII", _POST, f"Ассерt: {MAIL}", _CL, body=_BODY),
    _raw(41, "length with an underscore", _POST, "Content-Length: 1_0", body=b'{"a": 123}'),
    typed(42, "gzip bomb", "application/json", gzip.compress(bytes(100_000_000), 9),
          Content_Encoding="gzip", want=_REFUSED),
    typed(42, "deflate bomb in two layers", "application/json", _DEEP,
          Content_Encoding="deflate", want=_REFUSED),
    typed(43, "stacked gzip", "application/json", gzip.compress(gzip.compress(_BODY)), MAIL,
          Content_Encoding="gzip, gzip", want=_REFUSED),
    typed(43, "a coding that lies", "application/json", _BODY, MAIL, Content_Encoding="gzip",
          want=_REFUSED),
    typed(43, "a coding that is not named", "application/json", gzip.compress(_BODY),
          want=_REFUSED),
    typed(43, "an unknown coding", "application/json", _BODY, MAIL, Content_Encoding="x-none",
          want=_REFUSED),
    typed(43, "a second member", "application/json", gzip.compress(b"{}") + gzip.compress(_BODY),
          Content_Encoding="gzip", want=_REFUSED),
    _raw(44, "10,000 headers", _POST, *(f"X-{n}: {MAIL}" for n in range(10_000)), _CL, body=_BODY),
    _raw(44, "a header of 1 MB", _POST, "Accept: " + MAIL * 50_000, _CL, body=_BODY),
    _raw(44, "trailers without end", _POST, _TE,
         body=_chunked(b"{}", trailer=f"X-A: {MAIL}\r\n".encode() * 50_000)),
    _raw(44, "a chunk extension of 1 MB", _POST, _TE,
         body=_chunked(b"{}", extension=b";" + MAIL.encode() * 50_000)),
    *(_with(46, name, _REFUSED, {name: value}) for name, value in {
        "X-HTTP-Method-Override": "DELETE",
        "X-Original-URL": "/admin",
        "X-Rewrite-URL": "/admin",
    }.items()),
    _with(46, "X-Forwarded-*", Want.CAUGHT,
          {"X-Forwarded-Host": MAIL, "X-Forwarded-For": PHONE, "Forwarded": f"for={MAIL}"}),
    _with(46, "hop-by-hop through Connection", Want.CAUGHT,
          {"Connection": "X-Secret", "X-Secret": MAIL}),
    _raw(47, "CONNECT", "CONNECT 127.0.0.1:443 HTTP/1.1"),
    _raw(47, "WebSocket", "GET /%(route)s/x HTTP/1.1", "Upgrade: websocket",
         "Sec-WebSocket-Key: x", "Sec-WebSocket-Version: 13"),
    _raw(47, "h2c", _POST, "Upgrade: h2c", "HTTP2-Settings: x", _CL, body=_BODY),
    Case(47, "HTTP/2 preface", _REFUSED, raw=b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    Case(48, "HTTP/0.9", _REFUSED, raw=b"GET /%(route)s/" + PHONE.encode() + b"\r\n\r\n",
         hidden=_HIDDEN),
    _raw(48, "no Host", _POST, _CL, body=_BODY, head=_HEAD.partition(b"\r\n")[2]),
    _raw(48, "two Hosts", _POST, "Host: other.example", _CL, body=_BODY),
    _raw(48, "absolute form to another host", "POST http://other.example/x HTTP/1.1", _CL,
         body=_BODY),
    _raw(48, "pipelined", _POST, "Content-Length: 2", head=_HEAD.replace(b"Connection: close\r\n", b""),
         body=b"{}" + b"POST /%(route)s/x HTTP/1.1\r\n" + _HEAD + _CL.encode() + b"\r\n\r\n" + _BODY,
         want=Want.CAUGHT),
    _target(49, "double slash", f"//{PHONE}"),
    _target(49, "encoded dots", "/%2e%2e/admin"),
    _target(49, "dots", "/a/../admin"),
    _target(49, "path parameter", f"/a;m={MAIL}"),
    _target(49, "encoded slash", "/a%2f..%2fadmin"),
    _target(49, "encoded twice", "/%252e%252e/admin"),
    _target(49, "backslash", "/a%5c..%5cadmin"),
    _target(49, "NUL", "/a%00b"),
    _target(49, "not UTF-8", "/a%ff"),
    *(_with(50, name, Want.CAUGHT, {name: value}) for name, value in {
        "X-Data-Class": "public", "X-Destination": "CN", "Silkgate-Decision": "allow",
    }.items()),
    _with(50, "an approval that nobody gave", _REFUSED, {"Silkgate-Approval": "x" * 32}),
    Case(50, "class in a header beside data", Want.CAUGHT, _BODY, _HIDDEN,
         headers={**JSON, "X-Data-Class": "public", "X-Country": "CN"}),
    _raw(130, "chunks of one byte", _POST, _TE, want=Want.CAUGHT,
         body=b"".join(b"1\r\n%c\r\n" % byte for byte in _BODY) + b"0\r\n\r\n"),
    _raw(130, "value across two chunks", _POST, _TE, want=Want.CAUGHT,
         body=b"%x\r\n%b\r\n%x\r\n%b\r\n0\r\n\r\n" % (12, _BODY[:12], len(_BODY) - 12, _BODY[12:])),
    _raw(130, "value in a trailer", _POST, _TE, want=Want.CAUGHT,
         body=_chunked(b'{"a": 1}', trailer=f"X-Mail: {MAIL}\r\n".encode())),
    _raw(130, "value in a chunk extension", _POST, _TE, want=Want.STOPPED,
         body=_chunked(b'{"a": 1}', extension=b";m=" + MAIL.encode())),
    _raw(130, "body of a GET", "GET /%(route)s/x HTTP/1.1", _CL, body=_BODY, want=Want.STOPPED),
    _raw(130, "body of a DELETE", "DELETE /%(route)s/x HTTP/1.1", _CL, body=_BODY,
         want=Want.STOPPED),
    _raw(131, "value as a method", f"{PHONE} /%(route)s/x HTTP/1.1"),
    _raw(131, "two types", _POST, "Content-Type: text/plain", _CL, body=_BODY),
    _raw(131, "two codings", _POST, "Content-Encoding: gzip", "Content-Encoding: gzip",
         f"Content-Length: {len(gzip.compress(_BODY))}", body=gzip.compress(_BODY)),
    _with(132, "key in Idempotency-Key", Want.STOPPED, {"Idempotency-Key": MAIL}),
    _with(132, "Accept-Language", Want.STOPPED, {"Accept-Language": f"x-{PHONE}"}),
    _with(132, "If-Match", Want.STOPPED, {"If-Match": f'"{PHONE}"'}),
    _with(132, "base64 in Accept", Want.STOPPED, {"Accept": "text/" + PHONE}),
]  # fmt: skip
