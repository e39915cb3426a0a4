"""Tune LAC's weights on licence-clean text and write `classifiers/text/data/zh.npz`.

    python -m benchmarks.training.tune_chinese LAC_MODEL --data FOLDER [--epochs 3]

LAC_MODEL is LAC-2.1.2/LAC/lac_model of the source distribution, FOLDER holds the corpora named in
docs/text-engines.md. Needs jax, which nothing else here does; on busy cores set
XLA_FLAGS=--xla_cpu_multi_thread_eigen=false. The tags stay LAC's own: the loss is the likelihood
of all tag paths that agree with the gold entities, plus a pull to what the original says, and the
result is averaged with the original so that it forgets little. Word vectors and the first layer
stay as they are, so what the second layer is given is computed once.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from benchmarks.training.corpus import Entity, Sentence, read
from benchmarks.training.lac import Arrays, pack, read_lac
from benchmarks.training.synthetic import sentences
from classifiers.text.zh.network import HIDDEN, Network, Steps
from classifiers.text.zh.tagger import tokenizer_of
from classifiers.text.zh.tokens import Span, Tokenizer

OUT: Final = Path(__file__).parents[2] / "classifiers/text/data/zh.npz"
_CORPUS: Final = "zh_uner.train"
_MADE_UP: Final = 8_000
_BATCH: Final = 64
_WIDTHS: Final = (16, 32, 64, 128)  # tokens: sentences are padded, so that few shapes are compiled
_LONGEST: Final = _WIDTHS[-1]
_TOP: Final = (2, 3)  # the second layer's two directions
_RATE, _WARM, _PULL, _DROP, _SHARE = 8e-4, 50, 0.02, 0.25, 0.6
_TINY: Final = 1e-30
_TAG_NAMES: Final = {"PER": "PER", "LOC": "LOC", "ORG": "ORG"}
_ANY: Final = -1  # any tag that is no entity's
_OPEN: Final = -2  # any tag at all: padding
Weights = Mapping[str, Any]


def encode(
    tokenizer: Tokenizer, sentence: Sentence, tags: Sequence[str]
) -> tuple[list[int], list[int]]:
    """Token numbers, and per token the number of its tag or `_ANY`."""
    numbers, spans = tokenizer(sentence.text)
    wanted = [_ANY] * len(numbers)
    for entity in sentence.entities:
        _mark(wanted, spans, entity, tags)
    return numbers, wanted


def _mark(wanted: list[int], spans: Sequence[Span], entity: Entity, tags: Sequence[str]) -> None:
    start, end, label = entity
    if label not in _TAG_NAMES:
        return
    part = "B"
    for at, (low, high) in enumerate(spans):
        if low < end and start < high:
            wanted[at] = tags.index(f"{label}-{part}")
            part = "I"


@dataclass(frozen=True, slots=True)
class Example:
    """What the second layer is given (tokens by 256), tags, and the original's scores."""

    given: NDArray[np.float16]
    wanted: NDArray[np.int32]
    scores: NDArray[np.float16]


def examples(original: Arrays, encoded: Sequence[tuple[list[int], list[int]]]) -> list[Example]:
    """Every sentence through the original's first layer, and through all of it."""
    network = Network(pack(original))
    made: dict[int, Example] = {}
    order = sorted(range(len(encoded)), key=lambda at: -len(encoded[at][0]))
    for first in range(0, len(order), _BATCH):
        group = order[first : first + _BATCH]
        steps = Steps([encoded[at][0] for at in group])
        given, scores = network.layers(steps)
        for row, at in enumerate(group):
            rows = [steps.rows(step).start + row for step in range(len(encoded[at][0]))]
            made[at] = Example(
                given[rows].astype(np.float16),
                np.array(encoded[at][1], np.int32),
                scores[rows].astype(np.float16),
            )
    return [made[at] for at in range(len(encoded))]


