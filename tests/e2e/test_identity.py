"""Keys that rotate, tokens, and how much one caller may take."""

import asyncio
import hashlib
import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from gateway.export.pipeline import Pipeline
from tests.e2e.rig import KEY, Rig, rig

ORDER = json.dumps({"receiver_name": "王小明", "receiver_phone": "13800138000"}).encode()
ISSUER = ec.generate_private_key(ec.SECP256R1())


def digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def token(**changes: Any) -> str:
    claims = {"iss": "https://issuer.example", "aud": "silkgate", "exp": time.time() + 600}
    return jwt.encode(claims | {"sub": "svc-orders"} | changes, ISSUER, "ES256")


async def test_tokens_and_rotated_keys_name_their_caller(tmp_path: Path) -> None:
    """In Silkgate-Key; the entry names the caller, a refused one is counted, not logged."""
    public = jwt.algorithms.ECAlgorithm.to_jwk(ISSUER.public_key())
    (tmp_path / "jwks.json").write_text(json.dumps({"keys": [json.loads(public)]}), "utf-8")
    over = datetime.now(UTC) - timedelta(minutes=1)
    callers = {
        "bytoken": {"jwt_subject": "svc-orders", "routes": ["sg"]},
        "turning": {
            "keys": [{"sha256": digest("old"), "not_after": over}, {"sha256": digest("new")}],
            "routes": ["sg"],
        },
    }
    facts = {"jwks": "jwks.json", "issuer": "https://issuer.example", "audience": "silkgate"}
    async with rig(tmp_path, callers=callers, jwt=facts) as line:
        for key, caller in ((token(), "bytoken"), ("new", "turning")):
            assert (await line.send(ORDER, key=key)).status == 200
            assert line.entries("export")[-1]["caller"] == caller
        for key in ("old", token(sub="other"), token(aud="other"), token()[:-4] + "AAAA"):
            assert (await line.send(ORDER, key=key)).status == 401
        assert (await line.send(ORDER, to="/denied/x", key=token())).status == 403
    assert line.entries("counters")[0]["counts"] == {"unauthorized": 4}


async def test_a_caller_takes_no_more_than_its_share(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """429 with Retry-After, counted and not logged one by one; others are served meanwhile."""
    slow = {"requests_per_minute": 1, "burst": 2, "max_body_bytes": 100}
    callers = {
        "bursty": {"key_sha256": digest("b"), "routes": ["sg"], "limits": slow},
        "single": {"key_sha256": digest("s"), "routes": ["sg"], "limits": {"concurrent": 1}},
    }
    async with rig(tmp_path, callers=callers) as line:
        assert (await line.send(ORDER, key="b")).status == 200
        assert (await line.send(b'"' + b"x" * 100 + b'"', key="b")).status == 413
        answer = await line.send(ORDER, key="b")
        assert (answer.status, answer.problem["type"]) == (
            429,
            "urn:silkgate:problem:too-many-requests",
        )
        assert 0 < int(answer.headers["Retry-After"]) <= 60
        assert (await line.send(ORDER, key=KEY)).status == 200
        assert await both_at_once(line, monkeypatch) == [429, 200]
    assert [entry["code"] for entry in line.entries("refusal")] == ["too-large"]
    assert line.entries("counters")[0]["counts"] == {"too-many-requests": 2}


async def both_at_once(line: Rig, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Two requests of one caller, the second while the first is being decided."""
    begun, over = asyncio.Event(), asyncio.Event()
    export = Pipeline.export

    async def waiting(self: Pipeline, *args: Any) -> Any:
        begun.set()
        await over.wait()
        return await export(self, *args)

    monkeypatch.setattr(Pipeline, "export", waiting)
    first = asyncio.create_task(line.send(ORDER, key="s"))
    await begun.wait()
    second = await line.send(ORDER, key="s")
    over.set()
    return [second.status, (await first).status]
