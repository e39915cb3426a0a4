"""Which engine a configuration gets."""

import msgspec
import pytest

from gateway.engines import policy_engine
from gateway.settings import ConfigError, PolicySettings
from policies.bundle import load
from policies.model import PolicyInput, encode
from tests.policies.opa_server import serving
from tests.policies.questions import ORDER

BUNDLE = load()


async def test_both_engines_answer_alike(tmp_path) -> None:
    """Embedded and a real OPA server, byte for byte, under one revision."""
    question = msgspec.convert(ORDER, PolicyInput)
    embedded = policy_engine(PolicySettings(), BUNDLE)
    with serving(BUNDLE, tmp_path) as url:
        opa = policy_engine(PolicySettings(engine="opa", url=url), BUNDLE)
        assert opa.revision == embedded.revision
        assert encode(await opa.decide(question)) == encode(await embedded.decide(question))


def test_an_opa_url_that_is_none_is_named() -> None:
    """The configuration key at fault is in the message."""
    with pytest.raises(ConfigError, match=r"policy\.url"):
        policy_engine(PolicySettings(engine="opa", url="ftp://x"), BUNDLE)
