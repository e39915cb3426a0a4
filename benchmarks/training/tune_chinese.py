"""Tune LAC's weights on licence-clean text and write `classifiers/text/data/zh.npz`.

    python -m benchmarks.training.tune_chinese LAC_MODEL --data FOLDER [--epochs 3]

LAC_MODEL is LAC-2.1.2/LAC/lac_model of the source distribution, FOLDER holds the corpora named in
docs/text-engines.md. Needs jax, which nothing else here does. The tags stay LAC's own 49: the
loss is the likelihood of all tag paths that agree with the gold entities, plus a pull to what the
original says, and the result is averaged with the original so that it forgets little. The word
vectors are left as they are. On busy cores set XLA_FLAGS=--xla_cpu_multi_thread_eigen=false.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import jax
import jax.numpy as jnp
import numpy as np

from benchmarks.training.corpus import Entity, Sentence, read
from benchmarks.training.lac import Arrays, pack, read_lac
from benchmarks.training.synthetic import sentences
from classifiers.text.zh.network import HIDDEN
from classifiers.text.zh.tagger import tokenizer_of
from classifiers.text.zh.tokens import Span, Tokenizer

OUT: Final = Path(__file__).parents[2] / "classifiers/text/data/zh.npz"
_CORPUS: Final = "zh_uner.train"
_MADE_UP: Final = 8_000
_BATCH: Final = 64
_STEP: Final = 32  # tokens: sentences are padded to multiples, so that few shapes are compiled
_LONGEST: Final = 128
_RATE, _WARM, _PULL, _DROP, _SHARE = 8e-4, 50, 0.02, 0.25, 0.6
_TINY: Final = 1e-30
_TAG_NAMES: Final = {"PER": "PER", "LOC": "LOC", "ORG": "ORG"}
_ANY: Final = -1  # any tag that is no entity's
_OPEN: Final = -2  # any tag at all: padding
_FIXED: Final = ("words", "tags", "norm", "seg")
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


def batches(
    encoded: Sequence[tuple[list[int], list[int]]], source: np.random.Generator
) -> Iterator[tuple[Any, Any, Any]]:
    """Padded numbers, wanted tags and lengths, sentences of like length together."""
    order = sorted(range(len(encoded)), key=lambda at: len(encoded[at][0]) + source.random() * 6)
    groups = [order[first : first + _BATCH] for first in range(0, len(order), _BATCH)]
    source.shuffle(groups)
    for group in groups:
        width = -(-max(len(encoded[at][0]) for at in group) // _STEP) * _STEP
        numbers = np.zeros((_BATCH, width), np.int32)
        wanted = np.full((_BATCH, width), _OPEN, np.int32)
        lengths = np.ones(_BATCH, np.int32)
        for row, at in enumerate(group):
            size = len(encoded[at][0])
            numbers[row, :size], wanted[row, :size] = encoded[at]
            lengths[row] = size
        yield numbers, wanted, lengths


def emissions(weights: Weights, words: Any, lengths: Any, key: Any) -> Any:
    """Scores by (sentence, token, tag) of word vectors; `key` None means no dropout."""
    states = words.swapaxes(0, 1)
    inside = (jnp.arange(words.shape[1])[:, None] < lengths[None])[..., None]
    for layer in (0, 2):
        states = _drop(states, key, layer)
        both = [
            _scan(weights, index, states, inside, back=index % 2 == 1)
            for index in (layer, layer + 1)
        ]
        states = jnp.concatenate(both, axis=-1)
    return (_drop(states, key, 4) @ weights["ow"] + weights["ob"]).swapaxes(0, 1)


def _drop(states: Any, key: Any, number: int) -> Any:
    if key is None:
        return states
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


def loss(weights: Weights, first: Weights, batch: Any, entity_tags: Any, key: Any) -> Any:
    """Per token: what is missing to certainty of the gold, plus the pull to the original."""
    words, wanted, lengths = batch
    scores = emissions(weights, words, lengths, key)
    count = scores.shape[-1]
    named = jnp.where(jnp.arange(count)[None, None] == wanted[..., None], 0.0, -1e4)
    unnamed = jnp.where(entity_tags, -1e4, 0.0)
    allowed = jnp.where(
        (wanted >= 0)[..., None], named, jnp.where((wanted == _ANY)[..., None], unnamed, 0.0)
    )
    missing = _log_sum(weights, scores, lengths) - _log_sum(weights, scores + allowed, lengths)
    inside = (wanted != _OPEN)[..., None]
    pull = (jnp.square(scores - emissions(first, words, lengths, None)) * inside).mean(-1).sum()
    return (missing.sum() + _PULL * pull) / inside.sum()


def tune(original: Arrays, encoded: Sequence[tuple[list[int], list[int]]], epochs: int) -> Arrays:
    """The tuned weights, averaged with the original (Adam, warm-up, linear decay)."""
    first = {name: jnp.asarray(value) for name, value in original.items() if name not in _FIXED}
    embedding = first.pop("emb")
    tags = bytes(original["tags"]).decode().split("\n")
    entity_tags = jnp.array([tag.split("-")[0] in _TAG_NAMES for tag in tags])
    total = epochs * -(-len(encoded) // _BATCH)
    zeros = jax.tree.map(jnp.zeros_like, first)

    @jax.jit
    def update(state: Any, batch: Any, number: Any, key: Any) -> Any:
        weights, mean, square = state
        value, slope = jax.value_and_grad(loss)(weights, first, batch, entity_tags, key)
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
        for batch in batches(encoded, source):
            number += 1
            numbers, wanted, lengths = batch
            words = embedding[numbers]  # these stay: what LAC knows of words is not to be lost
            once = jax.random.fold_in(key, number)
            state, value = update(state, (words, wanted, lengths), float(number), once)
            values.append(float(value))
            if number % 10 == 0:
                print(number, "of", total, round(float(np.mean(values[-10:])), 4), flush=True)
        print(
            "epoch", epoch, round(float(np.mean(values)), 4), round(time.monotonic() - began), "s"
        )
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
    tuned = tune(original, encoded[: options.few or None], options.epochs)
    np.savez_compressed(options.out, **pack(tuned))


if __name__ == "__main__":
    main()
