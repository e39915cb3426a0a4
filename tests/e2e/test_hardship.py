"""Recipients that break off, callers that do not read, names, clocks, disks and descriptors.

Whatever goes wrong: nothing leaves that is not in the log, and the next export goes through.
"""

import asyncio
import errno
import json
import os
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
from aiohttp.abc import ResolveResult

from audit_log import reader
from gateway.http import connection
from gateway.streams import spool
from tests.e2e.process import RecordingSink, configure, gateway_process, record
from tests.e2e.rig import FULFILMENT, JSON, KEY, Rig, rig, until, verified
from tests.e2e.wire import Script, say, scripted

ORDER = json.dumps({"receiver_name": "王小明", "receiver_phone": "13800138000"}).encode()
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
CUT = b"HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n" + b"x" * 100_000
CHUNK_CUT = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"
HEAD = f"Host: g\r\nSilkgate-Key: {KEY}\r\nContent-Type: application/json\r\n"


def leading_to(port: int, **more: Any) -> dict[str, Any]:
    return FULFILMENT | {"upstream": f"http://127.0.0.1:{port}/"} | more


@asynccontextmanager
async def recipient_of(
    root: Path, *replies: bytes, end: bool = True
) -> AsyncIterator[tuple[Script, Rig]]:
    """A scripted recipient, and a gateway whose route `sg` leads to it."""
    async with (
        scripted(*replies, end=end) as recipient,
        rig(root, routes={"sg": leading_to(recipient.port)}) as line,
    ):
        yield recipient, line


async def settled(line: Rig, count: int) -> list[dict[str, Any]]:
    """The outcomes, once there are `count`: nobody waits for them to be written."""
    await until(lambda: len(line.entries("outcome")) >= count)
    return line.entries("outcome")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "GET"])
async def test_an_export_that_broke_off_is_not_sent_again(tmp_path: Path, method: str) -> None:
    """The recipient may have taken it: one request, 502, outcome aborted, also on a used
    connection and for idempotent methods."""
    body = b"" if method == "GET" else ORDER
    async with recipient_of(tmp_path, OK, b"", OK, end=False) as (recipient, line):
        answers = [await line.send(body, method=method) for _ in range(3)]
        outcomes = await settled(line, 3)
    assert [answer.status for answer in answers] == [200, 502, 200]
    assert len(recipient.requests) == 3
    assert [entry["status"] for entry in outcomes] == ["delivered", "aborted", "delivered"]
    assert verified(line.settings).ok


async def test_connecting_is_tried_again_because_nothing_has_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A recipient that comes up a moment later gets the export, once."""
    async with scripted(OK) as recipient:
        attempts = []
        create = aiohttp.TCPConnector._wrap_create_connection

        async def refuse_once(self: Any, *args: Any, **kwargs: Any) -> Any:
            if kwargs["req"].url.port not in (recipient.port, 1):
                return await create(self, *args, **kwargs)
            attempts.append(1)
            if len(attempts) == 1:
                error = OSError(errno.ECONNREFUSED, "refused")
                raise aiohttp.ClientConnectorError(kwargs["req"].connection_key, error)
            return await create(self, *args, **kwargs)

        async with rig(tmp_path, routes={"sg": leading_to(recipient.port)}) as line:
            monkeypatch.setattr(aiohttp.TCPConnector, "_wrap_create_connection", refuse_once)
            assert (await line.send(ORDER)).status == 200
            assert (await line.send(ORDER, to="/nowhere/x")).status == 502
        assert len(attempts) == 2 + 2
        assert len(recipient.requests) == 1


async def test_a_reply_that_is_cut_short_arrives_cut_short(tmp_path: Path) -> None:
    """The caller's connection breaks too; the export itself was delivered."""
    async with recipient_of(tmp_path, CUT, CHUNK_CUT, OK) as (_, line):
        for _ in range(2):
            with pytest.raises((aiohttp.ClientError, OSError)):
                await line.send(ORDER)
        assert (await line.send(ORDER)).status == 200
        outcomes = await settled(line, 3)
    assert [entry["status"] for entry in outcomes] == ["delivered"] * 3


