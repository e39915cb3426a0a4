"""Which text engines there are. Each loads when the first text needs it, once for all threads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from classifiers.text.model import Engine, Mention


@dataclass(frozen=True, slots=True, kw_only=True)
class LazyEngine:
    """An engine to be loaded. `version` changes whenever its answers may."""

    language: str
    version: str
    load: Callable[[], Engine]
    _loaded: list[Engine] = field(default_factory=list, repr=False, compare=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    @property
    def name(self) -> str:
        """`text.<language>`, as findings carry it."""
        return f"text.{self.language}"

    def mentions(self, texts: Sequence[str]) -> list[list[Mention]]:
        """The mentions of each text; the first call loads the engine."""
        with self._lock:
            if not self._loaded:
                self._loaded.append(self.load())
        return self._loaded[0].mentions(texts)


def _chinese() -> Engine:
    from classifiers.text.zh.engine import ChineseEngine  # noqa: PLC0415 (numpy and 9 MB)

    return ChineseEngine()


def _crf(language: str, *, words: bool) -> Callable[[], Engine]:
    def load() -> Engine:
        from classifiers.text.crf import CrfEngine  # noqa: PLC0415 (the model)

        return CrfEngine(language, words=words)

    return load


def default_engines() -> Mapping[str, LazyEngine]:
    """Language -> engine, all that ship with Silkgate. Costs nothing before first use."""
    return MappingProxyType({engine.language: engine for engine in _engines()})


def _engines() -> tuple[LazyEngine, ...]:
    return (
        LazyEngine(language="zh", version=VERSION, load=_chinese),
        LazyEngine(language="ja", version=VERSION, load=_crf("ja", words=False)),
        LazyEngine(language="ko", version=VERSION, load=_crf("ko", words=False)),
        LazyEngine(language="th", version=VERSION, load=_crf("th", words=False)),
        LazyEngine(language="id", version=VERSION, load=_crf("id", words=True)),
        LazyEngine(language="vi", version=VERSION, load=_crf("vi", words=True)),
        LazyEngine(language="en", version=VERSION, load=_crf("en", words=True)),
    )


VERSION: Final = "1"
