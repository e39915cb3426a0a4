"""Signed bundles in OPA's own form: `.signatures.json`, a JWS (ES256) over every file's hash.

`opa run --verification-key` accepts what `sign` makes, and `verify` what `opa sign` makes.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from policies.bundle import pack, unpack
from policies.errors import BundleError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

SIGNATURES: Final = ".signatures.json"
ALGORITHM: Final = "ES256"
_STRUCTURED: Final = frozenset({"data.json", ".manifest"})
_WIDTH: Final = 32  # bytes of each half of a P-256 signature (RFC 7518, 3.4)


def sign(archive: bytes, private_key: bytes, *, key_id: str) -> bytes:
    """The archive with a signature of all its files. `private_key`: P-256, PEM, unencrypted."""
    members = unpack(archive)
    members.pop(SIGNATURES, None)
    files = [
        {"name": name, "hash": _hash(name, members[name]), "algorithm": "SHA-256"}
        for name in sorted(members)
    ]
    token = _encode({"files": files, "keyid": key_id}, private_key, key_id)
    members[SIGNATURES] = json.dumps({"signatures": [token]}).encode()
    return pack(members)


def verify(archive: bytes, public_key: bytes) -> None:
    """Raise `BundleError` unless every file is as it was signed, none more and none less.

    Raises `ValueError` where `public_key` is none: P-256, PEM.
    """
    key = _public(public_key)
    members = unpack(archive)
    try:
        tokens = json.loads(members.pop(SIGNATURES))["signatures"]
        (token,) = tokens
        payload = _decode(token, key)
        signed = {entry["name"]: entry for entry in payload["files"]}
    except KeyError as error:
        raise BundleError(f"the bundle is not signed: no {error}") from error
    except (TypeError, ValueError) as error:
        raise BundleError(f"the bundle's signature cannot be read: {error}") from error
    if set(signed) != set(members):
        odd = ", ".join(sorted(set(signed) ^ set(members)))
        raise BundleError(f"the signature and the bundle differ in files: {odd}")
    for name, content in members.items():
        entry = signed[name]
        if entry.get("algorithm", "SHA-256").upper() not in ("SHA-256", "SHA256"):
            raise BundleError(f"{name}: signed with {entry['algorithm']}; SHA-256 is read")
        if not hmac.compare_digest(str(entry.get("hash", "")), _hash(name, content)):
            raise BundleError(f"{name} was changed after it was signed")


def _hash(name: str, content: bytes) -> str:
    """OPA hashes JSON documents by their value, all other files by their bytes."""
    if PurePosixPath(name).name in _STRUCTURED:
        try:
            value = json.loads(content)
        except ValueError as error:
            raise BundleError(f"{name} is not JSON: {error}") from error
        content = json.dumps(
            value, ensure_ascii=False, sort_keys=True, separators=(",", ":")
        ).encode()
    return hashlib.sha256(content).hexdigest()


def _encode(payload: Mapping[str, Any], private_key: bytes, key_id: str) -> str:
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec, utils  # noqa: PLC0415

    try:
        key = serialization.load_pem_private_key(private_key, password=None)
    except ValueError as error:
        raise BundleError("the signing key is no unencrypted private key in PEM") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise BundleError("the signing key is not a P-256 key; make one with `openssl ecparam`")
    head = {"alg": ALGORITHM, "kid": key_id, "typ": "JWT"}
    text = f"{_base64(_json(head))}.{_base64(_json(payload))}"
    r, s = utils.decode_dss_signature(key.sign(text.encode(), ec.ECDSA(hashes.SHA256())))
    return f"{text}.{_base64(r.to_bytes(_WIDTH) + s.to_bytes(_WIDTH))}"


def _public(pem: bytes) -> EllipticCurvePublicKey:
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415

    wanted = "make one with `openssl ec -in key.pem -pubout`"
    try:
        key = serialization.load_pem_public_key(pem)
    except ValueError as error:
        raise ValueError(f"the verification key is no public key in PEM; {wanted}") from error
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
        return key
    raise ValueError(f"the verification key is not a P-256 key; {wanted}")


def _decode(token: str, key: EllipticCurvePublicKey) -> Any:
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec, utils  # noqa: PLC0415

    head, body, signature = token.split(".")
    if json.loads(_bytes(head)).get("alg") != ALGORITHM:
        raise BundleError(f"the bundle is not signed with {ALGORITHM}")
    halves = _bytes(signature)
    r, s = (int.from_bytes(half) for half in (halves[:_WIDTH], halves[_WIDTH:]))
    try:
        key.verify(
            utils.encode_dss_signature(r, s), f"{head}.{body}".encode(), ec.ECDSA(hashes.SHA256())
        )
    except InvalidSignature as error:
        raise BundleError("the bundle's signature was made with another key") from error
    return json.loads(_bytes(body))


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from error
