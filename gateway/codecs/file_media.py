"""Media types of files, told by how their names end and, for tables, by their bytes."""

from __future__ import annotations

from typing import Final

from gateway.codecs.registry import XLSX

BY_SUFFIX: Final = {
    ".json": "application/json",
    ".ndjson": "application/x-ndjson",
    ".jsonl": "application/x-ndjson",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".parquet": "application/vnd.apache.parquet",
    ".arrow": "application/vnd.apache.arrow.file",
    ".feather": "application/vnd.apache.arrow.file",
    ".arrows": "application/vnd.apache.arrow.stream",
    ".xlsx": XLSX,
    ".xml": "application/xml",
    ".txt": "text/plain",
    ".log": "text/plain",
    ".md": "text/plain",
}
_TABLES: Final = ("text/csv", "text/tab-separated-values")


def of_file(media: str, body: bytes) -> str:
    """`media` with the charset that a table is in: GB 18030 where it is not UTF-8.

    A file carries no charset, and Chinese spreadsheets write both. What GB 18030 cannot be either
    is refused when it is read.
    """
    if media not in _TABLES:
        return media
    try:
        body.decode()
    except UnicodeDecodeError:
        return f"{media}; charset=gb18030"
    return media
