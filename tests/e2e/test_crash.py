"""The gateway is killed, told to stop, and starved of its disk, while exports are under way.

`SILKGATE_CRASH_ROUNDS` says how often it is killed; the suite does it twice.
"""

import asyncio
import errno
import itertools
import os
import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import aiohttp
import pytest

from audit_log import reader
from audit_log.entry import decode
from audit_log.records import account
from gateway.ledger.book import standing
from gateway.ledger.sqlite import SqliteLedger
from gateway.node import ledger_place, running
from gateway.settings import Settings
from gateway.settings import load as load_config
from tests.e2e.process import Process, RecordingSink, configure, gateway_process, record
from tests.e2e.rig import JSON, KEY, rig, verified
from tests.e2e.test_streams import NDJSON

ROUNDS = int(os.environ.get("SILKGATE_CRASH_ROUNDS", "2"))
CALLERS = 200
STREAMERS = 2
STREAM_RECORDS = 1500


class Load:
    """Callers that export without pause, one person a record, until the gateway is gone."""

    def __init__(self) -> None:
        self._numbers: Iterator[int] = itertools.count(1)
        self.answered: dict[int, int] = {}  # record -> its opening entry
        self.refused: set[str] = set()

    async def drive(self, gateway: Process, http: aiohttp.ClientSession) -> None:
        base = f"http://127.0.0.1:{gateway.data_port}"
        tasks = [self._streams(base, http, n) for n in range(STREAMERS)]
        tasks += [self._singles(base, http) for _ in range(CALLERS)]
        await asyncio.gather(*tasks)

    async def _singles(self, base: str, http: aiohttp.ClientSession) -> None:
        while True:
            number = next(self._numbers)
            reply = await self._post(http, f"{base}/insights/x", record(number), JSON)
            if reply is None:
                return
            if reply.status == 200:
                self.answered[number] = int(reply.headers["Silkgate-Entry"])

    async def _streams(self, base: str, http: aiohttp.ClientSession, which: int) -> None:
        route = ("counted", "insights")[which % 2]
        while True:
            numbers = itertools.islice(self._numbers, STREAM_RECORDS)
            body = b"".join(record(number) + b"\n" for number in numbers)
            if await self._post(http, f"{base}/{route}/x", body, NDJSON) is None:
                return

    async def _post(
        self, http: aiohttp.ClientSession, url: str, body: bytes, headers: dict[str, str]
    ) -> aiohttp.ClientResponse | None:
        try:
            async with http.post(url, data=body, headers=headers | {"Silkgate-Key": KEY}) as reply:
                answer = await reply.json(content_type=None)
                if reply.status != 200:
                    self.refused.add(answer["type"].rpartition(":")[2])
                return reply
        except (aiohttp.ClientError, ConnectionError):
            return None


async def settle(settings: Settings) -> None:
    """Start once more, so that what has no outcome gets one."""
    async with running(settings):
        pass


def check(settings: Settings, sink: RecordingSink, load: Load) -> None:
    """The log against what the recipient got, and the ledger against both."""
    directory = settings.path(settings.audit.dir)
    report = verified(settings)
    assert report.ok, report.problems
    assert "unfinished" not in report.outcomes
    raw = [data for _, data in reader.entries(directory)]
    books = account(raw)
    assert books.closes, books.faults
    assert books.open == 0
    entries = {entry["seq"]: entry for entry in map(decode, raw)}
    status = {e["export"]: e["status"] for e in entries.values() if e["kind"] == "outcome"}
    released = [e for e in entries.values() if e["kind"] == "export" and e["released"]]
    singles = [entry for entry in released if "stream" not in entry]
    for entry in load.answered.values():
        assert entries[entry]["released"]
        assert status[entry] in {"delivered", "unknown"}
    gone = [e for e in singles if status[e["seq"]] != "failed"]
    assert len(sink.whole) <= len(gone)
    head = min(entry["bytes_in"] for entry in singles) - len(record(min(load.answered)))
    sizes: dict[int, int] = {}
    for entry in gone:
        sizes[entry["bytes_in"] - head] = sizes.get(entry["bytes_in"] - head, 0) + 1
    for number in sink.whole:
        sizes[len(record(number))] = sizes.get(len(record(number)), 0) - 1
    assert min(sizes.values()) >= 0, "the recipient got something that has no entry"
    in_streams = sum(e["records"] for e in released if "stream" in e)
    assert len(sink.streamed) <= in_streams
    counted = standing(ledger_place(settings).path).counted.general
    assert counted >= len({*sink.whole, *sink.streamed})


