"""Replay with the original at hand: classify and desensitize again, compare what left.

The owner of the data presents the body; the auditor learns whether it is the one that was
exported, whether the same is found in it, and whether the same would leave. Nothing is guessed:
where a version or a key is no longer there, the answer is `not_replayable`.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

import msgspec

from audit_log import reader
from classifiers.classify import Classifier
from classifiers.model import DetectionIncomplete
from gateway.codecs.model import MalformedBody, UnsupportedMedia
from gateway.codecs.registry import decoder_for
from gateway.export.commitments import Commitments
from gateway.export.persons import person_of
from gateway.export.signature import Signatures, signatures
from gateway.export.transfer import Route
from gateway.keys.keyring import KeyUnavailable
from gateway.keys.store import PinnedKeys
from gateway.operators.model import OperatorContext
from gateway.ports import KeyProvider
from gateway.replay.shapes import Replayed
from gateway.treatment.desensitize import desensitize, needs_key_cells
from gateway.treatment.same_type import MEDIA as SAME_TYPE_MEDIA
from gateway.treatment.same_type import same_type
from policies.model import Decision, Field

Recorded = Mapping[str, Any]  # an entry
Shapes = Mapping[str, Recorded]  # by digest

_OUTSIDE = ("query:", "path:", "header:")  # places of a request that a body does not show


class NotReplayable(Exception):
    """Why the export cannot be done again."""


@dataclass(frozen=True, slots=True)
class Owner:
    """What only the owner of the data has: the salts, the keys, the detectors, the route."""

    classifier: Classifier
    detectors_digest: str
    keyring: KeyProvider
    commitments: Commitments
    route: Route


def replay_original(
    directory: Path, decision_id: str, body: bytes, owner: Owner
) -> Replayed | None:
    """Replay the export `decision_id` on its original `body`; None where the log has no such one.

    Raises `LogDamaged`.
    """
    entry, shapes = _recorded(directory, decision_id)
    return None if entry is None else _replay(entry, shapes, body, owner)


def replay_folder(
    directory: Path, folder: Path, sample: int | None, owner_of: Callable[[str], Owner]
) -> list[Replayed]:
    """Replay exports, all or `sample` spread evenly, on the bodies that lie in `folder`.

    Which file is whose body the commitments tell. `owner_of` is asked by route. Raises
    `LogDamaged`, `OSError` and what `owner_of` raises.
    """
    entries = list(reader.documents(directory))
    shapes = {entry["shape"]: entry for entry in entries if entry["kind"] == "shape"}
    exports = [entry for entry in entries if entry["kind"] == "export" and "commitment" in entry]
    if sample is not None and sample < len(exports):
        exports = [exports[at * len(exports) // sample] for at in range(sample)]
    files = sorted(path for path in folder.iterdir() if path.is_file())
    return [_replay_found(entry, shapes, files, owner_of(entry["route"])) for entry in exports]


def _replay_found(entry: Recorded, shapes: Shapes, files: Sequence[Path], owner: Owner) -> Replayed:
    for path in files:
        body = path.read_bytes()
        if owner.commitments.opens(entry["commitment"], "in", body) is not False:
            return _replay(entry, shapes, body, owner)  # it is this one, or its salt is erased
    why = "none of the files is its body"
    return Replayed(entry["seq"], entry["decision_id"], "not_replayable", entry["outcome"], why)


def _replay(entry: Recorded, shapes: Shapes, body: bytes, owner: Owner) -> Replayed:
    result: Literal["match", "differs", "not_replayable"] = "match"
    try:
        why = _difference(entry, shapes, body, owner)
        result = "differs" if why else "match"
    except (
        DetectionIncomplete,
        KeyUnavailable,
        MalformedBody,
        NotReplayable,
        UnsupportedMedia,
    ) as error:
        result, why = "not_replayable", str(error)
    return Replayed(entry["seq"], entry["decision_id"], result, entry["outcome"], why)


def _difference(entry: Recorded, shapes: Shapes, body: bytes, owner: Owner) -> str:
    """What is not as recorded, "" if all is. Raises `NotReplayable` and what codecs raise."""
    _check_versions(entry, owner.detectors_digest)
    if not _opens(owner.commitments, entry, "in", body):
        return "this is not the body that came in"
    if not body:
        return ""
    settings = owner.route.settings
    read, records = decoder_for(entry["media"], unread=settings.opaque), settings.records
    document = read(body, records=records)
    found = owner.classifier.classify(
        document.batch,
        declared=owner.route.declared,
        coded=owner.route.coded,
        on=_day(entry, shapes),
    )
    if needs_key_cells(document.batch, found):
        document = read(body, records=records, key_cells=True)
    groups = signatures(document.batch, found)
    if _seen(groups) != _recorded_signatures(entry, shapes):
        return "something else is found in the body"
    if not entry["released"]:
        return ""
    decisions = _decisions(groups, entry, shapes)
    keys = PinnedKeys(owner.keyring, entry["keys"])
    draws: list[int] = []

    def random(count: int) -> bytes:
        draws.append(count)
        return os.urandom(count)

    context = OperatorContext(recipient=entry["recipient"], keys=keys, random=random)
    treated = desensitize(
        document.batch,
        found,
        decisions,
        groups.assignment,
        context,
        person_of=person_of(document.batch, found, decisions, owner.route, keys),
    )
    edits = treated.edits
    if settings.output == "same-type" and entry["media"] in SAME_TYPE_MEDIA:
        edits = same_type(document.batch, edits)
    if _opens(owner.commitments, entry, "out", document.encode(edits)):
        return ""
    if draws:
        raise NotReplayable("a treatment draws at random, as encrypt does; what is found matches")
    if "k_anonymity" in entry:
        raise NotReplayable("the batch was made k-anonymous; what is found matches")
    return "something else would leave"


def _recorded(directory: Path, decision_id: str) -> tuple[Recorded | None, Shapes]:
    """The export's entry, and the shapes written before it by digest."""
    shapes: dict[str, Recorded] = {}
    for entry in reader.documents(directory):
        if entry["kind"] == "shape":
            shapes[entry["shape"]] = entry
        elif entry["kind"] == "export" and entry["decision_id"] == decision_id:
            return entry, shapes
    return None, shapes


