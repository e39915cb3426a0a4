"""By what callers and users are known: sections of `gateway.toml` about keys, TLS and tokens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Annotated, Literal

from cryptography import x509
from msgspec import Meta, Struct

Sha256Hex = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
Positive = Annotated[int, Meta(gt=0)]
Text = Annotated[str, Meta(min_length=1)]
Algorithm = Literal["ES256", "ES384", "ES512", "EdDSA", "PS256", "PS384", "PS512", "RS256"]


class KeySettings(Struct, frozen=True, forbid_unknown_fields=True):
    """One of several keys; from `not_after` on it is refused. A moment needs its UTC offset."""

    sha256: Sha256Hex
    not_after: Annotated[datetime, Meta(tz=True)] | None = None


class Credentials(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What one caller or user may show: any of these, each unique in the configuration."""

    key_sha256: Sha256Hex | None = None
    keys: list[KeySettings] = []
    mtls_subject: str | None = None
    jwt_subject: Text | None = None

    def all_keys(self) -> list[KeySettings]:
        """Every key, `key_sha256` among them."""
        return [*([KeySettings(self.key_sha256)] if self.key_sha256 else []), *self.keys]


class CallerLimits(Struct, frozen=True, forbid_unknown_fields=True):
    """`[callers.<name>.limits]`: how much of the gateway one caller may take."""

    requests_per_minute: Positive | None = None
    burst: Positive = 1  # requests that may come at once
    concurrent: Positive | None = None
    max_body_bytes: Positive | None = None
    restored_per_hour: Positive = 100_000  # values turned back in answers


class TlsSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """`[listen.tls]`, `[listen.admin_tls]`: PEM files of the listener, read again on reload."""

    cert: Text
    key: Text
    client_ca: str = ""  # verifies client certificates
    client_crl: str = ""  # refuses revoked ones
    client_certificates: Literal["required", "optional"] = "required"


class UpstreamTlsSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """`[routes.<name>.tls]`: PEM files: the recipient's CA, and our certificate there."""

    ca: str = ""  # instead of the system's
    cert: str = ""
    key: str = ""


class JwtSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """`[jwt]`: whose tokens are taken (RFC 7519). Only signatures with public keys can be named."""

    jwks: Text  # file with the issuer's public keys (RFC 7517)
    issuer: Text
    audience: Text
    algorithms: Annotated[tuple[Algorithm, ...], Meta(min_length=1)] = ("ES256", "EdDSA", "RS256")
    leeway_seconds: Annotated[int, Meta(ge=0, le=300)] = 30


def distinguished_name(text: str) -> x509.Name:
    """An RFC 4514 name, most specific part first. Raises `ValueError`."""
    name = x509.Name.from_rfc4514_string(text)
    if not list(name):
        raise ValueError("an empty name")
    return name


def fault(credentials: Mapping[str, Credentials], *, tls: TlsSettings | None, jwt: bool) -> str:
    """What is wrong with these callers or users, "" if nothing. `tls` and `jwt`: what there is."""
    owners: dict[object, str] = {}
    for name, each in credentials.items():
        if not list(_shown(each)):
            return f"{name}]: give key_sha256, keys, mtls_subject or jwt_subject"
        if each.mtls_subject is not None:
            if tls is None or not tls.client_ca:
                return f"{name}]: mtls_subject needs the listener's tls with a client_ca"
            try:
                distinguished_name(each.mtls_subject)
            except ValueError:
                return f"{name}]: mtls_subject is not an RFC 4514 name such as CN=orders,O=Acme"
        if each.jwt_subject is not None and not jwt:
            return f"{name}]: jwt_subject needs [jwt]"
        for shown in _shown(each):
            if owners.setdefault(shown, name) != name:
                return f"{name}]: shares a key or subject with {owners[shown]}"
    return ""


def _shown(each: Credentials) -> Iterator[object]:
    for key in each.all_keys():
        yield "key", key.sha256
    if each.mtls_subject is not None:
        yield "subject", each.mtls_subject
    if each.jwt_subject is not None:
        yield "token", each.jwt_subject
