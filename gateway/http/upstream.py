"""Where an export leaves: one connection pool a route, behind the SSRF guard."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import lru_cache, partial
from pathlib import Path
from typing import Final, TypeVar

import aiohttp
from yarl import URL

from gateway.codecs.encodings import encoded, packer
from gateway.errors import ConfigError, GatewayError, UpstreamFailed, UpstreamTimeout
from gateway.export.parts import Message
from gateway.http.addresses import AddressRefused, GuardedResolver, refused
from gateway.http.headers import VIA
from gateway.http.paths import join_upstream
from gateway.http.tls import upstream_context
from gateway.route_settings import RouteSettings

T = TypeVar("T")

USER_AGENT: Final = "silkgate"
_CONNECT_SECONDS: Final = 10
_PAUSE_SECONDS: Final = 0.1  # before connecting is tried again
_POOL: Final = 256
_OWN_HEADERS: Final = (("User-Agent", USER_AGENT), ("Accept-Encoding", "identity"), VIA)


class NothingSent(Exception):
    """The recipient was not reached: no byte of the export left. `error` is for the caller."""

    def __init__(self, error: GatewayError) -> None:
        super().__init__(str(error))
        self.error = error


class BrokenOff(Exception):
    """The exchange ended early: part or all of the export may have left."""

    def __init__(self, error: GatewayError) -> None:
        super().__init__(str(error))
        self.error = error


class Upstream:
    """The recipient of one route."""

    def __init__(self, route: RouteSettings, root: Path) -> None:
        """Read the route's secret and certificates, where it has any. Raises `ConfigError`."""
        self._route = route
        self._auth = _secret_header(route, root)
        https = URL(route.upstream).scheme == "https"
        self._tls = upstream_context(route.tls, root) if https else None
        self._session: aiohttp.ClientSession | None = None

    async def start(self, traces: Sequence[aiohttp.TraceConfig] = ()) -> None:
        """Open the pool; connections are made when they are needed."""
        connector = aiohttp.TCPConnector(
            resolver=GuardedResolver(self._route.allow_addresses),
            limit=_POOL,
            ttl_dns_cache=10,
            ssl=self._tls or True,
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT_SECONDS),
            skip_auto_headers=("Accept-Encoding", "Content-Type", "User-Agent"),
            trust_env=False,
            trace_configs=list(traces) or None,
        )
        # aiohttp would send GET, PUT and DELETE twice where the first broke off unanswered.
        self._session._retry_connection = False

    async def close(self) -> None:
        """Close all connections."""
        if self._session is not None:
            await self._session.close()

    @asynccontextmanager
    async def send(
        self,
        method: str,
        message: Message,
        authorization: str | None,
        seconds: float,
        chunks: AsyncIterator[bytes] | None = None,
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """Send `message` once and yield the recipient's reply, not yet read.

        With `chunks`, they are the body; if they raise, the message is left without its end.
        Redirects are not followed. Only connecting is tried again, when no byte has left: whatever
        comes after may have arrived, also with methods that are idempotent. Raises `NothingSent`
        or `BrokenOff`.
        """
        if self._session is None:
            raise RuntimeError("the upstream is not started")
        url = URL(
            join_upstream(self._route.upstream, message.segments, message.query), encoded=True
        )
        self._check_literal(url)
        data: bytes | AsyncIterator[bytes] | None = message.body or None
        if chunks is not None:
            data = _packed(chunks, message.coding) if message.coding else chunks
        elif message.body and message.coding:
            data = await asyncio.to_thread(encoded, message.body, message.coding)
        asking = partial(
            self._session.request,
            method,
            url,
            data=data,
            headers=self._headers(message, authorization, coded=data is not None),
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(total=seconds, sock_connect=_CONNECT_SECONDS),
        )
        try:
            async with await _connected(asking) as response:
                yield response
        except (AddressRefused, aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as e:
            raise NothingSent(_not_reached(e)) from e
        except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError) as error:
            raise NothingSent(UpstreamFailed("the recipient's URL is not valid")) from error
        except TimeoutError as error:
            raise BrokenOff(UpstreamTimeout("the recipient did not answer in time")) from error
        except (aiohttp.ClientError, ConnectionError) as error:
            raise BrokenOff(UpstreamFailed("the recipient broke off the exchange")) from error

    def _headers(
        self, message: Message, authorization: str | None, *, coded: bool
    ) -> list[tuple[str, str]]:
        headers = [*message.headers, *_OWN_HEADERS]
        if coded and message.coding:
            headers.append(("Content-Encoding", message.coding))
        if authorization is not None and self._route.forward_authorization:
            headers.append(("Authorization", authorization))
        if self._auth is not None:
            headers.append(self._auth)
        return headers

    def _check_literal(self, url: URL) -> None:
        """Judge a literal address here: the connector asks the resolver about names only."""
        if _refused_literal(url.host or "", tuple(self._route.allow_addresses)):
            raise NothingSent(
                UpstreamFailed(
                    "the upstream's address is not one that the route may reach; "
                    "list it in allow_addresses if that is intended"
                )
            )


@lru_cache(maxsize=256)  # hosts of routes are few
def _refused_literal(host: str, allowed: tuple[str, ...]) -> bool:
    try:
        literal = ipaddress.ip_address(host.split("%", 1)[0])
    except ValueError:
        return False
    return refused(str(literal), allowed)


async def _packed(chunks: AsyncIterator[bytes], coding: str) -> AsyncIterator[bytes]:
    """The chunks under a content coding, each to be read as soon as it arrives."""
    packing = packer(coding)
    async for chunk in chunks:
        yield await asyncio.to_thread(packing.feed, chunk)
    yield packing.finish()


async def _connected(asking: Callable[[], Awaitable[T]]) -> T:
    """What `asking` gives, asked once more where the recipient could not be connected to."""
    try:
        return await asking()
    except (aiohttp.ClientSSLError, aiohttp.ClientConnectorDNSError):
        raise
    except aiohttp.ClientConnectorError as error:
        if isinstance(error.os_error, AddressRefused):
            raise
    await asyncio.sleep(_PAUSE_SECONDS)
    return await asking()


def _not_reached(error: Exception) -> GatewayError:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, AddressRefused):
            return UpstreamFailed(str(cause))
        cause = cause.__cause__ or getattr(cause, "os_error", None)
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return UpstreamTimeout("the recipient could not be connected to in time")
    return UpstreamFailed("the recipient could not be connected to")


def _secret_header(route: RouteSettings, root: Path) -> tuple[str, str] | None:
    if route.upstream_auth is None:
        return None
    path = root / route.upstream_auth.secret_file
    try:
        return (route.upstream_auth.header, path.read_text(encoding="utf-8").strip())
    except OSError as error:
        raise ConfigError(f"upstream_auth.secret_file {path} cannot be read") from error
