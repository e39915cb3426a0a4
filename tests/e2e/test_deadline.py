"""One deadline through every stage: what is late is not sent, and the log says so."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from audit_log.records import account
from gateway.errors import CannotDecide
from gateway.export.parts import Message
from gateway.export.pipeline import deadline_in
from gateway.export.transfer import Transfer
from gateway.streams.groups import cuts
from gateway.streams.lines import LineCutter
from gateway.streams.stream import Stream
from tests.e2e.process import record
from tests.e2e.rig import Rig, rig, until, verified


class Late:
    """Anything that answers only when it is let; what it is asked is done all the same."""

    def __init__(self, inner: Any) -> None:
        self._inner, self.let = inner, asyncio.Event()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    async def decide(self, question: object) -> object:
        await self.let.wait()
        return await self._inner.decide(question)

    async def preview(self, *args: Any, **kwargs: Any) -> object:
        await self.let.wait()
        return await self._inner.preview(*args, **kwargs)

    async def append(self, entries: Sequence[Mapping[str, Any]]) -> object:
        receipts = await self._inner.append(entries)
        await self.let.wait()
        return receipts


@pytest.fixture
async def line(tmp_path: Path):
    async with rig(tmp_path) as running:
        yield running


def transfer(line: Rig, seconds: float, route: str = "insights") -> Transfer:
    return Transfer("r", "shop", "POST", line.gateway.node.routes[route], deadline_in(seconds))


MESSAGE = Message((), "", (), record(1), "application/json")


@pytest.mark.parametrize("part", ["engine", "ledger", "audit"])
async def test_a_late_part_ends_the_export(line: Rig, part: str) -> None:
    """503; an opening entry that was on its way is closed as failed once it is there."""
    node = line.gateway.node
    await node.pipeline.export(transfer(line, 30), MESSAGE)  # decisions are known from here on
    late = Late(getattr(node.pipeline, part))
    pipeline = replace(node.pipeline, **{part: late})
    with pytest.raises(CannotDecide, match="deadline"):
        await pipeline.export(transfer(line, 5), MESSAGE)
    late.let.set()
    await until(lambda: len(line.entries("outcome")) == (part == "audit"))
    await asyncio.sleep(0.2)  # nothing more comes
    opened = [entry["seq"] for entry in line.entries("export")][1:]
    closed = [(entry["export"], entry["status"]) for entry in line.entries("outcome")]
    assert closed == [(seq, "failed") for seq in opened]
    assert len(opened) == (part == "audit")


@pytest.mark.parametrize("route", ["insights", "counted"])
async def test_a_late_log_ends_a_stream_and_its_accounts_close(line: Rig, route: str) -> None:
    """The group whose entry came too late has failed; nothing of it left."""
    node = line.gateway.node
    await node.pipeline.export(transfer(line, 30, route), MESSAGE)
    late = Late(node.pipeline.audit)
    streams = replace(node.streams, stages=replace(node.pipeline, audit=late))
    head = Message((), "", (), b"", "application/x-ndjson")
    stream = Stream("d" * 32, "d" * 32, transfer(line, 5, route), head, 5)
    with pytest.raises(CannotDecide, match=r"\[streams\]"):
        async with streams.open(stream, cuts(_body(), LineCutter())):
            pass
    late.let.set()
    await until(lambda: line.entries("outcome"))
    assert stream.account.left == 0
    assert [entry["status"] for entry in line.entries("outcome")] == ["failed"]
    assert len(line.entries("export")) == 2


async def _body():
    yield record(1) + b"\n" + record(2)


async def test_a_log_with_late_exports_verifies(tmp_path: Path) -> None:
    """Also where the process ends before the late entry could be closed."""
    from audit_log import reader
    from gateway.node import running

    async with rig(tmp_path) as line:
        node = line.gateway.node
        late = Late(node.pipeline.audit)
        with pytest.raises(CannotDecide):
            await replace(node.pipeline, audit=late).export(transfer(line, 5), MESSAGE)
        settings = line.settings
    async with running(settings):
        pass
    report = verified(settings)
    assert report.ok
    books = account(data for _, data in reader.entries(settings.path(settings.audit.dir)))
    assert (books.closes, books.open) == (True, 0)
