"""Every format over HTTP and from file to file: read, treated in place, refused where it is bad."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import pytest_asyncio
from typer.testing import CliRunner

from gateway.cli.app import app
from gateway.codecs.file_media import BY_SUFFIX
from gateway.codecs.registry import XLSX
from tests.e2e.process import configure
from tests.e2e.rig import FULFILMENT, Rig, rig
from tests.e2e.wire import scripted

shared = pytest.mark.asyncio(loop_scope="module")
SAMPLES = Path(__file__).parent / "samples"
PHONE, MAIL = "13800138000", "zhang.san@example.com"
FORM_DATA = "multipart/form-data; boundary=xYz"
TABLE = {"phone": [PHONE, "-"], "mail": ["-", MAIL], "n": [1, 2]}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Rig]:
    async with rig(tmp_path_factory.mktemp("rig"), limits={"deadline_seconds": 60}) as running:
        yield running


@pytest.fixture
def line(running: Rig) -> Rig:
    running.sink.received.clear()
    running.sink.heads.clear()
    return running


def arrow(kind: str, table: Any = None) -> bytes:
    data = pa.table(TABLE) if table is None else table
    sink = pa.BufferOutputStream()
    if kind == "parquet":
        pq.write_table(data, sink)
    else:
        new = pa.ipc.new_file if kind == "file" else pa.ipc.new_stream
        with new(sink, data.schema) as out:
            out.write_table(data)
    return bytes(sink.getvalue())


def xlsx() -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in [["phone", "mail", "n"], [int(PHONE), "-", 1], ["-", MAIL, 2]]:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def opened(kind: str, body: bytes) -> dict[str, list[Any]]:
    """A binary table as columns."""
    if kind == "xlsx":
        head, *rows = openpyxl.load_workbook(io.BytesIO(body)).active.iter_rows(values_only=True)
        return {str(name): [row[i] for row in rows] for i, name in enumerate(head)}
    if kind == "parquet":
        return pq.read_table(pa.BufferReader(body)).to_pydict()
    return (pa.ipc.open_file if kind == "file" else pa.ipc.open_stream)(body).read_all().to_pydict()


def part(name: str, content: str, media: str = "", file: str = "") -> str:
    typed = f"\r\nContent-Type: {media}" if media else ""
    filed = f'; filename="{file}"' if file else ""
    return (
        f'--xYz\r\nContent-Disposition: form-data; name="{name}"{filed}{typed}\r\n\r\n{content}\r\n'
    )


CHAT = {
    "model": "some-model", "temperature": 0.70, "stream": True, "user": MAIL,
    "metadata": {"ticket": f"call {PHONE}"},
    "messages": [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "name": "shop", "content": [
            {"type": "text", "text": f"Write to {MAIL}, please."},
            {"type": "file", "file": {"file_data": "data:text/plain;base64,MTM4MDAxMzgwMDA="}}]},
        {"role": "assistant", "content": None, "tool_calls": [{"id": "c1", "type": "function",
            "function": {"name": "order", "arguments": json.dumps({"phone": PHONE, "n": 1})}}]},
        {"role": "tool", "tool_call_id": "c1", "content": f'{{"mail": "{MAIL}"}}'},
    ],
}  # fmt: skip
GRAPHQL = {
    "operationName": "Add",
    "query": f'mutation Add($m: String) {{ add(phone: "{PHONE}", mail: $m) {{ id }} }} # {MAIL}',
    "variables": {"m": MAIL, "note": f"致电{PHONE}"},
}
RPC = [
    {"jsonrpc": "2.0", "method": "add", "params": [PHONE, 1], "id": 1},
    {"jsonrpc": "2.0", "method": "note", "params": {"text": f"mail {MAIL}"}, "id": 2},
]
TEXTS: dict[str, tuple[str, bytes]] = {
    "+json": ("application/vnd.api+json", json.dumps({"data": [PHONE, MAIL]}).encode()),
    "JSON Lines": ("application/jsonl", f'{{"a": "{PHONE}"}}\n\n{{"b": "{MAIL}"}}\n'.encode()),
    "GraphQL": ("application/json", json.dumps(GRAPHQL, ensure_ascii=False).encode()),
    "JSON-RPC": ("application/json", json.dumps(RPC).encode()),
    "chat": ("application/json", json.dumps(CHAT).encode()),
    "CSV": ("text/csv", f'phone,"mail"\r\n{PHONE},"{MAIL}"\r\n1,"=""x"""\r\n'.encode()),
    "CSV in GB 18030": ("text/csv; charset=gb18030",
                        f"手机号码;代码\n{PHONE};码{MAIL}\n".encode("gb18030")),
    "TSV": ("text/tab-separated-values", f"a\tb\n{PHONE}\t{MAIL}\n".encode()),
    "form": ("application/x-www-form-urlencoded",
             f"tel={PHONE}&m=zhang.san%40example.com&x=%E4%B8%AD+1".encode()),
    "multipart": (FORM_DATA, (
        part("tel", PHONE) + part("order", json.dumps({"mail": MAIL}), "application/json")
        + part("rows", f"a,b\n{PHONE},{MAIL}\n", "text/csv", f"{PHONE}.csv") + "--xYz--\r\n"
    ).encode()),
    "pacs.008": ("application/xml", (SAMPLES / "pacs008.xml").read_bytes()),
    "UBL": ("text/xml; charset=utf-8", (SAMPLES / "ubl-invoice.xml").read_bytes()),
    "plain text": ("text/plain", f"致电 {PHONE}\r\n写信 {MAIL}\r\n".encode()),
}  # fmt: skip
SECRETS = [PHONE, MAIL, "zhang.san%40example.com", "MTM4MDAxMzgwMDA=", "13900139000",
           "13700137000", "13600136000", "11010519491231002X"]  # fmt: skip
