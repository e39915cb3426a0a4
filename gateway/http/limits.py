"""How much and how long an export may be on the data listener."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.settings import Settings


@dataclass(frozen=True, slots=True)
class Limits:
    """For whole bodies and for streams; `export_seconds` also bounds each group of a stream."""

    body_bytes: int
    export_seconds: int
    stream_bytes: int
    stream_seconds: int

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        """As configured."""
        whole, streams = settings.limits, settings.streams
        return cls(
            whole.max_body_bytes,
            whole.deadline_seconds,
            streams.max_bytes,
            streams.deadline_seconds,
        )
