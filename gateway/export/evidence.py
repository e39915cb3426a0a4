"""Audit entries of an export, as plain JSON objects. No raw value ever enters one."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from classifiers.model import Drift, Inspection, Opaque
from gateway.ledger.model import Headcount, Tally
from gateway.operators.pools import pool_id
from policies import model as policy
from policies.model import Decision, PolicyInput

Entry = dict[str, Any]
_RANGES: Final = 2000  # an entry is at most 65,535 bytes
_WHY: Final = 2000
_FLAGS: Final = ("pilot.", "sandbox.", "shadow.")  # obligations that an entry names itself


def shape_digest(revision: str, question: PolicyInput, decision: Decision) -> str:
    """SHA-256 over the revision and the canonical input and decision."""
    joined = b"\n".join([revision.encode(), policy.encode(question), policy.encode(decision)])
    return hashlib.sha256(joined).hexdigest()


def shape_entry(revision: str, question: PolicyInput, decision: Decision) -> Entry:
    """One distinct (input, decision), held once by the log; replay needs nothing else."""
    return {
        "kind": "shape",
        "shape": shape_digest(revision, question, decision),
        "revision": revision,
        "input": msgspec.to_builtins(question),
        "decision": msgspec.to_builtins(decision),
    }


class Shapes:
    """Shape entries made before: a day's exports have few shapes, and an entry is large."""

    def __init__(self, most: int = 256) -> None:
        self._most = most
        self._known: OrderedDict[tuple[str, bytes], tuple[Decision, Entry]] = OrderedDict()

    def entry(self, revision: str, question: PolicyInput, decision: Decision) -> Entry:
        """`shape_entry`, the very same object for the same question and decision."""
        key = revision, policy.encode(question)
        known = self._known.get(key)
        if known is not None and known[0] == decision:
            self._known.move_to_end(key)
            return known[1]
        made = shape_entry(revision, question, decision)
        self._known[key] = decision, made
        if len(self._known) > self._most:
            self._known.popitem(last=False)
        return made


def inspection_facts(inspection: Inspection, detectors: str) -> Entry:
    """Proof of complete inspection; `detectors` is the digest stated in a `start` entry."""
    return {
        "bytes": inspection.bytes,
        "cells": inspection.cells,
        "values": inspection.values,
        "skipped": inspection.skipped,
        "detectors": detectors,
    }


def drift_facts(drift: Sequence[Drift]) -> Entry:
    """Where the data departs from the route's contract; nothing where it does not."""
    items = [msgspec.to_builtins(each) for each in drift]
    return {"drift": items} if items else {}


def opaque_facts(opaque: Sequence[Opaque]) -> Entry:
    """What nobody could read, by type, length and digest; nothing where all was read."""
    items = [msgspec.to_builtins(each) for each in opaque]
    return {"opaque": items} if items else {}


