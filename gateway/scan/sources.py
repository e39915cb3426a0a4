"""From what a person names to tables: files, folders, workbooks, SQLite and PostgreSQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from gateway.codecs.file_media import BY_SUFFIX, of_file
from gateway.codecs.model import BodyTooLarge, MalformedBody, UnsupportedCharset, UnsupportedMedia
from gateway.codecs.registry import decoder_for
from gateway.scan import excerpts, sqlite
from gateway.scan.samples import NotInspected, Sample, Table, sampled

_DATABASES: Final = frozenset({".db", ".sqlite", ".sqlite3"})
_LINES: Final = "application/x-ndjson"
_PARQUET: Final = "application/vnd.apache.parquet"
MOST_BYTES: Final = 512 * 1024 * 1024  # of a file that is decoded whole


def tables(path: Path, limit: int) -> Iterator[Table | NotInspected]:
    """What is in the file or folder `path`, with at most `limit` records of each table.

    Everything that cannot be read comes back as `NotInspected`: nothing is passed over in silence.
    """
    if not path.is_dir():
        yield from _file(path, path.name, limit)
        return
    for each in sorted(path.rglob("*")):
        if each.is_file():
            yield from _file(each, str(each.relative_to(path)), limit)


def _file(path: Path, name: str, limit: int) -> Iterator[Table | NotInspected]:
    media = BY_SUFFIX.get(path.suffix.lower())
    try:
        if path.suffix.lower() in _DATABASES or _starts_with(path, sqlite.MAGIC):
            yield from sqlite.tables(path, limit)
        elif media is None:
            yield NotInspected(name, "no format that Silkgate reads has this ending")
        else:
            yield _document(path, name, media, limit)
    except OSError as error:
        yield NotInspected(name, error.strerror or type(error).__name__)
    except sqlite3.Error as error:
        yield NotInspected(name, f"SQLite: {error}")
    except (BodyTooLarge, MalformedBody, UnsupportedCharset, UnsupportedMedia) as error:
        yield NotInspected(name, str(error))


def _document(path: Path, name: str, media: str, limit: int) -> Table:
    """One file as one table. Raises what decoding raises, and `OSError`."""
    if media == _LINES:
        body, sample = excerpts.lines(path, limit)
        return Table(name, decoder_for(media, own=True)(body).batch, sample)
    if media == _PARQUET:
        body, of = excerpts.row_groups(path, limit)
        table = sampled(name, decoder_for(media, own=True)(body).batch, limit)
        return Table(name, table.batch, Sample(table.sample.records, of))
    if path.stat().st_size > MOST_BYTES:
        raise BodyTooLarge(f"a file of this kind may have {MOST_BYTES} bytes; split it")
    body = path.read_bytes()
    return sampled(name, decoder_for(of_file(media, body), own=True)(body).batch, limit)


def _starts_with(path: Path, magic: bytes) -> bool:
    with path.open("rb") as file:
        return file.read(len(magic)) == magic
