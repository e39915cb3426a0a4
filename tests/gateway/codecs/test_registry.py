"""Media types."""

from __future__ import annotations

import subprocess
import sys

import pytest

from gateway.codecs import json, ndjson, text, xml
from gateway.codecs.model import MalformedBody, UnsupportedCharset, UnsupportedMedia
from gateway.codecs.registry import decoder_for


@pytest.mark.parametrize(
    ("content_type", "want"),
    [
        ("application/json", json.decode),
        ("Application/JSON ; Charset=UTF-8", json.decode),
        ('application/problem+json; charset="utf-8"', json.decode),
        ("application/x-ndjson", ndjson.decode),
        ("text/plain;charset=utf8", text.decode),
        ("application/vnd.oasis.ubl+xml", xml.decode),
        ("text/xml; charset=utf-8", xml.decode),
    ],
)
def test_known_media_types(content_type: str, want: object) -> None:
    """Type and suffix choose the codec, case aside."""
    assert decoder_for(content_type) is want


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "json",
        "application/",
        "application/json/x",
        "application/json, text/plain",
        "application/octet-stream",
        "image/svg+json",
        "application/json; profile=x",
        "application/json; charset",
        "application/json;",
        "application/json; charset=utf-8; charset=gbk",
        "text/csv; header=maybe",
        "text/csv; x=1",
    ],
)
def test_unknown_media_types_are_refused(content_type: str) -> None:
    """Missing, malformed, unlisted, or with a parameter that may change the meaning."""
    with pytest.raises(UnsupportedMedia):
        decoder_for(content_type)


@pytest.mark.parametrize("charset", ["gbk", "utf-16", "utf-7", "iso-8859-1"])
def test_other_charsets_are_refused(charset: str) -> None:
    """A body under another charset would be read as something else downstream."""
    with pytest.raises(UnsupportedCharset):
        decoder_for(f"application/json; charset={charset}")


def test_tables_may_be_in_a_chinese_charset() -> None:
    """GBK and GB 2312 are read as GB 18030; the header may be absent."""
    body = "姓名,电话\r\n张三,13800138000\r\n".encode("gbk")
    batch = decoder_for("text/csv; charset=GBK")(body).batch
    assert [column.name for column in batch.columns[1:]] == ["姓名", "电话"]
    batch = decoder_for("text/csv; charset=gb2312; header=absent")(body).batch
    assert list(batch.columns[0].values) == ["姓名", "张三"]
    with pytest.raises(UnsupportedCharset):
        decoder_for("text/csv; charset=big5")


def test_forms_are_bodies() -> None:
    """Their pointers carry no query's prefix."""
    batch = decoder_for("application/x-www-form-urlencoded")(b"phone=13800138000").batch
    assert [column.pointer for column in batch.columns] == ["key:", "/phone"]


def test_arrow_is_loaded_on_use() -> None:
    """Choosing the codec for JSON does not load pyarrow; choosing Parquet reads Parquet."""
    code = (
        "import sys; from gateway.codecs.registry import decoder_for; "
        "decoder_for('application/json')(b'{}'); assert 'pyarrow' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    for media in ("parquet", "arrow.file", "arrow.stream"):
        with pytest.raises(MalformedBody):
            decoder_for(f"application/vnd.apache.{media}")(b"x")