async def test_kill_again_and_again(tmp_path: Path) -> None:
    """200 callers and some streams: nothing leaves unlogged or uncounted, all accounts close."""
    sink, load = RecordingSink(), Load()
    async with (
        sink.listening() as port,
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http,
    ):
        config = configure(tmp_path, port)
        for number in range(ROUNDS):
            async with gateway_process(config) as gateway:
                driving = asyncio.create_task(load.drive(gateway, http))
                whole = len(sink.whole) + 100 + 150 * (number % 4)
                await sink.has(whole, streamed=1)
                gateway.kill()
                await driving
        settings = load_config(config)
        await settle(settings)
        check(settings, sink, load)
    statuses = verified(settings).outcomes
    assert statuses["unknown"] > 0, "no export was under way when it was killed"
    assert load.answered
    assert sink.streamed
    assert load.refused <= {"cannot-decide"}  # a slow machine may miss a deadline


async def test_told_to_stop_it_finishes_what_is_under_way(tmp_path: Path) -> None:
    """SIGTERM: every request that was taken is answered, every outcome noted, exit 0."""
    sink = RecordingSink()
    sink.delay = 0.5
    async with sink.listening() as port, aiohttp.ClientSession() as http:
        config = configure(tmp_path, port)
        async with gateway_process(config) as gateway:
            url = f"http://127.0.0.1:{gateway.data_port}/insights/x"
            headers = JSON | {"Silkgate-Key": KEY}
            sending = [
                asyncio.create_task(_status(http, url, record(n), headers)) for n in range(1, 21)
            ]
            await sink.has(20)
            gateway.process.send_signal(signal.SIGTERM)
            assert await asyncio.gather(*sending) == [200] * 20
            assert await gateway.process.wait() == 0
    settings = load_config(config)
    report = verified(settings)
    assert report.ok
    assert report.outcomes == {"delivered": 20}


async def _status(
    http: aiohttp.ClientSession, url: str, body: bytes, headers: dict[str, str]
) -> int:
    async with http.post(url, data=body, headers=headers) as reply:
        await reply.read()
        return reply.status


class FailingDisk:
    """Writes that fail once the disk is said to be broken; only files below `place` are on it."""

    def __init__(self, place: str, error: int) -> None:
        self.broken = False
        self._place, self._error = place, error
        self._write, self._sync = os.write, os.fdatasync

    def _fails(self, fd: int) -> bool:
        return self.broken and self._place in os.readlink(f"/proc/self/fd/{fd}")

    def write(self, fd: int, data: bytes) -> int:
        if self._fails(fd):
            raise OSError(self._error, os.strerror(self._error))
        return self._write(fd, data)

    def fdatasync(self, fd: int) -> None:
        if self._fails(fd):
            raise OSError(self._error, os.strerror(self._error))
        self._sync(fd)


@pytest.mark.parametrize("error", [errno.EIO, errno.ENOSPC])
@pytest.mark.parametrize("call", ["write", "fdatasync"])
@pytest.mark.parametrize(
    ("place", "part"), [("/data/audit/seg", "audit"), ("/data/ledger", "ledger")]
)
async def test_a_disk_that_fails_lets_nothing_leave(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: int, call: str, place: str, part: str
) -> None:
    """503 for every export that would count, whole or streamed; readiness red and stays so."""
    disk = FailingDisk(place, error)
    monkeypatch.setattr(os, call, getattr(disk, call))
    open_ledger = partial(SqliteLedger.open, sync=os.fdatasync)
    monkeypatch.setattr(SqliteLedger, "open", open_ledger)
    async with rig(tmp_path) as line:
        assert (await line.send(record(1), to="/insights/x")).status == 200
        assert (await line.admin("/readyz")).status == 200
        sent = len(line.sink.received)
        disk.broken = True
        stream = record(2) + b"\n" + record(3)
        for body, to, headers in [
            (record(4), "/insights/x", JSON),
            (stream, "/insights/x", NDJSON),
            (stream, "/counted/x", NDJSON),
        ]:
            answer = await line.send(body, to=to, headers=headers)
            assert answer.status == 503, answer.body
        assert len(line.sink.received) == sent
        ready = await line.admin("/readyz")
        assert ready.status == 503
        assert part in ready.body.decode()
        disk.broken = False  # an I/O error is final: retrying would lie
        assert (await line.send(record(5), to="/insights/x")).status == 503
        assert len(line.sink.received) == sent
        settings = line.settings
    assert verified(settings).ok
    await settle(settings)
    assert verified(settings).ok
    assert standing(ledger_place(settings).path).counted.general >= 1
