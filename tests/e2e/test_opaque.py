"""Pictures and documents over HTTP: refused unless route and policy let the type through."""

from __future__ import annotations

import hashlib
import io
import json
import random
import zlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.e2e.rig import FULFILMENT, Rig, rig
from tests.e2e.test_review import USERS, ask

PNG = b"\x89PNG\r\n\x1a\n" + zlib.compress(random.Random(7).randbytes(3000))
DIGEST = hashlib.sha256(PNG).hexdigest()
FACT = {"by": "Wang", "why": "product photos", "until": "2099-01-31", "max_bytes": 5000}
FACTS: dict[str, Any] = {
    "photos": {"image/png": FACT | {"sha256": [], "review": False}},
    "looked": {"image/png": FACT | {"sha256": [], "review": True}},
    "named": {"image/png": FACT | {"sha256": ["0" * 64], "review": False}},
}


def changes(root: Path) -> dict[str, Any]:
    folder = root / "policies" / "silkgate" / "overlay" / "opaque"
    folder.mkdir(parents=True)
    (folder / "data.json").write_text(json.dumps(FACTS))
    carrying = FULFILMENT | {"opaque": ["image/png", "image/jpeg"]}
    routes = dict.fromkeys(["photos", "looked", "named"], carrying)
    return {
        "users": USERS,
        "policy": {"overlay": "policies"},
        "routes": routes,
        "limits": {"deadline_seconds": 60},
    }


@pytest.fixture
async def line(tmp_path: Path) -> AsyncIterator[Rig]:
    async with rig(tmp_path, **changes(tmp_path)) as running:
        yield running


async def send(line: Rig, route: str, body: bytes = PNG, media: str = "image/png", **more: str):
    return await line.send(body, to=f"/{route}/x", headers={"Content-Type": media, **more})


async def test_what_route_and_policy_allow_leaves_as_it_came(line: Rig) -> None:
    """And the entry says that it was not read, how long it was, and which it was."""
    answer = await send(line, "photos")
    assert answer.status == 200
    assert line.sink.received[-1][1].endswith(PNG)
    (entry,) = line.entries("export")
    assert entry["opaque"] == [{"media": "image/png", "bytes": len(PNG), "sha256": DIGEST}]
    (shape,) = [e for e in line.entries("shape") if e["shape"] == entry["groups"][0]["shape"]]
    assert shape["input"]["opaque"] == entry["opaque"]


@pytest.mark.parametrize(
    ("route", "media", "status"),
    [("sg", "image/png", 415), ("photos", "image/gif", 415), ("named", "image/png", 403)],
)
async def test_nothing_else_does(line: Rig, route: str, media: str, status: int) -> None:
    """The route does not list it, or nobody vouched for this file."""
    answer = await send(line, route, media=media)
    assert answer.status == status
    assert not line.sink.received
    if status == 403:
        assert [reason["code"] for reason in answer.problem["reasons"]] == ["opaque.unvouched"]


async def test_too_long_a_one_does_not(line: Rig) -> None:
    """The fact bounds the bytes."""
    assert (await send(line, "photos", PNG + bytes(5000))).status == 403


@pytest.mark.parametrize(
    "body",
    [
        b'{"phone": "13800138000", "id": "11010519491231002X"}',
        "姓名,电话\n王小明,13800138000\n".encode("gb18030"),
        '{"phone": "13800138000"}'.encode("utf-16"),
        zlib.compress(b'{"phone": "13800138000"}'),
        b"PK\x03\x04" + PNG,
    ],
)
async def test_a_listed_type_is_no_way_past_the_readers(line: Rig, body: bytes) -> None:
    """What is not a picture is refused, whatever it calls itself."""
    assert (await send(line, "photos", body)).status == 415
    assert not line.sink.received


@pytest.mark.parametrize("charset", ["utf-8", "utf-16-le"])
async def test_what_can_be_read_in_a_picture_is(line: Rig, charset: str) -> None:
    """An identity number appended to a picture, or in its metadata, stays: it cannot be treated."""
    hidden = "身份证号码 11010519491231002X ".encode(charset)
    answer = await send(line, "photos", PNG + b"\0\xff" + hidden + b"\0\xff")
    assert answer.status in (403, 422)
    assert b"11010519491231002X" not in answer.body
    assert not line.sink.received


async def test_a_person_may_have_to_look_at_each(line: Rig) -> None:
    """Held, approved, sent once."""
    held = await send(line, "looked")
    assert held.problem["type"].endswith("export-under-review")
    review = held.problem["decision_id"]
    said = await ask(line, "wang", f"/{review}/approve", {"why": "a photo of a box"})
    assert said.status == 200
    other = await send(line, "looked", PNG + b"\0", **{"Silkgate-Approval": review})
    assert other.status == 403
    assert (await send(line, "looked", **{"Silkgate-Approval": review})).status == 200
    assert len(line.sink.received) == 1


def form(*parts: tuple[str, bytes]) -> bytes:
    lines = [
        b'--b\r\nContent-Disposition: form-data; name="f%d"\r\nContent-Type: %s\r\n\r\n%s\r\n'
        % (number, media.encode(), content)
        for number, (media, content) in enumerate(parts)
    ]
    return b"".join(lines) + b"--b--\r\n"


FORM = "multipart/form-data; boundary=b"


async def test_a_part_of_a_form_is_asked_about_like_a_body(line: Rig) -> None:
    """Its other parts are read and treated."""
    order = b'{"username": "lidahai_77", "sku": "A-1"}'
    answer = await send(line, "photos", form(("image/png", PNG), ("application/json", order)), FORM)
    assert answer.status == 200
    assert PNG in line.sink.received[-1][1]
    assert b"lidahai_77" not in line.sink.received[-1][1]
    refused = await send(line, "named", form(("image/png", PNG)), FORM)
    assert refused.status == 403


def parquet() -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.table({"username": ["lidahai_77"], "sku": ["A-1"]}), file)
    return file.getvalue()


def workbook() -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    sheet.append(["username", "sku"])
    sheet.append(["lidahai_77", "A-1"])
    book.save(file)
    return file.getvalue()


async def test_tables_in_a_form_are_read_by_their_type(line: Rig) -> None:
    """In a process of their own, treated, written anew."""
    body = form(
        ("application/vnd.apache.parquet", parquet()),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", workbook()),
    )
    answer = await send(line, "sg", body, FORM)
    assert answer.status == 200
    received = line.sink.received[-1][1]
    first, second = received.split(b"--b\r\n")[1:]
    table = pq.read_table(io.BytesIO(first.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n")))
    assert table["sku"].to_pylist() == ["A-1"]
    assert table["username"].to_pylist() != ["lidahai_77"]
    packed = second.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n--b--\r\n")
    rows = list(openpyxl.load_workbook(io.BytesIO(packed)).active.values)
    assert rows[1][1] == "A-1"
    assert rows[1][0] != "lidahai_77"


async def test_a_damaged_table_in_a_form_is_refused(line: Rig) -> None:
    """As it is on its own."""
    body = form(("application/vnd.apache.parquet", parquet()[:-20] + bytes(20)))
    assert (await send(line, "sg", body, FORM)).status == 400
    many = form(*[("application/vnd.apache.parquet", parquet())] * 9)
    assert (await send(line, "sg", many, FORM)).status == 400
    assert not line.sink.received
