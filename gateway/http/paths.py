"""From a request target to a route, its rest and its query. Ambiguous targets are refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote_to_bytes, urlsplit

# What proxies and servers are known to read in different ways: empty and dot segments, encoded
# slashes, backslashes, path parameters, control characters, anything outside ASCII.
_SEGMENT: Final = re.compile(r"(?:[A-Za-z0-9\-._~!$&'()*+,=:@]|%[0-9A-Fa-f]{2})+")
_FORBIDDEN: Final = frozenset(b"/\\;") | frozenset(range(0x20)) | {0x7F}


class BadTarget(Exception):
    """The request target could be read in more than one way, or names nothing."""


@dataclass(frozen=True, slots=True)
class Target:
    """`/{route}/{segment}/…?{query}`; segments are raw (percent-encoded), the query too.

    `base` is how the caller's own URLs of this route begin.
    """

    route: str
    segments: tuple[str, ...]
    query: str
    base: str


def parse_target(raw: str) -> Target:
    """Split an origin-form request target (RFC 9112 §3.2.1). Raises `BadTarget`."""
    if not raw.startswith("/"):
        raise BadTarget("the request target must start with /<route>/")
    path, _, query = raw.partition("?")
    if "#" in raw:
        raise BadTarget("the request target holds a fragment")
    route, *segments = path[1:].split("/")
    trailing = bool(segments) and segments[-1] == ""
    for segment in [route, *(segments[:-1] if trailing else segments)]:
        _check_segment(segment)
    return Target(route, tuple(segments), query, f"/{route}/")


def _check_segment(segment: str) -> None:
    if not _SEGMENT.fullmatch(segment):
        raise BadTarget("a path segment is empty or holds a character that must be encoded")
    if "%" not in segment and not segment.startswith("."):
        return  # nothing to decode, and none of the characters below is let through above
    decoded = unquote_to_bytes(segment)
    if decoded in (b".", b"..") or b"%" in decoded:
        raise BadTarget("a path segment is a dot segment or is encoded twice")
    if any(byte in _FORBIDDEN for byte in decoded):
        raise BadTarget("a path segment holds a separator or a control character")


def join_upstream(base: str, segments: tuple[str, ...], query: str) -> str:
    """The recipient's URL: `base`, then the raw segments, then the raw query."""
    url = base if base.endswith("/") else base + "/"
    url += "/".join(segments)
    return f"{url}?{query}" if query else url


def location_within(upstream_url: str, location: str, base: str) -> str | None:
    """Where `location` lies inside the upstream, as the caller names it (`base`); else None."""
    upstream, target = urlsplit(upstream_url), urlsplit(location)
    origin = (target.scheme or upstream.scheme, target.netloc or upstream.netloc)
    if origin != (upstream.scheme, upstream.netloc):
        return None
    prefix = upstream.path if upstream.path.endswith("/") else upstream.path + "/"
    if not target.path.startswith(prefix) or ".." in target.path.split("/"):
        return None
    rest = target.path[len(prefix) :]
    query = f"?{target.query}" if target.query else ""
    return f"{base}{rest}{query}"
