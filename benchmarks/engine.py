"""One core: the whole chain on orders beside an orjson round trip and the same cells elsewhere.

Every figure is processor time, the least of a few turns. The chain is the pipeline that the proxy
runs, on a node with a real log; only sending is left out.
"""

from __future__ import annotations

from functools import partial
from typing import Final

import orjson

from benchmarks import orders, peers
from benchmarks.clock import Stages, best
from benchmarks.figures import Cell, Ratio, Report, Table
from benchmarks.node import JSON, NDJSON, Bench, bench
from benchmarks.orders import COUNTS, VARIANTS, Variant
from classifiers.classify import Classifier
from gateway.export import parts, stages, work
from gateway.export.parts import Parts

ROUNDS: Final = 5  # of which the first warms up
PEER_ROUNDS: Final = 2
FEW: Final = 1_000  # records for what is only compared within itself
SAMPLE: Final = 30  # records that the slowest peer is given
PEERS: Final = {
    "presidio": "Presidio analyzer + anonymizer, same recognizers, no NLP model",
    "datafog": "datafog's regular expressions, detection only",
    "turbocloak": "turbocloak's detection only (Rust)",
}
GOALS: Final = {"presidio": (100, 300), "datafog": (1, None), "turbocloak": (None, 1)}


def run(report: Report) -> None:
    """The engine suite."""
    with bench() as on:
        chains = _orders(on, report)
        _peers(report, chains["typical"])
        _stages(on, report)
        _text(on, report)


def _orders(on: Bench, report: Report) -> dict[Variant, float]:
    """Floor, parts of the chain and the whole of it; returns the chain's JSON records/s."""
    rows: list[list[Cell]] = []
    chains: dict[Variant, float] = {}
    for variant in VARIANTS:
        records, count = orders.orders(variant), COUNTS[variant]
        bodies = [(JSON, orders.as_array(records))]
        if variant == "typical":
            bodies.append((NDJSON, orders.as_lines(records)))
        for media, body in bodies:
            floor = _round_trip if media == JSON else _round_trip_lines
            seconds = best(
                {
                    "orjson": partial(floor, body),
                    "decode": partial(on.decode, body, media),
                    "classify": partial(on.classify, body, media),
                    "chain": partial(on.chain, body, media),
                },
                ROUNDS,
            )
            times = seconds["chain"] / seconds["orjson"]
            rates = [round(count / taken) for taken in seconds.values()]
            name = "JSON" if media == JSON else "NDJSON"
            rows.append([f"{variant}, {name}", len(body) // count, *rates, times])
            if media == JSON:
                chains[variant] = count / seconds["chain"]
                what = f"whole chain, {variant} orders: times an orjson round trip"
                report.ratios.append(Ratio(what, times, 15, 6, at_most=True))
    columns = [
        "records/s, one core",
        "bytes",
        "orjson",
        "decode",
        "+ classify",
        "chain",
        "× orjson",
    ]
    report.tables.append(
        Table("Orders in one body: 5,000 clean or typical, 1,000 dense", columns, rows)
    )
    return chains


def _round_trip(body: bytes) -> bytes:
    return orjson.dumps(orjson.loads(body))


def _round_trip_lines(body: bytes) -> bytes:
    return b"".join(orjson.dumps(orjson.loads(line)) + b"\n" for line in body.splitlines())


def _peers(report: Report, chain: float) -> None:
    """Peers on the cells of some typical orders, one call a cell, as they are used."""
    cells = orders.text_cells(orders.orders("typical", SAMPLE))
    known, missing = peers.available()
    report.notes += missing
    seconds = best({name: partial(peer, cells) for name, peer in known.items()}, PEER_ROUNDS)
    rows: list[list[Cell]] = []
    for name, taken in seconds.items():
        times = chain * taken / SAMPLE
        rows.append([PEERS[name], round(SAMPLE / taken), times])
        what = f"whole chain, typical orders: times as fast as {name}"
        report.ratios.append(Ratio(what, times, *GOALS[name]))
    title = f"Peers on the {len(cells):,} text cells of {SAMPLE} typical orders"
    report.tables.append(Table(title, ["peer", "records/s, one core", "chain, × as fast"], rows))


def _stages(on: Bench, report: Report) -> None:
    """Where the chain's time goes."""
    functions = {
        "decode (both times)": (parts, "decode"),
        "classify (both times)": (Classifier, "classify"),
        "signatures": (work, "signatures"),
        "persons": (work, "subjects"),
        "head count": (stages, "headcount"),
        "desensitize": (work, "desensitize"),
        "encode": (Parts, "encode"),
        "residual check": (work, "residual_check"),
    }
    shares: dict[Variant, dict[str, float]] = {}
    for variant in VARIANTS:
        watch = Stages()
        body = orders.as_array(orders.orders(variant, FEW))
        with watch.watching(functions):
            whole = best({"chain": partial(on.chain, body)}, 1)["chain"]
        watch.seconds["everything else"] = whole - sum(watch.seconds.values())
        shares[variant] = {stage: taken / FEW for stage, taken in watch.seconds.items()}
    rows: list[list[Cell]] = [
        [stage, *(shares[variant].get(stage, 0.0) * 1e6 for variant in VARIANTS)]
        for stage in [*functions, "everything else"]
    ]
    title = "Where the chain's time goes, µs a record"
    report.tables.append(Table(title, ["stage", *VARIANTS], rows))


def _text(on: Bench, report: Report) -> None:
    """The chain with the text engines, on fewer records, beside patterns only."""
    body = orders.as_array(orders.orders("typical", FEW // 2))
    turns = {text: partial(on.chain, body, text=text) for text in (False, True)}
    seconds = best({str(text): turn for text, turn in turns.items()}, ROUNDS)
    what = "whole chain, typical orders: text engines on, times patterns only"
    report.ratios.append(Ratio(what, seconds["True"] / seconds["False"], None, 2, at_most=True))
