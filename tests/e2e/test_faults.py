"""What goes wrong beside the request: policy engine, ledger, log, recipient."""

import errno
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from gateway.ledger.model import LedgerUnavailable
from policies.model import Decision, PolicyInput, PolicyUnavailable
from tests.e2e.rig import FULFILMENT, Rig, rig

ORDER = json.dumps({"receiver_name": "王小明", "receiver_phone": "13800138000"}).encode()


@pytest.fixture
async def line(tmp_path: Path):
    async with rig(tmp_path) as running:
        yield running


class BrokenEngine:
    """Answers nothing that is a decision."""

    revision = "0" * 64

    async def decide(self, question: PolicyInput) -> Decision:
        raise PolicyUnavailable("the policy's answer is not a decision")


async def test_a_policy_that_errs_stops_the_export(line: Rig) -> None:
    """503 cannot-decide, nothing sent, the refusal logged."""
    line.gateway.node.pipeline.engine._engine = BrokenEngine()
    answer = await line.send(ORDER)
    assert answer.status == 503
    assert answer.problem["type"] == "urn:silkgate:problem:cannot-decide"
    assert line.sink.received == []
    assert line.entries("refusal")[0]["code"] == "cannot-decide"


async def test_a_ledger_out_of_reach_stops_the_export(line: Rig) -> None:
    """Who cannot be counted does not leave."""
    await line.gateway.node.pipeline.ledger.close()
    with pytest.raises(LedgerUnavailable):
        await line.gateway.node.pipeline.ledger.commit([], None, year=2026, export_ref="x")
    answer = await line.send(ORDER)
    assert answer.status == 503
    assert line.sink.received == []


async def test_a_log_that_cannot_be_made_durable_stops_everything(line: Rig) -> None:
    """503 audit-unavailable, nothing sent, readiness red and naming the part."""
    assert (await line.admin("/readyz")).status == 200
    line.gateway.node.audit._committer.fail(OSError(errno.ENOSPC, "no space"))
    answer = await line.send(ORDER)
    assert answer.status == 503
    assert answer.problem["type"] == "urn:silkgate:problem:audit-unavailable"
    assert line.sink.received == []
    ready = await line.admin("/readyz")
    assert ready.status == 503
    assert "audit" in json.loads(ready.body)["parts"]


@asynccontextmanager
async def answering(status: int, headers: dict[str, str]) -> AsyncIterator[int]:
    """A recipient that always answers so; its port."""

    async def answer(request: web.BaseRequest) -> web.Response:
        await request.read()
        return web.Response(status=status, headers=headers, text="moved")

    runner = web.ServerRunner(web.Server(answer, access_log=None))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_out_of_the_route_is_not_followed(tmp_path: Path, status: int) -> None:
    """502 upstream-redirected without the address; the outcome says that the data was delivered."""
    async with answering(status, {"Location": "https://elsewhere.example/in/"}) as port:
        routes = {"sg": FULFILMENT | {"upstream": f"http://127.0.0.1:{port}/in/"}}
        async with rig(tmp_path, routes=routes) as line:
            answer = await line.send(ORDER)
    assert answer.status == 502
    assert answer.problem["type"] == "urn:silkgate:problem:upstream-redirected"
    assert "Location" not in answer.headers
    assert b"elsewhere" not in answer.body
    assert line.entries("outcome")[0]["status"] == "delivered"


async def test_a_redirect_inside_the_route_is_rewritten(tmp_path: Path) -> None:
    """The caller is sent back through the gateway; steering headers are gone."""
    headers = {"Location": "/in/orders/9?x=1", "Alt-Svc": 'h3=":443"', "Refresh": "0"}
    async with answering(303, headers) as port:
        routes = {"sg": FULFILMENT | {"upstream": f"http://127.0.0.1:{port}/in/"}}
        async with rig(tmp_path, routes=routes) as line:
            answer = await line.send(ORDER)
    assert answer.status == 303
    assert answer.headers["Location"] == "/sg/orders/9?x=1"
    assert not {"Alt-Svc", "Refresh"} & set(answer.headers)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "2130706433"])
async def test_an_inside_address_that_is_not_listed_is_not_reached(
    tmp_path: Path, host: str
) -> None:
    """The SSRF guard holds for literal addresses, whatever their spelling, and for names."""
    async with answering(200, {}) as port:
        route = FULFILMENT | {"upstream": f"http://{host}:{port}/", "allow_addresses": []}
        async with rig(tmp_path, routes={"sg": route}) as line:
            answer = await line.send(ORDER)
    assert answer.status == 502
    assert line.entries("outcome")[0]["status"] == "failed"
