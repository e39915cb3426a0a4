"""Record streams: what leaves and what stays, group by group, and how the accounts close."""

import asyncio
import json
import os
from collections.abc import Iterable
from pathlib import Path

import pytest

from audit_log import reader
from audit_log.records import RecordAccounts, account
from gateway.keys.keyring import Keyring
from gateway.ledger.book import standing
from gateway.node import ledger_place
from gateway.streams.groups import GROUP_RECORDS
from gateway.streams.quarantine import Quarantine
from tests.e2e.rig import KEY, Rig, rig, until, verified

NDJSON = {"Content-Type": "application/x-ndjson"}
ORDER = {"receiver_name": "王小明", "receiver_phone": "13800138000", "member_username": "xm_88"}
SENSITIVE = {"receiver_name": "王小明", "diagnosis": "HIV positive"}  # denied on these routes


def ndjson(records: Iterable[object]) -> bytes:
    return b"".join(json.dumps(r, ensure_ascii=False).encode() + b"\n" for r in records)


def person(number: int) -> dict[str, str]:
    return {"receiver_name": "王小明", "receiver_phone": f"138{number:08d}"}


def accounts(line_or_dir: Rig | Path) -> RecordAccounts:
    place = line_or_dir if isinstance(line_or_dir, Path) else line_or_dir.directory
    return account(data for _, data in reader.entries(place))


@pytest.fixture
async def line(tmp_path: Path):
    async with rig(tmp_path) as running:
        yield running


async def settled(line: Rig, streams: int = 1) -> None:
    await until(lambda: len(line.entries("stream")) >= streams and not accounts(line).open)


async def test_a_stream_leaves_in_groups_each_with_its_entry(line: Rig) -> None:
    """Treated, in order, one opening entry a group; all closed, the records add up."""
    count = 2 * GROUP_RECORDS + 1
    answer = await line.send(ndjson([ORDER] * count), headers=NDJSON)
    assert answer.status == 200
    received = [json.loads(text) for text in line.sink.received[0][1].splitlines()]
    assert received == [ORDER | {"member_username": None}] * count
    entries = line.entries("export")
    assert [entry["records"] for entry in entries] == [GROUP_RECORDS, GROUP_RECORDS, 1]
    assert [entry["first"] for entry in entries] == [0, GROUP_RECORDS, 2 * GROUP_RECORDS]
    assert {entry["decision_id"] for entry in entries} == {answer.headers["Silkgate-Decision-Id"]}
    assert entries[0]["seq"] == int(answer.headers["Silkgate-Entry"])
    await settled(line)
    books = accounts(line)
    assert books.closes
    assert books.became == {"delivered": count}
    assert line.entries("stream")[0]["sent"] == [[0, count]]


async def test_untouched_lines_leave_byte_for_byte(line: Rig) -> None:
    """Line ends, blank lines and spaces stay as they came; a last line needs no line end."""
    body = b'{"sku": "A-1",  "n": 1.10}\r\n\n  \n{"sku":"B"}'
    assert (await line.send(body, headers=NDJSON)).status == 200
    assert line.sink.received[0][1] == body
    assert line.entries("export")[0]["records"] == 2


async def test_refuse_sends_nothing_if_the_last_record_is_denied(line: Rig) -> None:
    """One denied record at the end of a long stream: 403, no byte left, nobody counted."""
    records = [ORDER] * (GROUP_RECORDS + 1) + [SENSITIVE]
    answer = await line.send(ndjson(records), headers=NDJSON)
    assert answer.status == 403
    assert line.sink.received == []
    (entry,) = line.entries("export")
    assert (entry["released"], entry["records"]) == (False, len(records))
    books = accounts(line)
    assert (books.closes, books.became["denied"]) == (True, len(records))


async def test_quarantine_lets_the_rest_go(line: Rig) -> None:
    """Denied records stay, encrypted and named; the others leave, treated."""
    records = [ORDER, SENSITIVE, {"sku": "A-1"}, SENSITIVE, SENSITIVE]
    answer = await line.send(ndjson(records), to="/parted/x", headers=NDJSON)
    assert answer.status == 200
    assert answer.headers["Silkgate-Quarantined"] == "3"
    assert answer.headers["Silkgate-Quarantined-Records"] == "1,3-4"
    received = [json.loads(text) for text in line.sink.received[0][1].splitlines()]
    assert received == [ORDER | {"member_username": None}, {"sku": "A-1"}]
    (entry,) = line.entries("export")
    assert entry["quarantined"] == 3
    assert entry["quarantine"]["records"] == [[1, 2], [3, 5]]
    folder = line.settings.path(line.settings.streams.quarantine)
    (file,) = folder.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert b"HIV" not in file.read_bytes()
    keys = Keyring.open(line.settings.path(line.settings.keys.dir))
    kept = Quarantine(folder, keys).read(entry["quarantine"]["file"])
    assert [(each.number, json.loads(each.body)) for each in kept] == [
        (1, SENSITIVE), (3, SENSITIVE), (4, SENSITIVE)
    ]  # fmt: skip
    await settled(line)
    books = accounts(line)
    assert books.closes
    assert books.became == {"delivered": 2, "quarantined": 3}


