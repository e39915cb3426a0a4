"""Which engine a configuration gets."""

import tomllib
from contextlib import AsyncExitStack
from pathlib import Path

import msgspec
import pytest

from gateway import engines
from gateway.engines import policy_engine
from gateway.errors import ConfigError
from gateway.settings import PolicySettings, Settings, parse
from policies.bundle import BundleError, load, seal
from policies.cache import CachedEngine
from policies.model import Decision, PolicyInput, PolicyUnavailable, encode
from tests.policies.opa_server import serving
from tests.policies.questions import ORDER

BUNDLE = load()
QUESTION = msgspec.convert(ORDER, PolicyInput)
MINIMAL = """
[exporter]
id = "acme-cn"
name = "示例电商有限公司"
[policy]
{policy}
"""


def read(text: str, root: Path) -> Settings:
    """The configuration as it would lie in `root`."""
    return parse(tomllib.loads(text), root=root)


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


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own, so that nothing counts as proved."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_what_compiled_once_is_not_tried_again(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A start with the policy of the last one costs no second compilation."""
    tried: list[str] = []
    monkeypatch.setattr(engines, "probe", lambda bundle: tried.append(bundle.revision) or "")
    for bundle in (BUNDLE, BUNDLE, seal({"silkgate/x.rego": "package silkgate\n"}, {})):
        engines.prove(bundle)
    assert tried[0] == BUNDLE.revision
    assert len(tried) == 2


def test_what_did_not_compile_is_tried_again(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failure is no proof of anything."""
    monkeypatch.setattr(engines, "probe", lambda bundle: "it is broken")
    for _ in range(2):
        with pytest.raises(BundleError, match="it is broken"):
            engines.prove(BUNDLE)
    assert not list(home.rglob("compiled/*"))


def test_without_a_home_a_bundle_is_tried_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nowhere to remember it."""
    tried: list[str] = []
    monkeypatch.setattr(engines, "cache_dir", lambda: None)
    monkeypatch.setattr(engines, "probe", lambda bundle: tried.append(bundle.revision) or "")
    for _ in range(2):
        engines.prove(BUNDLE)
    assert len(tried) == 2


async def test_nothing_compiles_here_that_a_child_did_not_survive(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A module that ends rego-cpp's process is refused, at the start too."""
    order: list[str] = []
    monkeypatch.setattr(engines, "probe", lambda bundle: order.append("child") or "it ended")
    monkeypatch.setattr(engines, "EmbeddedEngine", lambda bundle: order.append("here"))
    async with AsyncExitStack() as stack:
        with pytest.raises(BundleError, match="it ended"):
            await engines.load_policy(read(MINIMAL.format(policy=""), tmp_path), stack, None)
    assert order == ["child"]


async def test_a_candidate_with_an_unknown_treatment_is_not_asked(tmp_path: Path) -> None:
    """It could never be put in force, so its differences would mislead."""
    table = tmp_path / "next/silkgate/overlay/treatments/data.json"
    table.parent.mkdir(parents=True)
    table.write_text('{"any": {"pi_account": "mask:colour=red"}}', "utf-8")
    policy = '[policy.candidate]\noverlay = "next"'
    settings = read(MINIMAL.format(policy=policy), tmp_path)
    async with AsyncExitStack() as stack:
        found = await engines.load_policy(settings, stack, lambda route, kind: None)
    assert found.candidate is None
    assert "pi_account" in found.candidate_problem
