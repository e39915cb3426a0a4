"""Tables of an SQLite file, read only."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from gateway.scan.relations import Attribute, batch_of
from gateway.scan.samples import NotInspected, Sample, Table, positions

MAGIC: Final = b"SQLite format 3\x00"
# A line of CREATE TABLE: a column's name, its definition, and a remark at the end.
_REMARK: Final = re.compile(
    r"""^\s*(?:CREATE\s+TABLE[^(]*\()?\s*["`\[]?(?P<name>\w+)["`\]]?\s[^\n]*?"""
    r"""(?:--[ \t]*(?P<line>[^\n]+)|/\*[ \t]*(?P<block>[^\n]*?)[ \t]*\*/[ \t,)]*)$""",
    re.MULTILINE | re.IGNORECASE,
)


def tables(path: Path, limit: int) -> Iterator[Table | NotInspected]:
    """Each table of the file with at most `limit` of its rows. Raises `sqlite3.Error`."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        connection.execute("BEGIN")  # one state of the file for counts and rows
        connection.text_factory = bytes  # a text may be no UTF-8
        listed = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'table' "
            "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
        )
        for name, sql in listed.fetchall():
            table = name.decode(errors="replace")
            try:
                yield _table(connection, path.name, table, sql.decode(errors="replace"), limit)
            except sqlite3.Error as error:
                yield NotInspected(f"{path.name}:{table}", f"SQLite: {error}")


def _table(connection: sqlite3.Connection, file: str, table: str, sql: str, limit: int) -> Table:
    quoted = '"' + table.replace('"', '""') + '"'
    count = connection.execute(f"SELECT count(*) FROM {quoted}").fetchone()[0]  # noqa: S608  quoted
    cursor = connection.execute(f"SELECT * FROM {quoted}")  # noqa: S608  quoted
    remarks = comments(sql)
    names = [each[0] for each in cursor.description]
    attributes = [Attribute(name, remarks.get(name.lower(), "")) for name in names]
    wanted = iter([*positions(count, limit), -1])
    following = next(wanted)
    rows = []
    for number, row in enumerate(cursor):
        if number == following:
            rows.append(row)
            following = next(wanted)
    batch, unread = batch_of(attributes, rows)
    return Table(f"{file}:{table}", batch, Sample(len(rows), count), unread)


def comments(sql: str) -> dict[str, str]:
    """What remarks in a CREATE TABLE say of its columns, by name in lower case."""
    return {
        found["name"].lower(): (found["line"] or found["block"]).strip()
        for found in _REMARK.finditer(sql)
    }
