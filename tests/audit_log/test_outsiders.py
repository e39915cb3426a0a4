"""Other people's verifiers: each accepts the good log and refuses damaged copies."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pymerkle
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from audit_log import checkpoint, note, proof, reader, strict64, tree
from audit_log.export import export_range
from audit_log.note import VerifierKey
from audit_log.proof import prove
from tests.audit_log.logs import Home, filled
from tests.audit_log.outside import need
from tests.audit_log.probes import Probe
from tests.audit_log.test_tree import LEAVES, hashes, reference_root, subtrees

OUTSIDERS = Path(__file__).parent / "outsiders"
CACHE = Path(__file__).parents[2] / ".pytest_cache" / "outsiders"
PROVEN = (0, 3, 255, 256, 699)


@pytest.fixture(params=[5, 700])
async def good(home: Home, request: pytest.FixtureRequest) -> Home:
    """A log of 5 or 700 entries, with all entries and some proofs beside it."""
    await filled(home, request.param, group=50)
    out = home.root / "out"
    export_range(home.log, out, vkey=home.vkey)
    shutil.copy(out / "entries.ndjson", home.log)
    (home.log / "proofs").mkdir()
    for index in PROVEN:
        if index < request.param:
            path = home.log / "proofs" / f"{index}.tlog-proof"
            path.write_bytes(prove(home.log, index).encode())
    return home


def flip(path: Path, at: int) -> None:
    data = path.read_bytes()
    path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])


def damaged_tile(log: Path) -> None:
    (tile,) = [path for path in (log / "tile/0").rglob("*") if path.name in ("5", "000")][:1]
    flip(tile, 70)


def wrong_root(log: Path) -> None:
    lines = (log / "checkpoint").read_text().split("\n")
    lines[2] = strict64.encode(b"r" * 32)
    (log / "checkpoint").write_text("\n".join(lines))


DAMAGES: list[Callable[[Path], None]] = [
    lambda log: flip(log / "entries.ndjson", 60),
    lambda log: flip(log / "checkpoint", 30),
    wrong_root,
    damaged_tile,
    lambda log: flip(log / "proofs" / "3.tlog-proof", 40),
    lambda log: (log / "entries.ndjson").write_bytes(
        b"".join((log / "entries.ndjson").read_bytes().splitlines(keepends=True)[:-1])
    ),
]


def run(command: list[str], **options: Any) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(command, check=False, capture_output=True, timeout=300, **options)


def go_outsider(name: str) -> tuple[list[str], str]:
    """A Go verifier's command, and what it lacks."""
    if not shutil.which("go"):
        return [], "not installed"
    binary = CACHE / f"{name}-outsider"
    CACHE.mkdir(parents=True, exist_ok=True)
    built = run(["go", "build", "-o", str(binary), "."], cwd=OUTSIDERS / name)
    return [str(binary)], "" if built.returncode == 0 else built.stderr.decode()


@pytest.mark.parametrize("damage", range(-1, len(DAMAGES)))
async def test_go_sumdb(good: Home, damage: int) -> None:
    """Go's note and tlog packages: signature, tiles, every entry, proofs equal to its own."""
    command, lack = go_outsider("go")
    need("go", lack)
    if damage >= 0:
        DAMAGES[damage](good.log)
    done = run([*command, str(good.log), good.vkey])
    assert (done.returncode == 0) is (damage < 0), done.stderr


def probes() -> list[Probe]:
    """All proofs of the reference tree and some of larger ones, each with its mutations."""
    found = []
    leaves = [tree.leaf_hash(leaf) for leaf in LEAVES] + hashes(40)
    roots = [reference_root(leaves[:size]) for size in range(len(leaves) + 1)]
    sizes = [(a, b) for b in range(1, 9) for a in range(b + 1)]
    for first, second in [*sizes, (20, 33), (32, 33), (16, 32), (31, 48)]:
        at = subtrees(leaves[:second])
        if first < second:
            path = tuple(tree.inclusion_proof(first, second, at))
            found.append(Probe("inclusion", first, second, leaves[first], roots[second], path))
        if first:
            path = tuple(tree.consistency_proof(first, second, at))
            found.append(Probe("consistency", first, second, roots[first], roots[second], path))
    return found


