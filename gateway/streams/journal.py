"""How far the export of one file has come, beside its output, so that it can be taken up again.

One JSON line a group, written once the group's bytes are durable in the part file. A line that a
crash tore is no line: its group is done again.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from audit_log import durable, reader
from gateway.streams.stream import Repeated

FORMAT: Final = "silkgate/export-journal/1"


class Beginning(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which export it is: `input` is a keyed digest of the whole file.

    `since` is the size that the audit log had then: no entry of this export stands before it.
    """

    format: str
    input: str
    route: str
    ident: str
    since: int = 0


class Done(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One group, and how far input, output and counts have come with it."""

    group: int
    entry: int
    input_bytes: int
    output_bytes: int
    records: int
    delivered: int
    quarantined: int


NOTHING: Final = Done(-1, -1, 0, 0, 0, 0, 0)


class JournalMismatch(Exception):
    """An unfinished export of something else lies beside the output."""


class Journal:
    """The journal of one output file."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.path = target.with_name(f".{target.name}.silkgate")
        self.part = target.with_name(f".{target.name}.silkgate-part")
        self.beginning: Beginning | None = None
        self.done: list[Done] = []
        if self.path.exists():
            self._read()

    @property
    def last(self) -> Done:
        """The last group that lies whole in the part file, or in the finished output."""
        return self.done[-1] if self.done else NOTHING

    def begin(self, beginning: Beginning) -> Beginning:
        """Start this export, or go on with it as it began. Raises `JournalMismatch`."""
        known = self.beginning
        if known is None:
            self.part.unlink(missing_ok=True)
            self.done = []
            durable.replace_file(self.path, msgspec.json.encode(beginning) + b"\n")
            self.beginning = beginning
            return beginning
        ours = msgspec.structs.replace(beginning, ident=known.ident, since=known.since)
        if known != ours:
            raise JournalMismatch(
                f"{self.path} is of an unfinished export of another input or route; finish that "
                "one, or remove the file to give it up"
            )
        return known

    def note(self, done: Done) -> None:
        """A group is durable in the part file."""
        with self.path.open("ab") as file:
            file.write(msgspec.json.encode(done) + b"\n")
        self.done.append(done)

    def remove(self) -> None:
        """The export has ended."""
        self.part.unlink(missing_ok=True)
        durable.remove_file(self.path)

    def _read(self) -> None:
        lines = self.path.read_bytes().split(b"\n")[:-1]
        try:
            self.beginning = msgspec.json.decode(lines[0], type=Beginning)
        except (IndexError, msgspec.DecodeError) as error:
            raise JournalMismatch(f"{self.path} is not a journal; remove it") from error
        place = self.part if self.part.exists() else self.target
        size = place.stat().st_size if place.exists() else 0
        good = len(lines[0]) + 1
        for line in lines[1:]:
            try:
                done = msgspec.json.decode(line, type=Done)
            except msgspec.DecodeError:
                break
            if done.output_bytes > size:
                break
            self.done.append(done)
            good += len(line) + 1
        os.truncate(self.path, good)


def entered(log: Path, beginning: Beginning, last: Done) -> dict[int, Repeated]:
    """The entries of the groups behind `last` that an earlier run has made: they come again."""
    found: dict[int, Repeated] = {}
    for entry in reader.documents(log, max(beginning.since, last.entry + 1)):
        if entry["kind"] == "export" and entry["decision_id"] == beginning.ident:
            group = entry.get("group", -1)
            if group > last.group:
                found[group] = Repeated(entry["seq"], entry.get("quarantined", 0))
    return found


def outcomes(
    journals: Sequence[Journal], log: Path, unfinished: Sequence[int]
) -> Mapping[int, str]:
    """What became of the groups that a crash left without an outcome.

    What a journal lists is in its part file; the rest of its export never left, since what lies in
    the part file behind the last listed group is cut off.
    """
    listed = {done.entry for journal in journals for done in journal.done}
    ours = {journal.beginning.ident for journal in journals if journal.beginning}
    found = {seq: "delivered" for seq in unfinished if seq in listed}
    asked = [seq for seq in unfinished if seq not in listed]
    if asked and ours:
        wanted = set(asked)
        for entry in reader.documents(log, asked[0], asked[-1] + 1):
            if entry["seq"] in wanted and entry["decision_id"] in ours:
                found[entry["seq"]] = "failed"
    return found
