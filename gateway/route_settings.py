"""`[routes.<name>]` of `gateway.toml`: one recipient abroad, and why its exports are lawful."""

from __future__ import annotations

import ipaddress
from datetime import date
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta, Struct

from classifiers.codes import UnknownCodes, graded
from classifiers.taxonomy import CATEGORIES
from gateway.codecs.registry import reads
from gateway.credentials import UpstreamTlsSettings
from gateway.errors import ConfigError
from gateway.treatment.kanonymity import AnonymitySettings
from policies.model import Basis, CountryCode

# Paths of the data listener that belong to the gateway itself or would be ambiguous.
RESERVED_ROUTES: Final = frozenset({"healthz", "readyz", "metrics", "v1", "console"})


class MechanismSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """`mechanism` of a route's basis; `valid_until` is a TOML date."""

    kind: Literal["security_assessment", "standard_contract", "certification", "gba_contract"]
    ref: Annotated[str, Meta(min_length=1)]
    valid_until: date


class ConsentSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """`consent` of a route's basis (PIPL art 39)."""

    ref: Annotated[str, Meta(min_length=1)]
    notice: Annotated[str, Meta(min_length=1)]


class BasisSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """`[routes.<name>.basis]`: why the exports of the route are lawful."""

    ground: str = ""
    exemption: str | None = None
    consent: ConsentSettings | None = None
    mechanism: MechanismSettings | None = None

    def facts(self) -> Basis:
        """The same facts in the form that policies read (dates as ISO strings)."""
        return msgspec.convert(msgspec.to_builtins(self), Basis)


class UpstreamAuthSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """`[routes.<name>.upstream_auth]`: a header whose value stands in a secret file."""

    secret_file: str
    header: str = "Authorization"


class RouteSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """`[routes.<name>]`: one recipient abroad, one purpose."""

    upstream: str
    destination: CountryCode
    recipient: Annotated[str, Meta(min_length=1)]
    purpose: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]*\Z")]
    mode: Literal["enforce", "shadow"] = "enforce"
    on_denied: Literal["refuse", "quarantine"] = "refuse"
    records: str = ""
    collected_in: CountryCode = "CN"
    subjects: list[list[str]] = []
    allow_addresses: list[str] = []
    forward_authorization: bool = False
    upstream_auth: UpstreamAuthSettings | None = None
    tls: UpstreamTlsSettings | None = None
    basis: BasisSettings = BasisSettings()
    declare: dict[str, str] = {}
    codes: dict[str, str | dict[str, str]] = {}
    output: Literal["as-treated", "same-type"] = "as-treated"
    k_anonymity: AnonymitySettings | None = None
    opaque: list[Annotated[str, Meta(pattern=r"^[a-z]+/[a-z0-9.+-]+\Z")]] = []


def check_route(name: str, route: RouteSettings) -> None:
    """Raise `ConfigError` where what a route says cannot hold together."""
    where = f"[routes.{name}]"
    if name in RESERVED_ROUTES:
        raise ConfigError(f"{where}: the name is reserved for the gateway's own pages")
    url = urlsplit(route.upstream)
    if url.scheme not in ("http", "https") or not url.hostname:
        raise ConfigError(f"{where}: upstream must be an absolute http(s) URL")
    if url.query or url.fragment or url.username or url.password:
        raise ConfigError(f"{where}: upstream may hold no query, fragment or user information")
    anonymity = route.k_anonymity
    if anonymity is not None and (route.on_denied == "quarantine" or route.mode == "shadow"):
        raise ConfigError(
            f'{where}: k_anonymity needs on_denied = "refuse" and mode = "enforce": what is held '
            "back would be missing, and a shadow route sends unchanged or nothing"
        )
    quasi = anonymity.quasi if anonymity else ()
    subjects = (pointer for person in route.subjects for pointer in person)
    for pointer in [route.records, *route.declare, *route.codes, *quasi, *subjects]:
        if pointer and not pointer.startswith("/"):
            raise ConfigError(f"{where}: {pointer!r} is not a JSON Pointer (RFC 6901)")
    _check_contract(where, route)
    for media in filter(reads, route.opaque):
        raise ConfigError(f"{where}: opaque: {media} is read, so it cannot be passed unread")
    _check_way(where, route, url.scheme)


def _check_way(where: str, route: RouteSettings, scheme: str) -> None:
    """What says how the recipient is reached."""
    if route.tls is not None and bool(route.tls.cert) != bool(route.tls.key):
        raise ConfigError(f"{where}: tls needs cert and key together")
    if route.tls is not None and scheme != "https":
        raise ConfigError(f"{where}: tls is for an upstream on https")
    for network in route.allow_addresses:
        try:
            ipaddress.ip_network(network)
        except ValueError as error:
            raise ConfigError(f"{where}: allow_addresses: {error}") from error


def _check_contract(where: str, route: RouteSettings) -> None:
    for pointer, category in route.declare.items():
        if category not in CATEGORIES:
            raise ConfigError(f"{where}: declare {pointer!r}: {category!r} is no category")
    for pointer, table in route.codes.items():
        try:
            graded(pointer.rpartition("/")[2], table)
        except UnknownCodes as error:
            raise ConfigError(f"{where}: codes {pointer!r}: {error}") from error