def detectors_digest(detectors: Mapping[str, str]) -> str:
    """SHA-256 over the sorted `name version` lines of the detectors that ran."""
    lines = "".join(f"{name} {version}\n" for name, version in sorted(detectors.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def applied_facts(applied: Mapping[tuple[str, str], int]) -> list[Entry]:
    """What was done: one item a (treatment, category), with the number of cells.

    Made-up values also name the pools they were drawn from.
    """
    items: list[Entry] = []
    for (treatment, category), cells in sorted(applied.items()):
        item: Entry = {"treatment": treatment, "category": category, "cells": cells}
        items.append(item | {"pool": pool_id()} if treatment == "surrogate" else item)
    return items


def anonymity_facts(cost: Mapping[str, Any] | None) -> Entry:
    """What it cost to make a batch k-anonymous, where it was asked for."""
    return {"k_anonymity": dict(cost)} if cost else {}


def flag_facts(decisions: Sequence[Decision]) -> Entry:
    """The sandboxes, pilot programmes and shadow facts that the export is one of; often none."""
    duties = {duty for decision in decisions for duty in decision.obligations}
    flags = sorted(duty for duty in duties if duty.startswith(_FLAGS))
    return {"flags": flags} if flags else {}


def tally_facts(tally: Tally) -> Entry:
    """Exact counts, for people: what the export added and where the year stands after it."""
    within = {name: msgspec.to_builtins(spent) for name, spent in sorted(tally.within.items())}
    return {
        "year": tally.year,
        "new": _headcount(tally.new),
        "after": _headcount(tally.after),
        "unidentified": _headcount(tally.unidentified),
        "exempt": {article: _headcount(count) for article, count in sorted(tally.exempt.items())},
        "ledger": tally.digest,
        **({"within": within} if within else {}),
    }


def _headcount(count: Headcount) -> Entry:
    return {"general": count.general, "sensitive": count.sensitive}


def start_entry(
    version: str, revision: str, detectors: Mapping[str, str], config_digest: str
) -> Entry:
    """The gateway started: with which software, bundle, detectors and configuration."""
    return {
        "kind": "start",
        "version": version,
        "revision": revision,
        "config": config_digest,
        **_detector_facts(detectors),
    }


def _detector_facts(detectors: Mapping[str, str]) -> Entry:
    return {
        "detectors": dict(sorted(detectors.items())),
        "detectors_digest": detectors_digest(detectors),
    }


def policy_entry(result: str, revision: str, previous: str = "", why: str = "") -> Entry:
    """Policies were read anew: `revision` is `in_force` after `previous`, or stays, `refused` why.

    The bundle of every revision that was in force is kept beside the log.
    """
    facts = {"previous": previous} if previous else {"why": why[:_WHY]}
    return {"kind": "policy", "result": result, "revision": revision, **facts}


def config_entry(digest: str, detectors: Mapping[str, str] | None = None) -> Entry:
    """The configuration was read anew and is in force: callers, users, routes or policies.

    `detectors` -> version, where these changed, too.
    """
    changed = {} if detectors is None else _detector_facts(detectors)
    return {"kind": "config", "config": digest, **changed}


def review_entry(
    review: str, export: int, verdict: str, *, by: str, why: str, until_us: int
) -> Entry:
    """A person said whether an export that was held may leave, and until when that holds."""
    return {
        "kind": "review",
        "review": review,
        "entry": export,
        "verdict": verdict,
        "by": by,
        "why": why,
        "until_us": until_us,
    }


def outcome_entry(export: int, status: str, **facts: Any) -> Entry:
    """What became of a released export: delivered, failed, aborted or unknown."""
    return {"kind": "outcome", "export": export, "status": status, **facts}


def restoration_entry(
    export: int, caller: str, route: str, restored: Mapping[str, int], *, status: str
) -> Entry:
    """Values in the answer to `export` were turned back for its caller, so many of each category.

    `status`: whole (all of them), begun or ended (of an answer that is passed on as it arrives;
    `ended` counts all), limited (the quota was used up before the answer's end).
    """
    counts = [{"category": name, "values": n} for name, n in sorted(restored.items())]
    return {
        "kind": "restoration",
        "export": export,
        "caller": caller,
        "route": route,
        "restored": counts,
        "status": status,
    }


def file_restoration_entry(by: str, route: str, reason: str, values: int) -> Entry:
    """The account `by` has opened so many tokens in a file that came back on `route`."""
    return {
        "kind": "restoration",
        "by": by,
        "route": route,
        "reason": reason,
        "values": values,
        "status": "file",
    }


def stream_entry(
    stream: str,
    status: str,
    *,
    accepted: int,
    refused: int,
    failed: int,
    quarantined: int,
    sent: Sequence[tuple[int, int]],
    **facts: Any,
) -> Entry:
    """A stream came to its end.

    `refused` and `failed` are records of no opening entry; `sent` are the ranges whose groups were
    handed over. Records in the quarantine are within `sent` where the rest of their group left.
    """
    return {
        "kind": "stream",
        "stream": stream,
        "status": status,
        "accepted": accepted,
        "refused": refused,
        "failed": failed,
        "quarantined": quarantined,
        "sent": [list(pair) for pair in sent[:_RANGES]],
        **facts,
    }


def refusal_entry(
    rid: str, code: str, status: int, *, caller: str, route: str, records: int = 1
) -> Entry:
    """A known caller's request that ended before a decision; `records` are in no other entry."""
    return {
        "kind": "refusal",
        "rid": rid,
        "code": code,
        "http_status": status,
        "caller": caller,
        "route": route,
        "records": records,
    }


def counters_entry(counts: Mapping[str, int], forwarded: int) -> Entry:
    """Requests of strangers since the last such entry, by what they were told.

    `forwarded`: the exports and groups that were handed on since the last `start`, as the sender
    counts them.
    """
    return {"kind": "counters", "counts": dict(sorted(counts.items())), "forwarded": forwarded}


def group_facts(
    shapes: Sequence[str], outcomes: Sequence[str], sizes: Sequence[int]
) -> list[Entry]:
    """One item a signature: the shape that decided it, its outcome, how many records."""
    return [
        {"shape": shape, "outcome": outcome, "records": size}
        for shape, outcome, size in zip(shapes, outcomes, sizes, strict=True)
    ]
