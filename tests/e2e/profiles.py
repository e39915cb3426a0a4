"""Purposes of one's own: overlays whose profiles treat as a test needs it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

BASIS = {
    "ground": "consent",
    "consent": {"ref": "register/1", "notice": "v1"},
    "mechanism": {"kind": "standard_contract", "ref": "SCC-1", "valid_until": date(2099, 1, 1)},
}


def overlay(
    folder: Path,
    profiles: Mapping[str, Mapping[str, str]],
    restore: Mapping[str, Sequence[str]] | None = None,
) -> str:
    """Write an overlay with a profile for each purpose; its folder, for `policy.overlay`."""
    folder.mkdir()
    document = {
        "profiles": {purpose: _profile(table) for purpose, table in profiles.items()},
        "restore": {purpose: list(keys) for purpose, keys in (restore or {}).items()},
    }
    (folder / "data.json").write_text(json.dumps({"silkgate": {"overlay": document}}))
    return str(folder)


def route(purpose: str, **changes: Any) -> dict[str, Any]:
    """A route to the sink for `purpose`, on consent and a standard contract."""
    facts = {"destination": "SG", "recipient": "Partner Pte Ltd", "purpose": purpose}
    return facts | {"basis": BASIS} | changes


def _profile(table: Mapping[str, str]) -> dict[str, Any]:
    return {
        "en": "a test",
        "zh": "测试",
        "grounds": ["consent"],
        "exemptions": [],
        "necessary": [],
        "treatments": dict(table),
        "hold": [],
        "replaceable": [],
        "agreements": {},
        "destinations": {},
    }
