"""Files on the command line, decoded by their name or by `--format`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from gateway.cli.terminal import fail
from gateway.codecs.model import (
    BodyTooLarge,
    Document,
    MalformedBody,
    UnsupportedCharset,
    UnsupportedMedia,
)
from gateway.codecs.registry import XLSX, decoder_for

FORMATS: Final = {
    "json": "application/json",
    "ndjson": "application/x-ndjson",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "parquet": "application/vnd.apache.parquet",
    "arrow": "application/vnd.apache.arrow.file",
    "xlsx": XLSX,
    "xml": "application/xml",
    "text": "text/plain",
}
_BY_SUFFIX: Final = {
    ".json": "json",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".csv": "csv",
    ".tsv": "tsv",
    ".parquet": "parquet",
    ".arrow": "arrow",
    ".feather": "arrow",
    ".xlsx": "xlsx",
    ".xml": "xml",
    ".txt": "text",
    ".log": "text",
    ".md": "text",
}


def read(source: str, format_: str = "auto") -> Document:
    """Decode the file `source` (`-`: standard input). Ends the command where it cannot."""
    try:
        body = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
    except OSError as error:
        fail(f"{source} cannot be read: {error.strerror}")
    if format_ == "auto":
        format_ = _BY_SUFFIX.get(Path(source).suffix.lower(), "json" if source == "-" else "")
    if format_ not in FORMATS:
        fail(f"{source}: say its format with --format: {', '.join(FORMATS)}")
    try:
        return decoder_for(FORMATS[format_])(body)
    except (BodyTooLarge, MalformedBody, UnsupportedCharset, UnsupportedMedia) as error:
        fail(f"{source}: {error}")