async def test_where_every_record_is_held_nothing_is_sent(line: Rig) -> None:
    """403, all in the quarantine."""
    answer = await line.send(ndjson([SENSITIVE] * 3), to="/parted/x", headers=NDJSON)
    assert answer.status == 403
    assert answer.headers["Silkgate-Quarantined"] == "3"
    assert line.sink.received == []
    assert accounts(line).became["quarantined"] == 3


@pytest.mark.parametrize("route", ["sg", "parted"])
@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"a": 1}\n{"a": \n', 400),
        (b'{"a": 1}\n' * GROUP_RECORDS + b"{\n", 400),
        (b'{"a": "' + b"x" * (1024 * 1024) + b'"}\n', 413),
    ],
)
async def test_a_stream_that_cannot_be_read_is_refused(
    line: Rig, route: str, body: bytes, status: int
) -> None:
    """Broken lines, also in a later group, and lines over the limit; accounts close."""
    answer = await line.send(body, to=f"/{route}/x", headers=NDJSON)
    assert answer.status == status
    await until(lambda: accounts(line).closes)
    if route == "sg":
        assert line.sink.received == []


async def test_a_fatal_error_on_the_way_breaks_the_stream_off(tmp_path: Path) -> None:
    """The recipient never sees the final chunk; the log tells what was sent, and that it is cut."""
    recipient = Recipient()
    async with recipient.listening() as port:
        changes = {
            "routes": {
                "parted": {
                    "upstream": f"http://127.0.0.1:{port}/",
                    "allow_addresses": ["127.0.0.1/32"],
                    "destination": "SG",
                    "recipient": "Partner Logistics Pte Ltd",
                    "purpose": "order_fulfilment",
                    "on_denied": "quarantine",
                    "basis": {"ground": "contract", "exemption": "cn.order16.art5.1.1"},
                }
            }
        }
        async with rig(tmp_path, **changes) as line:
            body = b'{"a": 1}\n' * GROUP_RECORDS + b"{\n"
            answer = await line.send(body, to="/parted/x", headers=NDJSON)
            assert answer.status == 400
            assert answer.problem["sent"] == [[0, GROUP_RECORDS]]
            await settled(line)
            (end,) = line.entries("stream")
            assert end["status"] == "aborted"
            assert end["sent"] == [[0, GROUP_RECORDS]]
            assert end["refused"] == 1
            assert [e["status"] for e in line.entries("outcome")] == ["aborted"]
            books = accounts(line)
            assert books.closes
            assert books.became["aborted"] == GROUP_RECORDS
    assert b'{"a": 1}' in recipient.received
    assert b"0\r\n\r\n" not in recipient.received[-20:]


async def test_a_caller_that_goes_away_leaves_a_true_outcome(line: Rig) -> None:
    """What it had sent is sent on and is aborted; half a line is nobody's record."""
    _, writer = await asyncio.open_connection("127.0.0.1", line.gateway.data_port)
    body = ndjson([ORDER] * GROUP_RECORDS) + b'{"half": '
    writer.write(
        b"POST /parted/x HTTP/1.1\r\nHost: x\r\nSilkgate-Key: " + KEY.encode() + b"\r\n"
        b"Content-Type: application/x-ndjson\r\nContent-Length: 99999999\r\n\r\n" + body
    )
    await writer.drain()
    await until(lambda: line.entries("export"))
    writer.close()
    await settled(line)
    assert line.entries("stream")[0]["status"] == "aborted"
    books = accounts(line)
    assert books.closes
    assert books.became["aborted"] == GROUP_RECORDS


async def test_a_recipient_out_of_reach_fails_every_group(tmp_path: Path) -> None:
    """No byte left, so nothing is aborted: failed, 502."""
    async with rig(tmp_path) as line:
        answer = await line.send(ndjson([ORDER] * 1001), to="/nowhere/x", headers=NDJSON)
        assert answer.status == 502
        await settled(line)
        assert {entry["status"] for entry in line.entries("outcome")} == {"failed"}
        books = accounts(line)
        assert (books.closes, books.became) == (True, {"failed": 1001})


