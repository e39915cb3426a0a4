"""Operators on columns of distinct values, beside Presidio Anonymizer in the same run.

    python -m benchmarks.operators [--values 100000]

Presidio works a text at a time through its engine; it gets a smaller sample of the same values,
since it would take minutes, and is reported per value like ours.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence

from presidio_anonymizer import AnonymizerEngine
from presidio_anonymizer.entities import OperatorConfig, RecognizerResult

from gateway.keys.keyring import hkdf
from gateway.operators.model import OperatorContext
from gateway.operators.registry import OPERATORS

_ROUNDS = 3
_PRESIDIO_SAMPLE = 2_000
_COLUMNS = {
    "PHONE_NUMBER": lambda i: f"138{i * 7919 % 10**8:08}",
    "PERSON": lambda i: (
        "王李张刘陈"[i % 5] + "".join(chr(0x4E00 + (i * k) % 5000) for k in (7, 11))
    ),
    "DATE_TIME": lambda i: f"{1960 + i % 60}-{1 + i % 12:02}-{1 + i % 28:02} 12:{i % 60:02}",
    "AMOUNT": lambda i: f"{i * 37 % 10**6}.{i % 100:02}",
}
_ENTITY_OF = {
    "generalize": "DATE_TIME",
    "shift": "DATE_TIME",
    "surrogate": "PERSON",
    "round": "AMOUNT",
    "noise": "AMOUNT",
}
_PRESIDIO = {
    "mask": OperatorConfig("mask", {"chars_to_mask": 4, "masking_char": "*", "from_end": True}),
    "hash": OperatorConfig("hash", {"hash_type": "sha256", "salt": "0123456789abcdef"}),
    "suppress": OperatorConfig("replace", {"new_value": "<PHONE_NUMBER>"}),
    "encrypt": OperatorConfig("encrypt", {"key": "0123456789abcdef"}),
}


class _Keys:
    def derive(self, purpose: str, context: str = "", *, version: int | None = None) -> bytes:
        return hkdf(b"benchmark", f"{purpose}/{context}/{version}".encode())

    def current(self, purpose: str) -> int:
        return 1


def _rate(work: Callable[[], object], count: int) -> float:
    """Values per second of processor time, the best of three rounds; the first one warms up."""
    work()
    best = float("inf")
    for _ in range(_ROUNDS):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return count / best


def _presidio(config: OperatorConfig, texts: Sequence[str]) -> float:
    engine = AnonymizerEngine()

    def work() -> None:
        for text in texts:
            found = [RecognizerResult("PHONE_NUMBER", 0, len(text), 1.0)]
            engine.anonymize(text, found, {"DEFAULT": config})

    return _rate(work, len(texts))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--values", type=int, default=100_000)
    count = parser.parse_args().values
    columns = {entity: [make(i) for i in range(count)] for entity, make in _COLUMNS.items()}
    print(f"{'treatment':18}{'values/s':>12}{'Presidio':>12}{'ratio':>9}")
    for name, operator in OPERATORS.items():
        entity = _ENTITY_OF.get(name, "PHONE_NUMBER")
        context = OperatorContext(recipient="R", keys=_Keys(), entity=entity, subject="person")
        rate = _rate(lambda: operator.apply(columns[entity], context), count)  # noqa: B023
        line = f"{name:18}{rate:12,.0f}"
        if name in _PRESIDIO:
            theirs = _presidio(_PRESIDIO[name], columns["PHONE_NUMBER"][:_PRESIDIO_SAMPLE])
            line += f"{theirs:12,.0f}{rate / theirs:9.1f}"
        print(line)


if __name__ == "__main__":
    main()
