"""Tune LAC's weights on licence-clean text and write `classifiers/text/data/zh.npz`.

    python -m benchmarks.training.tune_chinese LAC_MODEL --data FOLDER

LAC_MODEL is LAC-2.1.2/LAC/lac_model of the source distribution, FOLDER holds the corpora named in
docs/text-engines.md. Needs jax, which nothing else here does; on busy cores set
XLA_FLAGS=--xla_cpu_multi_thread_eigen=false. The tags stay LAC's own: the loss is the likelihood
of all tag paths that agree with the gold entities, plus a pull to what the original says. The
tuning is done anew with each of three seeds; the results are averaged with each other and with the
original, so that it forgets little.
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
_MADE_UP: Final = 2_000  # more of them cost precision on left-out real sentences
_SEEDS: Final = (1, 2, 3)
_EPOCHS: Final = 3
_BATCH: Final = 64
_WIDTHS: Final = (16, 32, 64, 128)  # tokens: sentences are padded, so that few shapes are compiled
_LONGEST: Final = _WIDTHS[-1]
_CELLS: Final = range(4)  # two layers, forward and backward
_RATE, _WARM, _PULL, _DROP, _SHARE = 8e-4, 50, 0.02, 0.25, 0.6
_PARTS: Final = ("fw", "fb", "gg", "gc")
_SLOW: Final = {"emb": 0.5}  # share of the rate
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
    """Token numbers (rows of the tuned embedding), tags, and the original's scores."""

    numbers: NDArray[np.int32]
    wanted: NDArray[np.int32]
    scores: NDArray[np.float16]


def examples(
    original: Arrays, encoded: Sequence[tuple[list[int], list[int]]], kinds: NDArray[np.int64]
) -> list[Example]:
    """Every sentence, with what the original says of it; `kinds` are all tokens that occur."""
    network = Network(pack(original))
    made: dict[int, Example] = {}
    order = sorted(range(len(encoded)), key=lambda at: -len(encoded[at][0]))
    for first in range(0, len(order), _BATCH):
        group = order[first : first + _BATCH]
        steps = Steps([encoded[at][0] for at in group])
        _, scores = network.layers(steps)
        for row, at in enumerate(group):
            numbers, wanted = encoded[at]
            rows = [steps.rows(step).start + row for step in range(len(numbers))]
            made[at] = Example(
                np.searchsorted(kinds, numbers).astype(np.int32),
                np.array(wanted, np.int32),
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
        numbers = np.zeros((_BATCH, width), np.int32)
        scores = np.zeros((_BATCH, width, chosen[0].scores.shape[-1]), np.float32)
        wanted = np.full((_BATCH, width), _OPEN, np.int32)
        lengths = np.ones(_BATCH, np.int32)
        for row, at in enumerate(group):
            length = len(chosen[at].wanted)
            numbers[row, :length], scores[row, :length] = chosen[at].numbers, chosen[at].scores
            wanted[row, :length] = chosen[at].wanted
            lengths[row] = length
        yield numbers, wanted, scores, lengths


def emissions(weights: Weights, numbers: Any, lengths: Any, key: Any) -> Any:
    """Scores by (sentence, token, tag)."""
    states = _drop(weights["emb"][numbers].swapaxes(0, 1), key, 0)
    inside = (jnp.arange(numbers.shape[1])[:, None] < lengths[None])[..., None]
    for forward in _CELLS[::2]:
        both = [_scan(weights, forward + back, states, inside, back=back) for back in (False, True)]
        states = _drop(jnp.concatenate(both, axis=-1), key, forward + 1)
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
    numbers, wanted, original, lengths = batch
    scores = emissions(weights, numbers, lengths, key)
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


def tune(first: Weights, tags: Sequence[str], chosen: Sequence[Example], seed: int) -> Weights:
    """The tuned weights (Adam, warm-up, linear decay; the embedding at half the rate)."""
    entity_tags = jnp.array([tag.split("-")[0] in _TAG_NAMES for tag in tags])
    total = _EPOCHS * -(-len(chosen) // _BATCH)
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
            name: weights[name]
            - rate * _SLOW.get(name, 1) * fix * mean[name] / (jnp.sqrt(square[name]) + 1e-8)
            for name in weights
        }
        return (moved, mean, square), value

    state, source, key = (first, zeros, zeros), np.random.default_rng(seed), jax.random.key(seed)
    number, began = 0, time.monotonic()
    for epoch in range(_EPOCHS):
        values = []
        for batch in batches(chosen, source):
            number += 1
            state, value = update(state, batch, float(number), jax.random.fold_in(key, number))
            values.append(float(value))
        took = round(time.monotonic() - began)
        print("seed", seed, "epoch", epoch, round(float(np.mean(values)), 4), took, "s", flush=True)
    return {name: np.asarray(value) for name, value in state[0].items()}


def averaged(original: Arrays, tuned: Sequence[Weights], kinds: NDArray[np.int64]) -> Arrays:
    """The mean of the `tuned`, averaged with the original."""
    mean = {name: np.mean([weights[name] for weights in tuned], 0) for name in tuned[0]}
    embedding = original["emb"].copy()
    embedding[kinds] = mean["emb"]
    mean["emb"] = embedding
    mixed = {name: (1 - _SHARE) * original[name] + _SHARE * mean[name] for name in mean}
    return {**original, **{name: value.astype(np.float32) for name, value in mixed.items()}}


def main() -> None:
    """Tune and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lac", type=Path)
    parser.add_argument("--data", type=Path, required=True)
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
    encoded = [item for item in encoded if 0 < len(item[0]) <= _LONGEST][: options.few or None]
    kinds = np.unique(np.concatenate([numbers for numbers, _ in encoded]))
    names = ["ow", "ob", "crf", *(f"{kind}{at}" for at in _CELLS for kind in _PARTS)]
    first = {name: jnp.asarray(original[name]) for name in names}
    first["emb"] = jnp.asarray(original["emb"][kinds])
    chosen = examples(original, encoded, kinds)
    tuned = [tune(first, tags, chosen, seed) for seed in _SEEDS]
    np.savez_compressed(options.out, **pack(averaged(original, tuned, kinds)))


if __name__ == "__main__":
    main()