async def test_a_caller_that_does_not_read_holds_nothing_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waits for it is bounded in bytes and time; others are served meanwhile."""
    written = 0

    async def pour(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal written
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
        try:
            while True:
                writer.write(b"x" * 65_536)
                await writer.drain()
                written += 65_536
        except ConnectionError:
            pass

    server = await asyncio.start_server(pour, "127.0.0.1", 0)
    routes = {"sg": leading_to(server.sockets[0].getsockname()[1])}
    limits = {"deadline_seconds": 3}
    async with server, rig(tmp_path, routes=routes, limits=limits) as line:
        head = f"POST /sg/x HTTP/1.1\r\n{HEAD}Content-Length: {len(ORDER)}\r\n\r\n".encode()
        lazy = socket.create_connection(("127.0.0.1", line.gateway.data_port))
        lazy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        lazy.sendall(head + ORDER)
        assert (await line.send(ORDER, to="/insights/x", headers=JSON)).status in (200, 403)
        assert [entry["status"] for entry in await settled(line, 1)]
        await until(lambda: len(line.entries("outcome")) >= len(line.entries("export")))
        assert written < 32 * 1024 * 1024
        lazy.close()


async def test_an_answer_nobody_takes_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also a short one, behind many others on one connection."""
    monkeypatch.setattr(connection, "_ANSWER_SECONDS", 0.5)
    reply = b"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n" + b"x" * 60_000
    async with recipient_of(tmp_path, reply, end=False) as (_, line):
        head = f"POST /sg/x HTTP/1.1\r\n{HEAD}Content-Length: {len(ORDER)}\r\n\r\n".encode()
        reader, writer = await asyncio.open_connection("127.0.0.1", line.gateway.data_port)
        writer.transport.pause_reading()  # type: ignore[attr-defined]
        writer.write((head + ORDER) * 200)
        async with asyncio.timeout(60):
            while len(line.entries("export")) < 10:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
            while True:  # until the gateway has cut the connection
                writer.write(b"x")
                await asyncio.sleep(0.05)
                if writer.is_closing() or reader.at_eof():
                    break
                if writer.transport.get_write_buffer_size() == 0:
                    writer.transport.resume_reading()  # type: ignore[attr-defined]
        assert (await line.send(ORDER)).status == 200


async def test_names_that_fail_or_move_inside_reach_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Resolved once for each connection, checked whole, connected to what was checked."""
    asked: list[str] = []
    answers: list[list[str]] = []

    async def resolve(_: Any, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        asked.append(host)
        addresses = answers.pop(0)
        if not addresses:
            raise OSError(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return [
            ResolveResult(hostname=host, host=a, port=port, family=socket.AF_INET, proto=0, flags=0)
            for a in addresses
        ]

    monkeypatch.setattr("aiohttp.ThreadedResolver.resolve", resolve)
    async with scripted(OK) as recipient:
        place = {"upstream": f"http://partner.example:{recipient.port}/"}
        routes = {
            "sg": FULFILMENT | place,
            "parted": FULFILMENT | place | {"allow_addresses": []},
        }
        async with rig(tmp_path, routes=routes) as line:
            connector = line.gateway.reload._front.access.upstreams["sg"]._session.connector
            connector._cached_hosts._ttl = 0  # every connection resolves anew
            answers += [[], ["127.0.0.1"], ["10.0.0.1"], ["127.0.0.1", "169.254.169.254"]]
            statuses = [(await line.send(ORDER)).status for _ in range(4)]
            assert statuses == [502, 200, 502, 502]
            answers += [["127.0.0.1"], ["127.0.0.1"]]  # outside names that have moved inside
            for _ in range(2):
                assert (await line.send(ORDER, to="/parted/x")).status == 502
            outcomes = [entry["status"] for entry in await settled(line, 6)]
    assert outcomes == ["failed", "delivered", "failed", "failed", "failed", "failed"]
    assert len(recipient.requests) == 1
    assert set(asked) == {"partner.example"}


async def test_clocks_that_jump_stop_nothing_and_hide_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Back and ahead by days: entries stay in order, deadlines rest on another clock."""
    async with rig(tmp_path) as line:
        node = line.gateway.node
        base = node.audit._committer._clock
        day = 24 * 3600
        for jump in (0, -day, 2 * day, -10 * day):
            monkeypatch.setattr(
                node.audit._committer, "_clock", lambda jump=jump: base() + jump * 1_000_000
            )
            moment = datetime.now(UTC) + timedelta(seconds=jump)
            object.__setattr__(node.pipeline, "now", lambda moment=moment: moment)
            assert (await line.send(ORDER)).status == 200
        await settled(line, 4)
        times = [entry["ts_us"] for entry in line.entries()]
    assert times == sorted(times)
    assert len(line.sink.received) == 4
    assert verified(line.settings).ok


async def test_a_spool_without_room_refuses_and_recovers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """503, nothing sent; the next stream goes once there is room."""
    full = False
    pwrite = os.pwrite

    def no_room(fd: int, data: Any, offset: int) -> int:
        if full:
            raise OSError(errno.ENOSPC, "No space left on device")
        return pwrite(fd, data, offset)

    monkeypatch.setattr(spool, "os", SimpleNamespace(pwrite=no_room, pread=os.pread))
    async with rig(tmp_path) as line:
        stream, full = {"Content-Type": "application/x-ndjson"}, True
        answer = await line.send(ORDER + b"\n" + ORDER + b"\n", headers=stream)
        assert answer.status == 503
        assert line.sink.received == []
        full = False
        answer = await line.send(ORDER + b"\n" + ORDER + b"\n", headers=stream)
        assert answer.status == 200
        assert len(line.sink.received) == 1


