"""Asking a running gateway's admin listener, as its configuration says where it is."""

from __future__ import annotations

import json
import os
import ssl
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from gateway.cli.terminal import CANNOT_DECIDE, fail
from gateway.errors import ConfigError
from gateway.settings import load, split_address

ENTRY: Final = "Silkgate-Entry"
KEY_VARIABLE: Final = "SILKGATE_KEY"
_SECONDS: Final = 60


class Reply(NamedTuple):
    """What came back."""

    status: int
    entry: str  # the audit entry that the reply names
    body: bytes

    @property
    def document(self) -> Any:
        """The JSON that came back."""
        return json.loads(self.body)


def ask(config: Path, method: str, path: str, statement: dict[str, Any] | None = None) -> Reply:
    """One request with the user's key; ends the command where the gateway cannot be asked."""
    key = os.environ.get(KEY_VARIABLE)
    if not key:
        fail(f"put your key for the admin listener into {KEY_VARIABLE}")
    try:
        listen = load(config).listen
    except ConfigError as error:
        fail(str(error))
    host, port = split_address(listen.admin, "listen.admin")
    scheme, context = "http", None
    if listen.admin_tls is not None:
        # The listener's own certificate is trusted, whoever has issued it.
        scheme, context = "https", ssl.create_default_context()
        context.load_verify_locations(config.parent / listen.admin_tls.cert)
    body = None if statement is None else json.dumps(statement).encode()
    headers = {"Silkgate-Key": key, "Content-Type": "application/json"}
    shown = f"[{host}]" if ":" in host else host
    request = Request(f"{scheme}://{shown}:{port}{path}", body, headers, method=method)  # noqa: S310
    try:
        with urlopen(request, timeout=_SECONDS, context=context) as reply:  # noqa: S310
            return Reply(reply.status, reply.headers.get(ENTRY, ""), reply.read())
    except HTTPError as error:
        return Reply(error.code, error.headers.get(ENTRY, ""), error.read())
    except (URLError, OSError) as error:
        fail(f"the gateway at {listen.admin} does not answer: {error}", CANNOT_DECIDE)
