"""What is said to have become of a stream's groups."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import pytest

from audit_log.log import Receipt
from gateway.export.counters import Counters
from gateway.streams.delivery import Delivery
from gateway.streams.stream import Portion, Stream


class Sink:
    """Keeps entries."""

    def __init__(self) -> None:
        self.entries: list[Mapping[str, Any]] = []

    async def append(self, entries: Sequence[Mapping[str, Any]]) -> Sequence[Receipt]:
        assert len(entries) <= 256, "more than the log takes in one call"
        self.entries += entries
        return []


def stream(groups: int) -> tuple[Stream, list[Portion]]:
    """A stream with that many groups released, of ten records each, and seven records left."""
    made = Stream("i", "r", None, None, 1.0)  # type: ignore[arg-type] - neither is looked at
    portions = [Portion(n, 100 + n, 10 * n, 10, 9, 10 * n, b"x") for n in range(groups)]
    for portion in portions:
        made.account.release(portion)
    made.account.accepted = 10 * groups + 7
    return made, portions


async def source(portions: list[Portion]) -> AsyncIterator[Portion]:
    for portion in portions:
        yield portion


async def test_groups_never_begun_have_failed() -> None:
    """One handed over, one begun, one not: only the last surely never left."""
    made, portions = stream(3)
    delivery, sink = Delivery(made, Counters()), Sink()
    bodies = delivery.bodies(source(portions))
    await anext(bodies)
    await anext(bodies)
    await delivery.close(sink, "aborted")
    end, *outcomes = sink.entries
    assert [(e["export"], e["status"]) for e in outcomes] == [
        (100, "aborted"),
        (101, "aborted"),
        (102, "failed"),
    ]
    assert {entry["records"] for entry in outcomes} == {9}
    assert (end["status"], end["sent"]) == ("aborted", [[0, 10]])
    assert not delivery.complete


@pytest.mark.parametrize(("decided", "left"), [(False, "refused"), (True, "failed")])
async def test_what_was_never_released_is_named_by_how_far_it_came(
    decided: bool, left: str
) -> None:
    """Before the last decision it is refused, after it failed."""
    made, _ = stream(1)
    made.account.decided = decided
    sink = Sink()
    await Delivery(made, Counters()).close(sink, "failed")
    end = sink.entries[0]
    assert {end["refused"], end["failed"]} == {0, 7}
    assert end[left] == 7


async def test_a_whole_stream_is_delivered() -> None:
    """In as many calls as the log needs; holes in the numbers make ranges."""
    made, portions = stream(600)
    del portions[300], made.account.released[300]
    delivery, sink = Delivery(made, Counters()), Sink()
    assert [body async for body in delivery.bodies(source(portions))] == [b"x"] * 599
    assert delivery.complete
    await delivery.close(sink, "delivered", http_status=201)
    end, *outcomes = sink.entries
    assert end["sent"] == [[0, 3000], [3010, 6000]]
    assert {(e["status"], e["http_status"]) for e in outcomes} == {("delivered", 201)}
