"""Witness policies (C2SP tlog-policy): which logs, which witnesses, and how many must agree."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from audit_log import note
from audit_log.note import BadNote, Note, VerifierKey

MAX_LINES = 1000


class BadPolicy(ValueError):
    """The policy file is malformed; the message names the line."""


@dataclass(frozen=True, slots=True)
class Party:
    """A log or witness: its key and, where given, its URL."""

    key: VerifierKey
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Members of which at least `threshold` must have witnessed."""

    threshold: int
    members: Sequence[str]


@dataclass(slots=True)
class WitnessPolicy:
    """A parsed policy file. `quorum` names a witness or group; None asks for no cosignature."""

    logs: list[Party] = field(default_factory=list)
    witnesses: dict[str, Party] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    quorum: str | None = None

    def witnessed(self, opened: Note) -> Mapping[str, int]:
        """Witnesses whose cosignature is under the note, with its time.

        Raises `BadNote` where a known witness's line is wrong.
        """
        times = opened.verified([party.key for party in self.witnesses.values()])
        return {
            name: time
            for name, party in self.witnesses.items()
            if (time := times.get(party.key)) is not None
        }

    def satisfied(self, names: Collection[str]) -> bool:
        """Whether these witnesses make the quorum."""
        return self.quorum is None or self._has_witnessed(self.quorum, names)

    def _has_witnessed(self, name: str, names: Collection[str]) -> bool:
        if (group := self.groups.get(name)) is None:
            return name in names
        agreeing = sum(self._has_witnessed(member, names) for member in group.members)
        return agreeing >= group.threshold


def parse(text: str) -> WitnessPolicy:
    """Read a policy file. Raises `BadPolicy`."""
    lines = text.split("\n")
    if len(lines) > MAX_LINES:
        raise BadPolicy(f"more than {MAX_LINES} lines")
    if any((ord(char) < 0x20 and char not in "\t\n") or char == "\x7f" for char in text):
        raise BadPolicy("control characters")
    reading = _Reading()
    for number, line in enumerate(lines, 1):
        words = line.replace("\t", " ").split(" ")
        items = [word for word in words if word]
        if items and not items[0].startswith("#"):
            try:
                reading.take(items)
            except (BadPolicy, BadNote) as error:
                raise BadPolicy(f"line {number}: {error}") from error
    if not reading.has_quorum:
        raise BadPolicy("no quorum line; write `quorum none` to ask for no witness")
    return reading.policy


class _Reading:
    def __init__(self) -> None:
        self.policy = WitnessPolicy()
        self.has_quorum = False
        self._used: set[str] = set()  # each name is a member of one group at most

    def take(self, items: Sequence[str]) -> None:
        match items:
            case ["log", vkey, *url] if len(url) <= 1:
                self._log(vkey, url)
            case ["witness", name, vkey, *url] if len(url) <= 1:
                self._witness(name, vkey, url)
            case ["group", name, threshold, *members] if members:
                self._group(name, threshold, members)
            case ["quorum", name]:
                self._quorum(name)
            case _:
                raise BadPolicy("expected log, witness, group or quorum with its items")

    def _log(self, vkey: str, url: Sequence[str]) -> None:
        key = VerifierKey.parse(vkey)
        if key.algorithm != note.ED25519:
            raise BadPolicy("a log's key signs notes (type 01)")
        if any(party.key.public == key.public for party in self.policy.logs):
            raise BadPolicy("a log with this key is there already")
        self.policy.logs.append(Party(key, *url))

    def _witness(self, name: str, vkey: str, url: Sequence[str]) -> None:
        key = VerifierKey.parse(vkey)
        if key.algorithm != note.COSIGNATURE:
            raise BadPolicy("a witness's key makes cosignatures (type 04)")
        if any(party.key.public == key.public for party in self.policy.witnesses.values()):
            raise BadPolicy("a witness with this key is there already")
        self._define(name)
        self.policy.witnesses[name] = Party(key, *url)

    def _group(self, name: str, threshold: str, members: Sequence[str]) -> None:
        for member in members:
            if not self._is_defined(member):
                raise BadPolicy(f"{member} is not defined above")
            if member in self._used:
                raise BadPolicy(f"{member} is a member already")
            self._used.add(member)
        needed = {"any": "1", "all": str(len(members))}.get(threshold, threshold)
        if not (needed.isascii() and needed.isdigit() and 1 <= int(needed) <= len(members)):
            raise BadPolicy("the threshold is any, all, or a number up to that of the members")
        self._define(name)
        self.policy.groups[name] = Group(int(needed), tuple(members))

    def _quorum(self, name: str) -> None:
        if self.has_quorum:
            raise BadPolicy("a second quorum line")
        if name != "none" and not self._is_defined(name):
            raise BadPolicy(f"{name} is not defined above")
        self.has_quorum = True
        self.policy.quorum = None if name == "none" else name

    def _define(self, name: str) -> None:
        if name == "none" or self._is_defined(name):
            raise BadPolicy(f"the name {name} is taken")

    def _is_defined(self, name: str) -> bool:
        return name in self.policy.witnesses or name in self.policy.groups
