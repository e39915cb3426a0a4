"""Workers: the same results as without, nothing unlogged when one dies, service resumes."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gateway.cli.app import app
from gateway.settings import load
from gateway.streams.groups import GROUP_RECORDS
from gateway.workers.pool import Pool
from tests.e2e.process import configure, number_of, record
from tests.e2e.rig import FULFILMENT, Rig, rig
from tests.e2e.test_files import books
from tests.e2e.test_streams import NDJSON, ndjson

ORDER = {
    "order_sn": "2026112300017",
    "receiver_name": "王小明",
    "receiver_phone": "13800138000",
    "member_username": "xiaoming_88",
}
BODY = json.dumps(ORDER, ensure_ascii=False).encode()


def pool(line: Rig) -> Pool:
    found = line.gateway.node.pipeline.work
    assert isinstance(found, Pool)
    return found


async def test_the_same_leaves_as_without_workers(tmp_path: Path) -> None:
    """Bodies, refusals and streams, byte for byte; and the books close."""
    bad, denied = b'{"a": 1, "a": 2}', b'{"id_card": "11010519491231002X"}'
    records = ndjson([ORDER] * (2 * GROUP_RECORDS + 3))
    contract = {"declare": {"/receiver_name": "pi_basic"}, "opaque": ["image/png"]}
    picture = b"\x89PNG\r\n\x1a\n\xff"
    seen = []
    for workers in (1, 2):
        routes = {"contract": FULFILMENT | contract}
        async with rig(tmp_path / str(workers), workers=workers, routes=routes) as line:
            answers = [await line.send(body) for body in (BODY, bad, denied, b"[]")]
            answers += [await line.send(BODY, to="/denied/x")]
            answers += [
                await line.send(records, to=to, headers=NDJSON) for to in ("/sg/s", "/parted/s")
            ]
            answers += [
                await line.send(body, to="/contract/x", headers={"Content-Type": media})
                for body, media in ((BODY, "application/json"), (picture, "image/png"))
            ]
            problems = [each.problem["type"] if each.status >= 400 else "" for each in answers]
            told = ("inspection", "drift", "opaque")
            facts = [[each.get(name) for name in told] for each in line.entries("export")]
            assert any(drift for _, drift, _ in facts)
            assert any(opaque for *_, opaque in facts)
            seen.append(([each.status for each in answers], problems, line.sink.received, facts))
        assert line.verify().ok
    assert seen[0] == seen[1]


async def test_a_killed_worker_costs_what_it_had_and_no_more(tmp_path: Path) -> None:
    """Requests on it get 503, nothing of them was sent, another worker takes its place."""
    async with rig(tmp_path, workers=2) as line:
        assert (await line.send(BODY)).status == 200
        processes = list(pool(line)._processes)
        slow = ndjson([ORDER] * GROUP_RECORDS)
        sending = [asyncio.create_task(line.send(slow, headers=NDJSON)) for _ in range(4)]
        async with asyncio.timeout(60):
            while not all(each.load for each in processes):  # noqa: ASYNC110
                await asyncio.sleep(0.001)
        for each in processes:
            os.kill(each._process.pid, signal.SIGKILL)
        statuses = [answer.status for answer in await asyncio.gather(*sending)]
        assert 503 in statuses
        assert set(statuses) <= {200, 503}
        until = time.monotonic() + 60
        while (await line.admin("/readyz")).status != 200 and time.monotonic() < until:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
        assert (await line.send(BODY)).status == 200
        assert len(line.sink.received) == 2 + statuses.count(200)
    assert line.verify().ok


async def test_a_worker_that_hangs_is_replaced(tmp_path: Path) -> None:
    """One that stopped answering is killed some seconds past the deadline of what it has."""
    async with rig(tmp_path, workers=2) as line:
        (first, second) = pool(line)._processes
        os.kill(first._process.pid, signal.SIGSTOP)
        transfer_ends = time.monotonic() - 60  # as if its deadline had passed long ago
        future = asyncio.get_running_loop().create_future()
        first._waiting[-1] = transfer_ends, future
        assert first.hangs
        assert not second.hangs
        assert "worker has ended" in repr(await asyncio.wait_for(future, 30))


async def test_what_workers_keep_is_forgotten(tmp_path: Path) -> None:
    """Whether an export left or was held, its findings are not kept behind it."""
    async with rig(tmp_path, workers=2) as line:
        for _ in range(5):
            await line.send(BODY)
            await line.send(BODY, to="/denied/x")
        forgotten = [len(each._forgotten) for each in pool(line)._processes]
        sent = [next(each._numbers) for each in pool(line)._processes]
        assert sum(sent) > 20
        assert sum(forgotten) <= 2 * len(sent)


@pytest.mark.parametrize("route", ["insights", "counted"])
def test_a_file_leaves_in_order(tmp_path: Path, route: str) -> None:
    """Groups are looked at ahead of each other; order, counts and books are as ever."""
    config = configure(tmp_path, 1)
    count = 5 * GROUP_RECORDS + 5
    source, out = tmp_path / "in.ndjson", tmp_path / "out.ndjson"
    source.write_bytes(b"".join(record(n) + b"\n" for n in range(count)))
    command = ["export", str(source), "-o", str(out), "-c", str(config), "--route", route]
    result = CliRunner().invoke(app, [*command, "--workers", "2", "--summary", "json"])
    assert result.exit_code == 0, result.output
    assert [number_of(line) for line in out.read_bytes().splitlines()] == list(range(count))
    assert books(load(config)).became == {"delivered": count}
