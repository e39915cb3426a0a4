"""Made-up questions that tests start from, and small changes to them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from policies.model import PolicyInput

VECTORS = Path(__file__).parent / "vectors"

ORDER: dict[str, Any] = {
    "schema": "silkgate/policy-input/1",
    "at": "2026-11-22",
    "exporter": {
        "id": "acme-cn",
        "ciio": False,
        "zone": "",
        "sector": "e-commerce",
        "pilots": [],
    },
    "route": "sg-fulfilment",
    "origin": "CN",
    "collected_in": "CN",
    "destination": "SG",
    "recipient": {"name": "Partner Logistics Pte Ltd"},
    "purpose": "order_fulfilment",
    "basis": {
        "ground": "contract",
        "exemption": "cn.order16.art5.1.1",
        "consent": None,
        "mechanism": None,
    },
    "fields": [
        {
            "pointer": "/buyer/phone",
            "category": "pi_contact_phone",
            "level": "pi",
            "verdict": "confirmed",
            "declared": True,
        },
        {
            "pointer": "/buyer/username",
            "category": "pi_account",
            "level": "pi",
            "verdict": "likely",
            "declared": False,
        },
    ],
    "bands": {
        "general": {"at_least": 0, "below": 100000},
        "sensitive": {"at_least": 0, "below": 1},
    },
}


def question(**changes: Any) -> PolicyInput:
    """The order, with whole parts replaced."""
    return msgspec.convert({**ORDER, **changes}, PolicyInput)


def vectors() -> Iterator[tuple[str, PolicyInput, dict[str, Any]]]:
    """Every published vector: its name, its question, the decision wanted."""
    for path in sorted(VECTORS.glob("*.json")):
        for vector in json.loads(path.read_text(encoding="utf-8")):
            asked = msgspec.convert(vector["input"], PolicyInput)
            yield f"{path.stem}: {vector['note']}", asked, vector["want"]
