"""From a caller to the recipient: what leaves, what does not, and what the log says of it."""

import json
from datetime import date
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from gateway.export.transfer import china_date
from gateway.node import utc_now
from tests.e2e.rig import FULFILMENT, JSON, Rig, rig, until, verified

ORDER = {
    "order_sn": "202611230001",
    "member_username": "xiaoming_88",
    "receiver_name": "王小明",
    "receiver_phone": "13800138000",
    "receiver_province": "广东省",
    "receiver_detail_address": "科兴科学园 A1",
    "amount": 1.10,
}
CLEAN = b'{"sku": "A-1",\n  "n": 9007199254740993, "price": 1.10, "e": 1E5, "t": "\\u4e2d"}'


@pytest.fixture
async def line(tmp_path: Path):
    async with rig(tmp_path) as running:
        yield running


async def test_an_order_reaches_the_carrier_without_what_it_does_not_need(line: Rig) -> None:
    """Name, phone and address stay; the account is suppressed; the entry names the article."""
    answer = await line.send(json.dumps(ORDER, ensure_ascii=False).encode())
    assert answer.status == 200
    assert answer.headers["Silkgate-Decision"] == "allow"
    path, body = line.sink.received[0]
    received = json.loads(body)
    assert path == "/in/orders"
    assert received == ORDER | {"member_username": None}
    entry = line.entries("export")[0]
    assert entry["seq"] == int(answer.headers["Silkgate-Entry"])
    assert entry["decision_id"] == answer.headers["Silkgate-Decision-Id"]
    assert entry["released"] is True
    shape = line.entries("shape")[0]
    assert [reason["code"] for reason in shape["decision"]["reasons"]] == ["cn.order16.art5.1.1"]


async def test_a_clean_body_leaves_byte_for_byte(line: Rig) -> None:
    """Numbers are not rounded, escapes and spaces stay."""
    answer = await line.send(CLEAN)
    assert answer.status == 200
    assert line.sink.received[0][1] == CLEAN


async def test_untouched_bytes_beside_a_treatment_are_identical(line: Rig) -> None:
    """Only the treated value changes."""
    body = b'{"member_username" : "xiaoming_88",  "n":9007199254740993,"p":1.10,"x":"\\u4e2d"}'
    assert (await line.send(body)).status == 200
    assert line.sink.received[0][1] == body.replace(b'"xiaoming_88"', b"null")


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b'{"a": 1, "a": 2}',
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": "\\ud800"}',
        b'{"a": "\xff"}',
        b"\xef\xbb\xbf{}",
        b"[1, 2,]",
        b"{} {}",
        b"[" * 300 + b"]" * 300,
        b'{"a": 1} // note',
    ],
)
async def test_malformed_json_is_refused_and_logged(line: Rig, body: bytes) -> None:
    """Broken JSON, duplicate keys, NaN, lone surrogates, too deep: 400, nothing sent."""
    answer = await line.send(body)
    assert answer.status == 400
    assert answer.problem["type"] == "urn:silkgate:problem:malformed"
    assert line.sink.received == []
    refusal = line.entries("refusal")[-1]
    assert refusal["seq"] == int(answer.headers["Silkgate-Entry"])
    assert refusal["code"] == "malformed"


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": ""},
        {"Content-Type": "application/octet-stream"},
        {"Content-Type": "application/json; charset=gbk"},
        {"Content-Type": "application/json; profile=x"},
        {"Content-Type": "image/png"},
        {"Content-Type": "application/json", "Content-Encoding": "compress"},
        {"Content-Type": "application/json", "Content-Encoding": "gzip, br"},
    ],
)
async def test_what_cannot_be_read_whole_is_refused(line: Rig, headers: dict[str, str]) -> None:
    """Missing and unknown types, other charsets, encoded bodies: 415, nothing sent."""
    answer = await line.send(b'{"a": 1}', headers=headers)
    assert answer.status == 415
    assert line.sink.received == []
    assert line.entries("refusal")


async def test_a_body_over_the_budget_is_refused(line: Rig) -> None:
    """413, nothing sent, logged."""
    answer = await line.send(b'"' + b"x" * 1_000_001 + b'"')
    assert answer.status == 413
    assert line.sink.received == []
    assert line.entries("refusal")[0]["code"] == "too-large"


@pytest.mark.parametrize("key", [None, "", "wrong"])
async def test_a_stranger_is_turned_away_and_counted(tmp_path: Path, key: str | None) -> None:
    """401, nothing sent, no entry of its own; the counters entry comes when the gateway stops."""
    async with rig(tmp_path) as line:
        answer = await line.send(b"{}", key=key)
        assert answer.status == 401
        assert answer.problem["type"] == "urn:silkgate:problem:unauthorized"
        assert line.sink.received == []
        assert [entry["kind"] for entry in line.entries()] == ["start"]
    assert line.entries("counters")[0]["counts"] == {"unauthorized": 1}


async def test_a_denied_export_says_why_and_sends_nothing(line: Rig) -> None:
    """403 with reasons, pointers and categories, and no value."""
    answer = await line.send(json.dumps(ORDER, ensure_ascii=False).encode(), to="/denied/x")
    assert answer.status == 403
    assert answer.headers["Silkgate-Decision"] == "deny"
    problem = answer.problem
    assert problem["type"] == "urn:silkgate:problem:export-denied"
    assert all(reason["citation"] for reason in problem["reasons"])
    assert {"pointer": "/receiver_phone", "category": "pi_contact_phone"} in problem["fields"]
    assert "13800138000" not in answer.body.decode()
    assert line.sink.received == []
    assert line.entries("export")[0]["released"] is False


