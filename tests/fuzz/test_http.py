"""Random requests at a running gateway: it answers, goes on, and sends nothing unlogged."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import pytest

from audit_log import reader
from audit_log.records import account
from tests.e2e.rig import KEY, rig, verified
from tests.fuzz.mutation import mutated
from tests.fuzz.targets import CODECS

_STATUSES = {200, 400, 401, 403, 404, 407, 409, 411, 413, 415, 417, 422, 429, 431, 501, 503, 505}
_MEDIA = [media for media in CODECS if "vnd" not in media]
_ROUNDS = 300


def _request(draw: random.Random) -> bytes:
    """A request that is nearly right, with its head, framing or body changed."""
    media = draw.choice(_MEDIA)
    body = CODECS[media] if draw.random() < 0.5 else mutated(CODECS[media], draw)
    method = draw.choice([b"POST", b"POST", b"PUT", b"GET", b"DELETE", b"PATCH"])
    path = draw.choice([b"/sg/x", b"/insights/a%20b?q=1", b"/denied/x", b"/parted/x"])
    head = b"%b %b HTTP/1.1\r\nHost: x\r\nSilkgate-Key: %b\r\nContent-Type: %b\r\n" % (
        method, path, KEY.encode(), media.encode(),
    )  # fmt: skip
    if draw.random() < 0.2:
        body = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body) if body else b"0\r\n\r\n"
        head += b"Transfer-Encoding: chunked\r\n\r\n"
    else:
        head += b"Content-Length: %d\r\n\r\n" % len(body)
    return mutated(head, draw) + body if draw.random() < 0.3 else head + body


async def _answer(port: int, raw: bytes) -> int:
    """The status of the first reply; 0 where the connection ends or waits for more."""
    reader_, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(raw)
        writer.write_eof()
        async with asyncio.timeout(20):
            line = await reader_.readline()
        return int(line.split()[1]) if line.startswith(b"HTTP/1.") else 0
    except (ConnectionError, TimeoutError, IndexError, ValueError):
        return 0
    finally:
        writer.close()


@pytest.mark.parametrize("seed", [1])
async def test_random_requests(tmp_path: Path, seed: int) -> None:
    """Every reply is one of ours, the log holds, and what arrived was released before."""
    draw = random.Random(seed)
    async with rig(tmp_path) as line:
        port = line.gateway.data_port
        for _ in range(_ROUNDS):
            raw = _request(draw)
            status = await _answer(port, raw)
            assert status in _STATUSES | {0}, (status, raw.hex())
        assert (await line.send(b'{"a": 1}')).status == 200
        arrived, settings = len(line.sink.received), line.settings
        assert not [p for p, body in line.sink.received if KEY.encode() in body]
    assert verified(settings).ok
    entries = list(reader.documents(settings.path(settings.audit.dir)))
    released = {
        e.get("stream", e["seq"]) for e in entries if e["kind"] == "export" and e["released"]
    }
    assert arrived <= len(released)
    books = account(data for _, data in reader.entries(settings.path(settings.audit.dir)))
    assert books.closes
    assert books.open == 0
