"""Notes, keys, checkpoints and cosignatures against the C2SP vectors."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit_log import checkpoint, note
from audit_log.checkpoint import Checkpoint
from audit_log.note import BadNote, Signer, VerifierKey

EXAMPLE_VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLE = (
    "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONn"
    "cAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
).encode()
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
SIGNER = Signer("log.example/a", Ed25519PrivateKey.from_private_bytes(b"k" * 32))


def test_the_c2sp_example_note() -> None:
    """The signed-note example verifies and says who signed."""
    key = VerifierKey.parse(EXAMPLE_VKEY)
    opened = note.parse(EXAMPLE)
    assert opened.text == b"This is an example message.\n"
    assert opened.verified([key]) == {key: None}


@pytest.mark.parametrize("vkey", [EXAMPLE_VKEY, PETER])
def test_a_key_reads_and_writes_the_same(vkey: str) -> None:
    """A verifier key is its own text."""
    assert str(VerifierKey.parse(vkey)) == vkey


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "PeterNeumann",
        PETER.replace("c74f20a3", "c74f20a4"),
        PETER.replace("+ARpc", "+ZRpc"),
        PETER + "=",
        PETER[:-4],
        PETER.replace("PeterNeumann", "Peter Neumann"),
        PETER.replace("PeterNeumann", ""),
    ],
)
def test_a_wrong_key_is_refused(vkey: str) -> None:
    """Wrong id, algorithm, length, name or encoding."""
    with pytest.raises(BadNote):
        VerifierKey.parse(vkey)


def test_every_byte_of_a_note_counts() -> None:
    """No single changed byte leaves a note that the key vouches for with another text."""
    key = VerifierKey.parse(EXAMPLE_VKEY)
    for at in range(len(EXAMPLE)):
        mangled = EXAMPLE[:at] + bytes([EXAMPLE[at] ^ 0x01]) + EXAMPLE[at + 1 :]
        try:
            opened = note.parse(mangled)
            signed = opened.verified([key])
        except BadNote:
            continue
        assert not signed


def test_unknown_keys_are_ignored_and_known_ones_must_be_right() -> None:
    """A stranger's line does no harm; a bad line of a known key rejects the note."""
    stranger = Signer("other", Ed25519PrivateKey.from_private_bytes(b"s" * 32))
    text = b"hello\n"
    signed = note.assemble(text, [stranger.sign(text), SIGNER.sign(text)])
    assert list(note.parse(signed).verified([SIGNER.verifier])) == [SIGNER.verifier]
    forged = note.assemble(text, [SIGNER.sign(b"other\n")])
    with pytest.raises(BadNote):
        note.parse(forged).verified([SIGNER.verifier])


def test_sixteen_signatures_are_accepted() -> None:
    """C2SP asks verifiers to take at least sixteen."""
    text = b"hello\n"
    others = [
        Signer(f"w{number}", Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32))
        for number in range(16)
    ]
    signed = note.assemble(text, [other.sign(text) for other in others])
    keys = [other.verifier for other in others]
    assert len(note.parse(signed).verified(keys)) == 16


def test_the_sunlight_cosignature() -> None:
    """A published cosignature/v1 verifies and tells its time."""
    key = VerifierKey.parse(
        "witness.example.org+b8a2cf20+BFLN3yikSfFkVAJtrnh/CiY3Zozkoy7clp+P7XB28qUN"
    )
    text = b"rome2026h1.example.org\n300\nlCkHUpkmVBEms2r2T1K6Og69+wUuuN3MIEW1/ezu2v0=\n"
    field = base64.b64decode(
        "uKLPIAAAAABpVGeAhm2bOvKc3LaB9PFN1ruG19Y5yqslmcAAbhftnn1Zznmo0LXFZq4LGvqKqLX8jWlwLKasxEGT"
        "LIqAVusneCBmBw=="
    )
    assert field[:4] == key.key_id
    assert key.verify(text, field[4:]) == 1_767_139_200
    with pytest.raises(BadNote):
        key.verify(text, field[4:11] + b"\x81" + field[12:])


def test_a_cosignature_is_made_as_it_is_read() -> None:
    """cosign and verify agree, time included."""
    witness = Signer("w", SIGNER.key, note.COSIGNATURE)
    text = Checkpoint("log.example/a", 3, b"r" * 32).text
    signed = note.parse(note.assemble(text, [witness.cosign(text, time=1_795_000_000)]))
    assert signed.verified([witness.verifier]) == {witness.verifier: 1_795_000_000}


def test_the_go_checkpoint() -> None:
    """The tree head of Go's own tests reads back."""
    text = b"go.sum database tree\n123456789012\nTszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0=\n"
    found = checkpoint.parse(text)
    assert (found.origin, found.size) == ("go.sum database tree", 123456789012)
    assert found.text == text


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"o\n1\n",
        b"o\n01\nTszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0=\n",
        b"o\n-1\nTszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0=\n",
        b"o\n1\nTszz\n",
        b"o\n1\nTszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0\n",
        b"o\n1\nTszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0=",
        b"\n1\nTszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0=\n",
        b"o\n1\nTszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0=\n\n",
        "o\n１\nTszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0=\n".encode(),
        b"o\n" + b"9" * 5000 + b"\nTszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0=\n",
        b"\xff\n1\nTszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0=\n",
    ],
)
def test_a_malformed_checkpoint_is_refused(text: bytes) -> None:
    """Leading zeros, signs, short roots, missing lines and the like."""
    with pytest.raises(BadNote):
        checkpoint.parse(text)


def test_a_checkpoint_of_another_log_is_refused() -> None:
    """Origin and key both have to be the log's."""
    signed = checkpoint.sign(Checkpoint("log.example/a", 3, b"r" * 32), [SIGNER])
    with pytest.raises(BadNote):
        checkpoint.open_signed(signed, origin="log.example/b", keys=[SIGNER.verifier])
    with pytest.raises(BadNote):
        checkpoint.open_signed(
            signed, origin="log.example/a", keys=[VerifierKey.parse(EXAMPLE_VKEY)]
        )
