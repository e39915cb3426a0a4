"""Deciding again from the log alone: the recorded input under the recorded bundle."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec

from audit_log import reader
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

    Raises `LogDamaged`.
    """
    wanted = None if decision_id is None else _shapes_of(directory, decision_id)
    shapes = [
        entry
        for entry in reader.documents(directory)
        if entry["kind"] == "shape" and (wanted is None or entry["shape"] in wanted)
    ]
    if sample is not None and sample < len(shapes):
        shapes = [shapes[i * len(shapes) // sample] for i in range(sample)]
    engines: dict[str, EmbeddedEngine | str] = {}
    for revision in dict.fromkeys(entry["revision"] for entry in shapes):
        engines[revision] = _engine(directory, revision)
    return [_replay(entry, engines[entry["revision"]]) for entry in shapes]


def _shapes_of(directory: Path, decision_id: str) -> set[str]:
    for entry in reader.documents(directory):
        if entry["kind"] == "export" and entry["decision_id"] == decision_id:
            return {group["shape"] for group in entry["groups"]}
    return set()


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
    if isinstance(engine, str):
        return Replayed(seq, shape, "not_replayable", recorded.outcome, engine)
    try:
        again = engine.decide_sync(msgspec.convert(entry["input"], PolicyInput))
    except PolicyUnavailable as error:
        return Replayed(seq, shape, "not_replayable", recorded.outcome, str(error))
    if encode(again) == encode(recorded):
        return Replayed(seq, shape, "match", recorded.outcome)
    return Replayed(seq, shape, "differs", recorded.outcome, f"decided again: {again.outcome}")