def batches(chosen: Sequence[Example], source: np.random.Generator) -> Iterator[Any]:
    """Padded inputs, wanted tags, original scores and lengths, of like lengths together."""
    order = sorted(range(len(chosen)), key=lambda at: len(chosen[at].wanted) + source.random() * 6)
    groups = [order[first : first + _BATCH] for first in range(0, len(order), _BATCH)]
    source.shuffle(groups)
    for group in groups:
        size = max(len(chosen[at].wanted) for at in group)
        width = next(width for width in _WIDTHS if width >= size)
        given = np.zeros((_BATCH, width, 2 * HIDDEN), np.float32)
        scores = np.zeros((_BATCH, width, chosen[0].scores.shape[-1]), np.float32)
        wanted = np.full((_BATCH, width), _OPEN, np.int32)
        lengths = np.ones(_BATCH, np.int32)
        for row, at in enumerate(group):
            length = len(chosen[at].wanted)
            given[row, :length], scores[row, :length] = chosen[at].given, chosen[at].scores
            wanted[row, :length] = chosen[at].wanted
            lengths[row] = length
        yield given, wanted, scores, lengths


def emissions(weights: Weights, given: Any, lengths: Any, key: Any) -> Any:
    """Scores by (sentence, token, tag), from what the first layer says."""
    states = _drop(given.swapaxes(0, 1), key, 2)
    inside = (jnp.arange(given.shape[1])[:, None] < lengths[None])[..., None]
    both = [_scan(weights, index, states, inside, back=index == _TOP[1]) for index in _TOP]
    states = _drop(jnp.concatenate(both, axis=-1), key, 4)
    return (states @ weights["ow"] + weights["ob"]).swapaxes(0, 1)


def _drop(states: Any, key: Any, number: int) -> Any:
    kept = jax.random.bernoulli(jax.random.fold_in(key, number), 1 - _DROP, states.shape)
    return jnp.where(kept, states / (1 - _DROP), 0)


def _scan(weights: Weights, index: int, states: Any, inside: Any, *, back: bool) -> Any:
    inputs = states @ weights[f"fw{index}"] + weights[f"fb{index}"]

    def step(hidden: Any, given: Any) -> Any:
        row, real = given
        gates = jax.nn.sigmoid(row[:, : 2 * HIDDEN] + hidden @ weights[f"gg{index}"])
        update, reset = gates[:, :HIDDEN], gates[:, HIDDEN:]
        fresh = jnp.tanh(row[:, 2 * HIDDEN :] + (reset * hidden) @ weights[f"gc{index}"])
        hidden = jnp.where(real, hidden + update * (fresh - hidden), hidden * (not back))
        return hidden, hidden

    first = jnp.zeros((states.shape[1], HIDDEN))
    return jax.lax.scan(step, first, (inputs, inside), reverse=back)[1]


def _log_sum(weights: Weights, scores: Any, lengths: Any) -> Any:
    """Log of the summed weight of all tag paths of each sentence.

    Steps are products of matrices, shifted by their maxima: one exponential a tag, not one a pair.
    """
    start, stop, moves = weights["crf"][0], weights["crf"][1], weights["crf"][2:]
    highest = moves.max()
    onward = jnp.exp(moves - highest)

    def step(state: Any, given: Any) -> Any:
        at, row = given
        peak = state.max(axis=1, keepdims=True)
        moved = jnp.log(jnp.exp(state - peak) @ onward + _TINY) + peak + highest + row
        return jnp.where((at < lengths)[:, None], moved, state), None

    steps = (jnp.arange(1, scores.shape[1]), scores.swapaxes(0, 1)[1:])
    state, _ = jax.lax.scan(step, scores[:, 0] + start, steps)
    return jax.nn.logsumexp(state + stop, axis=1)


