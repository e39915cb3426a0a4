"""Connections are taken one by one, never more at once than descriptors allow."""

from __future__ import annotations

import asyncio
import os
import resource
import socket
from collections.abc import Callable
from contextlib import ExitStack, suppress

import pytest
import uvloop
from aiohttp import web

from gateway.http.listeners import listen

MOST = 10  # of 64 descriptors


async def _silent(_: web.BaseRequest) -> web.StreamResponse:
    return web.Response()


def _open_sockets() -> int:
    links = []
    for name in os.listdir("/proc/self/fd"):
        with suppress(FileNotFoundError):  # the listing's own
            links.append(os.readlink(f"/proc/self/fd/{name}"))
    return sum(link.startswith("socket:") for link in links)


async def _crowd(clients: int) -> tuple[int, int, list[str]]:
    """The most connections that were open at any moment, those at the end, and who was told."""
    told: list[str] = []
    listener = await listen(_silent, told.append, "127.0.0.1:0", None)
    try:
        with ExitStack() as stack:
            for _ in range(clients):
                peer = socket.create_connection(("127.0.0.1", listener.port), 5)
                stack.enter_context(peer)
            before = _open_sockets()
            most = now = 0
            for _ in range(20 * clients):
                await asyncio.sleep(0)
                now = _open_sockets() - before
                most = max(most, now)
            return most, now, told
    finally:
        await listener.close()


@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_a_crowd_never_holds_more_descriptors_than_its_share(
    loop: Callable[[], asyncio.AbstractEventLoop], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (64, 64))
    with asyncio.Runner(loop_factory=loop) as runner:
        most, now, told = runner.run(_crowd(60))
    assert now == MOST
    assert most <= MOST + 1
    assert told == ["too-many-connections"] * (60 - MOST)


async def test_a_listener_without_descriptors_takes_connections_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gateway.http.accepting._PAUSE_SECONDS", 0.01)
    listener = await listen(_silent, lambda _: None, "127.0.0.1:0", None)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        with socket.socket() as peer:
            peer.setblocking(False)
            resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
            try:
                with pytest.raises(BlockingIOError):
                    peer.connect(("127.0.0.1", listener.port))
                await asyncio.sleep(0.05)
            finally:
                resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
            loop = asyncio.get_running_loop()
            await loop.sock_sendall(peer, b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            async with asyncio.timeout(10):
                assert (await loop.sock_recv(peer, 100)).startswith(b"HTTP/1.1 200")
    finally:
        await listener.close()


async def test_a_closed_listener_takes_no_more() -> None:
    listener = await listen(_silent, lambda _: None, "127.0.0.1:0", None)
    await listener.close()
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", listener.port)


async def test_an_address_in_use_is_an_error() -> None:
    listener = await listen(_silent, lambda _: None, "127.0.0.1:0", None)
    with pytest.raises(OSError, match="in use"):
        await listen(_silent, lambda _: None, f"127.0.0.1:{listener.port}", None)
    await listener.close()
