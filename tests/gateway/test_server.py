"""Readiness follows the policy server, with or without exports."""

import asyncio
from types import SimpleNamespace
from typing import Any

from gateway import server
from gateway.export.transfer import Route
from gateway.route_settings import RouteSettings
from gateway.settings import ExporterSettings
from policies.cache import CachedEngine
from policies.model import Decision, PolicyInput, PolicyUnavailable


class Moody:
    """Decides or does not."""

    revision = "0" * 64

    def __init__(self) -> None:
        self.well, self.asked = True, asyncio.Event()

    async def decide(self, question: PolicyInput) -> Decision:
        self.asked.set()
        if not self.well:
            raise PolicyUnavailable("the OPA server failed: ClientConnectorError")
        return None  # type: ignore[return-value]


async def test_a_policy_server_that_goes_and_comes_back_shows_in_readiness() -> None:
    """Named with its reason, and gone once it answers; answers remembered do not hide it."""
    settings = RouteSettings(
        upstream="https://a.example/", destination="SG", recipient="P", purpose="analytics"
    )
    route = Route.of("sg", settings, ExporterSettings(id="acme", name="Acme"))
    engine = Moody()
    node = SimpleNamespace(
        policy=SimpleNamespace(engine=CachedEngine(engine)), routes={"sg": route}
    )
    unready: dict[str, str] = {}
    reload: Any = SimpleNamespace(node=node)
    asking = asyncio.create_task(server.ask_policy(reload, unready, 0))

    async def said(well: bool) -> dict[str, str]:
        engine.well = well
        for _ in range(3):
            engine.asked.clear()
            await engine.asked.wait()
        return dict(unready)

    assert await said(True) == {}
    assert (await said(False))["policy"].startswith("the OPA server failed")
    assert await said(True) == {}
    asking.cancel()
