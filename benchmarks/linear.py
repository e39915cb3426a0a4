"""Long and hostile inputs: is work linear in the bytes? A report, not a test."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any, Final

import orjson

from benchmarks import orders
from benchmarks.clock import best
from benchmarks.figures import Cell, Ratio, Report, Table
from benchmarks.node import Bench, bench
from gateway.codecs.model import MalformedBody

ROUNDS: Final = 3
LONG: Final = 100_000
SIZE: Final = 25_000
HOSTILE: Final[dict[str, Callable[[int], Any]]] = {
    "`a.` in a row": lambda n: {"v": "a." * n},
    "`a:` in a row": lambda n: {"v": "a:" * n},
    "`a@` in a row": lambda n: {"v": "a@" * n},
    "one digit in a row": lambda n: {"v": "1" * (2 * n)},
    "mobiles in a row": lambda n: {"v": "13812345678 " * (n // 6)},
    "fullwidth digits": lambda n: {"v": "１３８" * (n // 3)},
    "nested arrays": lambda n: {"v": [[["1"] * 8] * 8] * (n // 64)},
    "all keys distinct": lambda n: [{f"k{i}": "x"} for i in range(n // 4)],
    "numbers in numerals": lambda n: {"v": "一三八" * (n // 3)},
    "mails, blanks between": lambda n: {"v": "a1@b.example.com " * (n // 8)},
    "cards beside words": lambda n: {"v": "手机 4111111111111111，" * (n // 15)},
    "JSON in a string": lambda n: {"v": '{"phone":"13812345678"},' * (n // 12)},
    "base64": lambda n: {"v": "MTM4MTIzNDU2Nzg= " * (n // 8)},
    "percent escapes": lambda n: {"v": "%31%33%38 " * (n // 5)},
    "4,000 signatures": lambda n: [
        {f"phone{i % 63}": "13812345678", f"mail{i // 63}": "a@b.example.com"}
        for i in range(n // 6)
    ],
    "132 signatures": lambda n: [
        {f"phone{i % 12}": "13812345678", f"mail{i % 11}": "a@b.example.com"} for i in range(n // 8)
    ],
}


def run(report: Report) -> None:
    """The linear suite."""
    with bench() as on:
        _long_text(on, report)
        _doubling(on, report)


def _long_text(on: Bench, report: Report) -> None:
    """One cell of prose with a finding in every other sentence."""
    notes = (order["details"]["remark"] for order in orders.orders("dense"))
    text = ""
    while len(text.encode()) < LONG:
        text += next(notes) + "，Leave the rest of the parcel with the neighbour.\n"
    body = orjson.dumps({"note": text})
    on.chain(body)
    taken = best({"chain": partial(on.chain, body)}, ROUNDS)["chain"]
    what = f"whole chain, {LONG // 1000} KB of prose in one cell"
    report.ratios.append(Ratio(what, taken * 1e3, 100, 20, at_most=True, unit="ms"))


def _doubling(on: Bench, report: Report) -> None:
    """Twice the bytes should take about twice the time."""
    rows: list[list[Cell]] = []
    for name, make in HOSTILE.items():
        small, large = (_classified(on, make(size)) for size in (SIZE, 2 * SIZE))
        rows.append([name, small * 1e3, large * 1e3, large / small])
    keys = [orjson.dumps({f"k{i}": "x" for i in range(count)}) for count in (50_000, 100_000)]
    small, large = (
        best({"refuse": partial(_refused, on, body)}, ROUNDS)["refuse"] for body in keys
    )
    rows.append(["10⁵ distinct keys, refused", small * 1e3, large * 1e3, large / small])
    title = "Hostile inputs of about 50 and 100 KB, decode and classify"
    report.tables.append(Table(title, ["input", "ms", "ms at twice the size", "×"], rows))


def _classified(on: Bench, value: Any) -> float:
    body = orjson.dumps(value)
    return best({"classify": partial(on.classify, body)}, ROUNDS)["classify"]


def _refused(on: Bench, body: bytes) -> None:
    with suppress(MalformedBody):
        on.decode(body)
        raise SystemExit("a body with that many places should be refused")
