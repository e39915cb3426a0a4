"""The tagger's arithmetic against its definition, written out slowly."""

from itertools import pairwise, product
from typing import Any

import numpy as np
import pytest

from classifiers.text.zh.network import HIDDEN, Network

TAGS = 3
WORDS = 6


def arrays(seed: int) -> dict[str, Any]:
    """Random weights of the right shapes."""
    random = np.random.default_rng(seed)
    found: dict[str, Any] = {
        "emb": random.integers(-127, 127, (WORDS, HIDDEN)).astype(np.int8),
        "embs": np.full((WORDS, 1), 0.01, np.float16),
        "ow": random.normal(0, 0.3, (2 * HIDDEN, TAGS)),
        "ob": random.normal(0, 0.3, TAGS),
        "crf": random.normal(0, 0.5, (TAGS + 2, TAGS)),
    }
    for index, width in enumerate((HIDDEN, HIDDEN, 2 * HIDDEN, 2 * HIDDEN)):
        found |= {
            f"fw{index}": random.normal(0, 0.05, (width, 3 * HIDDEN)),
            f"fb{index}": random.normal(0, 0.05, 3 * HIDDEN),
            f"gb{index}": random.normal(0, 0.05, 3 * HIDDEN),
            f"gg{index}": random.normal(0, 0.05, (HIDDEN, 2 * HIDDEN)),
            f"gc{index}": random.normal(0, 0.05, (HIDDEN, HIDDEN)),
        }
    return found


def gru(weights: dict[str, Any], index: int, states: list[Any]) -> list[Any]:
    """One direction, one sentence, one step at a time, in double precision."""
    hidden, out = np.zeros(HIDDEN), []
    for state in states:
        given = state @ weights[f"fw{index}"] + weights[f"fb{index}"] + weights[f"gb{index}"]
        gates = 1 / (1 + np.exp(-(given[: 2 * HIDDEN] + hidden @ weights[f"gg{index}"])))
        update, reset = gates[:HIDDEN], gates[HIDDEN:]
        fresh = np.tanh(given[2 * HIDDEN :] + (reset * hidden) @ weights[f"gc{index}"])
        hidden = (1 - update) * hidden + update * fresh
        out.append(hidden)
    return out


def best_path(weights: dict[str, Any], sentence: list[int]) -> list[int]:
    """The best of all paths, by trying them all."""
    states = [weights["emb"][number] * float(weights["embs"][number, 0]) for number in sentence]
    for layer in (0, 2):
        forward = gru(weights, layer, states)
        backward = gru(weights, layer + 1, states[::-1])[::-1]
        states = [np.concatenate(pair) for pair in zip(forward, backward, strict=True)]
    scores = [state @ weights["ow"] + weights["ob"] for state in states]
    start, stop, moves = weights["crf"][0], weights["crf"][1], weights["crf"][2:]

    def total(path: tuple[int, ...]) -> float:
        steps = sum(moves[a, b] for a, b in pairwise(path))
        return float(
            start[path[0]]
            + stop[path[-1]]
            + steps
            + sum(score[tag] for score, tag in zip(scores, path, strict=True))
        )

    return list(max(product(range(TAGS), repeat=len(sentence)), key=total))


@pytest.mark.parametrize("seed", range(4))
def test_tags_are_those_of_the_best_path(seed: int) -> None:
    """Sentences of different lengths in one batch, padding and all."""
    weights = arrays(seed)
    sentences = [[1, 2, 3, 4, 5], [2], [5, 4, 0], [1, 1, 2, 0]]
    assert Network(weights).tag(sentences) == [best_path(weights, each) for each in sentences]
