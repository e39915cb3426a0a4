"""The SSRF guard: what an upstream's address may be."""

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from gateway.http.addresses import AddressRefused, GuardedResolver, refused

INSIDE = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.100.100.200",
    "100.64.0.1",
    "192.0.0.192",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::",
]


@pytest.mark.parametrize("address", INSIDE)
def test_inside_addresses_are_refused(address: str) -> None:
    """Loopback, private, link-local, metadata, multicast, and IPv4 hidden in IPv6."""
    assert refused(address, [])


@pytest.mark.parametrize("address", ["8.8.8.8", "203.119.1.1", "2400:3200::1", "64:ff9b::808:808"])
def test_global_addresses_pass(address: str) -> None:
    """Ordinary public addresses, also through NAT64."""
    assert not refused(address, [])


def test_a_route_may_list_an_inside_address() -> None:
    """Only what is listed opens; a mapped spelling is the same address."""
    allowed = ["127.0.0.1/32", "fd12::/16"]
    assert not refused("127.0.0.1", allowed)
    assert not refused("::ffff:127.0.0.1", allowed)
    assert not refused("fd12::5", allowed)
    assert refused("127.0.0.2", allowed)


class Names(AbstractResolver):
    """Resolves every name to the given addresses."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host=a, port=port, family=family, proto=0, flags=0)
            for a in self.addresses
        ]

    async def close(self) -> None:
        pass


async def test_one_inside_address_refuses_the_name() -> None:
    """A name that resolves to a public and a private address is refused whole."""
    guard = GuardedResolver([], Names("8.8.8.8", "10.0.0.1"))
    with pytest.raises(AddressRefused, match="partner.example"):
        await guard.resolve("partner.example", 443)


async def test_a_public_name_resolves() -> None:
    """The checked addresses are the ones handed to the connection."""
    guard = GuardedResolver([], Names("8.8.8.8"))
    results = await guard.resolve("partner.example", 443)
    assert [result["host"] for result in results] == ["8.8.8.8"]
