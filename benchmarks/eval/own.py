"""Our own sentences with marked names: `data/text/own/<language>.txt`.

Written by hand for measuring, in registers that no training template copies: news, chat,
customer service, forms. `{P|…}` person, `{A|…}` delivery address, `{L|…}` place, `{O|…}`
organization, `{T|…}` telephone, `{E|…}` e-mail; a line `# …` begins a register. All people are
made up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from benchmarks.training.corpus import Entity, Sentence

FOLDER: Final = Path(__file__).with_name("data") / "text/own"
_MARK: Final = re.compile(r"\{([PALOTE])\|([^|{}]*)\}")
_LABELS: Final = {"P": "PER", "A": "ADDR", "L": "LOC", "O": "ORG", "T": "PHONE", "E": "EMAIL"}


def registers(language: str) -> dict[str, list[Sentence]]:
    """Register -> sentences; {} where a language has none."""
    path = FOLDER / f"{language}.txt"
    found: dict[str, list[Sentence]] = {}
    register = ""
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        if line.startswith("# "):
            register = line.removeprefix("# ")
        else:
            found.setdefault(register, []).append(parse(line))
    return found


def parse(line: str) -> Sentence:
    """A marked line as a sentence.

    >>> parse("Hi {P|Ada}!")
    Sentence(text='Hi Ada!', entities=((3, 6, 'PER'),))
    """
    pieces: list[str] = []
    entities = list(_entities(line, pieces))
    return Sentence("".join(pieces), tuple(entities))


def _entities(line: str, pieces: list[str]) -> Iterator[Entity]:
    done = size = 0
    for mark in _MARK.finditer(line):
        before = line[done : mark.start()]
        pieces += [before, mark[2]]
        start = size + len(before)
        size = start + len(mark[2])
        yield start, size, _LABELS[mark[1]]
        done = mark.end()
    pieces.append(line[done:])
