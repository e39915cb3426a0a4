"""Annotated sentences: reading, and the part that no training sees."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

Entity = tuple[int, int, str]  # start, end, PER | LOC | ORG


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text and the names in it, in code points, half-open."""

    text: str
    entities: tuple[Entity, ...]

    @property
    def held_back(self) -> bool:
        """Whether it belongs to the tenth kept for measuring, by the hash of its text."""
        return hashlib.sha256(self.text.encode()).digest()[0] % 10 == 0

    def to_json(self) -> str:
        """One line of JSON."""
        return json.dumps({"text": self.text, "ents": self.entities}, ensure_ascii=False)


def read(path: Path) -> Iterator[Sentence]:
    """The sentences of a JSON Lines file."""
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield Sentence(row["text"], tuple((start, end, label) for start, end, label in row["ents"]))


def write(path: Path, sentences: list[Sentence]) -> None:
    """Write a JSON Lines file."""
    lines = "".join(f"{sentence.to_json()}\n" for sentence in sentences)
    path.write_text(lines, encoding="utf-8")
