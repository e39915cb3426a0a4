"""Small linear-chain CRFs (python-crfsuite), one file a language.

Characters are units where words are not spaced (Japanese, Korean, Thai), words elsewhere.
"""

from __future__ import annotations

import lzma
import threading
from collections.abc import Callable, Mapping, Sequence
from importlib.resources import files
from typing import Any, Final

from classifiers.text import features
from classifiers.text.honorifics import finder, with_called
from classifiers.text.lexicon import Marks, Table, read_lexicon
from classifiers.text.model import Mention
from classifiers.text.spans import mentions_of, named

_NONE: Final = ("", "", "")
_WITH_CLASSES: Final = frozenset({"en"})
_NOBODY: Final = {  # taken for names in chat: words for anybody, marketplaces, carriers
    "id": frozenset(
        (
            "Anda Kamu Saya Aku Dia Kami Kita Bapak Ibu Kakak anda kamu saya aku gue gw lo lu dia"
            " kami kita mereka kak kakak mas mbak mba bang abang pak bu bapak ibu om tante dek adik"
            " gan agan min admin sis bro bos kurir seller penjual"
            " Tokopedia Shopee Lazada Bukalapak Blibli Traveloka Gojek Gopay SiCepat Anteraja"
            " tokopedia shopee lazada bukalapak blibli traveloka gojek gopay sicepat anteraja"
        ).split()
    ),
}
WithAddresses = Callable[[str, Sequence[Mention]], list[Mention]]


class Featurizer:
    """Text -> units and their features, as the model of one language was trained."""

    def __init__(
        self,
        lexicon: Mapping[str, Sequence[str]],
        *,
        words: bool,
        each: bool = True,
        classes: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        """`words` tells words from characters as units; `each`, whether lists count alone too.

        `classes` are words by the class of their company (`coarse.middle.fine`).
        """
        self._marks: Final = Marks(lexicon, words=words)
        self._words: Final = words
        self._each: Final = each
        self._classes: Final = None if classes is None else _table(classes)

    def __call__(self, text: str) -> tuple[list[features.Span], list[list[str]]]:
        """Units and one row of features a unit."""
        if not self._words:
            return features.char_spans(text), features.char_features(
                text, self._marks(text), each=self._each
            )
        spans = features.word_spans(text)
        words = [text[start:end] for start, end in spans]
        marks = self._marks([word.lower() for word in words])
        rows = features.word_features(words, marks)
        if self._classes is not None:
            classes = features.class_features(_classed(words, self._classes))
            rows = [[*row, *more] for row, more in zip(rows, classes, strict=True)]
        return spans, rows


def _table(classes: Mapping[str, Sequence[str]]) -> Table:
    """The name of the class of each word."""
    entries = ((word, name) for name, listed in classes.items() for word in listed)
    return Table(entries, sum(map(len, classes.values())))


def _classed(words: Sequence[str], classes: Table) -> list[Sequence[str]]:
    """The class of each word (coarse, middle, fine), as it stands or else in other letters."""
    names = (
        classes.get(word) or classes.get(word.lower()) or classes.get(word.title())
        for word in words
    )
    return [name.split(".") if name else _NONE for name in names]


def featurizer(language: str, *, words: bool, each: bool = True) -> Featurizer:
    """What the model of a language sees. Raises `OSError` if the package lacks its lists."""
    classes = read_lexicon(f"{language}.clusters") if language in _WITH_CLASSES else None
    return Featurizer(read_lexicon(language), words=words, each=each, classes=classes)


class CrfEngine:
    """A trained CRF of `data/<language>.crf.xz` with its lexicon."""

    def __init__(
        self,
        language: str,
        *,
        words: bool,
        each: bool = True,
        addresses: WithAddresses | None = None,
    ) -> None:
        """Load model and lexicon; `addresses` adds these. Raises `OSError` if one is missing."""
        import pycrfsuite  # noqa: PLC0415 (only where a text needs it)

        packed = files("classifiers.text").joinpath(f"data/{language}.crf.xz").read_bytes()
        self._model: Final = lzma.decompress(packed)  # the tagger reads it in place
        self._tagger: Final[Any] = pycrfsuite.Tagger()
        self._tagger.open_inmemory(self._model)
        self._featurizer: Final = featurizer(language, words=words, each=each)
        self._words: Final = words
        self._nobody: Final = _NOBODY.get(language, frozenset())
        self._called: Final = finder(language)
        self._addresses: Final = addresses
        self._lock: Final = threading.Lock()  # a tagger holds the text it works on

    def mentions(self, texts: Sequence[str]) -> list[list[Mention]]:
        """The mentions of each text."""
        return [self._tagged(text) for text in texts]

    def _tagged(self, text: str) -> list[Mention]:
        units, rows = self._featurizer(text)
        if not units:
            return []
        with self._lock:
            tags = self._tagger.tag(rows)
        found = [
            mention
            for mention in named(text, mentions_of(units, tags))
            if text[mention.start : mention.end] not in self._nobody
        ]
        if self._called is not None:
            found = with_called(found, list(self._called(text)), aside=not self._words)
        return found if self._addresses is None else self._addresses(text, found)
