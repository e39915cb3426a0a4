"""A real OPA server as the policy engine, through opa-python-client.

The server must run the bundle that `policies.bundle.archive` packs: the revision in its manifest
comes back with every answer and is checked, so an answer of another policy is no answer.
"""

from __future__ import annotations

import asyncio
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec

from policies.answer import complete
from policies.model import Decision, PolicyInput, PolicyUnavailable

DEADLINE_SECONDS: Final = 1.5
DEFAULT_PORTS: Final = {"http": 8181, "https": 443}


class OpaEngine:
    """Decides at `url`, by revision `revision` only. Belongs to one event loop."""

    def __init__(
        self,
        url: str,
        revision: str,
        *,
        token: str | None = None,
        deadline_seconds: float = DEADLINE_SECONDS,
    ) -> None:
        """Raise `ValueError` for a URL that is not `http(s)://host[:port]`."""
        parts = urlsplit(url)
        if parts.scheme not in DEFAULT_PORTS or not parts.hostname or parts.path.strip("/"):
            raise ValueError(f"{url!r} is not the address of an OPA server: http(s)://host[:port]")
        self._address = {
            "host": f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname,
            "port": parts.port or DEFAULT_PORTS[parts.scheme],
            "ssl": parts.scheme == "https",
        }
        self._revision = revision
        self._token = token
        self._deadline_seconds = deadline_seconds
        self._client: Any = None

    @property
    def revision(self) -> str:
        """SHA-256 of the bundle the server must run, in hex."""
        return self._revision

    async def decide(self, question: PolicyInput) -> Decision:
        """Raise `PolicyUnavailable` for anything but a complete decision of this revision."""
        try:
            async with asyncio.timeout(self._deadline_seconds):
                answer = await self._ask(msgspec.to_builtins(question))
        except TimeoutError as error:
            raise PolicyUnavailable("the OPA server missed its deadline") from error
        except Exception as error:
            # The client raises whatever its transport or its JSON reader does.
            raise PolicyUnavailable(f"the OPA server failed: {type(error).__name__}") from error
        return self._read(answer, question)

    async def close(self) -> None:
        """Close the connections to the server."""
        if self._client is not None:
            await self._client.close_connection()
            self._client = None

    async def _ask(self, question: Any) -> Any:
        from opa_client.opa_async import AsyncOpaClient  # noqa: PLC0415

        if self._client is None:
            client = AsyncOpaClient(
                **self._address, token=self._token, retries=0, timeout=self._deadline_seconds
            )
            await client._init_session()
            self._client = client
        return await self._client.query_rule(
            question, "silkgate", "decision", query_params={"provenance": "true"}
        )

    def _read(self, answer: Any, question: PolicyInput) -> Decision:
        try:
            bundles = answer["provenance"]["bundles"].values()
            revisions = [bundle["revision"] for bundle in bundles]
            result = answer["result"]
        except (AttributeError, KeyError, TypeError) as error:
            raise PolicyUnavailable(
                "the OPA server gave no decision of a revised bundle; "
                "does it run the archive of this bundle?"
            ) from error
        if revisions != [self._revision]:
            raise PolicyUnavailable(
                f"the OPA server runs policy {revisions}, this gateway {self._revision}"
            )
        try:
            return complete(msgspec.convert(result, Decision), question)
        except msgspec.ValidationError as error:
            raise PolicyUnavailable(f"the OPA server's answer is no decision: {error}") from error
