"""One gateway and one capturing recipient for all attacks."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from benchmarks.bypass import Target, own_gateway


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def target() -> AsyncIterator[Target]:
    """The gateway, and where to send to."""
    async with own_gateway() as target:
        yield target
