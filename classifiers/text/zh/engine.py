"""The Chinese engine: fold to simplified, tag, judge names, complete addresses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from classifiers.text.lexicon import read_lexicon
from classifiers.text.model import Mention
from classifiers.text.zh.address import Addresses, with_addresses
from classifiers.text.zh.names import Names
from classifiers.text.zh.tagger import Tagger


class ChineseEngine:
    """Persons, places, organizations in simplified and traditional Chinese."""

    def __init__(self, tagger: Tagger) -> None:
        """Take the tagger, load the lexica. Raises `OSError` if the package lacks them."""
        lexicon = read_lexicon("zh")
        self._tagger: Final = tagger
        self._simplified: Final = str.maketrans({pair[0]: pair[1] for pair in lexicon["t"]})
        self._names: Final = Names(lexicon)
        self._addresses: Final = Addresses(lexicon["d"])

    def mentions(self, texts: Sequence[str]) -> list[list[Mention]]:
        """The mentions of each text."""
        folded = [text.translate(self._simplified) for text in texts]
        return [
            self._settled(text, tagged)
            for text, tagged in zip(folded, self._tagger(folded), strict=True)
        ]

    def _settled(self, text: str, tagged: Sequence[Mention]) -> list[Mention]:
        judged = self._names.refine(text, tagged)
        return with_addresses(judged, self._addresses.find(text, judged))
