"""The SSRF guard: resolve a name once, check every address, connect to what was checked.

Loopback, private, link-local, metadata, multicast and reserved addresses are refused unless the
route lists them in `allow_addresses`.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from typing import Final

from aiohttp import ThreadedResolver
from aiohttp.abc import AbstractResolver, ResolveResult

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


# Cloud metadata services outside the link-local range: Alibaba Cloud, AWS IPv6, Oracle.
METADATA: Final = (
    ipaddress.ip_network("100.100.100.200/32"),
    ipaddress.ip_network("fd00:ec2::254/128"),
    ipaddress.ip_network("192.0.0.192/32"),
)
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
_6TO4: Final = ipaddress.ip_network("2002::/16")


class AddressRefused(OSError):
    """The upstream's address is not one that the route may reach."""


def refused(address: str, allowed: Sequence[str]) -> bool:
    """Whether `address` (a literal, no name) is out of bounds for a route.

    IPv4 addresses embedded in IPv6 ones (mapped, NAT64, 6to4) are judged as the IPv4 address.
    """
    ip = ipaddress.ip_address(address.split("%", 1)[0])
    judged = _embedded(ip)
    for network in map(ipaddress.ip_network, allowed):
        if judged.version == network.version and judged in network:
            return False
    if any(judged.version == network.version and judged in network for network in METADATA):
        return True
    return not judged.is_global or judged.is_multicast


def _embedded(ip: Address) -> Address:
    if isinstance(ip, ipaddress.IPv4Address):
        return ip
    if ip.ipv4_mapped is not None:
        return ip.ipv4_mapped
    if ip in _NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    if ip in _6TO4:
        return ipaddress.IPv4Address((int(ip) >> 80) & 0xFFFFFFFF)
    return ip


class GuardedResolver(AbstractResolver):
    """Resolves a name and refuses it when any of its addresses is out of bounds."""

    def __init__(self, allowed: Sequence[str], resolver: AbstractResolver | None = None) -> None:
        self._allowed = tuple(allowed)
        self._resolver = resolver or ThreadedResolver()

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        """Resolve `host`. Raises `AddressRefused`; the message names the host only."""
        results = await self._resolver.resolve(host, port, family)  # type: ignore[arg-type]
        if any(refused(result["host"], self._allowed) for result in results):
            raise AddressRefused(
                f"{host} resolves to an address that the route may not reach; "
                "list it in allow_addresses if that is intended"
            )
        return results

    async def close(self) -> None:
        """Release the resolver."""
        await self._resolver.close()
