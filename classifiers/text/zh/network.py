"""Baidu LAC's tagger in numpy: embedding, two bidirectional GRU layers, linear-chain CRF.

The weights are those of LAC 2.1.2 (Apache-2.0) tuned further; see docs/text-engines.md. Embeddings
are int8 with one scale a row, the rest is float16 on disk and float32 in memory.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

HIDDEN: Final = 128
Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]


class Network:
    """Weights, ready to tag. Immutable and safe to share between threads."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Take the arrays of a model file. Raises `KeyError` if one is missing."""
        self._embedding: Final = arrays["emb"]
        self._scales: Final = arrays["embs"].astype(np.float32)
        self._cells: Final = [_Cell(arrays, index) for index in range(4)]
        self._out: Final = arrays["ow"].astype(np.float32), arrays["ob"].astype(np.float32)
        crf = arrays["crf"].astype(np.float32)
        self._start, self._stop, self._transitions = crf[0], crf[1], crf[2:]

    def tag(self, sentences: Sequence[Sequence[int]]) -> list[list[int]]:
        """The best tag of every token of each (non-empty) sentence."""
        lengths = np.array([len(sentence) for sentence in sentences])
        numbers = np.zeros((len(sentences), int(lengths.max())), np.int64)
        for row, sentence in enumerate(sentences):
            numbers[row, : len(sentence)] = sentence
        return self._viterbi(self.layers(numbers, lengths)[1], lengths)

    def layers(self, numbers: Numbers, lengths: Numbers) -> tuple[Floats, Floats]:
        """The first layer's states and the scores of tags, by (token, sentence, value).

        Time leads, so that every step is one block.
        """
        turned = numbers.T
        words: Floats = self._embedding[turned].astype(np.float32) * self._scales[turned]
        first = _both(self._cells[:2], words, lengths)
        weights, bias = self._out
        return first, _both(self._cells[2:], first, lengths) @ weights + bias

    def _viterbi(self, emissions: Floats, lengths: Numbers) -> list[list[int]]:
        score = emissions[0] + self._start
        scores, sources = [score], [np.zeros(score.shape, np.int64)]
        onward = self._transitions.T[None]  # to, from
        for row in emissions[1:]:
            paths = score[:, None, :] + onward
            source = paths.argmax(2)
            score = np.take_along_axis(paths, source[:, :, None], 2)[:, :, 0] + row
            scores.append(score)
            sources.append(source)
        return [self._path(scores, sources, row, int(size)) for row, size in enumerate(lengths)]

    def _path(
        self, scores: Sequence[Floats], sources: Sequence[Numbers], row: int, size: int
    ) -> list[int]:
        tag = int((scores[size - 1][row] + self._stop).argmax())
        path = [tag]
        for at in range(size - 1, 0, -1):
            tag = int(sources[at][row, tag])
            path.append(tag)
        return path[::-1]


def _both(cells: Sequence[_Cell], states: Floats, lengths: Numbers) -> Floats:
    forward, backward = cells
    ran = forward.run(states, lengths, back=False), backward.run(states, lengths, back=True)
    return np.concatenate(ran, axis=-1)


class _Cell:
    """One direction of one GRU layer."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]], index: int) -> None:
        self._input: Final = arrays[f"fw{index}"].astype(np.float32)
        self._bias: Final = (arrays[f"fb{index}"] + arrays[f"gb{index}"]).astype(np.float32)
        self._gates: Final = arrays[f"gg{index}"].astype(np.float32)
        self._candidate: Final = arrays[f"gc{index}"].astype(np.float32)

    def run(self, states: Floats, lengths: Numbers, *, back: bool) -> Floats:
        """The hidden states by (token, sentence); padding stands at the end of each sentence."""
        steps, width = states.shape[:2]
        inputs = states @ self._input + self._bias
        hidden = np.zeros((width, HIDDEN), np.float32)
        out = np.empty((steps, width, HIDDEN), np.float32)
        for at in range(steps - 1, -1, -1) if back else range(steps):
            given = inputs[at]
            gates = _sigmoid(given[:, : 2 * HIDDEN] + hidden @ self._gates)
            update, reset = gates[:, :HIDDEN], gates[:, HIDDEN:]
            fresh = np.tanh(given[:, 2 * HIDDEN :] + (reset * hidden) @ self._candidate)
            hidden = hidden + update * (fresh - hidden)
            if back:  # the state stays zero until the sentence begins
                hidden *= (at < lengths)[:, None]
            out[at] = hidden
        return out


def _sigmoid(values: Floats) -> Floats:
    return np.float32(1) / (np.float32(1) + np.exp(-values))
