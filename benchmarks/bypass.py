"""`python -m benchmarks.bypass [--target URL --key KEY --sink-port PORT]`: what gets through.

Without a target it starts a gateway of its own. A gateway of another kind is told to send all to
`http://127.0.0.1:PORT/`, where this program listens; requests go to `URL/<rest>` (`--key-header`
names the header for the key). What counts is what arrives. Beside it stands plain Presidio: the
default recognizers on every text of the body that a JSON parser shows, or on the body as text.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import tempfile
import zipfile
import zlib
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp
from rich.console import Console
from rich.table import Table
from yarl import URL

from benchmarks.attacks import Case, Want, cases

_SECONDS: Final = 30.0
_SETTLE: Final = 0.05  # a smuggled request may come after its carrier's reply
_STOPPED: Final = (Want.CAUGHT, Want.REFUSED, Want.STOPPED)


class Capture:
    """A recipient that keeps the bytes of every request, and answers 200."""

    def __init__(self) -> None:
        self.arrived: list[bytes] = []
        self.port = 0

    @asynccontextmanager
    async def listening(self, port: int = 0) -> AsyncIterator[Capture]:
        """On loopback."""
        server = await asyncio.start_server(self._talk, "127.0.0.1", port, limit=1 << 24)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                self.arrived.append(head + await _body(reader, head))
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
                await writer.drain()
        writer.close()


async def _body(reader: asyncio.StreamReader, head: bytes) -> bytes:
    """What follows a head, without its content coding where that is gzip or deflate."""
    fields = dict(line.split(b": ", 1) for line in head.lower().split(b"\r\n")[1:] if b": " in line)
    if fields.get(b"transfer-encoding") == b"chunked":
        body = b""
        while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
            body += (await reader.readexactly(size + 2))[:-2]
        await reader.readuntil(b"\r\n")
    else:
        body = await reader.readexactly(int(fields.get(b"content-length", b"0")))
    with suppress(zlib.error):
        if b"content-encoding" in fields:
            body = zlib.decompress(body, zlib.MAX_WBITS | 32)
    return body


@dataclass(frozen=True, slots=True)
class Target:
    """A gateway to fire at. `url` includes the route."""

    url: str
    key: str
    key_header: str
    capture: Capture

    async def fire(self, case: Case, http: aiohttp.ClientSession) -> Want | None:
        """What became of `case`; None where something hidden arrived."""
        self.capture.arrived.clear()
        status = await (self._raw(case) if case.raw else self._request(case, http))
        await asyncio.sleep(_SETTLE)
        if not self.capture.arrived:
            return Want.REFUSED if status >= 400 else None
        arrived = b"\n".join(map(_shown, self.capture.arrived))
        if any(each in arrived for each in case.hidden):
            return None
        if not case.hidden and arrived.endswith(b"\r\n\r\n" + case.body):
            return Want.NEUTRAL
        return Want.CAUGHT

    async def _request(self, case: Case, http: aiohttp.ClientSession) -> int:
        headers = {**case.headers, self.key_header: self.key}
        async with http.request(
            case.method,
            URL(self.url + case.target, encoded=True),
            data=case.body or None,
            headers=headers,
            allow_redirects=False,
            skip_auto_headers=("Content-Type", "User-Agent"),
        ) as reply:
            await reply.read()
            return reply.status

    async def _raw(self, case: Case) -> int:
        """The first reply's status; 499 where the connection ends without one."""
        parts = urlsplit(self.url)
        filled = case.raw
        for name, text in {
            "route": parts.path.strip("/"), "host": parts.netloc, "key": self.key,
        }.items():  # fmt: skip
            filled = filled.replace(f"%({name})s".encode(), text.encode())
        filled = filled.replace(b"Silkgate-Key", self.key_header.encode())
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port or 80)
        line = b""
        with suppress(ConnectionError, TimeoutError):
            async with asyncio.timeout(_SECONDS):
                writer.write(filled)
                line = await reader.readline()
                await writer.drain()
        writer.close()
        return int(line.split()[1]) if line.startswith(b"HTTP/") else 499


def _shown(request: bytes) -> bytes:
    """The request, and what the files of an archive in it hold."""
    with suppress(zipfile.BadZipFile), zipfile.ZipFile(io.BytesIO(request)) as archive:
        return b"\n".join([request, *map(archive.read, archive.namelist())])
    return request


def met(want: Want, became: Want | None) -> bool:
    """Whether `became` is what was wanted."""
    if want is Want.STOPPED:
        return became in (Want.CAUGHT, Want.REFUSED)
    return became is want


