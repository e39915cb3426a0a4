"""Memory is given back where the C library can, and nothing fails where it cannot."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence

import pytest

from classifiers import heap
from classifiers.text import engines
from classifiers.text.engines import LazyEngine
from classifiers.text.model import Mention


class _Silent:
    def mentions(self, texts: Sequence[str]) -> list[list[Mention]]:
        return [[] for _ in texts]


def test_a_library_without_it_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """musl has neither function; a static interpreter has no library to be asked."""
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())
    heap.few_arenas()
    heap.give_back()

    def none(_: None) -> None:
        raise OSError("no library")

    monkeypatch.setattr(ctypes, "CDLL", none)
    heap.few_arenas()
    heap.give_back()


def test_what_reading_a_model_took_is_given_back_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """When an engine is loaded, and not again when it is asked."""
    asked: list[None] = []
    monkeypatch.setattr(engines, "give_back", lambda: asked.append(None))
    engine = LazyEngine(language="xx", version="1", load=_Silent)
    engine.mentions(["a"])
    engine.mentions(["b"])
    assert len(asked) == 1
