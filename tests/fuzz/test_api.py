"""The admin API as its own OpenAPI document describes it, asked by schemathesis."""

from __future__ import annotations

import asyncio
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import openapi
from schemathesis.checks import not_a_server_error

from tests.e2e.rig import rig

USERS = {"admin": {"key_sha256": hashlib.sha256(b"admin").hexdigest(), "roles": ["admin"]}}
_EXAMPLES = 3
_NOT_ASKED = ("/v1/reload",)  # changes what others are asked


def _ask_all(document: dict[str, Any], url: str) -> int:
    """Ask every operation with made-up arguments; how many were asked."""
    schema = openapi.from_dict(document)
    asked = 0
    for result in schema.get_all_operations():
        operation = result.ok()
        if operation.path in _NOT_ASKED:
            continue
        asked += 1

        @settings(
            max_examples=_EXAMPLES, deadline=None, phases=[Phase.generate], database=None,
            suppress_health_check=list(HealthCheck), derandomize=True,
        )  # fmt: skip
        @given(case=operation.as_strategy())
        def ask(case: Any) -> None:
            case.call_and_validate(
                base_url=url, headers={"Authorization": "Bearer admin"}, timeout=60,
                checks=[not_a_server_error],
            )  # fmt: skip

        ask()
    return asked


@pytest.mark.filterwarnings("ignore")
async def test_the_api_answers_what_its_document_allows(tmp_path: Path) -> None:
    """No server error, whatever the arguments; the gateway goes on."""
    async with rig(tmp_path, users=USERS) as line:
        document = json.loads((await line.admin("/v1/openapi.json")).body)
        url = f"http://127.0.0.1:{line.gateway.admin_port}"
        asked = await asyncio.to_thread(_ask_all, document, url)
        assert asked >= len(document["paths"]) - len(_NOT_ASKED)
        assert (await line.send(b'{"a": 1}')).status == 200
