"""Where tables come from: folders, SQLite, PostgreSQL; nothing is passed over in silence."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from gateway.scan import postgres, sources, sqlite
from gateway.scan.relations import Attribute, batch_of
from gateway.scan.samples import NotInspected, Sample, Table

PHONE = "13800138000"


def found(path: Path, limit: int = 100) -> list[Table | NotInspected]:
    return list(sources.tables(path, limit))


def values(table: Table | NotInspected) -> dict[str, list[str]]:
    assert isinstance(table, Table)
    return {
        column.pointer: [column.values[ref] for ref in column.refs]
        for column in table.batch.columns
        if column.refs
    }


def test_a_folder_gives_every_file_that_can_be_read_and_names_the_others(tmp_path: Path) -> None:
    """In order, with their places below the folder."""
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "one.csv").write_bytes(f"电话\n{PHONE}\n".encode("gbk"))
    (tmp_path / "b.json").write_text("{broken")
    (tmp_path / "c.png").write_bytes(b"\x89PNG")
    table, broken, unknown = found(tmp_path)
    assert isinstance(table, Table)
    assert table.name == "a/one.csv"
    assert values(table) == {"/电话": [PHONE]}
    assert isinstance(broken, NotInspected)
    assert isinstance(unknown, NotInspected)
    assert unknown.name == "c.png"


def test_tables_of_sqlite_with_their_comments(tmp_path: Path) -> None:
    """A column's remark names it where its name says nothing; the file's ending does not matter."""
    path = tmp_path / "shop.data"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "CREATE TABLE t_user (\n"
            "  c1 TEXT, -- 手机号\n"
            "  `c2` INTEGER, /* number of orders */\n"
            "  photo BLOB)"
        )
        connection.executemany(
            "INSERT INTO t_user VALUES (?, ?, ?)",
            [(PHONE, 3, b"\xff\xd8"), (None, 4, b"text")],
        )
        connection.commit()
    (table,) = found(path)
    assert isinstance(table, Table)
    assert table.name == "shop.data:t_user"
    assert values(table) == {"/c1": [PHONE], "/c2": ["3", "4"], "/photo": ["text"]}
    assert table.unread == 1
    assert table.sample == Sample(2, 2)
    assert [c.name for c in table.batch.columns if c.pointer == "/c1"] == ["手机号"]


def test_sqlite_is_sampled_over_the_whole_table(tmp_path: Path) -> None:
    """And says so."""
    path = tmp_path / "x.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE n (n INTEGER)")
        connection.executemany("INSERT INTO n VALUES (?)", [(n,) for n in range(1000)])
        connection.commit()
    (table,) = found(path, 20)
    assert isinstance(table, Table)
    assert table.sample == Sample(20, 1000)
    assert max(int(n) for n in values(table)["/n"]) > 500


def test_a_damaged_database_is_named(tmp_path: Path) -> None:
    """Not passed over."""
    path = tmp_path / "x.sqlite"
    path.write_bytes(sqlite.MAGIC + b"\x00" * 200)
    (missed,) = found(path)
    assert isinstance(missed, NotInspected)


def test_a_name_that_tells_is_kept_though_a_comment_stands_by_it() -> None:
    """A misleading comment hides no field name."""
    assert Attribute("phone", "用户昵称").told == "phone"
    assert Attribute("c1", "用户昵称").told == "用户昵称"
    assert Attribute("c1", "free text, whatever").told == "c1"


def test_null_is_no_cell() -> None:
    """Nor is it the text None."""
    batch, unread = batch_of([Attribute("a"), Attribute("b")], [(None, 1), ("x", None)])
    assert [list(column.values) for column in batch.columns[1:]] == [["x"], ["1"]]
    assert unread == 0


def test_a_password_is_not_shown() -> None:
    """Of a database's URL only host and name are printed."""
    assert postgres.shown("postgresql://me:secret@db.example:5432/shop?sslkey=k") == (
        "postgresql://db.example:5432/shop"
    )


async def test_tables_of_postgres_with_their_comments(postgres_url: str) -> None:
    """Sampled, read only, in quotes."""
    import asyncpg

    connection = await asyncpg.connect(postgres_url)
    await connection.execute(
        """
        DROP SCHEMA IF EXISTS scan_test CASCADE; CREATE SCHEMA scan_test;
        CREATE TABLE scan_test."T ""quoted" (c1 text, n int, j jsonb, raw bytea);
        COMMENT ON COLUMN scan_test."T ""quoted".c1 IS '手机号';
        INSERT INTO scan_test."T ""quoted"
          SELECT '13800138000', n, '{"a": 1}', '\\xff' FROM generate_series(1, 1000) n;
        CREATE TABLE scan_test.empty ();
        """
    )
    try:
        tables = {table.name: table async for table in postgres.tables(postgres_url, 100)}
    finally:
        await connection.execute("DROP SCHEMA scan_test CASCADE")
        await connection.close()
    table = tables['scan_test.T "quoted']
    assert isinstance(table, Table)
    assert set(values(table)["/c1"]) == {PHONE}
    assert table.sample.of == 1000
    assert 50 < table.sample.records <= 100
    assert table.unread == table.sample.records
    assert "手机号" in {column.name for column in table.batch.columns}
    assert tables["scan_test.empty"].name == "scan_test.empty"
