"""Whose credentials these are: a key, a token or a client certificate, to a configured name."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from cryptography import x509

from gateway.credentials import Credentials, distinguished_name
from gateway.errors import Unauthorized
from gateway.http.tokens import Tokens


def utc_now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)


class Identities:
    """The configured names, by their credentials.

    Keys are looked up by the digest of a secret of full entropy: timing tells nothing of a key.
    """

    def __init__(
        self,
        known: Mapping[str, Credentials],
        tokens: Tokens | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._now = now
        self._tokens = tokens
        self._by_digest = {
            key.sha256: (name, key.not_after)
            for name, each in known.items()
            for key in each.all_keys()
        }
        self._by_subject = {
            distinguished_name(each.mtls_subject): name
            for name, each in known.items()
            if each.mtls_subject is not None
        }
        self._by_token = {
            each.jwt_subject: name for name, each in known.items() if each.jwt_subject is not None
        }

    def of_secret(self, secret: str) -> str:
        """Who holds this key, or whom this token names. Raises `Unauthorized`."""
        digest = hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()
        found = self._by_digest.get(digest)
        if found is not None:
            name, end = found
            if end is not None and self._now() >= end:
                raise Unauthorized(f"this key was valid until {end.isoformat()}; use its successor")
            return name
        if self._tokens is not None and secret.count(".") == 2:
            named = self._by_token.get(self._tokens.subject(secret))
            if named is not None:
                return named
        raise Unauthorized("the key or token is not one that is known here")

    def of_certificate(self, subject: x509.Name | None, how: str) -> str:
        """Who has this subject. Raises `Unauthorized`, saying `how` where nothing was shown."""
        if subject is None:
            raise Unauthorized(how)
        name = self._by_subject.get(subject)
        if name is None:
            raise Unauthorized("the client certificate's subject is not one that is known here")
        return name
