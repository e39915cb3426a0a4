"""The Chinese network in onnxruntime: the same weights, half the time on one to three short texts.

The graph is written here from the arrays of the model file, so the package carries no second one.
Field numbers are those of `onnx.proto` (ONNX IR 8, operator set 14).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from classifiers.text.zh.network import HIDDEN, Cell, Floats, Network, Steps

_GROUP: Final = 32  # sentences of about one length, as they are padded here
_FLOAT, _INT32, _INT64 = 1, 6, 7  # TensorProto.DataType
_TYPES: Final = {"float32": _FLOAT, "int64": _INT64}
_AN_INT, _A_STRING, _INTS = 2, 3, 7  # AttributeProto.AttributeType


class OnnxNetwork(Network):
    """A `Network` whose layers onnxruntime runs on one thread. Safe to share between threads."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Take the arrays of a model file. Raises `ModuleNotFoundError` without the extra."""
        import onnxruntime  # noqa: PLC0415 (an extra)

        super().__init__(arrays)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session: Final[Any] = onnxruntime.InferenceSession(
            _model(self._cells, *self._out), options, providers=["CPUExecutionProvider"]
        )

    def tag(self, sentences: Sequence[Sequence[int]]) -> list[list[int]]:
        """The best tag of every token of each (non-empty) sentence."""
        order = sorted(range(len(sentences)), key=lambda row: -len(sentences[row]))
        groups = [order[first : first + _GROUP] for first in range(0, len(order), _GROUP)]
        paths = chain.from_iterable(
            super(OnnxNetwork, self).tag([sentences[row] for row in group]) for group in groups
        )
        return [path for _, path in sorted(zip(order, paths, strict=True))]

    def scores(self, steps: Steps) -> Floats:
        """The scores of tags, one row a token as `steps` lays them."""
        lengths = np.array(steps.lengths, np.int32)
        real = np.arange(len(steps))[:, None] < lengths
        words = np.zeros((*real.shape, HIDDEN), np.float32)
        words[real] = self.words(steps.numbers)
        scores: Floats = self._session.run(None, {"words": words, "lengths": lengths})[0]
        return scores[real]


def _model(cells: Sequence[Cell], weights: Floats, bias: Floats) -> bytes:
    """A ModelProto: embedded words (step, sentence, `HIDDEN`) and lengths -> scores of tags."""
    nodes: list[bytes] = []
    given = "words"
    tensors: dict[str, NDArray[Any]] = {
        "weights": weights,
        "bias": bias,
        "joined": np.array([0, 0, -1], np.int64),
    }
    for layer in range(2):
        names = [f"{part}{layer}" for part in "WRB"]
        tensors |= dict(zip(names, _gru(cells[2 * layer : 2 * layer + 2]), strict=True))
        nodes += [
            _node(
                "GRU", [given, *names, "lengths"], f"states{layer}",
                _attribute("hidden_size", _AN_INT, _field(3, HIDDEN)),
                _attribute("direction", _A_STRING, _field(4, b"bidirectional")),
            ),
            _node(  # (step, direction, sentence, HIDDEN) -> (step, sentence, direction, HIDDEN)
                "Transpose", [f"states{layer}"], f"turned{layer}",
                _attribute("perm", _INTS, *(_field(8, axis) for axis in (0, 2, 1, 3))),
            ),
            _node("Reshape", [f"turned{layer}", "joined"], given := f"layer{layer}"),
        ]  # fmt: skip
    nodes += [
        _node("MatMul", [given, "weights"], "product"),
        _node("Add", ["product", "bias"], "scores"),
    ]
    graph = b"".join(
        [
            *(_field(1, node) for node in nodes),
            _field(2, b"lac"),
            *(_field(5, _tensor(name, array)) for name, array in tensors.items()),
            _field(11, _value("words", _FLOAT, ("steps", "sentences", HIDDEN))),
            _field(11, _value("lengths", _INT32, ("sentences",))),
            _field(12, _value("scores", _FLOAT, ("steps", "sentences", len(bias)))),
        ]
    )
    return _field(1, 8) + _field(8, _field(2, 14)) + _field(7, graph)


def _gru(cells: Sequence[Cell]) -> tuple[Floats, Floats, Floats]:
    """W, R and B of both directions; ONNX's update gate is what is kept, ours what is renewed."""
    sign = np.repeat(np.array([-1, 1, 1], np.float32), HIDDEN)
    inputs = np.stack([(cell.input * sign).T for cell in cells])
    states = np.stack(
        [(np.concatenate([cell.gates, cell.candidate], axis=1) * sign).T for cell in cells]
    )
    biases = np.stack([np.concatenate([cell.bias * sign, 0 * sign]) for cell in cells])
    return inputs, states, biases


def _node(kind: str, inputs: Sequence[str], output: str, *attributes: bytes) -> bytes:
    """A NodeProto."""
    return b"".join(
        [
            *(_field(1, name.encode()) for name in inputs),
            _field(2, output.encode()),
            _field(4, kind.encode()),
            *(_field(5, attribute) for attribute in attributes),
        ]
    )


def _attribute(name: str, kind: int, *values: bytes) -> bytes:
    """An AttributeProto."""
    return b"".join([_field(1, name.encode()), *values, _field(20, kind)])


def _tensor(name: str, array: NDArray[Any]) -> bytes:
    """A TensorProto, little-endian."""
    return b"".join(
        [
            *(_field(1, size) for size in array.shape),
            _field(2, _TYPES[array.dtype.name]),
            _field(8, name.encode()),
            _field(9, array.astype(array.dtype.newbyteorder("<")).tobytes()),
        ]
    )


def _value(name: str, kind: int, shape: Sequence[str | int]) -> bytes:
    """A ValueInfoProto; sizes that vary are names."""
    sizes = [_field(1, n) if isinstance(n, int) else _field(2, n.encode()) for n in shape]
    tensor = _field(1, kind) + _field(2, b"".join(_field(1, size) for size in sizes))
    return _field(1, name.encode()) + _field(2, _field(1, tensor))


def _field(number: int, value: int | bytes) -> bytes:
    """A field of protobuf's wire format: a varint, or bytes with their length."""
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    return _varint(number << 3 | 2) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    groups = bytearray()
    while value > 0x7F:
        groups.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*groups, value])
