"""Exports, and the verifier that outsiders run on them."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit_log import reader
from audit_log.export import ExportRefused, export_range, write_opa, write_parquet
from audit_log.note import COSIGNATURE, Signer
from audit_log.standalone import verify_export
from tests.audit_log.logs import Home, export, filled

WITNESS = Signer("w.example", Ed25519PrivateKey.from_private_bytes(b"w" * 32), COSIGNATURE)


async def exported(home: Home, start: int, end: int | None, count: int = 300) -> Path:
    await filled(home, count, group=20)
    folder = home.root / "out"
    export_range(home.log, folder, vkey=home.vkey, start=start, end=end)
    return folder


def check(folder: Path, home: Home, policy: str | None = None) -> dict[str, Any]:
    return verify_export.verify(folder, home.vkey, policy)


@pytest.mark.parametrize(
    ("start", "end"), [(0, None), (0, 1), (17, 203), (255, 257), (256, 300), (299, 300)]
)
async def test_any_range_is_shown_complete(home: Home, start: int, end: int | None) -> None:
    """Signed and complete, wherever the range lies."""
    folder = await exported(home, start, end)
    report = check(folder, home)
    assert (report["signed"], report["complete"]) == ("proven", "proven")
    assert report["range"] == f"entries {start}..{(end or 300) - 1} of 300, nothing missing"
    lines = (folder / "entries.ndjson").read_bytes().splitlines()
    assert lines == [data for _, data in reader.entries(home.log, start, end)]


async def test_it_runs_alone(home: Home) -> None:
    """The copied file runs outside the project; statuses tell good, bad and unreadable."""
    folder = await exported(home, 10, 20)

    def run(*arguments: str) -> int:
        command = [sys.executable, "-I", str(folder / "verify_export.py"), *arguments]
        return subprocess.run(command, check=False, capture_output=True, cwd="/").returncode

    assert run(str(folder), "--vkey", home.vkey) == 0
    assert run(str(folder)) == 1
    assert run(str(folder / "nowhere"), "--vkey", home.vkey) == 2
    (folder / "entries.ndjson").write_bytes(b"")
    assert run(str(folder), "--vkey", home.vkey) == 1


def test_it_imports_nothing_of_ours() -> None:
    """Standard library and cryptography only, and short enough to be read."""
    source = Path(verify_export.__file__).read_text()
    modules = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            modules |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            modules.add(str(node.module).split(".")[0])
    assert modules - set(sys.stdlib_module_names) == {"cryptography"}
    assert source.count("\n") < 300


def drop(lines: list[bytes]) -> list[bytes]:
    return [*lines[:5], *lines[6:]]


def edit(lines: list[bytes]) -> list[bytes]:
    return [*lines[:5], lines[5].replace(b"sg-fulfilment", b"sg-marketing!"), *lines[6:]]


@pytest.mark.parametrize(
    "change",
    [
        drop,
        edit,
        lambda lines: lines[:-1],
        lambda lines: lines[1:],
        lambda lines: [*lines, lines[-1]],
        lambda lines: [lines[1], lines[0], *lines[2:]],
        lambda lines: [b"not json", *lines[1:]],
        lambda lines: [b"[]", *lines[1:]],
        lambda lines: [],
    ],
)
async def test_changed_entries_are_refused(
    home: Home, change: Callable[[list[bytes]], list[bytes]]
) -> None:
    """Dropped, edited, cut, repeated, reordered, garbage."""
    folder = await exported(home, 100, 150)
    path = folder / "entries.ndjson"
    lines = change(path.read_bytes().splitlines())
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    report = check(folder, home)
    assert report["complete"] == "false"
    assert report["fault"]


@pytest.mark.parametrize("name", ["checkpoint", "range.json", "entries.ndjson"])
async def test_every_flipped_byte_of_an_export_is_refused(home: Home, name: str) -> None:
    """All three files, byte by byte, unless the byte means nothing."""
    folder = await exported(home, 3, 7, count=20)
    path = folder / name
    good = path.read_bytes()
    for at in range(len(good)):
        path.write_bytes(good[:at] + bytes([good[at] ^ 0x01]) + good[at + 1 :])
        report = check(folder, home)
        if report["complete"] == "proven":
            assert name == "range.json"
            meant, claimed = json.loads(good), json.loads(path.read_bytes())
            for unused in ("format", "origin", "vkey"):  # the verifier's own key decides
                meant.pop(unused, None)
                claimed = {key: value for key, value in claimed.items() if key in meant}
            assert claimed == meant


async def test_a_range_cannot_claim_another_place(home: Home) -> None:
    """Shifted, shrunk to nothing, or negative: the hashes around it do not fit."""
    folder = await exported(home, 100, 150)
    path = folder / "range.json"
    claim = json.loads(path.read_text())
    for change in ({"first": 101}, {"count": 49}, {"count": 0}, {"first": -1}, {"size": 299}):
        path.write_text(json.dumps(claim | change))
        assert check(folder, home)["complete"] == "false"


async def test_a_stripped_attestation_is_unproven(home: Home) -> None:
    """Without the log's signature, the key, or the witness, nothing passes for proven."""
    folder = await exported(home, 0, 5)
    path = folder / "checkpoint"
    good = path.read_bytes()
    assert verify_export.verify(folder, None, None)["signed"] == "unproven"
    policy = f"witness W {WITNESS.verifier}\nquorum W\n"
    assert check(folder, home, policy)["witnessed"] == "unproven"
    text = good.partition(b"\n\n")[0] + b"\n"
    path.write_bytes(good + WITNESS.cosign(text, time=1_795_000_000).encode())
    assert check(folder, home, policy)["witnessed"] == "proven"
    path.write_bytes(good + WITNESS.cosign(b"another\n", time=1_795_000_000).encode())
    assert check(folder, home, policy)["witnessed"] == "false"
    path.write_bytes(text + b"\n" + WITNESS.cosign(text, time=1_795_000_000).encode())
    stripped = check(folder, home, policy)
    assert (stripped["signed"], stripped["complete"]) == ("unproven", "unproven")


