"""A gateway in a process of its own, to be killed."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from aiohttp import web

from gateway.export.transfer import china_date
from gateway.node import create_state, utc_now
from gateway.settings import Settings, load
from tests.e2e.rig import KEY

CONFIG = """
[exporter]
id = "test-cn"
name = "测试电商"
[listen]
data = "127.0.0.1:0"
admin = "127.0.0.1:0"
[ledger.opening]
year = {year}
general = 0
sensitive = 0
as_of = {today}
evidence = "a test"
[callers.shop]
key_sha256 = "{digest}"
routes = ["insights", "counted"]
{routes}
"""
ROUTE = """
[routes.{name}]
upstream = "http://127.0.0.1:{port}/in/"
allow_addresses = ["127.0.0.1/32"]
destination = "SG"
recipient = "Partner Insights Pte Ltd"
purpose = "analytics"
on_denied = "{on_denied}"
[routes.{name}.basis]
ground = "consent"
consent = {{ ref = "register/1", notice = "v1" }}
"""


def configure(root: Path, port: int) -> Path:
    """A configuration file, keys, log and ledger in `root`; its path."""
    today = date.fromisoformat(china_date(utc_now()))
    routes = [("insights", "refuse"), ("counted", "quarantine")]
    config = root / "gateway.toml"
    config.write_text(
        CONFIG.format(
            year=today.year,
            today=today,
            digest=hashlib.sha256(KEY.encode()).hexdigest(),
            routes="".join(ROUTE.format(name=n, port=port, on_denied=o) for n, o in routes),
        ),
        "utf-8",
    )
    (root / "data").mkdir(mode=0o700)
    create_state(load(config))
    return config


@dataclass
class Process:
    """A running gateway."""

    settings: Settings
    process: asyncio.subprocess.Process
    data_port: int
    admin_port: int

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)


# A process that is ended by a fault of its own says where.
ENVIRONMENT: Final = {"PYTHONPATH": os.getcwd(), "PYTHONFAULTHANDLER": "1"}


@asynccontextmanager
async def gateway_process(config: Path, *, prefix: tuple[str, ...] = ()) -> AsyncIterator[Process]:
    """`silkgate serve`, until it ends; killed at the latest on leaving."""
    process = await asyncio.create_subprocess_exec(
        *prefix, sys.executable, "-m", "gateway", "serve", "-c", str(config),
        stdout=asyncio.subprocess.PIPE, env=os.environ | ENVIRONMENT,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        while line := await process.stdout.readline():
            said = json.loads(line)
            if said["event"] == "serving":
                break
        else:
            raise AssertionError(f"the gateway ended with {await process.wait()}")
        yield Process(load(config), process, said["data"], said["admin"])
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


class RecordingSink:
    """A recipient that notes every record as it arrives, also of requests that are cut off."""

    def __init__(self) -> None:
        self.whole: list[int] = []  # ids of single records
        self.streamed: list[int] = []  # ids of records in streams
        self.delay = 0.0
        self._more = asyncio.Event()

    async def has(self, whole: int, streamed: int = 0) -> None:
        """Wait until that many records have come alone and in streams."""
        while len(self.whole) < whole or len(self.streamed) < streamed:
            self._more.clear()
            await self._more.wait()

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[int]:
        runner = web.ServerRunner(web.Server(self._take, access_log=None))
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        try:
            yield int(runner.addresses[0][1])
        finally:
            await runner.cleanup()

    async def _take(self, request: web.BaseRequest) -> web.Response:
        if request.content_type == "application/json":
            self.whole.append(number_of(await request.read()))
            self._more.set()
        else:
            rest = b""
            async for chunk in request.content.iter_any():
                *lines, rest = (rest + chunk).split(b"\n")
                self.streamed += [number_of(line) for line in lines]
                self._more.set()
        await asyncio.sleep(self.delay)
        return web.json_response({})


def record(number: int) -> bytes:
    """One record about one person of its own."""
    phone = f"138{number:08d}"
    return json.dumps({"receiver_phone": phone, "sku": f"A-{number}"}).encode()


def number_of(line: bytes) -> int:
    """Which record this is, as it leaves."""
    return int(json.loads(line)["sku"].removeprefix("A-"))
