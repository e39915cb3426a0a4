"""Keys rotated and retired while the gateway serves; keys of an external service."""

import asyncio
import contextlib
import json
import math
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from gateway.keys import store
from gateway.keys.keyring import PURPOSES, Keyring, KeyUnavailable
from gateway.keys.kms import ExternalKeys
from gateway.operators.encrypt import decrypt
from gateway.operators.model import OperatorContext
from tests.e2e.profiles import overlay, route
from tests.e2e.rig import Rig, rig, until
from tests.gateway.keys.test_kms import FakeVault, serving_vault

PHONE = "13800138000"
_TRIES = 1000
TODAY = date(2026, 6, 1)
BODY = json.dumps({"phone": PHONE}).encode()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for changed keys many times a second."""
    monkeypatch.setattr(store.KeyringKeys, "interval", 0.02)


@contextlib.asynccontextmanager
async def line(root: Path, **keys: Any) -> AsyncIterator[Rig]:
    folder = overlay(root / "overlay", {"x": {"pi_contact_phone": "encrypt"}})
    routes = {"x": route("x")}
    async with rig(root, policy={"overlay": folder}, routes=routes, keys=keys) as running:
        yield running


async def _token(rig: Rig) -> str:
    answer = await rig.send(BODY, to="/x/y")
    assert answer.status == 200, answer.body
    return str(json.loads(rig.sink.received[-1][1])["phone"])


async def _until_version(rig: Rig, version: int) -> str:
    for _ in range(_TRIES):
        if (token := await _token(rig)).startswith(f"aes_{version}_"):
            return token
        await asyncio.sleep(0.02)
    raise AssertionError("the new key was not taken over")


def _retired(token: str, context: OperatorContext) -> bool:
    try:
        decrypt(token, context)
    except KeyUnavailable as error:
        return "retired" in str(error)
    return False


async def test_rotation_without_downtime(tmp_path: Path) -> None:
    """New tokens under the new key within moments; old ones are read until their key is retired."""
    async with line(tmp_path) as rig:
        old = await _token(rig)
        ring = Keyring.open(rig.settings.path(rig.settings.keys.dir))
        ring.rotate("encrypt", today=TODAY)
        new = await _until_version(rig, 2)
        assert rig.entries("export")[-1]["keys"]["encrypt"] == 2
        keys = rig.gateway.node.keys
        context = OperatorContext(recipient="Partner Pte Ltd", keys=keys)
        assert decrypt(old, context) == decrypt(new, context) == PHONE
        ring.retire("encrypt", 1)
        await until(lambda: _retired(old, context))
        assert decrypt(await _token(rig), context) == PHONE


async def test_a_keyring_that_others_can_read_changes_nothing(tmp_path: Path) -> None:
    """The keys that were read before stay in force, and readiness tells why."""
    async with line(tmp_path) as rig:
        directory = rig.settings.path(rig.settings.keys.dir)
        Keyring.open(directory).rotate("encrypt", today=TODAY)
        (directory / "encrypt.v2.key").chmod(0o644)
        await until(lambda: bool(rig.gateway.node.keys.problem))
        assert (await _token(rig)).startswith("aes_1_")
        ready = await rig.admin("/readyz")
        assert ready.status == 200
        assert b"encrypt.v2.key is open to others" in ready.body


async def test_roots_from_vault(tmp_path: Path) -> None:
    """The gateway works on Vault's roots; out of reach for a lease, nothing is sent."""
    with serving_vault() as port:
        (tmp_path / "token").write_text("s.token")
        kms = {"vault": f"http://127.0.0.1:{port}", "token_file": "token"}
        async with line(tmp_path, kms=kms) as rig:
            assert (await _token(rig)).startswith("aes_2_")
            directory = rig.settings.path(rig.settings.keys.dir)
            assert [path.name for path in directory.iterdir()] == ["node.v1.key"]
            FakeVault.latest = 3
            await asyncio.to_thread(rig.gateway.node.keys.refresh)
            assert (await _token(rig)).startswith("aes_3_")
            service: ExternalKeys = rig.gateway.node.keys._service  # type: ignore[attr-defined]
            service._until = -math.inf
            sent = len(rig.sink.received)
            answer = await rig.send(BODY, to="/x/y")
            assert (answer.status, len(rig.sink.received)) == (503, sent)
            assert answer.problem["type"].endswith("cannot-decide")
            ready = await rig.admin("/readyz")
            assert (ready.status, b"key service" in ready.body) == (503, True)


async def test_a_service_out_of_reach_stops_the_start(tmp_path: Path) -> None:
    """No gateway without keys."""
    (tmp_path / "token").write_text("s.token")
    kms = {"vault": "http://127.0.0.1:1", "token_file": "token"}
    with pytest.raises(KeyUnavailable):
        async with line(tmp_path, kms=kms):
            pass


async def test_no_key_is_seen(tmp_path: Path) -> None:
    """Not in logs, replies, the audit log, reprs, metrics, the process's title and environment."""
    with capture_logs() as logs:
        async with line(tmp_path) as rig:
            await _token(rig)
            directory = rig.settings.path(rig.settings.keys.dir)
            roots = {path.read_text().strip() for path in directory.glob("*.key")}
            assert len(roots) == len(PURPOSES)
            Keyring.open(directory).rotate("encrypt", today=TODAY)
            await _until_version(rig, 2)
            damaged = directory / "encrypt.v3.key"
            damaged.touch(0o600)
            damaged.write_text(min(roots)[:40])
            await until(lambda: bool(rig.gateway.node.keys.problem))
            failed = await rig.send(b"{", to="/x/y")
            ready, metrics = await rig.admin("/readyz"), await rig.admin("/metrics")
            node = rig.gateway.node
            seen = [
                repr(logs),
                repr(node),
                repr(node.keys),
                node.keys.problem,
                json.dumps(rig.entries()),
                *(each.body.decode() for each in (failed, ready, metrics)),
                *(Path(f"/proc/self/{name}").read_bytes().decode() for name in ("cmdline", "comm")),
                Path("/proc/self/environ").read_bytes().decode(),
            ]
    for root in roots:
        for text in seen:
            assert root not in text
            assert root[:40] not in text
            assert repr(bytes.fromhex(root))[2:-1] not in text
