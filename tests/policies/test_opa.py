"""A real OPA: the same decisions byte for byte, and no answer where there is none."""

from __future__ import annotations

import asyncio
import json
import subprocess
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiohttp import web
from hypothesis import given, settings

from policies.bundle import builtin_path, load
from policies.embedded import EmbeddedEngine
from policies.model import Decision, PolicyInput, PolicyUnavailable, encode
from policies.opa import OpaEngine
from tests.policies.opa_server import opa, serving
from tests.policies.questions import question, vectors
from tests.policies.strategies import questions

SHIPPED = load()
GOOD: dict[str, Any] = {
    "outcome": "allow",
    "mechanism": "exemption",
    "counts": {"general": False, "sensitive": False},
    "treatments": [],
    "obligations": [],
    "needs": [],
    "reasons": [{"code": "x", "en": "x", "zh": "x", "citation": "x"}],
}
PROVENANCE = {"bundles": {"b": {"revision": SHIPPED.revision}}}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(SHIPPED, tmp_path_factory.mktemp("opa")) as url:
        yield url


async def test_both_engines_decide_every_vector_alike(server: str) -> None:
    """Byte for byte, order and texts included."""
    embedded = EmbeddedEngine(SHIPPED, deadline_seconds=60)
    remote = OpaEngine(server, SHIPPED.revision, deadline_seconds=60)
    different = [
        name
        for name, asked, _ in vectors()
        if encode(await remote.decide(asked)) != encode(embedded.decide_sync(asked))
    ]
    await remote.close()
    assert different == []


def test_both_engines_decide_random_questions_alike(server: str) -> None:
    """Questions no person would think of, byte for byte too."""
    embedded = EmbeddedEngine(SHIPPED, deadline_seconds=60)

    @settings(max_examples=150, derandomize=True)
    @given(questions)
    def alike(asked: PolicyInput) -> None:
        body = json.dumps({"input": msgspec.to_builtins(asked)}).encode()
        request = urllib.request.Request(f"{server}/v1/data/silkgate/decision", body)
        with urllib.request.urlopen(request, timeout=60) as answer:
            remote = msgspec.convert(json.load(answer)["result"], Decision)
        assert encode(remote) == encode(embedded.decide_sync(asked))

    alike()


async def test_another_revision_is_no_answer(server: str) -> None:
    """A server that runs yesterday's policy does not decide for today's gateway."""
    engine = OpaEngine(server, "0" * 64, deadline_seconds=60)
    with pytest.raises(PolicyUnavailable, match=SHIPPED.revision):
        await engine.decide(question())
    await engine.close()


@pytest.mark.parametrize(
    "command",
    [
        ["check", "--strict", "-b"],
        ["test", "-b"],
        ["build", "-o", "/dev/null", "-b"],
    ],
    ids=["check", "test", "build"],
)
def test_opa_takes_the_folder_as_it_is(command: list[str]) -> None:
    """The shipped folder is an ordinary OPA bundle."""
    result = subprocess.run(
        [opa(), *command, str(builtin_path())], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr


@asynccontextmanager
async def answering(
    handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
) -> AsyncIterator[str]:
    """A server that plays OPA."""
    app = web.Application()
    app.router.add_post("/v1/data/silkgate/decision", handler)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


ANSWERS: dict[str, Any] = {
    "undefined": {"provenance": PROVENANCE},
    "no provenance": {"result": GOOD},
    "older revision": {
        "result": GOOD,
        "provenance": {"bundles": {"b": {"revision": "1" * 64}}},
    },
    "two bundles": {
        "result": GOOD,
        "provenance": {
            "bundles": {"b": {"revision": SHIPPED.revision}, "c": {"revision": "1" * 64}}
        },
    },
    "bundle without revision": {"result": GOOD, "provenance": {"bundles": {"b": {}}}},
    "wrong type": {"result": "allow", "provenance": PROVENANCE},
    "true": {"result": True, "provenance": PROVENANCE},
    "null": {"result": None, "provenance": PROVENANCE},
    "list": [GOOD],
    "text": "allow",
    "no reason": {"result": {**GOOD, "reasons": []}, "provenance": PROVENANCE},
    "more than a decision": {"result": {**GOOD, "note": "x"}, "provenance": PROVENANCE},
}


@pytest.mark.parametrize("case", ANSWERS)
async def test_anything_but_a_decision_is_none(case: str) -> None:
    """Undefined, mistyped, of another revision: cannot decide."""

    async def handler(_: web.Request) -> web.Response:
        return web.json_response(ANSWERS[case])

    async with answering(handler) as url:
        engine = OpaEngine(url, SHIPPED.revision)
        with pytest.raises(PolicyUnavailable):
            await engine.decide(question())
        await engine.close()


async def test_a_good_answer_is_taken() -> None:
    """The answers above are refused for their fault."""

    async def handler(request: web.Request) -> web.Response:
        assert (await request.json())["input"]["route"] == "sg-fulfilment"
        return web.json_response({"result": GOOD, "provenance": PROVENANCE})

    async with answering(handler) as url:
        engine = OpaEngine(url, SHIPPED.revision)
        assert json.loads(encode(await engine.decide(question()))) == GOOD
        await engine.close()


@pytest.mark.parametrize("status", [400, 401, 404, 500, 503])
async def test_an_error_is_no_answer(status: int) -> None:
    """Whatever OPA says with it."""

    async def handler(_: web.Request) -> web.Response:
        body = {"result": GOOD, "provenance": PROVENANCE}
        return web.json_response(body, status=status)

    async with answering(handler) as url:
        engine = OpaEngine(url, SHIPPED.revision)
        with pytest.raises(PolicyUnavailable):
            await engine.decide(question())
        await engine.close()


async def test_a_slow_server_is_not_waited_for() -> None:
    """The deadline is the engine's, not the server's."""
    asked = asyncio.Event()

    async def handler(_: web.Request) -> web.Response:
        asked.set()
        await asyncio.Event().wait()
        raise AssertionError

    async with answering(handler) as url:
        engine = OpaEngine(url, SHIPPED.revision, deadline_seconds=0.2)
        with pytest.raises(PolicyUnavailable):
            await engine.decide(question())
        assert asked.is_set()
        await engine.close()


async def test_no_server_is_no_answer() -> None:
    """Nothing listens on port 1."""
    engine = OpaEngine("http://127.0.0.1:1", SHIPPED.revision)
    with pytest.raises(PolicyUnavailable):
        await engine.decide(question())
    await engine.close()


@pytest.mark.parametrize(
    "url", ["", "127.0.0.1:8181", "ftp://host", "http://host/v1/data", "http://"]
)
def test_a_bad_address_is_refused_at_once(url: str) -> None:
    """At start, not at the first export."""
    with pytest.raises(ValueError, match="http"):
        OpaEngine(url, SHIPPED.revision)


def test_opa_checks_what_embedded_runs(tmp_path: Path) -> None:
    """The archive is a bundle OPA accepts too."""
    from policies.bundle import archive

    packed = tmp_path / "bundle.tar.gz"
    packed.write_bytes(archive(SHIPPED))
    result = subprocess.run(
        [opa(), "check", "-b", str(packed)], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