@pytest.mark.skipif(not Path("/usr/bin/prlimit").exists(), reason="needs prlimit")
async def test_descriptors_that_run_out_come_back(tmp_path: Path) -> None:
    """Idle connections take their share; who is connected goes on, others once they are gone."""
    sink = RecordingSink()
    async with sink.listening() as port:
        config = configure(tmp_path, port)
        limited = ("prlimit", "--nofile=64:64")
        async with gateway_process(config, prefix=limited) as gateway:
            url = f"http://127.0.0.1:{gateway.data_port}/insights/x"

            headers = {"Silkgate-Key": KEY, "Content-Type": "application/json"}
            timeout = aiohttp.ClientTimeout(total=10)

            async def export(number: int, http: aiohttp.ClientSession) -> int:
                try:
                    async with http.post(url, data=record(number), headers=headers) as reply:
                        return reply.status
                except (aiohttp.ClientError, TimeoutError):
                    return 0

            async def anew(number: int) -> int:
                async with aiohttp.ClientSession(timeout=timeout) as http:
                    return await export(number, http)

            async with aiohttp.ClientSession(timeout=timeout) as early:
                assert await export(1, early) == 200
                idle = [
                    socket.create_connection(("127.0.0.1", gateway.data_port), 60)
                    for _ in range(100)
                ]
                hard = [await anew(number) for number in range(2, 5)]
                inside = [await export(number, early) for number in range(5, 8)]
            for each in idle:
                each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                each.close()
            async with asyncio.timeout(60):
                while await anew(100) != 200:  # noqa: ASYNC110
                    await asyncio.sleep(0.1)
            gateway.process.terminate()
            assert await gateway.process.wait() == 0
        settings = gateway.settings
        entries = list(reader.documents(settings.path(settings.audit.dir)))
    released = sum(e["kind"] == "export" and e["released"] for e in entries)
    assert len(sink.whole) <= released
    assert hard == [0, 0, 0]
    assert inside == [200, 200, 200]
    assert verified(settings).ok


@pytest.mark.skipif(not Path("/usr/bin/prlimit").exists(), reason="needs prlimit")
async def test_a_disk_without_room_stops_exports_until_there_is_some(tmp_path: Path) -> None:
    """503 and unready; nothing left that the log does not hold; started anew it goes on."""
    sink = RecordingSink()
    async with sink.listening() as port, aiohttp.ClientSession() as http:
        config = configure(tmp_path, port)

        async def export(at: int, number: int) -> int:
            headers = {"Silkgate-Key": KEY, "Content-Type": "application/json"}
            url = f"http://127.0.0.1:{at}/insights/x"
            async with http.post(url, data=record(number), headers=headers) as reply:
                return reply.status

        async with gateway_process(config) as gateway:
            assert await export(gateway.data_port, 1) == 200
        files = [path.stat().st_size for path in tmp_path.rglob("*") if path.is_file()]
        room = ("prlimit", f"--fsize={max(files) + 20_000}")
        async with gateway_process(config, prefix=room) as gateway:
            number, statuses = 1, [200]
            while statuses[-1] == 200 and number < 2000:
                number += 1
                statuses.append(await export(gateway.data_port, number))
            assert statuses[-1] == 503
            assert await export(gateway.data_port, 5000) == 503
            async with http.get(f"http://127.0.0.1:{gateway.admin_port}/readyz") as reply:
                assert reply.status == 503
        async with gateway_process(config) as gateway:
            assert await export(gateway.data_port, 5001) == 200
            gateway.process.terminate()
            assert await gateway.process.wait() == 0
        settings = gateway.settings
    entries = list(reader.documents(settings.path(settings.audit.dir)))
    released = sum(entry["kind"] == "export" and entry["released"] for entry in entries)
    assert len(sink.whole) <= released
    assert len(sink.whole) == statuses.count(200) + 1
    assert verified(settings).ok


async def test_a_caller_that_leaves_before_the_end_is_logged(calm: Rig) -> None:
    """A body that ends early is a refusal with its caller; nothing is sent."""
    line = calm
    head = f"POST /sg/x HTTP/1.1\r\n{HEAD}Content-Length: {len(ORDER) + 10}\r\n\r\n".encode()
    _, writer = await asyncio.open_connection("127.0.0.1", line.gateway.data_port)
    writer.write(head + ORDER)
    await writer.drain()
    writer.close()
    await until(lambda: line.entries("refusal"))
    assert line.entries("refusal")[0]["caller"] == "shop"
    assert line.sink.received == []
    ok = f"POST /sg/x HTTP/1.1\r\n{HEAD}Content-Length: {len(ORDER)}\r\n\r\n".encode() + ORDER
    assert [reply.status for reply in await say(line.gateway.data_port, ok)] == [200]


@pytest.fixture
async def calm(tmp_path: Path):
    async with rig(tmp_path) as running:
        yield running
