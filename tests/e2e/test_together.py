"""Requests that wait at the same moment: computed together, answered and accounted for alone."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from gateway.export.together import Together
from tests.e2e.rig import Rig, rig, verified
from tests.e2e.test_line import ORDER


def order(number: int, **changes: Any) -> bytes:
    facts = {"order_sn": f"20261123{number:04}", "receiver_phone": f"138001380{number:02}"}
    return json.dumps(ORDER | facts | changes, ensure_ascii=False).encode()


@pytest.fixture
async def line(tmp_path: Path):
    async with rig(tmp_path) as running:
        yield running


@pytest.fixture
def sizes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many were treated together, each time."""
    found: list[int] = []
    treat = Together.treat

    def watched(self: Together, members: Any) -> Any:
        done = treat(self, members)
        found.append(len(members))
        return done

    monkeypatch.setattr(Together, "treat", watched)
    return found


async def test_a_crowd_is_served_like_a_queue(line: Rig, sizes: list[int]) -> None:
    """The same bytes leave, the same persons count, and each has its entry and its outcome."""
    bodies = [order(number) for number in range(24)]
    for body in bodies:
        assert (await line.send(body)).status == 200
    assert not sizes
    one_by_one = {body for _, body in line.sink.received}
    line.sink.received.clear()
    answers = await asyncio.gather(*(line.send(body) for body in bodies))
    assert {answer.status for answer in answers} == {200}
    assert sum(sizes) > len(bodies) // 2, "the path that is tested was taken"
    assert {body for _, body in line.sink.received} == one_by_one
    assert len({answer.headers["Silkgate-Entry"] for answer in answers}) == len(bodies)
    assert len({answer.headers["Silkgate-Decision-Id"] for answer in answers}) == len(bodies)
    first, second = line.entries("export")[:24], line.entries("export")[24:]
    same = ("bytes_in", "bytes_out", "inspection", "groups", "treatments", "records")
    assert sorted(repr([entry[fact] for fact in same]) for entry in first) == sorted(
        repr([entry[fact] for fact in same]) for entry in second
    )


async def test_a_bad_request_in_a_crowd_is_alone_with_it(line: Rig, sizes: list[int]) -> None:
    """Malformed, denied and clean ones among others: each gets what is its own."""
    halves = order(1) + b"," + order(2)
    odd = [
        (b'{"a":', "/sg/orders"),
        (halves, "/sg/orders"),
        (order(3), "/denied/orders"),
        (order(4, receiver_phone="王小明"), "/sg/orders"),
        (order(5, receiver_name="2020-05-05"), "/sg/orders"),
    ]
    crowd = [(order(number), "/sg/orders") for number in range(10, 30)]
    sent = [*crowd[:10], *odd, *crowd[10:]]
    alone = [(await line.send(body, to=to)).status for body, to in sent]
    assert {alone[n] for n in range(10)} == {200}
    assert alone[10:13] == [400, 400, 403]
    one_by_one = sorted(body for _, body in line.sink.received)
    line.sink.received.clear()
    answers = await asyncio.gather(*(line.send(body, to=to) for body, to in sent))
    assert [answer.status for answer in answers] == alone
    assert sizes
    assert sorted(body for _, body in line.sink.received) == one_by_one


async def test_the_books_of_a_crowd_close(tmp_path: Path, sizes: list[int]) -> None:
    """Every export of the crowd has one outcome; each person counts once, however often sent."""
    async with rig(tmp_path) as line:
        answers = await asyncio.gather(*(line.send(order(number % 8)) for number in range(32)))
        assert {answer.status for answer in answers} == {200}
        assert sizes
    report = verified(line.settings)
    assert report.ok, report
    exports = {entry["seq"] for entry in line.entries("export")}
    outcomes = [entry["export"] for entry in line.entries("outcome")]
    assert sorted(outcomes) == sorted(exports)
    exempt = [entry["persons"] for entry in line.entries("export")]
    assert len([facts for facts in exempt if facts]) == 32
