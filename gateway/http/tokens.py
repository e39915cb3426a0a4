"""Signed tokens of callers and users: JWT (RFC 7519) under the rules of RFC 8725.

The algorithms are an allow-list of public-key signatures, and each key verifies only algorithms of
its own kind, so neither `none` nor a public key taken for an HMAC secret can pass.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import jwt

from gateway.credentials import JwtSettings
from gateway.errors import ConfigError, Unauthorized

_KINDS: Final = {  # key type and curve -> algorithms that such a key verifies (RFC 7518 §3.1)
    ("RSA", None): frozenset({"RS256", "PS256", "PS384", "PS512"}),
    ("EC", "P-256"): frozenset({"ES256"}),
    ("EC", "P-384"): frozenset({"ES384"}),
    ("EC", "P-521"): frozenset({"ES512"}),
    ("OKP", "Ed25519"): frozenset({"EdDSA"}),
}
_MIN_RSA_BITS: Final = 2048
_REMEMBERED: Final = 1024  # verified tokens; a token is shown with every request


class Tokens:
    """Verifies tokens of one issuer for one audience. `now` gives Unix seconds."""

    def __init__(
        self, settings: JwtSettings, root: Path, now: Callable[[], float] = time.time
    ) -> None:
        """Read the issuer's keys. Raises `ConfigError`."""
        self._settings = settings
        self._now = now
        self._keys = _read_keys(root / settings.jwks)
        self._verified: dict[bytes, tuple[str, float]] = {}  # digest -> subject, end

    def subject(self, token: str) -> str:
        """Whom `token` names. Raises `Unauthorized`; the message holds nothing of the token."""
        digest = hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()
        known = self._verified.get(digest)
        if known is not None and self._now() < known[1]:
            return known[0]
        claims = self._claims(token)
        subject = str(claims["sub"])
        if len(self._verified) >= _REMEMBERED:
            self._verified.clear()
        self._verified[digest] = (subject, float(claims["exp"]) + self._settings.leeway_seconds)
        return subject

    def _claims(self, token: str) -> dict[str, Any]:
        settings = self._settings
        try:
            header = jwt.get_unverified_header(token)
            algorithm = header.get("alg")
            if algorithm not in settings.algorithms:
                raise Unauthorized("the token is not signed by an algorithm that is taken here")
            claims: dict[str, Any] = jwt.decode(
                token,
                self._key(header, algorithm),
                algorithms=[algorithm],
                audience=settings.audience,
                issuer=settings.issuer,
                leeway=settings.leeway_seconds,
                options={"require": ["exp", "iss", "aud", "sub"]},
            )
        except jwt.ExpiredSignatureError as error:
            raise Unauthorized("the token has expired") from error
        except jwt.ImmatureSignatureError as error:
            raise Unauthorized("the token is not valid yet") from error
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            raise Unauthorized("the token is not one of the configured issuer") from error
        return claims

    def _key(self, header: Mapping[str, Any], algorithm: str) -> jwt.PyJWK:
        fitting = [
            data
            for data in self._keys
            if ("kid" not in header or header["kid"] == data.get("kid"))
            and data.get("alg", algorithm) == algorithm
            and algorithm in _KINDS[data["kty"], data.get("crv")]
        ]
        if len(fitting) != 1:
            raise Unauthorized("the token names no single key of the issuer")
        return jwt.PyJWK(fitting[0], algorithm=algorithm)


def _read_keys(path: Path) -> list[dict[str, Any]]:
    """The public signature keys of a JWK set. Raises `ConfigError`."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        found = [dict(each) for each in document["keys"]]
    except OSError as error:
        raise ConfigError(f"jwt.jwks {path} cannot be read") from error
    except (ValueError, TypeError, KeyError) as error:
        raise ConfigError(f"jwt.jwks {path} is not a JWK set (RFC 7517 §5)") from error
    if any("d" in each or each.get("kty") == "oct" for each in found):
        raise ConfigError(f"jwt.jwks {path} holds private or secret keys; give public ones only")
    usable = [
        each
        for each in found
        if each.get("use", "sig") == "sig" and (each.get("kty"), each.get("crv")) in _KINDS
    ]
    if not usable:
        raise ConfigError(f"jwt.jwks {path} holds no public key for signatures")
    for each in usable:
        _check_key(each, path)
    return usable


def _check_key(data: dict[str, Any], path: Path) -> None:
    try:
        key = jwt.PyJWK(data).key
    except jwt.PyJWTError as error:
        raise ConfigError(f"jwt.jwks {path}: key {data.get('kid')!r} is not valid") from error
    if data["kty"] == "RSA" and key.key_size < _MIN_RSA_BITS:
        raise ConfigError(f"jwt.jwks {path}: key {data.get('kid')!r} is under {_MIN_RSA_BITS} bits")
