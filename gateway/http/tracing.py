"""OpenTelemetry traces (extra `otel`): a span a request, a stage, and a send. No values.

The caller's `traceparent` becomes the parent; nothing of it goes on to the recipient. Exceptions
are told by their type alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from types import SimpleNamespace
from typing import Any

import aiohttp
from aiohttp import web
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from opentelemetry.trace import Span, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from gateway.export.parts import Message
from gateway.export.pipeline import Pipeline
from gateway.export.signature import Signatures
from gateway.export.stages import Pair, Ruling
from gateway.export.transfer import Transfer
from gateway.export.work import Inspected, Outgoing
from gateway.http import replies
from gateway.http.connection import Handler
from gateway.http.seen import SEEN
from gateway.ledger.model import Share
from gateway.ledger.subjects import Subjects
from gateway.settings import ObserveSettings
from gateway.streams.streams import Streams
from policies.model import Bands, Decision, PolicyInput


class Tracing:
    """Makes spans. Close it to send what waits."""

    def __init__(self, settings: ObserveSettings, processor: SpanProcessor | None = None) -> None:
        """Export over OTLP/HTTP, or to `processor`."""
        sampler = ParentBased(TraceIdRatioBased(settings.sample_percent / 100))
        resource = Resource.create({"service.name": "silkgate"})
        self._provider = TracerProvider(sampler=sampler, resource=resource, shutdown_on_exit=False)
        if processor is None:
            processor = BatchSpanProcessor(OTLPSpanExporter(endpoint=settings.otlp))
        self._provider.add_span_processor(processor)
        self._parents = TraceContextTextMapPropagator()
        self.tracer: Tracer = self._provider.get_tracer("silkgate")

    def close(self) -> None:
        """Send what waits."""
        self._provider.shutdown()

    def requests(self, handler: Handler) -> Handler:
        """`handler` with a span around each request."""

        async def handle(request: web.BaseRequest) -> web.StreamResponse:
            parent = self._parents.extract({"traceparent": request.headers.get("traceparent", "")})
            with span(self.tracer, "export", context=parent) as current:
                response = await handler(request)
                seen, headers = request[SEEN], response.headers
                current.set_attributes(
                    {
                        "silkgate.rid": seen.rid,
                        "silkgate.caller": seen.caller,
                        "silkgate.route": seen.route,
                        "silkgate.decision": headers.get(replies.DECISION, ""),
                        "silkgate.entry": headers.get(replies.ENTRY, ""),
                        "http.response.status_code": response.status,
                    }
                )
                return response

        return handle

    def stages(self, pipeline: Pipeline, streams: Streams) -> tuple[Pipeline, Streams]:
        """The same, with a span around each stage."""
        facts = {each.name: getattr(pipeline, each.name) for each in fields(pipeline)}
        traced = TracedPipeline(**facts, tracer=self.tracer)
        return traced, replace(streams, stages=traced)

    def sends(self) -> list[aiohttp.TraceConfig]:
        """What makes an HTTP client span each of its requests."""
        config = aiohttp.TraceConfig()

        async def start(_: Any, context: SimpleNamespace, __: Any) -> None:
            context.span = self.tracer.start_span("send")

        async def end(_: Any, context: SimpleNamespace, params: Any) -> None:
            context.span.set_attribute("http.response.status_code", params.response.status)
            context.span.end()

        async def fail(_: Any, context: SimpleNamespace, params: Any) -> None:
            context.span.set_attribute("error.type", type(params.exception).__name__)
            context.span.end()

        config.on_request_start.append(start)
        config.on_request_end.append(end)
        config.on_request_exception.append(fail)
        return [config]


@contextmanager
def span(tracer: Tracer, name: str, context: Any = None) -> Iterator[Span]:
    """A span that tells of an exception only its type."""
    with tracer.start_as_current_span(
        name, context=context, record_exception=False, set_status_on_exception=False
    ) as current:
        try:
            yield current
        except BaseException as error:
            current.set_attribute("error.type", type(error).__name__)
            raise


@dataclass(frozen=True, slots=True, kw_only=True)
class TracedPipeline(Pipeline):
    """The pipeline with a span around each stage."""

    tracer: Tracer

    async def inspect(self, transfer: Transfer, message: Message) -> Inspected:
        """As the pipeline's."""
        with span(self.tracer, "inspect") as current:
            found = await Pipeline.inspect(self, transfer, message)
            current.set_attribute("silkgate.records", found.records)
            return found

    async def rule(self, transfer: Transfer, groups: Signatures, bands: Bands | None) -> Ruling:
        """As the pipeline's."""
        with span(self.tracer, "rule") as current:
            current.set_attribute("silkgate.signatures", len(groups.fields))
            return await Pipeline.rule(self, transfer, groups, bands)

    async def decide(self, question: PolicyInput) -> Decision:
        """As the pipeline's."""
        with span(self.tracer, "decide"):
            return await Pipeline.decide(self, question)

    async def second_round(
        self, transfer: Transfer, first: Ruling, whose: Subjects, share: Share | None
    ) -> tuple[Ruling, Bands, int]:
        """As the pipeline's."""
        with span(self.tracer, "count"):
            return await Pipeline.second_round(self, transfer, first, whose, share)

    async def subjects(self, transfer: Transfer, found: Inspected) -> Subjects:
        """As the pipeline's."""
        with span(self.tracer, "subjects"):
            return await Pipeline.subjects(self, transfer, found)

    async def treat(
        self, transfer: Transfer, found: Inspected, ruling: Ruling, *, head_sent: bool = False
    ) -> Outgoing:
        """As the pipeline's."""
        with span(self.tracer, "treat"):
            return await Pipeline.treat(self, transfer, found, ruling, head_sent=head_sent)

    async def append(self, pairs: Sequence[Pair], facts: dict[str, Any]) -> int:
        """As the pipeline's."""
        with span(self.tracer, "append"):
            return await Pipeline.append(self, pairs, facts)