def _check_versions(entry: Recorded, detectors_digest: str) -> None:
    if "stream" in entry:
        raise NotReplayable("a group of a stream: replay needs the whole body of one export")
    if entry["inspection"]["detectors"] != detectors_digest:
        raise NotReplayable("the detectors have other versions now")


def _opens(commitments: Commitments, entry: Recorded, side: str, body: bytes) -> bool:
    opened = commitments.opens(entry["commitment"], side, body)
    if opened is None:
        raise NotReplayable("the salt of this export's commitment was erased")
    return opened


def _within_body(fields: list[Field]) -> tuple[Field, ...]:
    return tuple(
        field for field in fields if not field.pointer.removeprefix("key:").startswith(_OUTSIDE)
    )


def _seen(groups: Signatures) -> Counter[tuple[Field, ...]]:
    seen: Counter[tuple[Field, ...]] = Counter()
    for fields, size in zip(groups.fields, groups.sizes(), strict=True):
        seen[_within_body(list(fields))] += size
    return seen


def _fields_of(shape: Recorded) -> tuple[Field, ...]:
    return _within_body(msgspec.convert(shape["input"]["fields"], list[Field]))


def _recorded_signatures(entry: Recorded, shapes: Shapes) -> Counter[tuple[Field, ...]]:
    recorded: Counter[tuple[Field, ...]] = Counter()
    for group in entry["groups"]:
        recorded[_fields_of(shapes[group["shape"]])] += group["records"]
    return recorded


def _day(entry: Recorded, shapes: Shapes) -> date | None:
    """The day of the decisions, on which ages were counted; None where nothing was asked."""
    days = [shapes[group["shape"]]["input"]["at"] for group in entry["groups"]]
    return date.fromisoformat(days[0]) if days else None


def _decisions(groups: Signatures, entry: Recorded, shapes: Shapes) -> list[Decision]:
    """The recorded decision of each signature."""
    recorded = [shapes[group["shape"]] for group in entry["groups"]]
    decided = {_fields_of(s): msgspec.convert(s["decision"], Decision) for s in recorded}
    return [decided[_within_body(list(fields))] for fields in groups.fields]
