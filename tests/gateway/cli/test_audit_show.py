"""`audit show`: every filter, every form."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit_log.note import COSIGNATURE, Signer
from gateway.cli.log_place import vkey_of
from gateway.keys.keyring import Keyring
from gateway.node import open_log
from gateway.settings import load
from tests.gateway.cli.test_commands import made, silkgate

__all__ = ["made"]
EXPORTS = [
    {"route": "sg", "destination": "SG", "outcome": "allow", "decision_id": "a", "released": True},
    {"route": "vn", "destination": "VN", "outcome": "deny", "decision_id": "b", "released": False},
    {"route": "sg", "destination": "SG", "outcome": "review", "decision_id": "c", "released": False,
     "treatments": [{"treatment": "mask", "category": "pi_basic", "cells": 2}]},
]  # fmt: skip


@pytest.fixture
def shown(made: Path) -> Path:
    """A log with three exports and an outcome."""

    async def fill() -> None:
        settings = load(made)
        log = open_log(settings, Keyring.open(settings.path(settings.keys.dir)))
        for body in EXPORTS:
            await log.append([{"kind": "export", "records": 1} | body])
        await log.append([{"kind": "outcome", "export": 0, "status": "delivered"}])
        await log.close()

    asyncio.run(fill())
    return made


def listed(config: Path, *words: str) -> list[int]:
    done = silkgate("audit", "show", "-c", str(config), "-o", "json", *words)
    assert done.exit_code == 0, done.output
    return [entry["seq"] for entry in json.loads(done.stdout)]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ((), [0, 1, 2, 3]),
        (("--last", "2"), [2, 3]),
        (("--kind", "export"), [0, 1, 2]),
        (("--route", "vn"), [1]),
        (("--destination", "SG"), [0, 2]),
        (("--category", "pi_basic"), [2]),
        (("--outcome", "deny"), [1]),
        (("--outcome", "delivered"), [3]),
        (("--decision", "c"), [2]),
        (("--since", "2020-01-01", "--until", "2021-01-01"), []),
        (("--since", "2020-01-01T00:00:00+08:00"), [0, 1, 2, 3]),
        (("--route", "sg", "--outcome", "allow", "--kind", "export"), [0]),
    ],
)
def test_filters(shown: Path, tmp_path: Path, words: tuple[str, ...], found: list[int]) -> None:
    """JSON and Parquet hold the same entries."""
    assert listed(shown, *words) == found
    file = tmp_path / "rows.parquet"
    done = silkgate("audit", "show", "-c", str(shown), "-o", "parquet", "--to", str(file), *words)
    assert done.exit_code == 0, done.output
    rows = pq.read_table(file)
    assert rows["seq"].to_pylist() == found
    assert [json.loads(data)["seq"] for data in rows["entry"].to_pylist()] == found


def test_lines_are_the_canonical_bytes(shown: Path) -> None:
    """`-o ndjson` prints what was hashed."""
    lines = silkgate("audit", "show", "-c", str(shown), "-o", "ndjson").stdout.splitlines()
    for line in lines:
        assert json.dumps(json.loads(line), sort_keys=True, separators=(",", ":")) == line
    assert lines[0].startswith('{"decision_id":"a","destination":"SG","kind":"export"')


@pytest.mark.parametrize(
    "words",
    [("-o", "parquet"), ("--to", "x.parquet"), ("--since", "yesterday")],
)
def test_bad_use(shown: Path, words: tuple[str, ...]) -> None:
    """A file is named with Parquet only; times are ISO 8601."""
    assert silkgate("audit", "show", "-c", str(shown), *words).exit_code == 2


def test_a_file_is_not_written_over(shown: Path, tmp_path: Path) -> None:
    """Exit 2, and it stays."""
    file = tmp_path / "rows.parquet"
    file.write_text("mine")
    words = ("audit", "show", "-c", str(shown), "-o", "parquet", "--to", str(file))
    assert silkgate(*words).exit_code == 2
    assert file.read_text() == "mine"


def test_what_nobody_asked_is_said(shown: Path) -> None:
    """The folder's own key proves little; a key of one's own is held to."""
    told = json.loads(silkgate("audit", "verify", "-c", str(shown), "-o", "json").stdout)
    assert told["not_asked"] == ["key", "witnesses", "time stamps"]
    vkey = vkey_of(load(shown).path("data/audit"))
    words = ("audit", "verify", "-c", str(shown), "-o", "json", "--vkey")
    asked = silkgate(*words, vkey)
    assert (asked.exit_code, json.loads(asked.stdout)["not_asked"][0]) == (0, "witnesses")
    other = str(Signer("another.example", Ed25519PrivateKey.generate()).verifier)
    assert silkgate(*words, other).exit_code == 1
    assert silkgate(*words, "no key").exit_code == 3


def test_every_kind_has_its_facts(shown: Path) -> None:
    """The table shows them without a fault, on any width."""
    shown_table = silkgate("audit", "show", "-c", str(shown))
    assert shown_table.exit_code == 0
    assert "of entry 0" in shown_table.stdout


def test_an_entry_that_is_not_signed_yet_cannot_be_proven(shown: Path, tmp_path: Path) -> None:
    """Exit 1, no file."""
    to = tmp_path / "p.tlog-proof"
    assert silkgate("audit", "prove", "99", "--to", str(to), "-c", str(shown)).exit_code == 1
    assert not to.exists()


def test_vouching_needs_somebody_configured(shown: Path) -> None:
    """Exit 2 where nobody is named, 1 where who is named does not answer."""
    assert silkgate("audit", "checkpoint", "--vouch", "-c", str(shown)).exit_code == 2
    key = Signer("w.example", Ed25519PrivateKey.generate(), COSIGNATURE).verifier
    (shown.parent / "w.policy").write_text(f"witness W {key} http://127.0.0.1:1\nquorum W\n")
    with shown.open("a") as file:
        file.write('[audit.witnesses]\npolicy = "w.policy"\n')
    done = silkgate("audit", "checkpoint", "--vouch", "-c", str(shown))
    assert done.exit_code == 1
    assert "witnesses:" in done.stderr
