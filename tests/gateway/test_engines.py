"""Which engine a configuration gets."""

from contextlib import AsyncExitStack
from pathlib import Path

import msgspec
import pytest

from gateway.engines import policy_engine
from gateway.settings import ConfigError, PolicySettings
from policies.bundle import load
from policies.cache import CachedEngine
from policies.model import Decision, PolicyInput, PolicyUnavailable, encode
from tests.policies.opa_server import serving
from tests.policies.questions import ORDER

BUNDLE = load()
QUESTION = msgspec.convert(ORDER, PolicyInput)


async def test_both_engines_answer_alike(tmp_path: Path) -> None:
    """Embedded and a real OPA server, byte for byte, under one revision."""
    with serving(BUNDLE, tmp_path) as url:
        remote = PolicySettings(engine="opa", url=url)
        async with AsyncExitStack() as stack:
            embedded = await policy_engine(PolicySettings(), BUNDLE, stack)
            opa = await policy_engine(remote, BUNDLE, stack)
            assert opa.revision == embedded.revision
            assert encode(await _warm(opa)) == encode(await embedded.decide(QUESTION))


async def _warm(engine: CachedEngine) -> Decision:
    """The first answer of a server that has just started may miss the deadline."""
    for _ in range(20):
        try:
            return await engine.decide(QUESTION)
        except PolicyUnavailable:
            continue
    return await engine.decide(QUESTION)


async def test_an_opa_url_that_is_none_is_named() -> None:
    """The configuration key at fault is in the message."""
    with pytest.raises(ConfigError, match=r"policy\.url"):
        await policy_engine(PolicySettings(engine="opa", url="ftp://x"), BUNDLE, AsyncExitStack())