async def test_outcomes_must_account_within_the_range(home: Home) -> None:
    """An outcome twice in the range is a fault; one for an earlier export is not."""
    home.create()
    log = home.open()
    outcome = {"kind": "outcome", "export": 0, "status": "delivered"}
    await log.append([export(), export(), outcome, outcome])
    await log.close()
    for start, complete in ((0, "false"), (1, "proven")):
        folder = home.root / f"from{start}"
        export_range(home.log, folder, vkey=home.vkey, start=start)
        assert check(folder, home)["complete"] == complete


@pytest.mark.parametrize(("forwarded", "complete"), [(1, "proven"), (2, "false")])
async def test_the_senders_count_is_held_to(home: Home, forwarded: int, complete: str) -> None:
    """Where the range has a start: more sent than released means that an entry was kept back."""
    home.create()
    log = home.open()
    await log.append([export(), {"kind": "start"}, export()])
    await log.append([{"kind": "counters", "forwarded": forwarded}])
    await log.close()
    export_range(home.log, home.root / "out", vkey=home.vkey)
    assert check(home.root / "out", home)["complete"] == complete


async def test_views_hold_the_same_entries(home: Home) -> None:
    """Parquet for analysts, OPA's decision log for its tools."""
    home.create()
    log = home.open()
    shape = {"kind": "shape", "shape": "ab", "revision": "r1", "input": {"at": "x"}, "decision": {}}
    body = export() | {"decision_id": "d1", "groups": [{"shape": "ab"}]}
    await log.append([shape, body, export(2)])
    await log.close()
    folder = home.root / "out"
    export_range(home.log, folder, vkey=home.vkey, start=1)
    write_parquet(folder)
    write_opa(folder, home.log)
    assert pq.read_table(folder / "entries.parquet")["seq"].to_pylist() == [1, 2]
    (event,) = [json.loads(line) for line in (folder / "decisions.ndjson").open()]
    assert event["decision_id"] == "d1"
    assert event["input"] == {"at": "x"}
    assert event["bundles"] == {"silkgate": {"revision": "r1"}}


async def test_what_cannot_be_proven_is_not_exported(home: Home) -> None:
    """Nothing unsigned, nothing empty, nothing over another export."""
    folder = await exported(home, 0, 5)
    with pytest.raises(ExportRefused):
        export_range(home.log, folder, vkey=home.vkey)
    for start, end in ((300, None), (5, 5), (-1, 5)):
        with pytest.raises(ExportRefused):
            export_range(home.log, home.root / "x", vkey=home.vkey, start=start, end=end)
