"""What the listeners let in: access and TLS, exchanged together on a reload."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from aiohttp import TraceConfig

from gateway.errors import ConfigError
from gateway.http.access import Access
from gateway.http.tls import ListenerTls
from gateway.settings import Settings

# The other sections hold files, locks or sockets, which cannot change hands under way.
_RELOADED: Final = frozenset({"callers", "users", "routes", "jwt", "policy", "detectors"})


@dataclass(frozen=True, slots=True)
class Renewal:
    """A configuration whose files have all been read and found good."""

    settings: Settings
    access: Access
    data: ssl.SSLContext | None
    admin: ssl.SSLContext | None


class Front:
    """The access in force, told to `use`, and the listeners' TLS."""

    def __init__(self, settings: Settings, traces: Sequence[TraceConfig] = ()) -> None:
        """Read all that callers, routes and listeners name. Raises `ConfigError`."""
        self._settings, self._traces = settings, traces
        listen, root = settings.listen, settings.root
        self.data = ListenerTls(listen.tls, root) if listen.tls else None
        self.admin = ListenerTls(listen.admin_tls, root) if listen.admin_tls else None
        self.access = Access.of(settings)
        self.use: Callable[[Access], None] = lambda _: None
        self._leaving: dict[Access, asyncio.TimerHandle] = {}
        self._closing: set[asyncio.Task[None]] = set()

    def read(self, settings: Settings) -> Renewal:
        """Read everything anew. Raises `ConfigError`, also where only a restart can change it."""
        for section in set(settings.__struct_fields__) - _RELOADED:
            if getattr(settings, section) != getattr(self._settings, section):
                raise ConfigError(f"[{section}] has changed, which needs a restart")
        return Renewal(
            settings,
            Access.of(settings, self.access.callers),
            self.data.read() if self.data else None,
            self.admin.read() if self.admin else None,
        )

    async def renew(self, renewal: Renewal) -> None:
        """Put `renewal` in force; requests under way keep the access they began with."""
        await renewal.access.start(self._traces)
        old, self.access = self.access, renewal.access
        for listener, context in ((self.data, renewal.data), (self.admin, renewal.admin)):
            if listener and context:
                listener.use(context)
        self.use(self.access)
        limits, streams = self._settings.limits, self._settings.streams
        longest = max(limits.deadline_seconds, streams.deadline_seconds)
        loop = asyncio.get_running_loop()
        self._leaving[old] = loop.call_later(longest, self._leave, old)

    def _leave(self, access: Access) -> None:
        del self._leaving[access]
        closing = asyncio.ensure_future(access.close())
        self._closing.add(closing)
        closing.add_done_callback(self._closing.discard)

    async def start(self) -> None:
        """Open the pools to the recipients."""
        await self.access.start(self._traces)

    async def close(self) -> None:
        """Close all connections to recipients."""
        for access, timer in list(self._leaving.items()):
            timer.cancel()
            await access.close()
        await self.access.close()
