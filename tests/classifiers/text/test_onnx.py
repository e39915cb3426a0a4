"""The Chinese network in onnxruntime gives the tags of the one in numpy. Needs the extra."""

import pytest

from benchmarks.eval.own import registers
from classifiers.text.engines import default_engines
from classifiers.text.model import Kind
from classifiers.text.zh.tagger import Tagger
from tests.classifiers.text.test_network import arrays, best_path

pytest.importorskip("onnxruntime")
from classifiers.text.zh.onnx import OnnxNetwork


@pytest.mark.parametrize("seed", range(4))
def test_tags_are_those_of_the_best_path(seed: int) -> None:
    """Sentences of different lengths in one batch, padded."""
    weights = arrays(seed)
    sentences = [[1, 2, 3, 4, 5], [2], [5, 4, 0], [1, 1, 2, 0]]
    assert OnnxNetwork(weights).tag(sentences) == [best_path(weights, each) for each in sentences]


def test_the_shipped_weights_find_the_same_mentions() -> None:
    """In all of our own Chinese sentences, in one batch and each alone."""
    parts = (*registers("zh").values(), *registers("zht").values())
    texts = [sentence.text for gold in parts for sentence in gold]
    ours, theirs = Tagger(), Tagger(OnnxNetwork)
    found = ours(texts)
    assert sum(map(len, found)) > len(texts) / 2
    assert theirs(texts) == found
    assert [theirs([text])[0] for text in texts[:50]] == found[:50]


def test_where_it_is_installed_it_is_used() -> None:
    """And the version, which audit entries name, tells."""
    engine = default_engines()["zh"]
    assert engine.version.endswith("+onnxruntime")
    assert [found.kind for found in engine.mentions(["请联系王小明"])[0]] == [Kind.PERSON]
