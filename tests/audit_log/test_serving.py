"""The read interface: tiles and bundles by their C2SP paths, and nothing else of the folder."""

from __future__ import annotations

import struct

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer

from audit_log import reader
from audit_log.serving import application, resource
from tests.audit_log.logs import Home, export, filled
from tests.audit_log.test_sealed import fill


def split(data: bytes) -> list[bytes]:
    """Read a bundle as the specification says."""
    entries = []
    while data:
        (length,) = struct.unpack(">H", data[:2])
        entries.append(data[2 : 2 + length])
        data = data[2 + length :]
    return entries


async def test_every_entry_of_every_bundle(home: Home) -> None:
    """Full and partial bundles hold the entries in order."""
    await filled(home, 600, group=50)
    found = [
        entry
        for path in ("tile/entries/000", "tile/entries/001", "tile/entries/002.p/88")
        for entry in split(resource(home.log, path) or b"")
    ]
    assert found == [data for _, data in reader.entries(home.log)]
    narrower = split(resource(home.log, "tile/entries/002.p/3") or b"")
    assert narrower == found[512:515]


async def test_bundles_of_sealed_segments(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sealing does not show from outside."""
    monkeypatch.setattr("audit_log.segments.SEGMENT_ENTRIES", 10)
    await fill(home, 25)
    entries = [data for _, data in reader.entries(home.log)]
    assert split(resource(home.log, "tile/entries/000.p/25") or b"") == entries


@pytest.mark.parametrize(
    "path",
    [
        "",
        "lock",
        "seg/0000000000000000.frm",
        "keys/node-1.vkey",
        "tile/entries/000",
        "tile/entries/000.p/0",
        "tile/entries/000.p/11",
        "tile/entries/001.p/1",
        "tile/0/../../lock",
        "tile/0/000.p/12/../12",
        "tile/0/0000",
        "../state/last-signed",
    ],
)
async def test_nothing_else_is_served(home: Home, path: str) -> None:
    """No other file, no path tricks, no entry that is not yet signed."""
    home.create()
    log = home.open(publish_seconds=3600)
    await log.append([export()] * 10)
    await log.checkpoint()
    await log.append([export()])
    assert resource(home.log, path) is None
    await log.close()


async def test_over_http(home: Home) -> None:
    """Checkpoint as text, tiles as bytes, 404 for the rest."""
    await filled(home, 3)
    async with TestServer(application(home.log)) as server, ClientSession() as session:

        async def get(path: str) -> tuple[int, str, bytes]:
            async with session.get(server.make_url(path)) as reply:
                return reply.status, reply.content_type, await reply.read()

        signed = (home.log / "checkpoint").read_bytes()
        assert await get("/checkpoint") == (200, "text/plain", signed)
        status, kind, data = await get("/tile/0/000.p/3")
        assert (status, kind, len(data)) == (200, "application/octet-stream", 96)
        assert (await get("/lock"))[0] == 404