# What goes with them, or by its field's name.
SPELT = [
    "<![CDATA[see 13600136000]]>",
    "+86-13800138000",
    "王小明",
    "GB82WEST12345698765432",
    "致电 13900139000",
]


@shared
@pytest.mark.parametrize("name", TEXTS)
async def test_texts_are_treated_in_place(line: Rig, name: str) -> None:
    """No value arrives; all else does, byte for byte."""
    media, body = TEXTS[name]
    answer = await line.send(body, to="/insights/x", headers={"Content-Type": media})
    assert answer.status == 200, answer.body
    received = line.sink.received[0][1]
    charset = "gb18030" if "gb18030" in media else "utf-8"
    text = received.decode(charset)
    for secret in SECRETS:
        assert secret not in text
    assert line.sink.heads[0]["Content-Type"] == media
    rest = body.decode(charset)
    for secret in [*SPELT, *SECRETS]:
        rest = rest.replace(secret, "\0")
    at = 0
    for piece in filter(None, rest.split("\0")):
        assert piece in text[at:], piece
        at = text.index(piece, at)
    if "json" in media and "jsonl" not in media:
        json.loads(received)
    if name == "chat":
        arguments = json.loads(received)["messages"][2]["tool_calls"][0]["function"]["arguments"]
        assert json.loads(arguments)["n"] == 1


@shared
@pytest.mark.parametrize("name", TEXTS)
async def test_clean_texts_leave_byte_for_byte(line: Rig, name: str) -> None:
    """Nothing is spelt anew."""
    media, body = TEXTS[name]
    charset = "gb18030" if "gb18030" in media else "utf-8"
    text = body.decode(charset)
    for secret in [*SPELT, *SECRETS]:
        text = text.replace(secret, "-")
    body = text.encode(charset)
    answer = await line.send(body, to="/sg/x", headers={"Content-Type": media})
    assert answer.status == 200, answer.body
    assert line.sink.received[0][1] == body


