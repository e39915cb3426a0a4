"""Callers, routes and users exchanged while the gateway serves."""

import asyncio
import hashlib
import json
import signal
from pathlib import Path
from typing import Any

import aiohttp

from gateway.errors import ConfigError
from gateway.export.pipeline import Pipeline
from gateway.http.upstream import Upstream
from gateway.settings import Settings
from tests.e2e.process import RecordingSink, configure, gateway_process, record
from tests.e2e.rig import FULFILMENT, KEY, Rig, configured, rig

ORDER = json.dumps({"receiver_name": "王小明", "receiver_phone": "13800138000"}).encode()


def digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


async def test_what_is_under_way_keeps_what_it_began_with(tmp_path: Path, monkeypatch: Any) -> None:
    """A new key and route at once, the old ones gone, and a request between is not dropped."""
    begun, over = asyncio.Event(), asyncio.Event()
    export = Pipeline.export

    async def waiting(self: Pipeline, *args: Any) -> Any:
        begun.set()
        await over.wait()
        return await export(self, *args)

    async with rig(tmp_path) as line:
        users = {"admin": {"key_sha256": digest("a"), "roles": ["admin"]}}
        callers = {"next": {"key_sha256": digest("next"), "routes": ["new"]}}
        routes = {"new": FULFILMENT}
        fresh = configured(tmp_path, line.sink.port, users=users, callers=callers, routes=routes)
        del fresh.callers["shop"]
        del fresh.routes["sg"]
        line.gateway.reload._again = lambda: fresh
        monkeypatch.setattr(Pipeline, "export", waiting)
        first = asyncio.create_task(line.send(ORDER))
        await begun.wait()
        await line.gateway.reload()
        over.set()
        assert (await first).status == 200
        assert (await line.send(ORDER)).status == 401
        assert (await line.send(ORDER, to="/new/orders", key="next")).status == 200
        assert (await line.send(ORDER, key="next")).status == 403
        assert [entry["kind"] for entry in line.entries()].count("config") == 1
        assert line.entries("config")[0]["config"] != line.entries("start")[0]["config"]


async def test_a_broken_configuration_changes_nothing_and_is_told(tmp_path: Path) -> None:
    """A file that cannot be read, a section that needs a restart: 422, a warning, an entry."""
    users = {"admin": {"key_sha256": digest("a"), "roles": ["admin"]}}
    async with rig(tmp_path, users=users) as line:
        port = line.sink.port
        secret = {"upstream_auth": {"secret_file": "missing"}}
        broken = {
            "upstream_auth": lambda: configured(tmp_path, port, routes={"x": FULFILMENT | secret}),
            "needs a restart": lambda: configured(tmp_path, port, limits={"deadline_seconds": 1}),
            "not there": _raise,
        }
        for why, again in broken.items():
            line.gateway.reload._again = again
            assert await reload(line) == (422, "urn:silkgate:problem:reload-refused")
            ready = json.loads((await line.admin("/readyz")).body)
            assert ready["status"] == "ready"
            assert why in ready["warnings"]["policy"]
            assert (await line.send(ORDER)).status == 200
        assert [entry["result"] for entry in line.entries("policy")] == ["refused"] * 3
        line.gateway.reload._again = lambda: configured(tmp_path, port, users=users)
        assert (await reload(line))[0] == 200
        assert "policy" not in json.loads((await line.admin("/readyz")).body)["warnings"]


def _raise() -> Settings:
    raise ConfigError("gateway.toml is not there")


async def reload(line: Rig) -> tuple[int, str]:
    url = f"http://127.0.0.1:{line.gateway.admin_port}/v1/reload"
    async with line.http.post(url, headers={"Silkgate-Key": "a"}) as reply:
        document = json.loads(await reply.read())
        return reply.status, document.get("type", "")


async def test_used_up_limits_stand_over_a_reload(tmp_path: Path) -> None:
    """Reloading is no way to send more."""
    slow = {"requests_per_minute": 1, "burst": 1}
    callers = {"slow": {"key_sha256": digest("s"), "routes": ["sg"], "limits": slow}}
    async with rig(tmp_path, callers=callers) as line:
        assert (await line.send(ORDER, key="s")).status == 200
        await line.gateway.reload()
        assert (await line.send(ORDER, key="s")).status == 429


async def test_sighup_reads_the_file_again(tmp_path: Path) -> None:
    """`silkgate serve` takes up a caller's new key from gateway.toml."""
    sink = RecordingSink()
    async with sink.listening() as port:
        config = configure(tmp_path, port)
        async with gateway_process(config) as gateway, aiohttp.ClientSession() as http:
            url = f"http://127.0.0.1:{gateway.data_port}/insights/x"

            async def status(key: str) -> int:
                headers = {"Silkgate-Key": key, "Content-Type": "application/json"}
                async with http.post(url, data=record(1), headers=headers) as reply:
                    return reply.status

            assert (await status(KEY), await status("new")) == (200, 401)
            config.write_text(
                config.read_text("utf-8").replace(digest(KEY), digest("new")), "utf-8"
            )
            gateway.process.send_signal(signal.SIGHUP)
            async with asyncio.timeout(60):
                while await status("new") != 200:  # noqa: ASYNC110  nobody else tells
                    await asyncio.sleep(0.05)
            assert await status(KEY) == 401


async def test_old_connections_are_closed_when_nobody_can_need_them(
    tmp_path: Path, monkeypatch: Any
) -> None:
    """After the longest deadline, and at the end."""
    closed: list[Upstream] = []
    close = Upstream.close

    async def closing(self: Upstream) -> None:
        closed.append(self)
        await close(self)

    monkeypatch.setattr(Upstream, "close", closing)
    async with rig(tmp_path) as line:
        front = line.gateway.reload._front
        old = front.access
        await line.gateway.reload()
        assert not closed
        front._leave(old)
        await asyncio.gather(*front._closing)
        assert set(closed) == set(old.upstreams.values())
        await line.gateway.reload()
    assert len(closed) == 3 * len(old.upstreams)
