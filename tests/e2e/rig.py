"""A gateway and a recipient on loopback, to be driven over HTTP."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import aiohttp
import msgspec

from audit_log import reader
from audit_log.report import Report
from audit_log.verify import verify
from gateway.demo.sink import Sink, running_sink
from gateway.export.transfer import china_date
from gateway.http.seen import Told
from gateway.node import create_state, last_signed, utc_now
from gateway.server import Serving, serving
from gateway.settings import Settings, parse

KEY = "a-caller-key-made-up-for-tests"
JSON = {"Content-Type": "application/json"}
FULFILMENT = {
    "destination": "SG",
    "recipient": "Partner Logistics Pte Ltd",
    "purpose": "order_fulfilment",
    "allow_addresses": ["127.0.0.1/32"],
    "basis": {"ground": "contract", "exemption": "cn.order16.art5.1.1"},
}


@dataclass(frozen=True)
class Answer:
    """A reply, read."""

    status: int
    headers: Any
    body: bytes

    @property
    def problem(self) -> dict[str, Any]:
        assert self.headers["Content-Type"] == "application/problem+json"
        return msgspec.json.decode(self.body)


@dataclass
class Rig:
    """What a test drives and looks at."""

    settings: Settings
    sink: Sink
    gateway: Serving
    http: aiohttp.ClientSession

    async def send(
        self,
        body: bytes = b"",
        *,
        to: str = "/sg/orders",
        method: str = "POST",
        key: str | None = KEY,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        url = f"http://127.0.0.1:{self.gateway.data_port}{to}"
        sent = dict(JSON if headers is None else headers)
        if key is not None:
            sent["Silkgate-Key"] = key
        from yarl import URL

        async with self.http.request(
            method, URL(url, encoded=True), data=body, headers=sent, allow_redirects=False
        ) as reply:
            return Answer(reply.status, reply.headers, await reply.read())

    async def admin(self, path: str) -> Answer:
        url = f"http://127.0.0.1:{self.gateway.admin_port}{path}"
        async with self.http.get(url) as reply:
            return Answer(reply.status, reply.headers, await reply.read())

    @property
    def directory(self) -> Path:
        return self.settings.path(self.settings.audit.dir)

    def entries(self, kind: str | None = None) -> list[dict[str, Any]]:
        found = reader.documents(self.directory)
        return [entry for entry in found if kind in (None, entry["kind"])]

    def verify(self) -> Report:
        return verified(self.settings)


async def until(holds: Callable[[], object]) -> None:
    """Wait for what the gateway does by itself, for a minute at most."""
    async with asyncio.timeout(60):
        while not holds():  # noqa: ASYNC110  nobody else tells
            await asyncio.sleep(0.02)


def verified(settings: Settings) -> Report:
    """The log of a stopped gateway, verified."""
    directory = settings.path(settings.audit.dir)
    vkey = next((directory / "keys").glob("*.vkey")).read_text("utf-8").strip()
    return verify(directory, vkey=vkey, state=last_signed(settings))


def configured(root: Path, port: int, **changes: Any) -> Settings:
    """A configuration whose routes all lead to the sink at `port`."""
    recipient = {"upstream": f"http://127.0.0.1:{port}/in/", "allow_addresses": ["127.0.0.1/32"]}
    fulfilment = FULFILMENT | recipient
    consent = {"ref": "register/1", "notice": "v1"}
    analytics = recipient | {
        "destination": "SG",
        "recipient": "Partner Insights Pte Ltd",
        "purpose": "analytics",
        "basis": {"ground": "consent", "consent": consent},
    }
    today = date.fromisoformat(china_date(utc_now()))
    document = {
        "exporter": {"id": "test-cn", "name": "测试电商"},
        "listen": {"data": "127.0.0.1:0", "admin": "127.0.0.1:0"},
        "ledger": {
            "opening": {
                "year": today.year,
                "general": 0,
                "sensitive": 0,
                "as_of": today,
                "evidence": "a test",
            }
        },
        "limits": {"max_body_bytes": 1_000_000, "deadline_seconds": 10},
        "callers": {
            "shop": {
                "key_sha256": hashlib.sha256(KEY.encode()).hexdigest(),
                "routes": ["sg", "insights", "nowhere", "denied", "parted", "counted"],
            }
        },
        "routes": {
            "sg": fulfilment,
            "insights": analytics,
            "nowhere": fulfilment | {"upstream": "http://127.0.0.1:1/"},
            "parted": fulfilment | {"on_denied": "quarantine"},
            "counted": analytics | {"on_denied": "quarantine"},
            "denied": analytics | {"destination": "KE", "basis": {"ground": "contract"}},
        },
    }
    for section, values in changes.items():
        document.setdefault(section, {}).update(values)
    document["callers"]["shop"]["routes"] += changes.get("routes", {})
    for route in document["routes"].values():
        for key, value in recipient.items():
            route.setdefault(key, value)
    return parse(document, root=root)


@asynccontextmanager
async def rig(
    root: Path, told: Sequence[Told] = (), workers: int = 1, **changes: Any
) -> AsyncIterator[Rig]:
    """Make state in `root`, start sink and gateway; `told` hear of each answer."""
    async with running_sink() as sink:
        settings = configured(root, sink.port, **changes)
        (root / "data").mkdir(mode=0o700, parents=True, exist_ok=True)
        create_state(settings)
        gate = serving(settings, told=told, workers=workers)
        async with gate as gateway, aiohttp.ClientSession() as http:
            yield Rig(settings, sink, gateway, http)