def presidio() -> Callable[[Case], bool]:
    """Whether plain Presidio marks what a case hides."""
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import NoOpNlpEngine

    nlp = NoOpNlpEngine([{"lang_code": "en", "model_name": "none"}])
    nlp.load()
    analyzer = AnalyzerEngine(nlp_engine=nlp, supported_languages=["en"])

    def caught(case: Case) -> bool:
        for hidden in case.hidden:
            text = hidden.decode("utf-8", "replace")
            holders = [each for each in _texts(case) if text in each]
            if not holders:
                return False
            for holder in holders:
                at = holder.index(text)
                found = analyzer.analyze(holder[:20_000], language="en")
                if not any(f.start < at + len(text) and f.end > at for f in found):
                    return False
        return bool(case.hidden)

    return caught


def _texts(case: Case) -> Iterator[str]:
    """What a tool sees that parses JSON and reads anything else as text."""
    if "json" in case.headers.get("Content-Type", ""):
        with suppress(ValueError, RecursionError):
            yield from _leaves(json.loads(case.body))
            return
    yield case.body.decode("utf-8", "replace")


def _leaves(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield key
            yield from _leaves(value)
    elif isinstance(node, list):
        for value in node:
            yield from _leaves(value)
    else:
        yield str(node)


@dataclass
class Score:
    """How many of the cases that can be stopped were."""

    stopped: int = 0
    total: int = 0
    missed: list[str] = field(default_factory=list)

    def take(self, case: Case, *, stopped: bool) -> None:
        """Count a case."""
        self.total += 1
        self.stopped += stopped
        if not stopped:
            self.missed.append(case.ident)


@asynccontextmanager
async def own_gateway() -> AsyncIterator[Target]:
    """Silkgate on its demonstration's configuration, on the route that lets least through."""
    from benchmarks.node import prepared
    from gateway.server import serving

    key = "a-caller-key-made-up-for-attacks"
    with tempfile.TemporaryDirectory(prefix="silkgate-") as folder:
        async with (
            Capture().listening() as capture,
            serving(prepared(Path(folder), capture.port, key)) as running,
        ):
            url = f"http://127.0.0.1:{running.data_port}/sg-analytics"
            yield Target(url, key, "Silkgate-Key", capture)


async def run(options: argparse.Namespace, console: Console) -> int:
    """Fire all; how many were not stopped."""
    async with AsyncExitStack() as stack:
        if options.target:
            capture = await stack.enter_async_context(Capture().listening(options.sink_port))
            target = Target(options.target.rstrip("/"), options.key, options.key_header, capture)
        else:
            target = await stack.enter_async_context(own_gateway())
        timeout = aiohttp.ClientTimeout(total=_SECONDS)
        http = await stack.enter_async_context(aiohttp.ClientSession(timeout=timeout))
        chosen = [case for case in cases() if case.number in options.only or not options.only]
        became: dict[str, Want | None] = {}
        for case in chosen:
            try:
                became[case.ident] = await target.fire(case, http)
            except (aiohttp.ClientError, TimeoutError, OSError):
                became[case.ident] = None if target.capture.arrived else Want.REFUSED
    return _report(chosen, became, console)


def _report(chosen: Sequence[Case], became: dict[str, Want | None], console: Console) -> int:
    ours, theirs = Score(), Score()
    caught = presidio()
    table = Table("case", "wanted", "became", "Presidio", box=None, pad_edge=False)
    for case in chosen:
        outcome = became[case.ident]
        stoppable = case.want in _STOPPED and bool(case.hidden)
        marked = caught(case) if stoppable and not case.raw else False
        if stoppable:
            ours.take(case, stopped=outcome in _STOPPED)
            if not case.raw:
                theirs.take(case, stopped=marked)
        ok = case.want is Want.LIMIT or met(case.want, outcome)
        shown = outcome.value if outcome else "passed"
        presidio_says = ("marked" if marked else "missed") if stoppable and not case.raw else ""
        colour = "" if ok else "[red]"
        table.add_row(case.ident, case.want.value, colour + shown, presidio_says)
    console.print(table)
    kinds = Counter(outcome.value if outcome else "passed" for outcome in became.values())
    console.print(", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items())))
    console.print(
        f"Hidden data stopped: {ours.stopped} of {ours.total}; plain Presidio marks "
        f"{theirs.stopped} of the {theirs.total} that have a body to look at. "
        f"{sum(case.want is Want.LIMIT for case in chosen)} cases are known limits."
    )
    return ours.total - ours.stopped


def main() -> None:
    """Fire the attacks and print the score. Exit 1 where something got through."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bypass", description=__doc__)
    parser.add_argument("--target", default="", help="base URL of a gateway, its route included")
    parser.add_argument("--key", default="", help="the caller's key there")
    parser.add_argument("--key-header", default="Silkgate-Key", help="the header it goes in")
    parser.add_argument("--sink-port", type=int, default=9000, help="where the gateway sends to")
    parser.add_argument("--only", type=int, nargs="*", default=[], help="numbers of cases")
    options = parser.parse_args()
    raise SystemExit(bool(asyncio.run(run(options, Console(width=120)))))


if __name__ == "__main__":
    main()
