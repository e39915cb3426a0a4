"""Tables of a PostgreSQL database, read only. Needs the extra `postgres`."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

from gateway.scan.relations import Attribute, batch_of
from gateway.scan.samples import NotInspected, Sample, Table, positions

SCHEMES: Final = ("postgresql://", "postgres://")
_MANY: Final = 1_000_000  # rows; above, counting takes longer than a scan needs to
_MARGIN: Final = 1.2  # TABLESAMPLE draws about as many rows as asked for, not exactly

_TABLES: Final = """
    SELECT c.oid, n.nspname, c.relname, greatest(c.reltuples, 0)::bigint AS about
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'm') AND NOT c.relispartition
      AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'
    ORDER BY n.nspname, c.relname
"""
_COLUMNS: Final = """
    SELECT attname, coalesce(col_description(attrelid, attnum), '') AS comment,
           atttypid = 'bytea'::regtype AS binary
    FROM pg_attribute WHERE attrelid = $1 AND attnum > 0 AND NOT attisdropped ORDER BY attnum
"""


def shown(url: str) -> str:
    """The URL without its password."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path, "", ""))


async def tables(url: str, limit: int) -> AsyncGenerator[Table | NotInspected, None]:
    """Each table with at most `limit` of its rows, in one read-only transaction.

    Raises `OSError` or `asyncpg.PostgresError` where the database cannot be read at all.
    """
    import asyncpg  # noqa: PLC0415  an extra

    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            for listed in await connection.fetch(_TABLES):
                name = f"{listed['nspname']}.{listed['relname']}"
                try:
                    async with connection.transaction():
                        yield await _table(connection, name, listed, limit)
                except asyncpg.PostgresError as error:
                    # The class of error (SQLSTATE) alone: messages may quote values.
                    yield NotInspected(name, f"PostgreSQL error {error.sqlstate}")
    finally:
        await connection.close()


async def _table(connection: Any, name: str, listed: Any, limit: int) -> Table:
    described = await connection.fetch(_COLUMNS, listed["oid"])
    attributes = [Attribute(each["attname"], each["comment"]) for each in described]
    wanted = ", ".join(
        _quoted(each["attname"]) + ("" if each["binary"] else "::text") for each in described
    )
    table = f"{_quoted(listed['nspname'])}.{_quoted(listed['relname'])}"
    exact = listed["about"] < _MANY
    count = listed["about"]
    if exact:
        count = await connection.fetchval(f"SELECT count(*) FROM {table}")  # noqa: S608  quoted
    query = f"SELECT {wanted} FROM {table}"  # noqa: S608  quoted
    if count > limit:
        share = min(100 * limit * _MARGIN / count, 100)
        query += f" TABLESAMPLE BERNOULLI ({share:.6f}) REPEATABLE (0)"
    rows = await connection.fetch(query) if described else []
    rows = [rows[at] for at in positions(len(rows), limit)]
    batch, unread = batch_of(attributes, rows)
    return Table(name, batch, Sample(len(rows), count, exact), unread)


def _quoted(name: str) -> str:
    return '"' + re.sub('"', '""', name) + '"'
