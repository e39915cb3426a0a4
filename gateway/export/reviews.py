"""Exports that a person must decide on, and what persons have said of them.

What is known is derived from the audit log's entries, the same way while running and after a start.
No body is kept: an approval is bound to the keyed digest of the whole request, to its caller, route
and policy revision, ends at a time, and is used once. Records in the quarantine are in the
gateway's own keeping and bound by the entry that put them there.
"""

from __future__ import annotations

import hmac
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from gateway.errors import ApprovalUnusable, NotFound
from gateway.export.idempotency import RequestDigest
from gateway.export.parts import Message
from gateway.export.stages import Ruling
from gateway.export.transfer import Transfer
from gateway.ports import KeyProvider
from policies.model import Approval, Outcome

FACT: Final = "approval"  # of an opening entry: which review let it leave
REVIEW: Final = "review"  # of an opening entry: what a person must look at
MOST_SECONDS: Final = 7 * 24 * 3600  # an approval may hold so long
_MANY: Final = 10_000  # reviews that are remembered
_US: Final = 1_000_000

Verdict = Literal["approve", "deny"]


@dataclass(frozen=True, slots=True)
class Said:
    """What one person said, and until when it holds."""

    verdict: Verdict
    until_us: int
    entry: int


@dataclass(slots=True)
class Review:
    """One export, or one group's records in the quarantine (`file`), that waits for persons."""

    id: str
    entry: int
    at_us: int
    route: str
    caller: str
    revision: str
    media: str
    records: int
    reasons: Sequence[str]
    categories: Sequence[str]
    request: str = ""
    file: str = ""
    said: dict[str, Said] = field(default_factory=dict)  # by person
    used: int | None = None  # the opening entry that left under it

    def approved(self, now_us: int) -> list[str]:
        """Who approves it at this time; nobody where one person denies."""
        if any(each.verdict == "deny" for each in self.said.values()):
            return []
        return sorted(who for who, each in self.said.items() if each.until_us > now_us)


@dataclass(frozen=True, slots=True)
class Grant:
    """What an approved request may leave under."""

    review: Review
    by: Sequence[str]

    @property
    def approvals(self) -> list[Approval]:
        """For the policy: every reason for the review, with how many persons approve."""
        return sorted(Approval(code, len(self.by)) for code in set(self.review.reasons))

    def fact(self) -> dict[str, Any]:
        """For the opening entry."""
        entries = [self.review.said[who].entry for who in self.by]
        return {FACT: {"review": self.review.id, "entry": self.review.entry, "said": entries}}


