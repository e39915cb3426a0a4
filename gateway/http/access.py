"""Who may send what where: all that a reload of the configuration replaces, as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aiohttp import TraceConfig

from gateway.export.transfer import Route
from gateway.http.callers import Callers
from gateway.http.forward import Hosts
from gateway.http.identities import Identities
from gateway.http.tokens import Tokens
from gateway.http.upstream import Upstream
from gateway.node import routes_of
from gateway.settings import Role, Settings


@dataclass(frozen=True, slots=True, eq=False)
class Access:
    """Callers, users, routes and recipients; `routes` and `upstreams` have the same keys."""

    callers: Callers
    users: Identities
    roles: Mapping[str, frozenset[Role]]  # of each user
    routes: Mapping[str, Route]
    hosts: Hosts
    upstreams: Mapping[str, Upstream]

    @classmethod
    def of(cls, settings: Settings, before: Callers | None = None) -> Access:
        """Read all files that callers and routes name. Raises `ConfigError`.

        What callers have used up of their limits stands, where they are as they were `before`.
        """
        tokens = Tokens(settings.jwt, settings.root) if settings.jwt else None
        return cls(
            callers=Callers(settings.callers, Identities(settings.callers, tokens), before),
            users=Identities(settings.users, tokens),
            roles={name: frozenset(user.roles) for name, user in settings.users.items()},
            routes=routes_of(settings),
            hosts=Hosts(settings.routes),
            upstreams={
                name: Upstream(route, settings.root) for name, route in settings.routes.items()
            },
        )

    async def start(self, traces: Sequence[TraceConfig]) -> None:
        """Open the pools to the recipients; `traces` hear of each request."""
        for upstream in self.upstreams.values():
            await upstream.start(traces)

    async def close(self) -> None:
        """Close all connections to the recipients."""
        for upstream in self.upstreams.values():
            await upstream.close()
