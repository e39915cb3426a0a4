"""Two gateways of one exporter, one ledger in a database."""

import asyncio
import shutil
import uuid
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
import msgspec
import pytest
from typer.testing import CliRunner

from gateway.cli.app import app
from gateway.demo.sink import running_sink
from gateway.ledger.model import LedgerUnavailable
from gateway.ledger.url import LedgerPlace
from gateway.node import create_state, ledger_place, utc_now
from gateway.server import serving
from tests.e2e.process import configure, record
from tests.e2e.rig import Rig, configured
from tests.e2e.test_streams import opening
from tests.gateway.conftest import postgres_url

__all__ = ["postgres_url"]

THRESHOLD = 100_000
LEFT = 20  # persons below it


@pytest.fixture
async def pair(tmp_path: Path, postgres_url: str) -> AsyncIterator[list[Rig]]:
    """Two gateways with the same keys, each with a log and a signing key of its own."""
    exporter = {"id": f"acme-{uuid.uuid4()}"}
    ledger = opening(THRESHOLD - LEFT) | {"url": postgres_url}
    async with AsyncExitStack() as stack:
        sink = await stack.enter_async_context(running_sink())
        http = await stack.enter_async_context(aiohttp.ClientSession())
        gateways = []
        for name in ("one", "two"):
            settings = configured(tmp_path / name, sink.port, exporter=exporter, ledger=ledger)
            (tmp_path / name / "data").mkdir(mode=0o700, parents=True)
            create_state(settings)
            if gateways:
                for key in gateways[0].settings.path("data/keys").glob("*.key"):
                    if not key.name.startswith("node."):
                        shutil.copy(key, settings.path("data/keys"))
            else:
                started = await ledger_place(settings).create(
                    settings.ledger.opening, clock=utc_now
                )
                await started.close()
            gateway = await stack.enter_async_context(serving(settings))
            gateways.append(Rig(settings, sink, gateway, http))
        yield gateways


async def counted(line: Rig) -> int:
    return (await ledger_place(line.settings).standing(clock=utc_now)).counted.general


async def test_two_gateways_at_a_threshold(pair: list[Rig]) -> None:
    """Of forty exports of one new person each, those below the threshold leave and no other."""
    answers = await asyncio.gather(
        *(pair[n % 2].send(record(n), to="/insights/x") for n in range(2 * LEFT))
    )
    assert Counter(answer.status for answer in answers) == {200: LEFT - 1, 403: LEFT + 1}
    assert len(pair[0].sink.received) == LEFT - 1
    assert await counted(pair[0]) == THRESHOLD - 1
    assert all(line.verify().ok for line in pair)


async def test_a_person_through_both_is_one(pair: list[Rig]) -> None:
    """The gateways share the key that persons are hashed with."""
    for line in [*pair, *pair]:
        assert (await line.send(record(7), to="/insights/x")).status == 200
    assert await counted(pair[0]) == THRESHOLD - LEFT + 1


async def test_a_database_that_goes_away_lets_nothing_leave(pair: list[Rig]) -> None:
    """Readiness says so, and is green again once the database answers."""
    line = pair[0]
    ledger = line.gateway.node.ledger
    pool, ledger._pool = ledger._pool, None  # type: ignore[union-attr, assignment]
    answer = await line.send(record(1), to="/insights/x")
    assert answer.status == 503
    assert not line.sink.received
    ready = await line.admin("/readyz")
    assert ready.status == 503
    assert "database" in ready.body.decode()
    ledger._pool = pool  # type: ignore[union-attr]
    await ledger._waiting  # type: ignore[union-attr]
    assert (await line.admin("/readyz")).status == 200
    assert (await line.send(record(1), to="/insights/x")).status == 200


def test_the_commands(tmp_path: Path, postgres_url: str) -> None:
    """`ledger create` once; `show`, `rebuild` and `check` then read the database."""
    config = configure(tmp_path, 1)
    text = config.read_text("utf-8").replace('id = "test-cn"', f'id = "acme-{uuid.uuid4()}"')
    shared = f'[ledger]\nurl = "{postgres_url}"\n[ledger.opening]'
    config.write_text(text.replace("[ledger.opening]", shared), "utf-8")

    def silkgate(*words: str) -> tuple[int, str]:
        result = CliRunner().invoke(app, [*words, "-c", str(config)])
        return result.exit_code, result.output

    assert silkgate("ledger", "show") == (3, silkgate("ledger", "show")[1])
    assert silkgate("ledger", "create")[0] == 0
    status, said = silkgate("ledger", "create")
    assert (status, "already" in said) == (3, True)
    for words in (["ledger", "show"], ["ledger", "rebuild"]):
        status, said = silkgate(*words)
        assert status == 0, said
    assert "0 general" in silkgate("check")[1]


def test_a_password_is_not_in_the_log(tmp_path: Path) -> None:
    """The digest of the configuration does not let it be guessed."""
    from gateway.node import config_digest

    digests = {
        config_digest(configured(tmp_path, 1, ledger={"url": f"postgresql://u:{word}@h/db"}))
        for word in ("secret", "guessed")
    }
    assert len(digests) == 1
    assert LedgerPlace("postgresql://u:p@h/db", tmp_path, "acme").shared


async def test_a_gateway_with_another_key_does_not_start(pair: list[Rig], tmp_path: Path) -> None:
    """It would count everybody anew."""
    strange = msgspec.structs.replace(pair[1].settings, root=tmp_path / "three")
    strange.path("data").mkdir(mode=0o700, parents=True)
    create_state(strange)
    with pytest.raises(LedgerUnavailable, match="each would count everybody anew"):
        async with serving(strange):
            pytest.fail("it serves")
