"""Operators on columns of distinct values, beside Presidio Anonymizer in the same run.

    python -m benchmarks operators [--values 100000]

Presidio works a text at a time through its engine; it gets a smaller sample of the same values,
since it would take minutes, and is reported per value like ours. The two take turns, so that what
else the machine does meets both; each is judged by its best turn, in processor time.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence

from presidio_anonymizer import AnonymizerEngine
from presidio_anonymizer.entities import OperatorConfig, RecognizerResult

from gateway.keys.keyring import hkdf
from gateway.operators.model import OperatorContext
from gateway.operators.registry import operator

_TURNS = 7
_PRESIDIO_SAMPLE = 1_000
_COLUMNS = {
    "PHONE_NUMBER": lambda i: f"138{i * 7919 % 10**8:08}",
    "PERSON": lambda i: (
        "王李张刘陈"[i % 5] + "".join(chr(0x4E00 + (i * k) % 5000) for k in (7, 11))
    ),
    "EMAIL_ADDRESS": lambda i: f"user{i}@acme.example",
    "CREDIT_CARD": lambda i: f"622202{i * 7919 % 10**10:010}",
    "DATE_TIME": lambda i: f"{1960 + i % 60}-{1 + i % 12:02}-{1 + i % 28:02} 12:{i % 60:02}",
    "LOCATION": lambda i: f"广东省深圳市南山区科技园{i}号",
    "AMOUNT": lambda i: f"{i * 37 % 10**6}.{i % 100:02}",
}
_PRESIDIO = {
    "mask": OperatorConfig("mask", {"chars_to_mask": 4, "masking_char": "*", "from_end": True}),
    "hash": OperatorConfig("hash", {"hash_type": "sha256", "salt": "0123456789abcdef"}),
    "suppress": OperatorConfig("replace", {"new_value": "<PHONE_NUMBER>"}),
    "encrypt": OperatorConfig("encrypt", {"key": "0123456789abcdef"}),
}
_MARKS = {"mask": 20.0, "hash": 20.0, "suppress": 20.0}  # times Presidio (which calls it replace)
_RATES = {"format_preserve": 100_000, "surrogate": 200_000}  # values/s
_LINES = (
    ("keep", "PHONE_NUMBER"),
    ("mask", "PHONE_NUMBER"),
    ("hash", "PHONE_NUMBER"),
    ("hash/sm3", "PHONE_NUMBER"),
    ("suppress", "PHONE_NUMBER"),
    ("encrypt", "PHONE_NUMBER"),
    ("encrypt/sm4", "PHONE_NUMBER"),
    ("pseudonymize", "PHONE_NUMBER"),
    ("format_preserve", "PHONE_NUMBER"),
    ("surrogate", "PERSON"),
    ("surrogate", "PHONE_NUMBER"),
    ("surrogate", "EMAIL_ADDRESS"),
    ("surrogate", "CREDIT_CARD"),
    ("generalize", "DATE_TIME"),
    ("generalize", "LOCATION"),
    ("shift", "DATE_TIME"),
    ("round", "AMOUNT"),
    ("top_code:low=0,high=500000", "AMOUNT"),
    ("noise", "AMOUNT"),
    ("shuffle", "AMOUNT"),
)


class _Keys:
    def derive(self, purpose: str, context: str = "", *, version: int | None = None) -> bytes:
        return hkdf(b"benchmark", f"{purpose}/{context}/{version}".encode())

    def current(self, purpose: str) -> int:
        return 1


def _turn(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _presidio(config: OperatorConfig, entity: str, texts: Sequence[str]) -> Callable[[], None]:
    engine = AnonymizerEngine()

    def work() -> None:
        for text in texts:
            found = [RecognizerResult(entity, 0, len(text), 1.0)]
            engine.anonymize(text, found, {"DEFAULT": config})

    return work


def _line(name: str, entity: str, column: Sequence[str]) -> str:
    """One operator's figures, its mark beside them."""
    apply = operator(name).apply
    context = OperatorContext(recipient="R", keys=_Keys(), entity=entity, subject="person")
    theirs = None
    if name in _PRESIDIO:
        theirs = _presidio(_PRESIDIO[name], entity, column[:_PRESIDIO_SAMPLE])
    ours_best = theirs_best = float("inf")
    apply(column, context)  # warm
    for _ in range(_TURNS):
        ours_best = min(ours_best, _turn(lambda: apply(column, context)))
        if theirs is not None:
            theirs_best = min(theirs_best, _turn(theirs))
    rate = len(column) / ours_best
    line = f"{name:28}{entity:15}{rate:14,.0f}"
    if theirs is not None:
        ratio = rate * theirs_best / _PRESIDIO_SAMPLE
        line += f"{_PRESIDIO_SAMPLE / theirs_best:12,.0f}{ratio:9,.1f}x"
        return line + _against(ratio, _MARKS.get(name))
    return line + _against(rate, _RATES.get(name))


def _against(figure: float, mark: float | None) -> str:
    if mark is None:
        return ""
    return f"   mark {mark:,.0f}: {'met' if figure >= mark else 'missed'}"


def main() -> None:
    """Print a line an operator and kind of value."""
    parser = argparse.ArgumentParser(prog="benchmarks operators", description=__doc__)
    parser.add_argument("--values", type=int, default=100_000)
    count = parser.parse_args().values
    columns = {entity: [make(i) for i in range(count)] for entity, make in _COLUMNS.items()}
    print(f"{'treatment':28}{'column':15}{'values/s':>14}{'Presidio':>12}{'ratio':>10}")
    for name, entity in _LINES:
        print(_line(name, entity, columns[entity]), flush=True)


if __name__ == "__main__":
    main()
