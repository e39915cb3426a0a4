"""Train one of the small CRFs and write it to `classifiers/text/data/<language>.crf.xz`.

    python -m benchmarks.training.train_crf LANGUAGE --data FOLDER

FOLDER holds the published corpora named in docs/text-engines.md as JSON Lines.
"""

from __future__ import annotations

import argparse
import lzma
import random
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pycrfsuite

from benchmarks.training.corpus import Sentence, read
from benchmarks.training.leakage import echoes
from benchmarks.training.synthetic import sentences, templates
from classifiers.text.crf import featurizer
from classifiers.text.spans import tags_of

OUT: Final = Path(__file__).parents[2] / "classifiers/text/data"


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a model is trained on: corpora and, per template language, made-up sentences."""

    words: bool
    corpora: tuple[str, ...]
    made_up: Mapping[str, int]
    iterations: int = 70  # of L-BFGS
    each: bool = True  # whether lexicon classes count on their own; Thai is better without


RECIPES: Final[Mapping[str, Recipe]] = {
    "ja": Recipe(False, ("ja_wiki.train",), {"ja": 1500}),
    "ko": Recipe(False, ("ko_klue.train",), {"ko": 1500}),
    "th": Recipe(False, ("th_thainer.train",), {"th": 1500}, each=False),
    "id": Recipe(True, ("id_nergrit.train", "id_nerp.train"), {"id": 4000, "ms": 2500}),
    "vi": Recipe(True, (), {"vi": 9000}),
    "en": Recipe(
        True,
        ("en_uner.dev",) * 3 + ("id_nergrit.train",),  # little real text: it counts three times
        {"en": 5500, "fr": 900, "pt": 900, "tl": 2000, "sw": 2000, "ha": 700, "ms": 2200},
        iterations=55,
    ),
}


def gather(recipe: Recipe, folder: Path) -> list[Sentence]:
    """The training sentences, in an order that is always the same.

    Raises ValueError where a template echoes a sentence held back for measuring.
    """
    published = [sentence for name in recipe.corpora for sentence in read(folder / f"{name}.jsonl")]
    kept = [sentence for sentence in published if not sentence.held_back]
    if recipe.words:
        _refuse_echoes(recipe, [sentence for sentence in published if sentence.held_back])
    made_up = [
        sentence
        for language, count in recipe.made_up.items()
        for sentence in sentences(language, "train", count)
    ]
    both = kept + made_up
    random.Random(1).shuffle(both)
    return both


def _refuse_echoes(recipe: Recipe, held_back: Sequence[Sentence]) -> None:
    for language in recipe.made_up:
        for template, shared in echoes(templates(language, "train"), held_back):
            raise ValueError(
                f"templates/{language}.train.txt: {template!r} shares {shared!r} with a sentence"
                " held back for measuring; take it out"
            )


def train(language: str, folder: Path) -> bytes:
    """The model file of a language."""
    recipe = RECIPES[language]
    features = featurizer(language, words=recipe.words, each=recipe.each)
    trainer = pycrfsuite.Trainer(verbose=False)
    for sentence in gather(recipe, folder):
        units, rows = features(sentence.text)
        if units:
            trainer.append(rows, tags_of(units, sentence.entities))
    trainer.select("lbfgs")
    trainer.set_params({
        "c1": 0.2, "c2": 0.02, "max_iterations": recipe.iterations,
        "feature.minfreq": 2, "feature.possible_transitions": True,
    })  # fmt: skip
    with tempfile.NamedTemporaryFile(suffix=".crf") as file:
        trainer.train(file.name)
        return Path(file.name).read_bytes()


def main() -> None:
    """Train and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("language", choices=RECIPES)
    parser.add_argument("--data", type=Path, required=True)
    options = parser.parse_args()
    began = time.monotonic()
    model = train(options.language, options.data)
    packed = lzma.compress(model, preset=9)
    (OUT / f"{options.language}.crf.xz").write_bytes(packed)
    print(options.language, len(packed), "bytes,", round(time.monotonic() - began), "s")


if __name__ == "__main__":
    main()
