"""Groups looked at ahead of the one that is decided, so that no worker waits for its next."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass

from gateway.export.stages import Stages
from gateway.export.transfer import Transfer
from gateway.export.work import Inspected
from gateway.streams.groups import Cut
from gateway.streams.stream import Stream


@dataclass(frozen=True, slots=True)
class Ahead:
    """A group that has arrived; `end`: how many bytes of the input have come with it."""

    cut: Cut
    end: int
    looking: asyncio.Task[Inspected] | None = None

    async def found(self, stages: Stages, stream: Stream, transfer: Transfer) -> Inspected:
        """What is in the group. Raises a `GatewayError`."""
        if self.looking is not None:
            return await self.looking
        return await stream.inspect(stages, transfer, self.cut)


async def looked_at(
    stages: Stages, stream: Stream, cuts: AsyncIterator[Cut]
) -> AsyncGenerator[Ahead, None]:
    """The groups in their order; those behind are inspected meanwhile."""
    waiting: deque[Ahead] = deque()
    several = stages.work.parallel > 1
    most = stages.work.parallel + several  # one more than workers: none has to wait for its next
    try:
        async for cut in cuts:
            stream.account.take(cut)
            waiting.append(_begun(stages, stream, cut))
            if len(waiting) >= most:
                yield waiting.popleft()
        while waiting:
            yield waiting.popleft()
    finally:
        left = [ahead.looking for ahead in waiting if ahead.looking is not None]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)


def _begun(stages: Stages, stream: Stream, cut: Cut) -> Ahead:
    looking = None
    if stages.work.parallel > 1:
        looking = asyncio.create_task(stream.inspect(stages, stream.group(), cut))
    return Ahead(cut, stream.account.bytes_in, looking)
