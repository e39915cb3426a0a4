"""Which headers pass. Everything that leaves is data, so the lists say what may go."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

# To the recipient. Values are scanned like any cell; User-Agent is the gateway's own.
REQUEST_HEADERS: Final = frozenset(
    {
        "accept",
        "accept-language",
        "content-type",
        "idempotency-key",
        "if-match",
        "if-none-match",
        "prefer",
    }
)
# Never back to the caller: hop-by-hop fields (RFC 9110 §7.6.1), what would move the caller to
# another host (RFC 7838, Refresh), and cookies, which have no way to the recipient.
_NOT_BACK: Final = frozenset(
    {
        "alt-svc",
        "connection",
        "content-length",
        "date",
        "keep-alive",
        "location",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "refresh",
        "server",
        "set-cookie",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
VIA: Final = ("Via", "1.1 silkgate")  # RFC 9110 §7.6.3; what stood in it before names inside hosts
# Refused outright: they ask the recipient to read another method, path or host than was decided on.
OVERRIDES: Final = frozenset(
    {
        "x-http-method",
        "x-http-method-override",
        "x-method-override",
        "x-original-url",
        "x-rewrite-url",
    }
)


def outgoing(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The caller's headers that may go on, names in lower case, in their order.

    Fields named by `Connection` are meant for this hop alone (RFC 9110 §7.6.1).
    """
    pairs = [(name.lower(), value) for name, value in headers]
    kept = [pair for pair in pairs if pair[0] in REQUEST_HEADERS]
    named = _named_by_connection(pairs)
    return [pair for pair in kept if pair[0] not in named] if named else kept


def returning(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The recipient's headers that may come back to the caller.

    Fields named by `Connection` are hop-by-hop too, and `Silkgate-*` is ours to write.
    """
    pairs = list(headers)
    named = _named_by_connection((name.lower(), value) for name, value in pairs)
    return [
        (name, value)
        for name, value in pairs
        if name.lower() not in _NOT_BACK
        and name.lower() not in named
        and not name.lower().startswith("silkgate-")
    ]


def _named_by_connection(pairs: Iterable[tuple[str, str]]) -> set[str]:
    values = [value for name, value in pairs if name == "connection"]
    return {token.strip().lower() for value in values for token in value.split(",")}
