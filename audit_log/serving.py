"""The log's read interface for other people's tools (C2SP tlog-tiles).

Checkpoint and hash tiles are served as they lie. Entry bundles are made on request from the
segments: entries lie on disk once, so that dropping a segment drops them.
"""

from __future__ import annotations

import asyncio
import re
import struct
from pathlib import Path
from typing import TYPE_CHECKING, Final

from audit_log import checkpoint, note, reader
from audit_log.tiles import WIDTH

if TYPE_CHECKING:
    from aiohttp import web

_INDEX: Final = r"(?P<index>(?:x[0-9]{3}/)*[0-9]{3})(?:\.p/(?P<width>[0-9]{1,3}))?"
_TILE: Final = re.compile(rf"tile/(?P<level>[0-9]{{1,2}})/{_INDEX}")
_BUNDLE: Final = re.compile(rf"tile/entries/{_INDEX}")


def resource(directory: Path, path: str) -> bytes | None:
    """What a reader gets at `path`; None where the log has nothing there.

    Entries beyond the published checkpoint are not shown.
    """
    if path in ("checkpoint", "cosigned") or _TILE.fullmatch(path):
        file = directory / path
        return file.read_bytes() if file.is_file() else None
    if found := _BUNDLE.fullmatch(path):
        index = int(found["index"].replace("x", "").replace("/", ""))
        return bundle(directory, index, int(found["width"] or WIDTH))
    return None


def bundle(directory: Path, index: int, width: int = WIDTH) -> bytes | None:
    """Entries [256 * index, + width), each behind its length in 16 bits; None if not all are there.

    Bundles of entries that retention has dropped are gone with them.
    """
    size = checkpoint.parse(note.parse((directory / "checkpoint").read_bytes()).text).size
    first, end = index * WIDTH, index * WIDTH + width
    if not 1 <= width <= WIDTH or end > size:
        return None
    entries = [data for _, data in reader.entries(directory, first, end)]
    if len(entries) != width:
        return None
    return b"".join(struct.pack(">H", len(data)) + data for data in entries)


def application(directory: Path) -> web.Application:
    """The read interface as an aiohttp application."""
    from aiohttp import web  # noqa: PLC0415 - only serving needs it

    async def get(request: web.Request) -> web.Response:
        found = await asyncio.to_thread(resource, directory, request.match_info["path"])
        if found is None:
            raise web.HTTPNotFound
        kind = "text/plain" if "tile/" not in request.path else "application/octet-stream"
        return web.Response(body=found, content_type=kind)

    app = web.Application()
    app.router.add_get("/{path:.+}", get)
    return app
