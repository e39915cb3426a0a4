"""Signed bundles, to and from OPA's own tools."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from policies.bundle import BundleError, archive, from_archive, load, pack, unpack
from policies.sign import SIGNATURES, sign, verify
from tests.policies.opa_server import opa

SHIPPED = load()
KEY = ec.generate_private_key(ec.SECP256R1())


def private(key: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def public(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


SIGNED = sign(archive(SHIPPED), private(KEY), key_id="policy")


def test_a_signed_bundle_verifies_and_is_the_same_bundle() -> None:
    """The signature is beside the bundle, not in its revision."""
    verify(SIGNED, public(KEY))
    assert from_archive(SIGNED) == SHIPPED


def altered(change: str) -> bytes:
    members = unpack(SIGNED)
    if change == "rule":
        members["silkgate/main.rego"] += b"\n"
    elif change == "data":
        members["data.json"] = members["data.json"].replace(b"100000", b"900000")
    elif change == "file more":
        members["silkgate/more.rego"] = b"package silkgate.more\n"
    elif change == "file less":
        members.pop("silkgate/main.rego")
    elif change == "no signature":
        members.pop(SIGNATURES)
    elif change == "no algorithm":
        token = json.loads(members[SIGNATURES])["signatures"][0]
        _, body, _ = token.split(".")
        none = "eyJhbGciOiJub25lIn0"
        members[SIGNATURES] = json.dumps({"signatures": [f"{none}.{body}."]}).encode()
    else:
        members[SIGNATURES] = b'{"signatures": ["x"]}'
    return pack(members)


@pytest.mark.parametrize(
    "change",
    ["rule", "data", "file more", "file less", "no signature", "no algorithm", "garbage"],
)
def test_a_changed_bundle_does_not_verify(change: str) -> None:
    """One byte, one file, the signature itself."""
    with pytest.raises(BundleError):
        verify(altered(change), public(KEY))


def test_another_key_does_not_verify() -> None:
    """Whoever signed, it was not the policy's owner."""
    with pytest.raises(BundleError, match="another key"):
        verify(SIGNED, public(ec.generate_private_key(ec.SECP256R1())))


@pytest.mark.parametrize(
    "key", [ec.generate_private_key(ec.SECP384R1()), ed25519.Ed25519PrivateKey.generate()]
)
def test_only_p256_keys_sign(key: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey) -> None:
    """ES256 says so."""
    with pytest.raises(BundleError, match="P-256"):
        sign(archive(SHIPPED), private(key), key_id="policy")


def test_opa_accepts_our_signature(tmp_path: Path) -> None:
    """And refuses the altered bundle."""
    (tmp_path / "key.pem").write_bytes(public(KEY))
    answers = []
    for name, packed in (("good", SIGNED), ("bad", altered("rule"))):
        (tmp_path / f"{name}.tar.gz").write_bytes(packed)
        command = [opa(), "build", "-o", "/dev/null", "--verification-key", "key.pem"]
        command += ["--signing-alg", "ES256", "--verification-key-id", "policy"]
        command += ["-b", f"{name}.tar.gz"]
        answers.append(
            subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        )
    assert answers[0].returncode == 0, answers[0].stderr
    assert answers[1].returncode != 0


def test_we_accept_opas_signature(tmp_path: Path) -> None:
    """What `opa sign` wrote over the unpacked archive."""
    members = unpack(archive(SHIPPED))
    for name, content in members.items():
        path = tmp_path / "b" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (tmp_path / "key.pem").write_bytes(private(KEY))
    subprocess.run(
        [opa(), "sign", "--signing-alg", "ES256", "--signing-key", "../key.pem", "-b", "."],
        cwd=tmp_path / "b",
        check=True,
        capture_output=True,
    )
    members[SIGNATURES] = (tmp_path / "b" / SIGNATURES).read_bytes()
    verify(pack(members), public(KEY))
