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
        self._cells: Final = [Cell(arrays, index) for index in range(4)]
        self._out: Final = arrays["ow"].astype(np.float32), arrays["ob"].astype(np.float32)
        crf = arrays["crf"].astype(np.float32)
        self._start, self._stop, self._transitions = crf[0], crf[1], crf[2:]

    def tag(self, sentences: Sequence[Sequence[int]]) -> list[list[int]]:
        """The best tag of every token of each (non-empty) sentence."""
        order = sorted(range(len(sentences)), key=lambda row: -len(sentences[row]))
        steps = Steps([sentences[row] for row in order])
        paths = self._viterbi(self.scores(steps), steps)
        return [path for _, path in sorted(zip(order, paths, strict=True))]

    def scores(self, steps: Steps) -> Floats:
        """The scores of tags, one row a token as `steps` lays them."""
        return self.layers(steps)[1]

    def layers(self, steps: Steps) -> tuple[Floats, Floats]:
        """The first layer's states and the scores of tags, one row a token as `steps` lays them."""
        kinds, at = np.unique(steps.numbers, return_inverse=True)
        words = self.words(kinds)
        first = np.concatenate(  # a token's product is the same wherever it stands
            [
                cell.run(cell.inputs(words)[at], steps, back=back)
                for cell, back in zip(self._cells[:2], (False, True), strict=True)
            ],
            axis=1,
        )
        second = [
            cell.run(cell.inputs(first), steps, back=back)
            for cell, back in zip(self._cells[2:], (False, True), strict=True)
        ]
        weights, bias = self._out
        return first, np.concatenate(second, axis=1) @ weights + bias

    def words(self, numbers: Numbers) -> Floats:
        """The embeddings of tokens."""
        embedded: Floats = self._embedding[numbers].astype(np.float32) * self._scales[numbers]
        return embedded

    def _viterbi(self, emissions: Floats, steps: Steps) -> list[list[int]]:
        """The best paths: forward only the best scores, whence they came only along the path."""
        score = emissions[steps.rows(0)] + self._start
        scores = [score]
        count = len(self._transitions)
        room = np.empty(count * score.size, np.float32)  # fresh memory would cost half the time
        for step in range(1, len(steps)):
            rows = steps.rows(step)
            before = score[: rows.stop - rows.start].T[:, :, None]
            arrived = room[: before.size * count].reshape(count, -1, count)
            np.add(before, self._transitions[:, None], out=arrived)  # (before, sentence, tag)
            score = arrived.max(0) + emissions[rows]
            scores.append(score)
        tags = np.empty(len(emissions), np.int64)
        after = tags[:0]
        for step in reversed(range(len(steps))):
            onward = np.empty_like(scores[step])
            onward[len(after) :] = self._stop
            onward[: len(after)] = self._transitions.T[after]
            after = (scores[step] + onward).argmax(1)
            tags[steps.rows(step)] = after
        return [
            tags[[steps.rows(step).start + row for step in range(length)]].tolist()
            for row, length in enumerate(steps.lengths)
        ]


class Steps:
    """Sentences laid out by step, without padding: all first tokens, all second ones, ...

    Longest sentence first, so those that go on at a step are the first of the step before.
    """

    def __init__(self, sentences: Sequence[Sequence[int]]) -> None:
        """Lay out token numbers of non-empty `sentences`, the longest first."""
        self.lengths: Final = [len(sentence) for sentence in sentences]
        grid = np.zeros((self.lengths[0], len(sentences)), np.int64)
        for row, sentence in enumerate(sentences):
            grid[: len(sentence), row] = sentence
        real = np.arange(len(grid))[:, None] < np.array(self.lengths)[None]
        self.numbers: Final[Numbers] = grid[real]
        self._ends: Final = np.cumsum(real.sum(1)).tolist()

    def __len__(self) -> int:
        """How many steps the longest sentence takes."""
        return len(self._ends)

    def rows(self, step: int) -> slice:
        """The rows of a step; row i of them is sentence i."""
        return slice(self._ends[step - 1] if step else 0, self._ends[step])


class Cell:
    """One direction of one GRU layer."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]], index: int) -> None:
        self.input: Final = arrays[f"fw{index}"].astype(np.float32)
        self.bias: Final = (arrays[f"fb{index}"] + arrays[f"gb{index}"]).astype(np.float32)
        self.gates: Final = arrays[f"gg{index}"].astype(np.float32)
        self.candidate: Final = arrays[f"gc{index}"].astype(np.float32)

    def inputs(self, states: Floats) -> Floats:
        """What the layer below gives to gates and candidate."""
        given: Floats = states @ self.input
        given += self.bias
        return given

    def run(self, inputs: Floats, steps: Steps, *, back: bool) -> Floats:
        """The hidden states by token; `inputs` are used up."""
        hidden = np.zeros((len(steps.lengths), HIDDEN), np.float32)
        out = np.empty((len(inputs), HIDDEN), np.float32)
        for step in reversed(range(len(steps))) if back else range(len(steps)):
            rows = steps.rows(step)
            state, given = hidden[: rows.stop - rows.start], inputs[rows]
            gates = _sigmoid(state @ self.gates + given[:, : 2 * HIDDEN])
            update, reset = gates[:, :HIDDEN], gates[:, HIDDEN:]
            reset *= state
            fresh = reset @ self.candidate
            fresh += given[:, 2 * HIDDEN :]
            np.tanh(fresh, out=fresh)
            fresh -= state
            fresh *= update
            state += fresh
            out[rows] = state
        return out


def _sigmoid(values: Floats) -> Floats:
    """In place: these blocks are small and many."""
    np.negative(values, out=values)
    np.exp(values, out=values)
    values += np.float32(1)
    np.reciprocal(values, out=values)
    return values