@pytest.mark.parametrize(
    ("to", "status", "code"),
    [
        ("/elsewhere/x", 403, "route-forbidden"),
        ("/sg//x", 400, "malformed"),
        ("/sg/%2e%2e/x", 400, "malformed"),
        ("/sg/x?q=%ff", 400, "malformed"),
    ],
)
async def test_bad_targets_are_refused(line: Rig, to: str, status: int, code: str) -> None:
    """Routes that are not the caller's, and targets that read in two ways."""
    answer = await line.send(b"{}", to=to)
    assert (answer.status, line.entries("refusal")[0]["code"]) == (status, code)
    assert line.sink.received == []


async def test_the_query_is_data(line: Rig) -> None:
    """A value in the query string is treated like one in the body; the rest stays raw."""
    answer = await line.send(b"", to="/sg/x?username=xiaoming_88&q=%E4%B8%AD+1&q=a", method="GET")
    assert answer.status == 200
    path = line.sink.received[0][0]
    assert "xiaoming_88" not in path
    assert path.endswith("&q=%E4%B8%AD+1&q=a")


async def test_a_path_segment_that_must_be_treated_denies(line: Rig) -> None:
    """The request would mean something else without it."""
    answer = await line.send(b"", to="/insights/u/13800138000", method="GET")
    assert answer.status == 403
    assert line.sink.received == []


async def test_steering_headers_and_upgrades_are_refused(line: Rig) -> None:
    """Method overrides would change what was decided on; upgrades cannot be inspected."""
    override = await line.send(b"{}", headers=JSON | {"X-HTTP-Method-Override": "DELETE"})
    upgrade = await line.send(b"{}", headers=JSON | {"Upgrade": "websocket"})
    assert (override.status, upgrade.status) == (400, 501)
    assert line.sink.received == []


async def test_a_recipient_out_of_reach_is_a_failed_outcome(line: Rig) -> None:
    """502, and the log says that nothing left."""
    answer = await line.send(CLEAN, to="/nowhere/x")
    assert answer.status == 502
    assert answer.problem["type"] == "urn:silkgate:problem:upstream-failed"
    await _settled(line)
    assert line.entries("outcome")[0]["status"] == "failed"


async def test_the_log_of_all_this_verifies_and_its_accounts_close(tmp_path: Path) -> None:
    """Every request of a known caller is delivered, denied, refused or failed, once."""
    async with rig(tmp_path) as line:
        for body, to in [
            (CLEAN, "/sg/a"),
            (b"{", "/sg/b"),
            (json.dumps(ORDER).encode(), "/denied/c"),
            (CLEAN, "/nowhere/d"),
        ]:
            await line.send(body, to=to)
        settings = line.settings
    report = verified(settings)
    assert report.ok, report.problems
    assert report.outcomes["delivered"] == 1
    assert report.outcomes["failed"] == 1
    assert report.kinds["refusal"] == 1
    assert report.kinds["export"] == 3


async def test_no_value_is_at_rest_or_in_a_metric(tmp_path: Path) -> None:
    """Nothing that was sent can be found in any file of the gateway, nor in its metrics."""
    secrets = ["13800138000", "王小明", "xiaoming_88", "科兴科学园", "hunter2pass"]
    async with rig(tmp_path) as line:
        body = json.dumps(ORDER | {"password": "hunter2pass"}, ensure_ascii=False).encode()
        for to in ("/sg/a?username=xiaoming_88", "/insights/b", "/denied/c", "/nowhere/d"):
            await line.send(body, to=to)
        await line.send(body[:-1], to="/sg/e")
        exposition = (await line.admin("/metrics")).body
    at_rest = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for secret in secrets:
        raw = secret.encode()
        escaped = json.dumps(secret)[1:-1].encode()
        assert raw not in at_rest
        assert escaped not in at_rest
        assert raw not in exposition


async def test_a_second_start_reads_what_the_first_left(tmp_path: Path) -> None:
    """Shapes known to the log are not written again."""
    from gateway.server import serving

    async with rig(tmp_path) as line:
        await line.send(CLEAN)
        settings = line.settings
    async with serving(settings):
        pass
    assert verified(settings).kinds["start"] == 2


async def _settled(line: Rig) -> None:
    """Wait until the outcome that a reply does not wait for is in the log."""
    await until(lambda: line.entries("outcome"))


async def test_a_declared_field_is_what_the_contract_says(tmp_path: Path) -> None:
    """Pointers of the contract start at a record, whether bodies hold one or an array."""
    route = FULFILMENT | {"declare": {"/memo": "pi_browsing"}}
    async with rig(tmp_path, routes={"sg": route}) as line:
        await line.send(b'{"memo": "x1", "sku": "A"}')
        await line.send(b'[{"memo": "x1", "sku": "A"}]')
    received = [body for _, body in line.sink.received]
    assert received == [b'{"memo": null, "sku": "A"}', b'[{"memo": null, "sku": "A"}]']


async def test_a_tally_near_its_threshold_is_told(tmp_path: Path) -> None:
    """From 80 % of an edge on the service log says so at each hundredth, with counts only."""
    today = date.fromisoformat(china_date(utc_now()))
    opening = {
        "year": today.year,
        "general": 79_999,
        "sensitive": 0,
        "as_of": today,
        "evidence": "a test",
    }
    async with rig(tmp_path, ledger={"opening": opening}) as line:
        with capture_logs() as logs:
            await line.send(b'{"phone": "13800138000"}', to="/insights/x")
            await line.send(b'{"phone": "13800138001"}', to="/insights/x")
    (told,) = [each for each in logs if each["event"] == "tally near a threshold"]
    assert (told["tally"], told["count"], told["edge"]) == ("general", 80_000, 100_000)
    assert "13800138000" not in str(logs)
