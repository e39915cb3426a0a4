"""Every attack of the corpus over HTTP: what is wanted of it is what became of it.

The number in a test's name is that of the case in `docs/attacks.md`.
"""

from __future__ import annotations

from pathlib import Path

import aiohttp
import pytest

from benchmarks.attacks import Case, Want, cases
from benchmarks.bypass import Target, met

FIRED = [case for case in cases() if case.want is not Want.LIMIT]


@pytest.mark.asyncio(loop_scope="package")
@pytest.mark.parametrize("case", [pytest.param(case, id=case.ident) for case in FIRED])
async def test_case(target: Target, case: Case) -> None:
    """Caught, refused or neutral, as the case wants it."""
    async with aiohttp.ClientSession() as http:
        became = await target.fire(case, http)
    assert met(case.want, became), f"became {became.value if became else 'passed'}"


def test_limits_are_written_down() -> None:
    """Each case that is known to pass stands in the documentation."""
    text = (Path(__file__).parents[2] / "docs" / "attacks.md").read_text("utf-8")
    for case in cases():
        if case.want is Want.LIMIT:
            assert f"| {case.number} | {case.name} |" in text, case.ident