async def test_a_query_that_must_be_treated_cannot_go_with_a_stream(line: Rig) -> None:
    """It is sent once for all records, before they are decided on."""
    answer = await line.send(ndjson([{"a": 1}]), to="/sg/x?username=xiaoming_88", headers=NDJSON)
    assert answer.status == 422
    assert line.sink.received == []


async def test_an_empty_stream_is_decided_on_too(line: Rig) -> None:
    """Its query and headers leave."""
    answer = await line.send(b"\n", headers=NDJSON)
    assert answer.status == 200
    assert line.entries("export")[0]["records"] == 0


@pytest.mark.parametrize("route", ["insights", "counted"])
async def test_persons_of_a_stream_are_counted_once(tmp_path: Path, route: str) -> None:
    """Over groups, and over exports."""
    async with rig(tmp_path) as line:
        people = [person(number) for number in range(1500)]
        body = ndjson([*people, *people])
        for _ in range(2):
            answer = await line.send(body, to=f"/{route}/x", headers=NDJSON)
            assert answer.status == 200, answer.body
        place = ledger_place(line.settings).path
    assert standing(place).counted.general == 1500


def opening(general: int) -> dict[str, object]:
    from tests.e2e.rig import configured

    base = configured(Path(), 1).ledger.opening
    assert base is not None
    return {
        "opening": {
            "year": base.year, "general": general, "sensitive": 0,
            "as_of": base.as_of, "evidence": "a test",
        }
    }  # fmt: skip


async def test_refuse_decides_on_the_count_after_the_whole_stream(tmp_path: Path) -> None:
    """The first groups alone would pass below the threshold; with the last person nothing does."""
    async with rig(tmp_path / "a", ledger=opening(100_000 - 1500)) as line:
        people = ndjson(person(number) for number in range(1500))
        answer = await line.send(people, to="/insights/x", headers=NDJSON)
        assert answer.status == 403, answer.body
        assert line.sink.received == []
        place = ledger_place(line.settings).path
    assert standing(place).counted.general == 100_000 - 1500
    async with rig(tmp_path / "b", ledger=opening(100_000 - 1501)) as line:
        answer = await line.send(people, to="/insights/x", headers=NDJSON)
        assert answer.status == 200, answer.body
        assert len(line.entries("export")) == 2


async def test_quarantine_stops_at_the_threshold(tmp_path: Path) -> None:
    """Groups below leave; from the group that would reach it on, persons stay."""
    async with rig(tmp_path, ledger=opening(100_000 - 1500)) as line:
        people = ndjson(person(number) for number in range(1500))
        answer = await line.send(people, to="/counted/x", headers=NDJSON)
        assert answer.status == 200
        assert answer.headers["Silkgate-Quarantined"] == "500"
        assert len(line.sink.received[0][1].splitlines()) == 1000
        place = ledger_place(line.settings).path
    assert standing(place).counted.general == 100_000 - 500


async def test_nothing_of_a_spooled_stream_is_at_rest(tmp_path: Path) -> None:
    """No value in any file, and no spool left."""
    async with rig(tmp_path) as line:
        await line.send(ndjson([ORDER, SENSITIVE]), headers=NDJSON)
        await line.send(ndjson([ORDER, SENSITIVE]), to="/parted/x", headers=NDJSON)
        assert os.listdir(line.settings.path(line.settings.streams.spool)) == []
    at_rest = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for secret in ("13800138000", "王小明", "HIV positive"):
        assert secret.encode() not in at_rest
        assert json.dumps(secret)[1:-1].encode() not in at_rest


async def test_a_log_of_streams_verifies(tmp_path: Path) -> None:
    """Chain, tree and accounts."""
    async with rig(tmp_path) as line:
        for to in ("/sg/x", "/parted/x", "/nowhere/x", "/denied/x"):
            await line.send(ndjson([ORDER, SENSITIVE, ORDER]), to=to, headers=NDJSON)
        settings = line.settings
    report = verified(settings)
    assert report.ok, report.problems
    books = accounts(settings.path(settings.audit.dir))
    assert books.closes
    assert (books.accepted, books.open) == (12, 0)


class Recipient:
    """A recipient that keeps every byte it is sent, framing included."""

    def __init__(self) -> None:
        self.received = b""

    def listening(self):
        from contextlib import asynccontextmanager

        @asynccontextmanager
        async def serve():
            server = await asyncio.start_server(self._take, "127.0.0.1", 0)
            async with server:
                yield server.sockets[0].getsockname()[1]

        return serve()

    async def _take(self, reader_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader_.read(65536):
            self.received += data
        writer.close()