def test_transparency_dev() -> None:
    """Their verifier and ours agree on every proof, right or wrong in one part.

    All but consistency from size 0, which proves nothing: they take it with an empty proof, we
    refuse it.
    """
    command, lack = go_outsider("merkle")
    need("go", lack)
    right = probes()
    assert all(probe.holds() for probe in right)
    asked = [*right, *(wrong for probe in right for wrong in probe.mutations())]
    done = run(command, input=b"".join(probe.line() for probe in asked))
    assert done.returncode == 0, done.stderr
    theirs = [line == b"true" for line in done.stdout.splitlines()]
    assert len(theirs) == len(asked) > 3000
    apart = [probe for probe, said in zip(asked, theirs, strict=True) if probe.holds() is not said]
    assert all(probe.kind == "consistency" and probe.first == 0 for probe in apart), apart[:3]
    assert not any(probe.holds() for probe in apart)
    assert theirs.count(True) < len(asked) / 10


def sigstore_outsider() -> tuple[list[str], str]:
    """The JavaScript verifier's command, and what it lacks."""
    if not shutil.which("npm"):
        return [], "not installed"
    folder = CACHE / "npm"
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(OUTSIDERS / "npm" / name, folder)
    if not (folder / "node_modules").exists():
        installed = run(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=folder)
        if installed.returncode:
            return [], installed.stderr.decode()
    return ["node", str(OUTSIDERS / "npm" / "verify.js"), str(folder)], ""


def sigstore_input(home: Home, index: int) -> dict[str, Any]:
    key = VerifierKey.parse(home.vkey)
    made = proof.parse((home.log / "proofs" / f"{index}.tlog-proof").read_bytes())
    public = home.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    entries = (home.log / "entries.ndjson").read_bytes().splitlines()
    return {
        "origin": key.name,
        "keyId": key.key_id.hex(),
        "publicKey": public.decode(),
        "checkpoint": (home.log / "checkpoint").read_text(),
        "index": str(made.index),
        "hashes": [strict64.encode(step) for step in made.path],
        "entry": strict64.encode(entries[index]),
    }


async def test_sigstore(good: Home) -> None:
    """@sigstore/verify: checkpoint and inclusion proofs."""
    command, lack = sigstore_outsider()
    need("npm", lack)

    def accepts(given: dict[str, Any]) -> bool:
        return run(command, input=json.dumps(given).encode()).returncode == 0

    given = sigstore_input(good, 3)
    assert accepts(given)
    hashes = [strict64.encode(b"x" * 32), *given["hashes"][1:]]
    head = given["checkpoint"]
    for change in (
        {"entry": strict64.encode(b"{}")},
        {"hashes": hashes},
        {"index": "2"},
        {"checkpoint": head.replace(head.split("\n")[2], strict64.encode(b"r" * 32))},
    ):
        assert not accepts(given | change)


async def test_pymerkle(good: Home) -> None:
    """pymerkle: the root at every size and our inclusion proofs."""
    entries = [data for _, data in reader.entries(good.log)]
    theirs = pymerkle.InmemoryTree.init_from_entries(entries)
    head = checkpoint.parse(note.parse((good.log / "checkpoint").read_bytes()).text)
    assert theirs.get_root() == head.root
    for index in (one for one in PROVEN if one < len(entries)):
        made = theirs.prove_inclusion(index + 1)
        leaf = theirs.get_leaf(index + 1)
        pymerkle.verify_inclusion(leaf, head.root, made)
        assert sorted([leaf, *prove(good.log, index).path]) == sorted(made.path)
    entries[2] = b"{}"
    assert pymerkle.InmemoryTree.init_from_entries(entries).get_root() != head.root
