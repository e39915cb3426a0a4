"""Retries: the same `Idempotency-Key` sends at most once.

What is known of a key is derived from the audit log's entries, the same way while running and
after a start: opening entries carry keyed digests of the key and of the request, outcomes say how
it ended. No body and no key is kept. Where nothing left, a retry is decided like a new request.
"""

from __future__ import annotations

import hmac
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from audit_log.log import Receipt
from gateway.errors import KeyInUse, KeyReused, OutcomeUnknown
from gateway.ports import AuditSink, KeyProvider

FACT: Final = "idempotency"
_WORST: Final = ("failed", "delivered", "aborted", "unknown")


@dataclass(slots=True)
class Known:
    """What became of the export that was first sent with a key."""

    entry: int
    decision_id: str
    at_us: int
    request: str | None = None  # keyed digest; a stream's is known at its end
    status: str = _WORST[0]  # the worst of its outcomes
    http_status: int = 200
    open: set[int] = field(default_factory=set)  # released entries with no outcome yet


class RequestDigest:
    """A keyed digest over a request, fed as it arrives."""

    def __init__(self, key: bytes, *head: str) -> None:
        self._mac = hmac.new(key, _framed(head), "sha256")

    def update(self, chunk: bytes) -> None:
        """Take more of the body."""
        self._mac.update(chunk)

    def hex(self) -> str:
        """The digest of all that was taken."""
        return self._mac.hexdigest()


class Retries:
    """Keys known within the window. One event loop only."""

    def __init__(self, keys: KeyProvider, *, window_seconds: int) -> None:
        self._key = keys.derive("ledger", "idempotency")  # changes on 1 January alone
        self._window_us = window_seconds * 1_000_000
        self._known: OrderedDict[str, Known] = OrderedDict()
        self._exports: dict[int, str] = {}  # entries under way -> key
        self._active: set[str] = set()

    def digest(self, *head: str) -> RequestDigest:
        """Begin the digest of a request."""
        return RequestDigest(self._key, *head)

    def name(self, caller: str, route: str, key: str) -> str:
        """How a caller's key is known."""
        return RequestDigest(self._key, caller, route, key).hex()

    def claim(self, name: str) -> Known | None:
        """Take the key for a request that begins; what is known of it if it was sent before.

        Raises `KeyInUse` while another request with it is under way, `OutcomeUnknown` where
        nobody knows whether the recipient has it. Call `release` at the end.
        """
        known = self._known.get(name)
        if name in self._active or (known and known.open):
            raise KeyInUse("a request with this Idempotency-Key is under way; try again later")
        if known and known.status in ("aborted", "unknown"):
            raise OutcomeUnknown(
                "the export with this Idempotency-Key was released and may have arrived: ask the "
                f"recipient, and if it must be sent again, use a new key (entry {known.entry})"
            )
        self._active.add(name)
        return known

    def release(self, name: str) -> None:
        """The request has ended."""
        self._active.discard(name)

    def learn(self, entry: Mapping[str, Any], seq: int, now_us: int) -> None:
        """Take note of an entry of the log."""
        kind = entry["kind"]
        if kind == "export" and FACT in entry and entry["released"]:
            self._opened(entry, seq, now_us)
        elif kind == "outcome":
            self._closed(entry)
        elif kind == "stream" and (known := self._known.get(entry.get(FACT, {}).get("key", ""))):
            known.request = entry[FACT]["request"]

    def _opened(self, entry: Mapping[str, Any], seq: int, now_us: int) -> None:
        self._forget_before(now_us - self._window_us)
        fact = entry[FACT]
        known = self._known.get(fact["key"])
        if known is None:
            known = self._known[fact["key"]] = Known(seq, entry["decision_id"], now_us)
        known.request = fact.get("request")
        known.open.add(seq)
        self._exports[seq] = fact["key"]

    def _closed(self, entry: Mapping[str, Any]) -> None:
        name = self._exports.pop(entry["export"], None)
        known = self._known.get(name) if name else None
        if name is None or known is None:
            return
        known.open.discard(entry["export"])
        known.status = max(known.status, entry["status"], key=_WORST.index)
        known.http_status = entry.get("http_status", known.http_status)
        if not known.open and known.status == "failed":
            del self._known[name]  # nothing left: a retry may try again

    def _forget_before(self, at_us: int) -> None:
        while self._known:
            name, known = next(iter(self._known.items()))
            if known.at_us >= at_us or known.open:
                return
            del self._known[name]


def check_same(known: Known, request: str) -> None:
    """Raise `KeyReused` unless the known request was this one."""
    if known.request is None or not hmac.compare_digest(known.request, request):
        raise KeyReused("this Idempotency-Key was used with another request; take a new one")


class Clock(Protocol):
    """Microseconds since 1970."""

    def __call__(self) -> int:
        """Now."""
        ...


class Learner(Protocol):
    """Knows something by the log's entries alone."""

    def learn(self, entry: Mapping[str, Any], seq: int, now_us: int) -> None:
        """Take note of an entry of the log."""
        ...


class Remembering:
    """An audit sink that lets `learners` know what was written."""

    def __init__(self, audit: AuditSink, learners: Sequence[Learner], clock: Clock) -> None:
        self._audit, self._learners, self._clock = audit, learners, clock

    async def append(self, entries: Sequence[Mapping[str, Any]]) -> Sequence[Receipt]:
        """See `gateway.ports.AuditSink`."""
        receipts = await self._audit.append(entries)
        for entry, receipt in zip(entries, receipts, strict=True):
            for learner in self._learners:
                learner.learn(entry, receipt.seq, self._clock())
        return receipts


def _framed(texts: Iterable[str]) -> bytes:
    """Texts with their lengths, so that no two lists read alike."""
    parts = [text.encode("utf-8", "surrogateescape") for text in texts]
    return b"".join(len(part).to_bytes(8, "big") + part for part in parts)
