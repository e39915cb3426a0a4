#!/usr/bin/env python3
"""Check a folder exported from a Silkgate audit log.

One file; it needs Python 3.11 and the `cryptography` package, and nothing of Silkgate.

    python verify_export.py FOLDER --vkey 'NAME+ID+KEY' [--policy FILE]

It answers three questions, each with proven, unproven or false:

  signed     Did the holder of the key sign a tree head (C2SP checkpoint) over these entries?
  complete   Are they entries a..b of that tree, each in its place, none missing or changed?
  witnessed  Did the witnesses that the policy asks for cosign that tree head?

The key must come to you by another way than the folder. Without --vkey the one in the folder is
used and `signed` stays unproven; without --policy `witnessed` is unproven. Exit status: 0 if
signed and complete are proven (and witnessed, where a policy is given), 1 if not, 2 if the
folder cannot be read.

How it works. An entry is one line of entries.ndjson. Its leaf hash is SHA-256(00 || line); two
hashes make SHA-256(01 || left || right) (RFC 6962). range.json gives the hashes of the subtrees
left and right of the range. Laid side by side they must give the root that was signed.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import struct
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

NOTE_KEY, COSIGNATURE_KEY = 0x01, 0x04  # C2SP signed-note types: Ed25519, cosignature/v1


class NotShown(Exception):
    """A claim that the folder makes is false."""


def leaf_hash(entry: bytes) -> bytes:
    """Hash of one entry (RFC 6962)."""
    return hashlib.sha256(b"\x00" + entry).digest()


def subtrees(start: int, end: int) -> Iterator[tuple[int, int]]:
    """The largest aligned perfect subtrees of leaves [start, end): (height, index), in order."""
    while start < end:
        height = (end - start).bit_length() - 1
        while start % (1 << height):
            height -= 1
        yield height, start >> height
        start += 1 << height


class Tree:
    """Perfect subtrees laid side by side; two of one height become one of the next."""

    def __init__(self) -> None:
        self.stack: list[tuple[int, bytes]] = []

    def add(self, height: int, node: bytes) -> None:
        """Lay the next subtree, of 2^height leaves, to the right of what is there."""
        while self.stack and self.stack[-1][0] == height:
            _, left = self.stack.pop()
            height, node = height + 1, hashlib.sha256(b"\x01" + left + node).digest()
        self.stack.append((height, node))

    def root(self) -> bytes:
        """Root over all leaves so far."""
        root = self.stack[-1][1]
        for _, left in reversed(self.stack[:-1]):
            root = hashlib.sha256(b"\x01" + left + root).digest()
        return root


def one_reading(entry: bytes) -> Any:
    """The entry, which must be canonical (RFC 8785, no floats), so that all read it alike."""
    body = json.loads(entry, parse_float=str, parse_constant=str)
    text = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    if text.encode() != entry:
        raise NotShown("an entry is not in canonical form")
    return body


class Key:
    """A verifier key: name+id+base64(type || Ed25519 key)."""

    def __init__(self, vkey: str) -> None:
        try:
            self.name, key_id, material = vkey.strip().split("+", 2)
            data = unbase64(material)
        except ValueError:
            raise NotShown("the verifier key is not name+id+base64") from None
        self.type, self.public = data[0], data[1:]
        self.id = hashlib.sha256(self.name.encode() + b"\n" + data).digest()[:4]
        if self.id.hex() != key_id or len(self.public) != 32:
            raise NotShown("the verifier key's id does not match its bytes")

    def has_signed(self, text: bytes, signatures: list[tuple[str, bytes]]) -> bool:
        """Whether a line of this key is there. Raises NotShown where that line is wrong."""
        for name, field in signatures:
            if name == self.name and field[:4] == self.id:
                self._check(text, field[4:])
                return True
        return False

    def _check(self, text: bytes, signature: bytes) -> None:
        if self.type == COSIGNATURE_KEY:
            (time,) = struct.unpack(">Q", signature[:8])
            text, signature = f"cosignature/v1\ntime {time}\n".encode() + text, signature[8:]
        elif self.type != NOTE_KEY:
            raise NotShown(f"{self.name}: unknown kind of key")
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text)
        except InvalidSignature:
            raise NotShown(f"the signature of {self.name} is wrong") from None


def parse_note(data: bytes) -> tuple[bytes, list[tuple[str, bytes]]]:
    """Text and signature lines (C2SP signed-note)."""
    text, _, tail = data.rpartition(b"\n\n")
    signatures = []
    *lines, end = tail.decode().split("\n")
    for line in lines:
        dash, name, field = line.split(" ")
        if dash != "\u2014" or end:
            raise NotShown("malformed signature line")
        signatures.append((name, unbase64(field)))
    return text + b"\n", signatures


def parse_checkpoint(text: bytes) -> tuple[str, int, bytes]:
    """Origin, size and root (C2SP tlog-checkpoint)."""
    origin, size, root, *_ = text.decode().split("\n")
    return origin, int(size), unbase64(root)


def unbase64(text: str) -> bytes:
    """The bytes of `text`; only the one canonical spelling counts."""
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode() != text:
        raise NotShown("base64 in another than its canonical form")
    return data


def quorum_met(policy: str, text: bytes, signatures: list[tuple[str, bytes]]) -> bool:
    """Whether the witnesses that signed make the quorum of the policy (C2SP tlog-policy)."""
    seen: dict[str, bool] = {"none": True}
    for line in policy.splitlines():
        match line.split():
            case ["witness", name, vkey, *_]:
                seen[name] = Key(vkey).has_signed(text, signatures)
            case ["group", name, threshold, *members]:
                needed = {"any": 1, "all": len(members)}.get(threshold) or int(threshold)
                seen[name] = sum(seen[member] for member in members) >= needed
            case ["quorum", name]:
                return seen[name]
    raise NotShown("the policy has no quorum line")


def check_entries(folder: Path, claim: dict[str, Any], root: bytes) -> dict[str, Any]:
    """Recompute the root from the entries; return what they are. Raises NotShown."""
    first, end, size = claim["first"], claim["first"] + claim["count"], claim["size"]
    left, right = list(subtrees(0, first)), list(subtrees(end, size))
    if (len(left), len(right)) != (len(claim["left"]), len(claim["right"])):
        raise NotShown("the number of neighbouring hashes does not fit the range")
    tree = Tree()
    for (height, _), node in zip(left, claim["left"], strict=True):
        tree.add(height, bytes.fromhex(node))
    entries = read_entries(folder, first, end, tree)
    for (height, _), node in zip(right, claim["right"], strict=True):
        tree.add(height, bytes.fromhex(node))
    if tree.root() != root:
        raise NotShown("an entry was changed, or stands in another place than it was signed in")
    return entries


def read_entries(folder: Path, first: int, end: int, tree: Tree) -> dict[str, Any]:
    """Hash each line into the tree; check numbers, times and accounts on the way."""
    seq, last_us, books = first, 0, Books(first)
    with (folder / "entries.ndjson").open("rb") as file:
        for line in file:
            entry = line.removesuffix(b"\n")
            body = one_reading(entry)
            if body["seq"] != seq:
                raise NotShown(f"entry {seq} is missing: the line says {body['seq']}")
            if body["ts_us"] < last_us:
                raise NotShown(f"entry {seq} is older than the one before it")
            tree.add(0, leaf_hash(entry))
            books.take(seq, body)
            seq, last_us = seq + 1, body["ts_us"]
    if seq != end:
        raise NotShown(f"entries {seq}..{end - 1} are missing")
    left = {"without_outcome_in_range": len(books.released)}
    return {"kinds": books.kinds, "outcomes": books.statuses} | left


class Books:
    """Every export that was released has one outcome, and no more were sent than released."""

    def __init__(self, first: int) -> None:
        self.first = first
        self.kinds: Counter[str] = Counter()
        self.statuses: Counter[str] = Counter()
        self.released: set[int] = set()  # without an outcome yet
        self.since_start: int | None = None  # released since a `start`, once the range has one

    def take(self, seq: int, body: dict[str, Any]) -> None:
        """Account for the next entry. Raises NotShown."""
        kind = body["kind"]
        self.kinds[kind] += 1
        if kind == "start":
            self.since_start = 0
        elif kind == "export" and body.get("released"):
            self.released.add(seq)
            self.since_start = None if self.since_start is None else self.since_start + 1
        elif kind == "outcome":
            self.statuses[str(body.get("status"))] += 1
            self._close(seq, body.get("export"))
        sent = body.get("forwarded", 0) if kind == "counters" else 0  # by the sender's own count
        if self.since_start is not None and sent > self.since_start:
            raise NotShown(f"counters {seq}: {sent} were sent, {self.since_start} released")

    def _close(self, seq: int, export: object) -> None:
        if isinstance(export, int) and export >= self.first:
            if export not in self.released:
                raise NotShown(f"outcome {seq} closes no released, open export")
            self.released.remove(export)


def check_signatures(
    folder: Path, claim: dict[str, Any], vkey: str | None, policy: str | None
) -> Iterator[tuple[str, Any]]:
    """Yield what the checkpoint shows, fact by fact, its root last. Raises NotShown."""
    text, signatures = parse_note((folder / "checkpoint").read_bytes())
    origin, size, root = parse_checkpoint(text)
    key = Key(vkey or claim["vkey"])
    first, count = claim["first"], claim["count"]
    if origin != key.name or size != claim["size"] or not 0 <= first < first + count <= size:
        raise NotShown("the checkpoint is not the one that the range speaks of")
    if key.type != NOTE_KEY or not key.has_signed(text, signatures):
        yield "signed", "unproven"
        yield "complete", "unproven"  # of what, nobody has said
        raise NotShown("the checkpoint carries no signature of the log's key")
    yield "signed", "proven" if vkey else "unproven"
    if policy is not None:
        yield "witnessed", "false"
        yield "witnessed", "proven" if quorum_met(policy, text, signatures) else "unproven"
    yield "root", root


def verify(folder: Path, vkey: str | None, policy: str | None) -> dict[str, Any]:
    """The whole check, as the report that is printed."""
    report: dict[str, Any] = {"signed": "false", "complete": "false", "witnessed": "unproven"}
    try:
        claim = json.loads((folder / "range.json").read_bytes())
        for name, fact in check_signatures(folder, claim, vkey, policy):
            report[name] = fact
        report |= check_entries(folder, claim, report.pop("root"))
        report["complete"] = "proven"
        last = claim["first"] + claim["count"] - 1
        report["range"] = f"entries {claim['first']}..{last} of {claim['size']}, nothing missing"
    except NotShown as fault:
        report["fault"] = str(fault)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, struct.error) as fault:
        report["fault"] = f"malformed: {type(fault).__name__}"
    report.pop("root", None)
    return report


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Check an exported range of an audit log.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--vkey", help="the log's verifier key, from another source")
    parser.add_argument("--policy", type=Path, help="witness policy (C2SP tlog-policy)")
    arguments = parser.parse_args()
    try:
        policy = arguments.policy.read_text() if arguments.policy else None
        report = verify(arguments.folder, arguments.vkey, policy)
    except OSError as error:
        print(f"cannot read: {error}", file=sys.stderr)
        return 2
    print(json.dumps(report, indent=2))
    asked = ["signed", "complete", *(["witnessed"] if arguments.policy else [])]
    return 0 if all(report[name] == "proven" for name in asked) else 1


if __name__ == "__main__":
    sys.exit(main())