class Reviews:
    """Reviews known within the window. One event loop only."""

    def __init__(self, *, window_seconds: int) -> None:
        self._window_us = window_seconds * _US
        self._known: OrderedDict[str, Review] = OrderedDict()
        self._leaving: dict[int, str] = {}  # opening entries without an outcome -> review
        self._active: set[str] = set()

    def all(self) -> list[Review]:
        """Every review known, oldest first."""
        return list(self._known.values())

    def get(self, name: str) -> Review:
        """The review of this id. Raises `NotFound`."""
        found = self._known.get(name)
        if found is None:
            raise NotFound("there is no such review, or it is too long ago")
        return found

    def learn(self, entry: Mapping[str, Any], seq: int, now_us: int) -> None:
        """Take note of an entry of the log."""
        kind = entry["kind"]
        if kind == "export":
            self._opened(entry, seq, now_us)
        elif kind == "outcome" and (name := self._leaving.pop(entry["export"], None)):
            if entry["status"] == "failed" and name in self._known:  # nothing left: it still holds
                self._known[name].used = None
        elif kind == "review" and (found := self._known.get(entry["review"])):
            found.said[entry["by"]] = Said(entry["verdict"], entry["until_us"], seq)

    def _opened(self, entry: Mapping[str, Any], seq: int, now_us: int) -> None:
        granted = entry.get(FACT)
        if granted is not None:
            if entry["released"] and (found := self._known.get(granted["review"])):
                found.used = seq
                self._leaving[seq] = found.id
            return
        if "quarantine" in entry or REVIEW in entry:
            self._forget_before(now_us - self._window_us)
            review = _review(entry, seq, now_us)
            self._known[review.id] = review

    def _forget_before(self, at_us: int) -> None:
        while self._known:
            name, oldest = next(iter(self._known.items()))
            if oldest.at_us >= at_us and len(self._known) < _MANY:
                return
            del self._known[name]

    @contextmanager
    def claim(self, name: str, now_us: int) -> Iterator[Grant]:
        """The approval of a review, this request's alone until it ends.

        Raises `ApprovalUnusable` where it is unknown, used, denied, or nobody approves it now.
        """
        review = self._known.get(name)
        if review is None:
            raise ApprovalUnusable("no review of this id is known; it may be too long ago")
        if review.used is not None:
            raise ApprovalUnusable(f"it was used already (entry {review.used})")
        if name in self._active:
            raise ApprovalUnusable("a request with it is under way")
        by = review.approved(now_us)
        if not by:
            denied = any(each.verdict == "deny" for each in review.said.values())
            raise ApprovalUnusable("it was denied" if denied else "nobody approves it at this time")
        self._active.add(name)
        try:
            yield Grant(review, by)
        finally:
            self._active.discard(name)


def review_facts(ruling: Ruling, request: str = "") -> dict[str, Any]:
    """For the opening entry of what may leave once persons approve; none where nothing may."""
    asked = [
        (fields, decision)
        for fields, decision in zip(ruling.groups.fields, ruling.decisions, strict=True)
        if decision.outcome is Outcome.REVIEW
    ]
    if not asked:
        return {}
    facts: dict[str, Any] = {
        "reasons": sorted({reason.code for _, decision in asked for reason in decision.reasons}),
        "categories": sorted({field.category for fields, _ in asked for field in fields}),
    }
    return {REVIEW: facts | ({"request": request} if request else {})}


def _review(entry: Mapping[str, Any], seq: int, at_us: int) -> Review:
    stated, kept = entry.get(REVIEW, {}), entry.get("quarantine", {})
    group = f".{entry['group']}" if kept else ""
    return Review(
        id=f"{entry['decision_id']}{group}",
        entry=seq,
        at_us=at_us,
        route=entry["route"],
        caller=entry["caller"],
        revision=entry["revision"],
        media=entry["media"],
        records=entry.get("quarantined", entry["records"]),
        reasons=stated.get("reasons", ()),
        categories=stated.get("categories", ()),
        request=stated.get("request", ""),
        file=kept.get("file", ""),
    )


def check_same(review: Review, transfer: Transfer, digest: str, revision: str) -> None:
    """Raise `ApprovalUnusable` unless the approved request is this one, under the same policy."""
    if (review.caller, review.route) != (transfer.caller, transfer.route.name):
        raise ApprovalUnusable("it was given to another caller or on another route")
    if not hmac.compare_digest(review.request, digest):
        raise ApprovalUnusable("it was given for another request; resend that one unchanged")
    if review.revision != revision:
        raise ApprovalUnusable("the policy has changed since; send the request without it")


def request_digest(keys: KeyProvider, transfer: Transfer, message: Message) -> str:
    """Keyed digest of all that a request says: method, path, query, headers that pass, body."""
    made = begun_digest(keys, transfer, message)
    made.update(message.body)
    return made.hex()


def begun_digest(keys: KeyProvider, transfer: Transfer, message: Message) -> RequestDigest:
    """The same, to be fed with the body as it arrives."""
    head = [transfer.method, message.content_type, message.query]
    head += [str(len(message.segments)), *message.segments]
    for pair in sorted(message.headers):
        head += pair
    return RequestDigest(keys.derive("ledger", "reviews"), *head)
