"""One admitted request on its way through the listener."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from gateway.export.transfer import Transfer
from gateway.http.paths import Target


@dataclass(frozen=True, slots=True)
class Exchange:
    """The request, where its caller pointed it, and the transfer that it asks for."""

    request: web.BaseRequest
    target: Target
    transfer: Transfer
