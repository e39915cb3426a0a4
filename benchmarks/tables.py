"""Orders as rows: nested objects become columns; CSV and Parquet of them."""

from __future__ import annotations

import io
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet


def flat(block: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One level of keys; of an order's items the first."""
    return [
        {key: value for key, value in order.items() if not isinstance(value, (dict, list))}
        | {f"item_{key}": value for key, value in order["items"][0].items()}
        | {key: float(value) for key, value in order.items() if key.endswith("_amount")}
        | order["details"]
        for order in block
    ]


def table(block: list[dict[str, Any]]) -> pa.Table:
    """Orders as an Arrow table."""
    return pa.Table.from_pylist(flat(block))


def as_csv(block: list[dict[str, Any]]) -> bytes:
    """Orders as CSV with a header."""
    sink = io.BytesIO()
    pyarrow.csv.write_csv(table(block), sink)
    return sink.getvalue()


def as_parquet(block: list[dict[str, Any]]) -> bytes:
    """Orders as Parquet, as pyarrow writes it."""
    sink = io.BytesIO()
    pyarrow.parquet.write_table(table(block), sink)
    return sink.getvalue()
