"""What is loaded ahead of the first text: what most texts need, once."""

from __future__ import annotations

from classifiers.text.engines import LazyEngine
from classifiers.text.prose import ProseClassifier


class Silent:
    def mentions(self, texts):
        return [[] for _ in texts]


def engines(loaded: list[str]) -> dict[str, LazyEngine]:
    def load(language: str) -> Silent:
        loaded.append(language)
        return Silent()

    return {
        language: LazyEngine(language=language, version="1", load=lambda it=language: load(it))
        for language in ("zh", "ja", "en")
    }


def test_the_common_engines_are_loaded_and_the_others_wait() -> None:
    """Nothing twice, neither by warming again nor by the first text."""
    loaded: list[str] = []
    known = engines(loaded)
    classifier = ProseClassifier(known)
    assert loaded == []
    for _ in range(2):
        for _ in classifier.warming():
            pass
    known["en"].mentions(["x"])
    assert sorted(loaded) == ["en", "zh"]


def test_engines_left_out_are_left_out() -> None:
    """A gateway without an English engine warms none."""
    loaded: list[str] = []
    for _ in ProseClassifier({"zh": engines(loaded)["zh"]}).warming():
        pass
    assert loaded == ["zh"]
