"""Offline proofs: made from tiles, checked with keys alone, refused when touched."""

from __future__ import annotations

import base64

import pytest

from audit_log import proof, reader
from audit_log.note import BadNote, VerifierKey
from audit_log.proof import Proof, prove
from audit_log.tree import ProofInvalid
from tests.audit_log.logs import Home, export, filled


async def test_every_entry_can_be_proven(home: Home) -> None:
    """Each proof verifies for its entry and for no other."""
    await filled(home, 300, group=50)
    key = VerifierKey.parse(home.vkey)
    entries = dict(reader.entries(home.log))
    for index in (0, 1, 255, 256, 299):
        made = prove(home.log, index)
        again = proof.parse(made.encode())
        assert again == made
        proof.verify(again, entries[index], key=key)
        with pytest.raises(ProofInvalid):
            proof.verify(again, entries[(index + 1) % 300], key=key)


async def test_every_flipped_byte_of_a_proof_is_refused(home: Home) -> None:
    """Index, path, checkpoint and signature: all of it is checked."""
    await filled(home, 20)
    key = VerifierKey.parse(home.vkey)
    entry = reader.entry(home.log, 7)
    good = prove(home.log, 7).encode()
    for at in range(len(good)):
        bad = good[:at] + bytes([good[at] ^ 0x01]) + good[at + 1 :]
        try:
            proof.verify(proof.parse(bad), entry, key=key)
        except (ProofInvalid, BadNote):
            continue
        pytest.fail(f"byte {at} does not count")


async def test_unsigned_entries_cannot_be_proven_yet(home: Home) -> None:
    """Before publication there is nothing to prove against."""
    home.create()
    log = home.open(publish_seconds=3600)
    await log.append([export()])
    with pytest.raises(ProofInvalid):
        prove(home.log, 0)
    await log.close()
    prove(home.log, 0)


async def test_extra_data_is_carried(home: Home) -> None:
    """The optional line reads back; it proves nothing."""
    await filled(home, 3)
    made = prove(home.log, 1)
    extra = Proof(made.index, made.path, made.signed, b"hello")
    assert f"extra {base64.b64encode(b'hello').decode()}\n".encode() in extra.encode()
    assert proof.parse(extra.encode()) == extra


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"c2sp.org/tlog-proof@v1\n\nx",
        b"c2sp.org/tlog-proof@v2\nindex 0\n\nx",
        b"c2sp.org/tlog-proof@v1\nindex 00\n\nx",
        b"c2sp.org/tlog-proof@v1\nindex 1\n***\n\nx",
        b"c2sp.org/tlog-proof@v1\nindex 1\n" + b"AAAA\n" * 64 + b"\nx",
        b"c2sp.org/tlog-proof@v1\nindex " + b"1" * 5000 + b"\n\nx",
    ],
)
def test_malformed_proofs_are_refused(text: bytes) -> None:
    """Not the format, not a proof."""
    with pytest.raises(ProofInvalid):
        proof.parse(text)
