"""The made-up exporter of the demonstration: its configuration, its sample files, its sends."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import aiohttp

from gateway.http.callers import KEY_HEADER
from gateway.settings import Settings, parse


@dataclass(frozen=True, slots=True)
class Sample:
    """One file of the shop's database and where it goes."""

    title: str
    file: str
    route: str

    def rows(self, count: int) -> list[bytes]:
        """The first `count` lines."""
        text = files("gateway.demo") / "mall" / self.file
        return text.read_bytes().splitlines()[:count]


SAMPLES = (
    Sample("Orders to the carrier in Singapore", "oms_order.ndjson", "sg-fulfilment"),
    Sample("Return requests to the same carrier", "oms_order_return_apply.ndjson", "sg-fulfilment"),
    Sample("Members to the analytics service in Singapore", "ums_member.ndjson", "sg-analytics"),
)
DENIED = Sample("Members to an advertiser in Kenya", "ums_member.ndjson", "ke-marketing")


@dataclass(frozen=True, slots=True)
class Sent:
    """A request and the gateway's reply. `row` is the first record sent."""

    sample: Sample
    row: dict[str, Any]
    status: int
    reply: dict[str, Any]
    decision: str
    entry: int


def configuration(root: Path, sink_port: int, key: str, today: date) -> Settings:
    """The exporter's configuration, everything on loopback and free ports."""
    recipient = {
        "upstream": f"http://127.0.0.1:{sink_port}/",
        "allow_addresses": ["127.0.0.1/32"],
    }
    consent = {"ref": "consent-register/2026", "notice": "privacy-notice-7"}
    document = {
        "exporter": {"id": "demo-cn", "name": "示例电商有限公司", "sector": "e-commerce"},
        "listen": {"data": "127.0.0.1:0", "admin": "127.0.0.1:0"},
        "ledger": {
            "opening": {
                "year": today.year,
                "general": 0,
                "sensitive": 0,
                "as_of": today,
                "evidence": "demonstration",
            }
        },
        "callers": {
            "shop": {
                "key_sha256": hashlib.sha256(key.encode()).hexdigest(),
                "routes": ["sg-fulfilment", "sg-analytics", "ke-marketing"],
            }
        },
        "routes": {
            "sg-fulfilment": recipient
            | {
                "destination": "SG",
                "recipient": "Partner Logistics Pte Ltd",
                "purpose": "order_fulfilment",
                "basis": {"ground": "contract", "exemption": "cn.order16.art5.1.1"},
            },
            "sg-analytics": recipient
            | {
                "destination": "SG",
                "recipient": "Partner Insights Pte Ltd",
                "purpose": "analytics",
                "basis": {"ground": "consent", "consent": consent},
            },
            "ke-marketing": recipient
            | {
                "destination": "KE",
                "recipient": "Example Adverts Ltd",
                "purpose": "analytics",
                "basis": {"ground": "contract", "exemption": "cn.order16.art5.1.1"},
            },
        },
    }
    return parse(document, root=root)


async def send(samples: Sequence[Sample], port: int, key: str, count: int) -> list[Sent]:
    """Send each sample's records as one JSON array through the gateway at `port`."""
    sent = []
    async with aiohttp.ClientSession() as session:
        for sample in samples:
            rows = sample.rows(count)
            async with session.post(
                f"http://127.0.0.1:{port}/{sample.route}/import",
                data=b"[" + b",\n".join(rows) + b"]",
                headers={KEY_HEADER: key, "Content-Type": "application/json"},
            ) as response:
                reply = await response.json(content_type=None)
                sent.append(
                    Sent(
                        sample,
                        json.loads(rows[0]),
                        response.status,
                        reply,
                        response.headers.get("Silkgate-Decision", ""),
                        int(response.headers.get("Silkgate-Entry", -1)),
                    )
                )
    return sent


def new_key() -> str:
    """A caller's key."""
    return secrets.token_urlsafe(24)
