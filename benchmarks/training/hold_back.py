"""Write the sentences that no training saw to `benchmarks/eval/data/text/`.

    python -m benchmarks.training.hold_back FOLDER

FOLDER holds the published corpora named in docs/text-engines.md as JSON Lines.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from benchmarks.training.corpus import read, write

OUT: Final = Path(__file__).parents[1] / "eval/data/text"
_MOST: Final = 400  # sentences a language
# The Chinese parts are their publishers' development parts: training never reads them.
_WHOLE: Final = frozenset({"zh_uner.dev", "zht_uner.dev"})
_CORPORA: Final[Mapping[str, tuple[str, ...]]] = {
    "zh": ("zh_uner.dev",), "zht": ("zht_uner.dev",), "ja": ("ja_wiki.train",),
    "ko": ("ko_klue.train",), "th": ("th_thainer.train",),
    "id": ("id_nergrit.train", "id_nerp.train"), "en": ("en_uner.dev",),
}  # fmt: skip


def main() -> None:
    """Write every language's part."""
    folder = Path(sys.argv[1])
    for language, names in _CORPORA.items():
        kept = [
            sentence
            for name in names
            for sentence in read(folder / f"{name}.jsonl")
            if name in _WHOLE or sentence.held_back
        ]
        write(OUT / f"{language}.jsonl", kept[:_MOST])
        print(language, len(kept[:_MOST]), "sentences")


if __name__ == "__main__":
    main()