BINARY = {
    "parquet": ("application/vnd.apache.parquet", arrow("parquet")),
    "file": ("application/vnd.apache.arrow.file", arrow("file")),
    "stream": ("application/vnd.apache.arrow.stream", arrow("stream")),
    "xlsx": (XLSX, xlsx()),
}


@shared
@pytest.mark.parametrize("kind", BINARY)
async def test_binary_tables_are_treated(line: Rig, kind: str) -> None:
    """Cells are treated, the rest is equal; what no reader shows does not arrive."""
    media, body = BINARY[kind]
    answer = await line.send(body, to="/insights/x", headers={"Content-Type": media})
    assert answer.status == 200, answer.body
    received = line.sink.received[0][1]
    table = opened(kind, received)
    assert list(table) == list(TABLE)
    assert table["n"] == [1, 2]
    assert (table["phone"][1], table["mail"][0]) == ("-", "-")
    assert not {PHONE, int(PHONE), MAIL, None} & {table["phone"][0], table["mail"][1]}
    assert PHONE.encode() not in received
    assert line.entries("export")[-1]["media"] == media


@shared
async def test_nested_tables_dictionaries_and_metadata(line: Rig) -> None:
    """Lists, structs, dictionary columns and the schema's metadata are data too."""
    table = pa.table(
        {
            "buyer": pa.array([{"tel": PHONE, "tags": [MAIL, "a"]}, None]),
            "kind": pa.array(["x", MAIL]).dictionary_encode(),
        }
    ).replace_schema_metadata({"contact": f"call {PHONE}"})
    headers = {"Content-Type": "application/vnd.apache.parquet"}
    answer = await line.send(arrow("parquet", table), to="/insights/x", headers=headers)
    assert answer.status == 200, answer.body
    received = pq.read_table(pa.BufferReader(line.sink.received[0][1]))
    shown = f"{received.to_pydict()}{received.schema.metadata}"
    assert PHONE not in shown
    assert MAIL not in shown
    assert received["buyer"].to_pylist()[1] is None
    assert received["buyer"].to_pylist()[0]["tags"][1] == "a"


@shared
async def test_tables_that_unfold_too_far_are_too_large(line: Rig) -> None:
    """413, not a failure of ours."""
    body = arrow("parquet", pa.table({"a": pa.nulls(2_000_001, pa.string())}))
    headers = {"Content-Type": "application/vnd.apache.parquet"}
    assert (await line.send(body, headers=headers)).status == 413


BAD: dict[str, list[bytes]] = {
    "application/x-ndjson": [b"{}\n{", b'{"a": 1, "a": 2}\n', b"{} {}\n", b"\xff\n"],
    "application/vnd.api+json": [b"", b"{", b'{"a": 1,}', b"\xef\xbb\xbf{}"][1:],
    "text/csv": [b"a,b\n1\n", b"a,a\n1,2\n", b'a,b\n"1,2\n', b"\xff\xfe", b'a,b\n1"2,3\n'],
    "text/csv; charset=gb18030": [b"a,b\n\x81,1\n", b"a,b\n1,\x80\xff\n"],
    "text/tab-separated-values": [b"a\tb\n1\n"],
    "application/x-www-form-urlencoded": [b"a=%f", b"a=%ff", b"a=\xff"],
    FORM_DATA: [b"", b"x", b"--xYz--", b"--xYz\r\n\r\nx\r\n--xYz--\r\n"][1:2],
    "application/xml": [b"<a>", b"<a/><b/>", b"<!DOCTYPE a><a/>", b"<a>&e;</a>", b"<a b=1/>",
                        b"<a>\xff</a>", b"<p:a/>x"],
    "text/plain": [b"\xff", b"\xed\xa0\x80"],
    "application/vnd.apache.parquet": [b"PAR1", b"PAR1" * 5, BINARY["parquet"][1][:-9]],
    "application/vnd.apache.arrow.file": [b"ARROW1", BINARY["file"][1][:40]],
    "application/vnd.apache.arrow.stream": [b"\xff\xff\xff\xff\xff\xff\xff\x7f"],
    XLSX: [b"PK", BINARY["xlsx"][1][:-30]],
}  # fmt: skip


