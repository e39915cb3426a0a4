"""Coded bodies over HTTP: read without their coding, decided, sent on under it."""

from __future__ import annotations

import gzip
import json
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from gateway.codecs.encodings import decoded, encoded, unpacker
from gateway.streams.groups import GROUP_RECORDS
from tests.e2e.rig import JSON, Rig, rig
from tests.e2e.test_line import CLEAN, ORDER

CODINGS = ["gzip", "deflate", "br", "zstd"]


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Rig]:
    async with rig(tmp_path_factory.mktemp("rig")) as running:
        yield running


@pytest.fixture
def line(running: Rig) -> Rig:
    running.sink.received.clear()
    running.sink.heads.clear()
    return running


@pytest.mark.parametrize("coding", CODINGS)
async def test_a_coded_order_is_treated_and_coded_again(line: Rig, coding: str) -> None:
    """The recipient gets the coding the caller chose, and no account."""
    headers = JSON | {"Content-Encoding": coding.upper()}
    answer = await line.send(encoded(json.dumps(ORDER).encode(), coding), headers=headers)
    assert answer.status == 200
    assert line.sink.heads[0].getall("Content-Encoding") == [coding]
    received = decoded(line.sink.received[0][1], coding, limit=10_000)
    assert json.loads(received) == ORDER | {"member_username": None}
    entry = line.entries("export")[-1]
    assert entry["bytes_in"] >= len(json.dumps(ORDER))
    assert entry["bytes_out"] >= len(received)


async def test_nothing_rides_in_the_stream_itself(line: Rig) -> None:
    """A file name in gzip's own header does not reach the recipient, nor does a clean body's
    packing: it is written anew."""
    body = gzip.compress(CLEAN)
    named = body[:3] + b"\x08" + body[4:10] + b"13800138000.txt\0" + body[10:]
    assert gzip.decompress(named) == CLEAN
    assert (await line.send(named, headers=JSON | {"Content-Encoding": "gzip"})).status == 200
    received = line.sink.received[0][1]
    assert b"13800138000" not in received
    assert gzip.decompress(received) == CLEAN


@pytest.mark.parametrize("coding", CODINGS)
async def test_bombs_and_damage_are_refused(line: Rig, coding: str) -> None:
    """413 within the byte budget, 400 for a stream that is cut, followed or a lie."""
    bomb = encoded(b'"' + bytes(30_000_000) + b'"', coding)
    assert len(bomb) < 100_000
    good = encoded(CLEAN, coding)
    headers = JSON | {"Content-Encoding": coding}
    before = len(line.entries("refusal"))
    for body, status in [
        (bomb, 413),
        (good[:-1], 400),
        (good + good, 400),
        (good + b"13800138000", 400),
        (CLEAN, 400),
        (encoded(good, coding), 400),  # stacked in secret: what is inside is no JSON
    ]:
        assert (await line.send(body, headers=headers)).status == status
    assert line.sink.received == []
    assert len(line.entries("refusal")) == before + 6


@pytest.mark.parametrize("stacked", ["gzip, gzip", "gzip,br", "identity, gzip"])
async def test_stacked_codings_are_refused(line: Rig, stacked: str) -> None:
    """In one header field or in two."""
    body = encoded(encoded(CLEAN, "gzip"), "gzip")
    assert (await line.send(body, headers=JSON | {"Content-Encoding": stacked})).status == 415
    assert line.sink.received == []


async def test_a_coding_without_a_body_is_left_out(line: Rig) -> None:
    """There is nothing to decode and nothing to send."""
    answer = await line.send(b"", method="GET", headers={"Content-Encoding": "gzip"})
    assert answer.status == 200
    assert "Content-Encoding" not in line.sink.heads[0]


@pytest.mark.parametrize("route", ["sg", "parted"])
@pytest.mark.parametrize("coding", CODINGS)
async def test_a_coded_stream(line: Rig, coding: str, route: str) -> None:
    """Groups of records arrive under the coding, treated and in order."""
    count = GROUP_RECORDS + 5
    lines = [json.dumps(ORDER | {"n": n}).encode() for n in range(count)]
    headers = {"Content-Type": "application/x-ndjson", "Content-Encoding": coding}
    answer = await line.send(encoded(b"\n".join(lines), coding), to=f"/{route}/x", headers=headers)
    assert answer.status == 200
    unpacking = unpacker(coding)
    received = b"".join(unpacking.feed(line.sink.received[0][1]))
    unpacking.finish()
    records = [json.loads(each) for each in received.splitlines()]
    assert [each["n"] for each in records] == list(range(count))
    assert all(each["member_username"] is None for each in records)
    assert line.sink.heads[0]["Content-Encoding"] == coding
