"""The forward proxy's targets: absolute-form request targets of hosts that have one route."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from gateway.errors import RouteForbidden
from gateway.http.paths import BadTarget, Target, parse_target
from gateway.route_settings import RouteSettings

_PORTS: Final = {"http": 80, "https": 443}
_ABSOLUTE: Final = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<path>/[^?#]*)?(?P<query>\?[^#]*)?",
    re.IGNORECASE,
)
_NO_ROUTE: Final = (
    "no single route open to this caller leads to that host and path; use http://host/path with a "
    "recipient's host, or the reverse form /<route>/…"
)


class Hosts:
    """Which route a host and port belong to.

    An `http:` target without a port reaches a recipient on https too: clients write `https:` only
    into tunnels, and the way to the recipient is the route's affair.
    """

    def __init__(self, routes: Mapping[str, RouteSettings]) -> None:
        self._bases = {
            name: urlsplit(route.upstream).path.rstrip("/") + "/" for name, route in routes.items()
        }
        owners: dict[tuple[str, int], list[str]] = defaultdict(list)
        for name, route in routes.items():
            url = urlsplit(route.upstream)
            port = url.port or _PORTS[url.scheme]
            for reached in {port, 80} if port == 443 else {port}:
                owners[(url.hostname or "", reached)].append(name)
        self._owners = {place: names[0] for place, names in owners.items() if len(names) == 1}

    def target(self, raw: str) -> Target:
        """The route, rest and query of `raw`, in absolute form (RFC 9112 §3.2.2).

        Raises `BadTarget`, or `RouteForbidden` where no or no single route leads there.
        """
        match = _ABSOLUTE.fullmatch(raw)
        if match is None:
            raise BadTarget("the request target is neither /<route>/… nor http://host/path")
        scheme, host = match["scheme"].lower(), match["host"].lower().strip("[]")
        port = int(match["port"] or _PORTS[scheme])
        route = self._owners.get((host, port))
        path = match["path"] or "/"
        if route is None or not path.startswith(self._bases[route]):
            raise RouteForbidden(_NO_ROUTE)
        base = self._bases[route]
        found = parse_target(f"/{route}/{path[len(base) :]}{match['query'] or ''}")
        authority = raw[len(scheme) + 3 :].partition("/")[0].partition("?")[0]
        return Target(route, found.segments, found.query, f"{scheme}://{authority}{base}")
