"""Files on the command line, decoded by their name or by `--format`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from gateway.cli.terminal import fail
from gateway.codecs.file_media import BY_SUFFIX, of_file
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
    "form": "application/x-www-form-urlencoded",
    "parquet": "application/vnd.apache.parquet",
    "arrow": "application/vnd.apache.arrow.file",
    "arrow-stream": "application/vnd.apache.arrow.stream",
    "xlsx": XLSX,
    "xml": "application/xml",
    "text": "text/plain",
}


def read(source: str, format_: str = "auto") -> Document:
    """Decode the file `source` (`-`: standard input). Ends the command where it cannot."""
    try:
        body = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
    except OSError as error:
        fail(f"{source} cannot be read: {error.strerror}")
    media = FORMATS.get(format_, "")
    if format_ == "auto":
        by_name = "application/json" if source == "-" else ""
        media = BY_SUFFIX.get(Path(source).suffix.lower(), by_name)
    if not media:
        fail(f"{source}: say its format with --format: {', '.join(FORMATS)}")
    try:
        return decoder_for(of_file(media, body), own=True)(body)
    except (BodyTooLarge, MalformedBody, UnsupportedCharset, UnsupportedMedia) as error:
        fail(f"{source}: {error}")
