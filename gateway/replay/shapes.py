"""Deciding again from the log alone: the recorded input under the recorded bundle."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec

from audit_log import reader
from gateway.export.evidence import shape_digest
from gateway.node import bundle_path
from policies.bundle import from_archive
from policies.embedded import EmbeddedEngine
from policies.errors import BundleError
from policies.model import Decision, PolicyInput, PolicyUnavailable, encode


class Replayed(msgspec.Struct, frozen=True):
    """How one recorded decision compares: never a guess, `not_replayable` says why."""

    entry: int
    shape: str
    result: Literal["match", "differs", "not_replayable"]
    outcome: str
    why: str = ""


def replay_shapes(
    directory: Path, decision_id: str | None = None, sample: int | None = None
) -> list[Replayed]:
    """Replay every shape of the log, those of one decision, or `sample` spread evenly.

    A shape that an export refers to and the log does not hold is `not_replayable`, at the place of
    the first such export, whatever the sample. Raises `LogDamaged`.
    """
    held: dict[str, Mapping[str, Any]] = {}
    missing: dict[str, Replayed] = {}
    of_decision: set[str] = set()
    for entry in reader.documents(directory):
        if entry["kind"] == "shape":
            held.setdefault(entry["shape"], entry)
        elif entry["kind"] == "export" and decision_id in (None, entry["decision_id"]):
            for group in entry["groups"]:
                of_decision.add(group["shape"])
                if group["shape"] not in held:
                    missing.setdefault(group["shape"], _missing(entry["seq"], group))
    shapes = [one for digest, one in held.items() if decision_id is None or digest in of_decision]
    if sample is not None and sample < len(shapes):
        shapes = [shapes[i * len(shapes) // sample] for i in range(sample)]
    engines: dict[str, EmbeddedEngine | str] = {}
    for revision in dict.fromkeys(entry["revision"] for entry in shapes):
        engines[revision] = _engine(directory, revision)
    return [*(_replay(entry, engines[entry["revision"]]) for entry in shapes), *missing.values()]


def _missing(seq: int, group: Mapping[str, Any]) -> Replayed:
    why = f"the log holds no such shape before entry {seq}"
    return Replayed(seq, group["shape"], "not_replayable", group["outcome"], why)


def _engine(directory: Path, revision: str) -> EmbeddedEngine | str:
    """The engine of a kept bundle, or why there is none."""
    try:
        bundle = from_archive(bundle_path(directory, revision).read_bytes())
        if bundle.revision != revision:
            return "the kept bundle is not the one of this revision"
        return EmbeddedEngine(bundle)
    except OSError:
        return f"bundle {revision[:12]} is not kept beside the log"
    except BundleError as error:
        return str(error)


def _replay(entry: Mapping[str, Any], engine: EmbeddedEngine | str) -> Replayed:
    seq, shape = entry["seq"], entry["shape"]
    recorded = msgspec.convert(entry["decision"], Decision)
    question = msgspec.convert(entry["input"], PolicyInput)
    if shape_digest(entry["revision"], question, recorded) != shape:
        why = "the input and decision are not those of the digest that exports refer to"
        return Replayed(seq, shape, "differs", recorded.outcome, why)
    if isinstance(engine, str):
        return Replayed(seq, shape, "not_replayable", recorded.outcome, engine)
    try:
        again = engine.decide_sync(question)
    except PolicyUnavailable as error:
        return Replayed(seq, shape, "not_replayable", recorded.outcome, str(error))
    if encode(again) == encode(recorded):
        return Replayed(seq, shape, "match", recorded.outcome)
    return Replayed(seq, shape, "differs", recorded.outcome, f"decided again: {again.outcome}")
