"""A gateway without listeners, to be run by a benchmark: the demonstration's configuration."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from classifiers.classify import Classifier
from classifiers.registry import Registry, default_registry
from gateway.cache import cache_dir
from gateway.demo.exporter import configuration, new_key
from gateway.export import parts
from gateway.export.parts import Message, Parts
from gateway.export.pipeline import Held, Pipeline, Released
from gateway.export.stages import deadline_in
from gateway.export.transfer import Transfer, china_date
from gateway.export.work import InProcess, Worker
from gateway.node import Node, create_state, running, utc_now
from gateway.settings import Settings
from gateway.streams.collection import collect_rarely

ROUTE: Final = "sg-fulfilment"
JSON: Final = "application/json"
NDJSON: Final = "application/x-ndjson"


@dataclass(frozen=True, slots=True)
class Bench:
    """The node, the event loop it lives on, and its pipeline without the text engines."""

    node: Node
    runner: asyncio.Runner
    patterns: Pipeline

    def decode(self, body: bytes, media: str = JSON) -> Parts:
        """Parse and walk."""
        return parts.decode(message(body, media))

    def classify(self, body: bytes, media: str = JSON) -> None:
        """Decode and classify."""
        self.patterns.classifier.classify(self.decode(body, media).batch)

    def chain(self, body: bytes, media: str = JSON, *, text: bool = False) -> Released:
        """The whole pipeline on one body, patterns only unless `text`. Ends the run if held."""
        transfer = Transfer("bench", "shop", "POST", self.node.routes[ROUTE], deadline_in(60))
        pipeline = self.node.pipeline if text else self.patterns
        results: list[Released | Held] = []

        async def export() -> None:
            results.append(await pipeline.export(transfer, message(body, media)))

        self.runner.run(export())  # returns nothing: asyncio would write the result out as text
        (result,) = results
        if not isinstance(result, Released):
            raise SystemExit(f"the benchmark's export was held: {result.reasons}")
        return result


def message(body: bytes, media: str) -> Message:
    """A request with nothing but a body."""
    return Message((), "", (), body, media)


def prepared(root: Path, upstream_port: int, key: str) -> Settings:
    """Settings, keys and an empty log in `root`; the routes lead to a port of loopback."""
    (root / "data").mkdir(mode=0o700)
    today = date.fromisoformat(china_date(utc_now()))
    settings = configuration(root, upstream_port, key, today)
    create_state(settings)
    return settings


@contextmanager
def bench() -> Iterator[Bench]:
    """A node in a temporary folder, its log on that folder's disk."""
    with tempfile.TemporaryDirectory(prefix="silkgate-") as root, asyncio.Runner() as runner:
        context = running(prepared(Path(root), 1, new_key()))
        node = runner.run(context.__aenter__())
        patterns = Classifier(Registry(default_registry().detectors), cache_dir=cache_dir())
        collect_rarely()
        try:
            work = InProcess(Worker(patterns, node.pipeline.keys))
            pipeline = replace(node.pipeline, work=work, classifier=patterns)
            yield Bench(node, runner, pipeline)
        finally:
            runner.run(context.__aexit__(None, None, None))
