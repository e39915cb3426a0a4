"""`keys rotate node`: the log's key changes in the log, with an entry signed by both keys."""

from __future__ import annotations

import asyncio
import json
from base64 import b64decode
from pathlib import Path

import pytest

from audit_log import rotation
from audit_log.note import VerifierKey
from audit_log.verify import verify
from gateway.cli.log_place import vkey_of
from gateway.keys.keyring import Keyring
from gateway.node import last_signed, open_log
from gateway.settings import Settings, load
from tests.gateway.cli.test_commands import made, silkgate

__all__ = ["made"]


@pytest.fixture
def settings(made: Path) -> Settings:
    return load(made)


def directory(settings: Settings) -> Path:
    return settings.path(settings.audit.dir)


async def append(settings: Settings) -> None:
    log = open_log(settings, Keyring.open(settings.path(settings.keys.dir)))
    await log.append([{"kind": "export", "released": False}])
    await log.close()


def versions(settings: Settings) -> list[tuple[int, str]]:
    keys = Keyring.open(settings.path(settings.keys.dir))
    return [(each.version, each.state) for each in keys.states() if each.purpose == "node"]


def test_both_keys_vouch_for_the_log(made: Path, settings: Settings) -> None:
    """The entry is signed by both; the log goes on under the new key; either verifies it."""
    asyncio.run(append(settings))
    old = vkey_of(directory(settings))
    done = silkgate("keys", "rotate", "node", "-c", str(made))
    assert done.exit_code == 0, done.output
    new = vkey_of(directory(settings))
    assert new != old
    assert new in done.stdout
    asyncio.run(append(settings))
    for vkey in (old, new):
        report = verify(directory(settings), vkey=vkey, state=last_signed(settings))
        assert report.ok, report.problems
    shown = silkgate("audit", "show", "--kind", "rotation", "-o", "json", "-c", str(made))
    (entry,) = json.loads(shown.stdout)
    text = f"silkgate audit key rotation v1\n{old}\n{new}\n".encode()
    for name in ("old", "new"):
        key = VerifierKey.parse(entry[name])
        assert key.verify(text, b64decode(entry[f"{name}_signature"])) is None
    assert silkgate("keys", "retire", "node", "1", "-c", str(made)).exit_code == 0
    assert silkgate("audit", "verify", "-c", str(made)).exit_code == 0


def test_a_running_gateway_keeps_its_key(made: Path, settings: Settings) -> None:
    """The log is open elsewhere: exit 1, no new key."""

    async def rotate_beside() -> int:
        log = open_log(settings, Keyring.open(settings.path(settings.keys.dir)))
        beside = await asyncio.to_thread(silkgate, "keys", "rotate", "node", "-c", str(made))
        await log.close()
        return beside.exit_code

    assert asyncio.run(rotate_beside()) == 1
    assert versions(settings) == [(1, "current")]


def test_an_interrupted_change_is_finished(
    made: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The new key is there and the log does not know it: the log refuses until it is done."""
    rotate = rotation.rotate

    async def unplugged(*_: object, **__: object) -> None:
        raise OSError("unplugged")

    monkeypatch.setattr(rotation, "rotate", unplugged)
    assert silkgate("keys", "rotate", "node", "-c", str(made)).exit_code == 1
    monkeypatch.setattr(rotation, "rotate", rotate)
    with pytest.raises(Exception, match="interrupted"):
        asyncio.run(append(settings))
    assert silkgate("keys", "rotate", "node", "-c", str(made)).exit_code == 0
    assert versions(settings) == [(1, "kept"), (2, "current")]
    asyncio.run(append(settings))
    assert silkgate("audit", "verify", "-c", str(made)).exit_code == 0
