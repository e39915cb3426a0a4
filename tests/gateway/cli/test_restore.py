"""`silkgate restore`: sealed tokens in a file opened by those who may, each time in the log."""

from __future__ import annotations

import json
import os
import pwd
from pathlib import Path

import pytest

from audit_log import reader
from gateway.keys.keyring import Keyring
from gateway.operators.encrypt import encrypt_aes, encrypt_sm4
from gateway.operators.model import OperatorContext
from gateway.settings import Settings, load
from tests.gateway.cli.test_commands import made, silkgate

__all__ = ["made"]

PHONE, NAME = "13800138000", 'Li "x"'


def _allow(config: Path, per_day: int = 100) -> Settings:
    account = pwd.getpwuid(os.geteuid()).pw_name
    section = f'\n[restore]\naccounts = ["{account}"]\nper_day = {per_day}\n'
    config.write_text(config.read_text() + section)
    return load(config)


def _file(settings: Settings, folder: Path, times: int = 1) -> Path:
    route = next(iter(settings.routes.values()))
    keys = Keyring.open(settings.path(settings.keys.dir))
    ours = OperatorContext(recipient=route.recipient, keys=keys)
    other = OperatorContext(recipient="somebody else", keys=keys)
    (phone,) = encrypt_aes([PHONE], ours)
    (name,) = encrypt_sm4([NAME], ours)
    (foreign,) = encrypt_aes([PHONE], other)
    row = {"note": f"call {phone}!", "name": name, "x": foreign, "n": 1.10, phone: 1}
    path = folder / "back.ndjson"
    path.write_text((json.dumps(row) + "\n") * times)
    return path


def _run(config: Path, source: Path, target: Path) -> tuple[int, str]:
    route = next(iter(load(config).routes))
    done = silkgate(
        "restore", str(source), "-o", str(target), "--route", route,
        "--reason", "claim-7", "-c", str(config), "--summary", "json",
    )  # fmt: skip
    return done.exit_code, done.output


def _entries(settings: Settings) -> list[dict[str, object]]:
    found = reader.documents(settings.path(settings.audit.dir))
    return [entry for entry in found if entry["kind"] == "restoration"]


def test_tokens_of_the_route_are_opened(made: Path, tmp_path: Path) -> None:
    """Also within a text and with quotes in them; others', keys and numbers stay; it is logged."""
    settings = _allow(made)
    source, target = _file(settings, tmp_path), tmp_path / "opened.ndjson"
    code, output = _run(made, source, target)
    assert code == 0, output
    sent, got = json.loads(source.read_text()), json.loads(target.read_text())
    assert got == sent | {"note": f"call {PHONE}!", "name": NAME}
    assert target.stat().st_mode & 0o077 == 0
    (entry,) = _entries(settings)
    assert (entry["values"], entry["reason"], entry["status"]) == (2, "claim-7", "file")
    assert json.loads(output)["foreign"] == 1
    assert PHONE not in json.dumps(list(reader.documents(settings.path(settings.audit.dir))))


def test_nobody_may_unless_named(made: Path, tmp_path: Path) -> None:
    """By default no account holds the role: nothing is written, nothing logged."""
    settings = load(made)
    code, output = _run(made, _file(settings, tmp_path), tmp_path / "out.ndjson")
    assert code == 1
    assert "[restore].accounts" in " ".join(output.split())
    assert not (tmp_path / "out.ndjson").exists()
    assert _entries(settings) == []


def test_the_quota_of_a_day(made: Path, tmp_path: Path) -> None:
    """Counted from the log, over all files; a file that would go over it stays closed."""
    settings = _allow(made, per_day=5)
    source = _file(settings, tmp_path, times=2)
    assert _run(made, source, tmp_path / "1.ndjson")[0] == 0
    code, output = _run(made, source, tmp_path / "2.ndjson")
    assert code == 1
    assert "has opened 4 values" in " ".join(output.split())
    assert not (tmp_path / "2.ndjson").exists()
    assert len(_entries(settings)) == 1


@pytest.mark.parametrize("name", ["back.bin", "there.ndjson"])
def test_bad_use(made: Path, tmp_path: Path, name: str) -> None:
    """A format nobody reads; a file that is there already."""
    settings = _allow(made)
    source = _file(settings, tmp_path)
    target = tmp_path / "there.ndjson"
    if name == "there.ndjson":
        target.write_text("mine")
    else:
        source = source.rename(tmp_path / name)
    assert _run(made, source, target)[0] == 2
    assert name == "back.bin" or target.read_text() == "mine"


def test_tokens_of_a_retired_key_stay(made: Path, tmp_path: Path) -> None:
    """And are counted by its version, as is one that names a version that never was."""
    settings = _allow(made)
    source = _file(settings, tmp_path)
    old = json.loads(source.read_text())
    assert silkgate("keys", "rotate", "encrypt", "-c", str(made)).exit_code == 0
    assert _run(made, source, tmp_path / "1.ndjson")[0] == 0
    assert silkgate("keys", "retire", "encrypt", "1", "-c", str(made)).exit_code == 0
    new = json.loads(_file(settings, tmp_path).read_text())
    never = new["name"].replace("_2_", "_9_")
    source.write_text("".join(json.dumps(row) + "\n" for row in (old, new, {"name": never})))
    code, output = _run(made, source, tmp_path / "2.ndjson")
    assert code == 0, output
    got = [json.loads(line) for line in (tmp_path / "2.ndjson").read_text().splitlines()]
    assert got == [old, new | {"note": f"call {PHONE}!", "name": NAME}, {"name": never}]
    found = json.loads(output)
    assert (found["values"], found["foreign"], found["gone"]) == (2, 1, {"1": 3, "9": 1})