def loss(weights: Weights, batch: Any, entity_tags: Any, key: Any) -> Any:
    """Per token: what is missing to certainty of the gold, plus the pull to the original."""
    given, wanted, original, lengths = batch
    scores = emissions(weights, given, lengths, key)
    count = scores.shape[-1]
    named = jnp.where(jnp.arange(count)[None, None] == wanted[..., None], 0.0, -1e4)
    unnamed = jnp.where(entity_tags, -1e4, 0.0)
    allowed = jnp.where(
        (wanted >= 0)[..., None], named, jnp.where((wanted == _ANY)[..., None], unnamed, 0.0)
    )
    missing = _log_sum(weights, scores, lengths) - _log_sum(weights, scores + allowed, lengths)
    inside = (wanted != _OPEN)[..., None]
    pull = (jnp.square(scores - original) * inside).mean(-1).sum()
    return (missing.sum() + _PULL * pull) / inside.sum()


def tune(original: Arrays, chosen: Sequence[Example], epochs: int) -> Arrays:
    """The tuned weights, averaged with the original (Adam, warm-up, linear decay)."""
    names = [
        "ow",
        "ob",
        "crf",
        *(f"{kind}{at}" for at in _TOP for kind in ("fw", "fb", "gg", "gc")),
    ]
    first = {name: jnp.asarray(original[name]) for name in names}
    tags = bytes(original["tags"]).decode().split("\n")
    entity_tags = jnp.array([tag.split("-")[0] in _TAG_NAMES for tag in tags])
    total = epochs * -(-len(chosen) // _BATCH)
    zeros = jax.tree.map(jnp.zeros_like, first)

    @jax.jit
    def update(state: Any, batch: Any, number: Any, key: Any) -> Any:
        weights, mean, square = state
        value, slope = jax.value_and_grad(loss)(weights, batch, entity_tags, key)
        norm = jnp.sqrt(sum(jnp.square(part).sum() for part in jax.tree.leaves(slope)))
        slope = jax.tree.map(lambda part: part * jnp.minimum(1, 5 / norm), slope)
        rate = _RATE * jnp.minimum(1, number / _WARM) * (1 - 0.95 * number / total)
        mean = jax.tree.map(lambda m, s: 0.9 * m + 0.1 * s, mean, slope)
        square = jax.tree.map(lambda q, s: 0.999 * q + 0.001 * s * s, square, slope)
        fix = jnp.sqrt(1 - 0.999**number) / (1 - 0.9**number)
        moved = {
            name: weights[name] - rate * fix * mean[name] / (jnp.sqrt(square[name]) + 1e-8)
            for name in weights
        }
        return (moved, mean, square), value

    state, source, key = (first, zeros, zeros), np.random.default_rng(1), jax.random.key(1)
    number, began = 0, time.monotonic()
    for epoch in range(epochs):
        values = []
        for batch in batches(chosen, source):
            number += 1
            state, value = update(state, batch, float(number), jax.random.fold_in(key, number))
            values.append(float(value))
        took = round(time.monotonic() - began)
        print("epoch", epoch, round(float(np.mean(values)), 4), took, "s", flush=True)
    tuned = {name: np.asarray(value) for name, value in state[0].items()}
    mixed = {name: (1 - _SHARE) * original[name] + _SHARE * tuned[name] for name in tuned}
    return {**original, **{name: value.astype(np.float32) for name, value in mixed.items()}}


def main() -> None:
    """Tune and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lac", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--few", type=int, default=0, help="sentences to try the script with")
    options = parser.parse_args()
    original = read_lac(options.lac)
    tags = bytes(original["tags"]).decode().split("\n")
    tokenizer = tokenizer_of(original)
    gathered = [
        *read(options.data / f"{_CORPUS}.jsonl"),
        *sentences("zh", "train", _MADE_UP),
    ]
    encoded = [encode(tokenizer, sentence, tags) for sentence in gathered]
    encoded = [item for item in encoded if 0 < len(item[0]) <= _LONGEST]
    chosen = examples(original, encoded[: options.few or None])
    tuned = tune(original, chosen, options.epochs)
    np.savez_compressed(options.out, **pack(tuned))


if __name__ == "__main__":
    main()
