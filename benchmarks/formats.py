"""One core: the same rows in four formats, languages, and what text engines add, in cells a second.

Parquet is taken from files only, so its chain is not the proxy's: for it, and beside it for the
others, decoding and classifying are measured. Floors are round trips of the format's own library.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from functools import partial
from typing import Final

import orjson
import pyarrow as pa
import pyarrow.parquet

from benchmarks import orders, tables
from benchmarks.clock import best
from benchmarks.figures import Cell, Ratio, Report, Table
from benchmarks.node import JSON, NDJSON, Bench, bench
from classifiers.model import Batch
from gateway.codecs.registry import decoder_for

ROWS: Final = 1_500
FEW: Final = 300  # orders for what is only compared within itself
ROUNDS: Final = 2
CSV: Final = "text/csv"
PARQUET: Final = "application/vnd.apache.parquet"


def run(report: Report) -> None:
    """The formats suite."""
    with bench() as on:
        _formats(on, report)
        _languages(on, report)


def _formats(on: Bench, report: Report) -> None:
    made = orders.orders("typical", ROWS)
    rows = tables.flat(made)
    bodies: dict[str, tuple[str, bytes, Callable[[bytes], object]]] = {
        "JSON": (JSON, orjson.dumps(rows), _json_trip),
        "NDJSON": (NDJSON, orders.as_lines(rows), _lines_trip),
        "CSV": (CSV, tables.as_csv(made), _csv_trip),
        "Parquet": (PARQUET, tables.as_parquet(made), _parquet_trip),
    }
    shown: list[list[Cell]] = []
    rates: dict[str, dict[str, float]] = {}
    for name, (media, body, trip) in bodies.items():
        cells = _decoded(media, body).cells
        works: dict[str, Callable[[], object]] = {
            "floor": partial(trip, body),
            "decode": partial(_decoded, media, body),
            "classify": partial(_classified, on, media, body),
        }
        if media != PARQUET:
            works["chain"] = partial(on.chain, body, media)
        seconds = best(works, ROUNDS)
        rates[name] = {what: cells / taken for what, taken in seconds.items()}
        figures = [round(rates[name][w]) if w in seconds else None for w in _WHATS]
        times = seconds["chain"] / seconds["floor"] if "chain" in seconds else None
        shown.append([name, len(body) // ROWS, cells // ROWS, *figures, times])
    for name in ("CSV", "Parquet"):
        what = f"{name}: decode and classify, cells/s, times JSON's"
        report.ratios.append(Ratio(what, rates[name]["classify"] / rates["JSON"]["classify"], 1, 3))
    what = "CSV: whole chain, cells/s, times JSON's"
    report.ratios.append(Ratio(what, rates["CSV"]["chain"] / rates["JSON"]["chain"], 1, 3))
    columns = ["cells/s, one core", "bytes", "cells", *_WHATS, "chain × floor"]
    report.tables.append(Table(f"{ROWS:,} typical orders as flat rows", columns, shown))


_WHATS: Final = ("floor", "decode", "classify", "chain")


def _decoded(media: str, body: bytes) -> Batch:
    return decoder_for(media)(body).batch


def _classified(on: Bench, media: str, body: bytes) -> None:
    on.patterns.classifier.classify(_decoded(media, body))


def _languages(on: Bench, report: Report) -> None:
    """Patterns only and with the text engines, by variant and language."""
    shown: list[list[Cell]] = []
    for variant in orders.VARIANTS:
        for language in orders.LANGUAGES:
            body = orders.as_array(orders.orders(variant, FEW, language))
            works = {str(text): partial(on.chain, body, text=text) for text in (False, True)}
            seconds = best(works, ROUNDS)
            plain, read = seconds["False"], seconds["True"]
            shown.append(
                [f"{variant}, {language}", round(FEW / plain), round(FEW / read), read / plain]
            )
    columns = ["orders/s, whole chain", "patterns only", "with text engines", "×"]
    title = "Languages; the second turn counts, engines know its texts"
    report.tables.append(Table(title, columns, shown))


def _json_trip(body: bytes) -> bytes:
    return orjson.dumps(orjson.loads(body))


def _lines_trip(body: bytes) -> bytes:
    return b"".join(orjson.dumps(orjson.loads(line)) + b"\n" for line in body.splitlines())


def _csv_trip(body: bytes) -> str:
    sink = io.StringIO()
    csv.writer(sink).writerows(csv.reader(io.StringIO(body.decode())))
    return sink.getvalue()


def _parquet_trip(body: bytes) -> bytes:
    sink = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.parquet.read_table(pa.BufferReader(body)), sink)
    return sink.getvalue()