@shared
@pytest.mark.parametrize("media", BAD)
async def test_bad_bodies_are_refused(line: Rig, media: str) -> None:
    """400 that says where, nothing sent, logged."""
    for body in BAD[media]:
        before = len(line.entries("refusal"))
        answer = await line.send(body, headers={"Content-Type": media})
        assert answer.status == 400, (body, answer.body)
        assert answer.problem["type"] == "urn:silkgate:problem:malformed"
        assert len(line.entries("refusal")) == before + 1
    assert line.sink.received == []


FILES = {
    ".json": TEXTS["JSON-RPC"][1], ".jsonl": TEXTS["JSON Lines"][1], ".csv": TEXTS["CSV"][1],
    ".tsv": TEXTS["TSV"][1], ".xml": TEXTS["UBL"][1], ".txt": TEXTS["plain text"][1],
    ".parquet": BINARY["parquet"][1], ".arrow": BINARY["file"][1],
    ".arrows": BINARY["stream"][1], ".xlsx": BINARY["xlsx"][1],
}  # fmt: skip


def test_files_of_each_format_are_exported(tmp_path: Path) -> None:
    """A folder of them goes through the same pipeline; GB 18030 is told from UTF-8."""
    config = configure(tmp_path, 1)
    source, out = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    for suffix, body in FILES.items():
        (source / f"a{suffix}").write_bytes(body)
    (source / "gb.csv").write_bytes(TEXTS["CSV in GB 18030"][1])
    command = ["export", str(source), "-o", str(out), "-c", str(config), "--route", "insights"]
    result = CliRunner().invoke(app, [*command, "--summary", "json"])
    assert result.exit_code == 0, result.output
    assert len(json.loads(result.stdout)) == len(FILES) + 1
    for path in out.iterdir():
        body = path.read_bytes()
        assert PHONE.encode() not in body, path
        assert MAIL.encode() not in body, path
    assert "手机号码;代码".encode("gb18030") in (out / "gb.csv").read_bytes()
    assert opened("xlsx", (out / "a.xlsx").read_bytes())["n"] == [1, 2]


@pytest.mark.parametrize("suffix", FILES)
def test_files_of_each_format_are_classified(tmp_path: Path, suffix: str) -> None:
    """`classify` and `scan` read what `export` takes."""
    path = tmp_path / f"a{suffix}"
    path.write_bytes(FILES[suffix])
    assert suffix in BY_SUFFIX
    result = CliRunner().invoke(app, ["classify", str(path), "-o", "json"])
    assert result.exit_code == 0, result.output
    assert "pi_contact_phone" in result.stdout


async def test_an_event_stream_comes_back_as_it_is(tmp_path: Path) -> None:
    """Replies in pieces pass through, their type and framing kept."""
    events = [
        b"data: %b\n\n" % text for text in (b'{"delta": "Hel"}', b'{"delta": "lo"}', b"[DONE]")
    ]
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(each), each) for each in events)
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
    head += b"Transfer-Encoding: chunked\r\n\r\n"
    async with scripted(head + chunks + b"0\r\n\r\n") as recipient:
        route = FULFILMENT | {"upstream": f"http://127.0.0.1:{recipient.port}/"}
        async with rig(tmp_path, routes={"sg": route}) as line:
            answer = await line.send(json.dumps({"model": "m", "stream": True}).encode())
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/event-stream"
    assert answer.body == b"".join(events)


@shared
async def test_an_xml_name_that_would_have_to_change_is_refused(line: Rig) -> None:
    """The caller is told that it is the body, not the gateway; never which name."""
    body = f"<order><phone.{PHONE}/></order>".encode()
    answer = await line.send(body, to="/insights/x", headers={"Content-Type": "application/xml"})
    assert answer.status == 422
    assert answer.problem["type"].endswith("unprocessable")
    assert PHONE.encode() not in answer.body
    assert not line.sink.received
