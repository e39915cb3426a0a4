"""The Chinese model: texts -> words tagged as persons, places and organizations."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.resources import as_file, files
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from classifiers.text.lexicon import Table
from classifiers.text.model import Kind, Mention
from classifiers.text.zh.network import Network
from classifiers.text.zh.tokens import Span, Tokenizer

_MODEL: Final = "data/zh.npz"
_BATCH: Final = 8_000  # tokens at a time: the wider a step, the less it costs a token
# LAC has its own names for entities and, from segmentation, those of the People's Daily.
_KINDS: Final = {
    "PER": Kind.PERSON, "nr": Kind.PERSON, "LOC": Kind.PLACE, "ns": Kind.PLACE,
    "ORG": Kind.ORGANIZATION, "nt": Kind.ORGANIZATION,
}  # fmt: skip


class Tagger:
    """The shipped weights with their dictionary. Safe to share between threads."""

    def __init__(self, network: Callable[[Mapping[str, NDArray[Any]]], Network] = Network) -> None:
        """Load the model, to be run by `network`. Raises `OSError` if the package lacks it.

        From here on the process's BLAS works on one thread: its products are too small to share,
        and its threads, waiting for each other on busy cores, cost five times the work.
        """
        threadpool_limits(limits=1, user_api="blas")
        with (
            as_file(files("classifiers.text").joinpath(_MODEL)) as path,
            np.load(path, allow_pickle=False) as arrays,
        ):
            self._network: Final = network(arrays)
            self._tokenizer: Final = tokenizer_of(arrays)
            self._tags: Final = _text(arrays["tags"]).split("\n")

    def __call__(self, texts: Sequence[str]) -> list[list[Mention]]:
        """The mentions of each text, by start."""
        tokens = [self._tokenizer(text) for text in texts]
        found: list[list[Mention]] = [[] for _ in texts]
        for group in _batches([len(numbers) for numbers, _ in tokens]):
            paths = self._network.tag([tokens[index][0] for index in group])
            for index, path in zip(group, paths, strict=True):
                tags = [self._tags[tag] for tag in path]
                found[index] = list(_mentions(tokens[index][1], tags))
        return found


def _batches(sizes: Sequence[int]) -> Iterator[list[int]]:
    """The numbers of the texts that have tokens, in batches of bounded size."""
    group: list[int] = []
    tokens = 0
    for index, size in enumerate(sizes):
        if not size:
            continue
        if group and tokens + size > _BATCH:
            yield group
            group, tokens = [], 0
        group.append(index)
        tokens += size
    if group:
        yield group


def _mentions(spans: Sequence[Span], tags: Sequence[str]) -> Iterator[Mention]:
    """Tokens tagged `X-B`, `X-I`, ... joined where they touch."""
    low, high, label = 0, 0, ""
    for (start, end), tag in zip(spans, tags, strict=True):
        if tag.endswith("-I") and start == high and tag[:-2] == label:
            high = end
            continue
        if label in _KINDS:
            yield Mention(low, high, _KINDS[label])
        low, high, label = start, end, tag[:-2]
    if label in _KINDS:
        yield Mention(low, high, _KINDS[label])


def tokenizer_of(arrays: Any) -> Tokenizer:
    """The tokenizer of a model file's arrays."""
    lines = _text(arrays["words"]).split("\n")
    forms = (line.split("\t", 1) for line in _text(arrays["norm"]).split("\n") if "\t" in line)
    return Tokenizer(
        Table((line.rsplit("\t", 1) for line in lines), len(lines)),
        {form[0]: form[1] for form in forms},
        _text(arrays["seg"]).split("\n"),
    )


def _text(array: NDArray[np.uint8]) -> str:
    return array.tobytes().decode("utf-8")
