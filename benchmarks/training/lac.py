"""Read the weights of Baidu LAC 2.1.2 (Apache-2.0) from its source distribution.

LAC itself needs paddle.fluid and no longer runs; its parameter files end in raw float32.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from classifiers.text.zh.network import HIDDEN

SHA256: Final = (
    "22fcde0d5082d2044205ea6f6a7a9cd1f0d63e7b21b2dd5c9c73f27e7c0a3ef1"  # LAC-2.1.2.tar.gz
)
_EMBEDDING: Final = 128
Arrays = dict[str, NDArray[Any]]


def read_lac(folder: Path) -> Arrays:
    """The arrays of `classifiers.text.zh.network`, from LAC-2.1.2/LAC/lac_model, in float32."""
    model, conf = folder / "model", folder / "conf"
    words = _rows(conf / "word.dic")
    tags = {int(number): tag for number, tag in _rows(conf / "tag.dic")}
    count = len(tags)
    rows = (model / "word_emb").stat().st_size // (4 * _EMBEDDING)
    arrays: Arrays = {"emb": _floats(model / "word_emb", rows, _EMBEDDING)}
    widths = (_EMBEDDING, _EMBEDDING, 2 * HIDDEN, 2 * HIDDEN)
    for index, width in enumerate(widths):
        gates = _floats(model / f"gru_{index}.w_0", 3 * HIDDEN * HIDDEN)
        arrays |= {
            f"fw{index}": _floats(model / f"fc_{index}.w_0", width, 3 * HIDDEN),
            f"fb{index}": _floats(model / f"fc_{index}.b_0", 3 * HIDDEN)
            + _floats(model / f"gru_{index}.b_0", 3 * HIDDEN),
            f"gb{index}": np.zeros(3 * HIDDEN, np.float32),
            f"gg{index}": gates[: 2 * HIDDEN * HIDDEN].reshape(HIDDEN, 2 * HIDDEN),
            f"gc{index}": gates[2 * HIDDEN * HIDDEN :].reshape(HIDDEN, HIDDEN),
        }
    return arrays | {
        "ow": _floats(model / "fc_4.w_0", 2 * HIDDEN, count),
        "ob": _floats(model / "fc_4.b_0", count),
        "crf": _floats(model / "crfw", count + 2, count),
        "words": _bytes("\n".join(f"{word}\t{number}" for number, word in words)),
        "tags": _bytes("\n".join(tag for _, tag in sorted(tags.items()))),
        "norm": _bytes("\n".join("\t".join(row) for row in _rows(conf / "q2b.dic"))),
        "seg": _bytes("\n".join(line.split(" ")[0] for line in _lines(conf / "small_seg.dic"))),
    }


def pack(arrays: Arrays) -> Arrays:
    """The arrays as shipped: the embedding in int8 with a scale a row, the rest in float16."""
    embedding = arrays["emb"]
    scales = np.abs(embedding).max(axis=1, keepdims=True) / 127 + 1e-12
    packed = {
        name: array.astype(np.float16) if array.dtype == np.float32 else array
        for name, array in arrays.items()
    }
    packed["emb"] = np.round(embedding / scales).astype(np.int8)
    packed["embs"] = scales.astype(np.float16)
    return packed


def _floats(path: Path, *shape: int) -> NDArray[np.float32]:
    """The last numbers of a parameter file; a header of varying size stands before them."""
    count = int(np.prod(shape))
    data = path.read_bytes()[-4 * count :]
    return np.frombuffer(data, "<f4").reshape(shape)


def _rows(path: Path) -> list[list[str]]:
    rows = (line.split("\t") for line in _lines(path))
    return [row for row in rows if len(row) == 2]


def _lines(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8")
    return [line for line in text.split("\n") if line.strip(" \r")]


def _bytes(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode("utf-8"), np.uint8)
