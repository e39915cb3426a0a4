"""Streams on whose way to a decision another export moves the count."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gateway.export.parts import Message
from gateway.export.pipeline import Held, deadline_in
from gateway.export.stages import UNBOUNDED
from gateway.export.transfer import Transfer
from gateway.ledger.book import standing
from gateway.ledger.model import Person, year_of
from gateway.node import ledger_place, utc_now
from gateway.streams.groups import cuts
from gateway.streams.lines import LineCutter
from gateway.streams.stream import Portion, Stream
from policies.model import Outcome
from tests.e2e.process import record
from tests.e2e.rig import Rig, rig
from tests.e2e.test_streams import opening

THRESHOLD = 100_000
CLEAN = b'{"sku": "A-1"}\n'
HEAD = Message((), "", (), b"", "application/x-ndjson")


async def other_export(line: Rig, number: int = 0) -> None:
    """One more person, counted by somebody else."""
    person = Person(strong=number.to_bytes(16, "big"))
    await line.gateway.node.ledger.commit(
        [person], UNBOUNDED, year=year_of(utc_now()), export_ref=f"other-{number}"
    )


class Overtaken:
    """A ledger in which somebody else is always a little faster."""

    def __init__(self, line: Rig, times: int) -> None:
        self._line, self._times = line, times

    async def preview(self, *args: Any, **kwargs: Any) -> object:
        return await self._line.gateway.node.ledger.preview(*args, **kwargs)

    async def commit(self, *args: Any, **kwargs: Any) -> object:
        if self._times:
            self._times -= 1
            await other_export(self._line, self._times)
        return await self._line.gateway.node.ledger.commit(*args, **kwargs)


def stream(line: Rig, route: str) -> Stream:
    node = line.gateway.node
    transfer = Transfer("r", "shop", "POST", node.routes[route], deadline_in(30))
    return Stream("d" * 32, "d" * 32, transfer, HEAD, 30)


async def decided(
    line: Rig, route: str, body: AsyncIterator[bytes], ledger: object | None = None
) -> Held | list[Portion]:
    """What comes of a stream in groups of two lines."""
    node = line.gateway.node
    stages = replace(node.pipeline, ledger=ledger or node.ledger)
    streams = replace(node.streams, stages=stages)
    async with streams.open(stream(line, route), cuts(body, LineCutter(lines=2))) as opened:
        return opened if isinstance(opened, Held) else [portion async for portion in opened]


@pytest.fixture
async def line(tmp_path: Path):
    async with rig(tmp_path, ledger=opening(THRESHOLD - 3)) as running:
        yield running


def counted(line: Rig) -> int:
    return standing(ledger_place(line.settings).path).counted.general


@pytest.mark.parametrize("overtaken", [False, True])
async def test_a_count_moved_while_the_stream_arrived(line: Rig, overtaken: bool) -> None:
    """The first group was decided below the threshold, which is reached at the end: all is held."""

    async def body() -> AsyncIterator[bytes]:
        yield record(1) + b"\n" + record(2) + b"\n"
        if overtaken:
            await other_export(line)
        yield CLEAN * 2

    result = await decided(line, "insights", body())
    assert isinstance(result, Held) == overtaken
    assert counted(line) == THRESHOLD - 3 + (1 if overtaken else 2)


async def whole() -> AsyncIterator[bytes]:
    yield record(1) + b"\n" + record(2) + b"\n" + CLEAN


async def test_a_person_in_many_groups_counts_once(line: Rig) -> None:
    """Two persons in each of three groups are two."""

    async def body() -> AsyncIterator[bytes]:
        yield (record(1) + b"\n" + record(2) + b"\n") * 3

    result = await decided(line, "insights", body())
    assert isinstance(result, list)
    assert len(result) == 3
    assert counted(line) == THRESHOLD - 1


async def test_a_count_moved_between_decision_and_commit(line: Rig) -> None:
    """The commit is refused and the stream decided again, now at the threshold: held."""
    result = await decided(line, "insights", whole(), Overtaken(line, 1))
    assert isinstance(result, Held)
    assert result.ruling.outcome is not Outcome.ALLOW
    assert counted(line) == THRESHOLD - 2


async def test_below_the_threshold_others_do_not_matter(tmp_path: Path) -> None:
    """However often the count moves within its band."""
    async with rig(tmp_path, ledger=opening(THRESHOLD - 100)) as line:
        result = await decided(line, "insights", whole(), Overtaken(line, 50))
        assert isinstance(result, list)
        assert [portion.records for portion in result] == [2, 1]


async def test_a_flowing_group_that_is_overtaken_is_held_back(line: Rig) -> None:
    """Decided again with the new count: its persons stay, what is clean leaves."""
    result = await decided(line, "counted", whole(), Overtaken(line, 1))
    assert isinstance(result, list)
    assert [(portion.first, portion.body) for portion in result] == [(2, CLEAN)]
    assert counted(line) == THRESHOLD - 2
