"""The admin API: who may do what, and that it says what the pipeline and the log say."""

import hashlib
import json
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from tests.e2e.rig import Answer, Rig, rig
from tests.e2e.wire import say

PHONE = "13800138000"
ORDER = {"member_username": "xiaoming_88", "receiver_name": "王小明", "receiver_phone": PHONE}
BODY = json.dumps(ORDER, ensure_ascii=False).encode()
USERS = {
    name: {"key_sha256": hashlib.sha256(name.encode()).hexdigest(), "roles": [name]}
    for name in ("caller", "policy", "auditor", "admin")
}
QUESTION = {
    "schema": "silkgate/policy-input/1", "at": "2026-11-22",
    "exporter": {"id": "acme-cn", "ciio": False, "zone": "", "sector": "", "pilots": []},
    "route": "sg", "origin": "CN", "collected_in": "CN", "destination": "SG",
    "recipient": {"name": "Partner Logistics Pte Ltd"}, "purpose": "order_fulfilment",
    "basis": {"ground": "contract", "exemption": "cn.order16.art5.1.1"},
    "fields": [{"pointer": "/phone", "category": "pi_contact_phone", "level": "pi",
                "verdict": "confirmed", "declared": False}],
}  # fmt: skip


@pytest.fixture
async def line(tmp_path: Path):
    async with rig(tmp_path, users=USERS) as running:
        yield running


async def ask(
    line: Rig,
    path: str,
    *,
    user: str | None = "admin",
    method: str = "GET",
    body: bytes | None = None,
    media: str = "application/json",
) -> Answer:
    headers = {"Authorization": f"Bearer {user}"} if user else {}
    if body is not None:
        method, headers["Content-Type"] = "POST", media
    url = f"http://127.0.0.1:{line.gateway.admin_port}{path}"
    async with line.http.request(method, url, data=body, headers=headers) as reply:
        return Answer(reply.status, reply.headers, await reply.read())


OPEN = {"/healthz", "/readyz", "/metrics", "/v1/openapi.json"}
MAY = {
    "/v1/classify": {"caller", "policy", "admin"},
    "/v1/desensitize": {"caller", "policy", "admin"},
    "/v1/decide": {"policy", "admin"},
    "/v1/reload": {"policy", "admin"},
    "/v1/audit/": {"auditor", "admin"},
    "/v1/reviews/": {"policy", "admin"},
    "/v1/reviews": {"policy", "auditor", "admin"},
}


async def test_every_operation_is_open_to_its_roles_alone(line: Rig) -> None:
    """From the API's own document: 401 without a known key, 403 out of role, for each operation."""
    document = json.loads((await ask(line, "/v1/openapi.json", user=None)).body)
    assert len(document["paths"]) >= 13
    for path, methods in document["paths"].items():
        for method in methods:
            url = path.replace("{seq}", "0").replace("{path}", "checkpoint").replace("{id}", "0")
            may = next((roles for start, roles in MAY.items() if path.startswith(start)), None)
            for user in (None, "stranger", *USERS):
                answer = await ask(line, url, user=user, method=method)
                if path in OPEN:
                    assert answer.status == 200, path
                elif user not in USERS:
                    assert (answer.status, "WWW-Authenticate" in answer.headers) == (401, True)
                else:
                    assert (answer.status == 403) == (user not in may), (path, user)
    assert (await ask(line, "/v1/nothing")).problem["type"].endswith("not-found")
    wrong = await ask(line, "/v1/classify")
    assert (wrong.status, wrong.headers["Allow"]) == (405, "POST")
    assert (await ask(line, "/healthz", method="HEAD")).status == 200


async def test_callers_of_the_data_listener_are_nobody_here(line: Rig) -> None:
    """Keys are of their own on each listener; nobody is let in where no users are configured."""
    answer = await ask(line, "/v1/classify", user="a-caller-key-made-up-for-tests", body=BODY)
    assert answer.status == 401
    assert (await line.send(BODY, key="admin")).status == 401


async def test_data_is_classified_decided_on_and_desensitized(line: Rig) -> None:
    """What the pipeline would do, with nothing sent, counted or logged."""
    before = line.entries()
    found = json.loads((await ask(line, "/v1/classify", body=BODY)).body)
    pointers = {f["pointer"]: f["category"] for f in found["records"][0]["findings"]}
    assert pointers["/receiver_phone"] == "pi_contact_phone"
    assert found["inspection"]["bytes"] == len(BODY)
    rows = b"phone\n13800138000\n13900139000\n"
    found = json.loads((await ask(line, "/v1/classify", body=rows, media="text/csv")).body)
    assert [len(record["findings"]) for record in found["records"]] == [1, 1]
    decided = json.loads((await ask(line, "/v1/decide", body=json.dumps(QUESTION).encode())).body)
    assert decided["outcome"] == "allow"
    abroad = json.dumps(QUESTION | {"purpose": "analytics", "destination": "KE"}).encode()
    said = json.loads((await ask(line, "/v1/decide/explain", body=abroad)).body)
    assert said["decision"] == json.loads((await ask(line, "/v1/decide", body=abroad)).body)
    codes = [reason["code"] for reason in said["decision"]["reasons"]]
    assert [ground["code"] for ground in said["grounds"]] == codes
    assert all(ground["rule"] and ground["citation"] for ground in said["grounds"])
    answer = await ask(line, "/v1/desensitize?route=sg", body=BODY)
    assert (answer.status, answer.headers["Silkgate-Decision"]) == (200, "allow")
    assert json.loads(answer.body) == ORDER | {"member_username": None}
    held = await ask(line, "/v1/desensitize?route=denied", body=BODY)
    assert (held.status, held.headers["Silkgate-Decision"]) == (403, "deny")
    assert held.problem["reasons"]
    assert PHONE.encode() not in held.body
    assert line.sink.received == []
    assert line.entries() == before


async def test_what_the_api_cannot_take_is_a_problem_and_stays_unquoted(line: Rig) -> None:
    """400, 404, 413, 415; nothing of the body in reply or logs."""
    big = json.dumps(PHONE * 100_000).encode()
    wrong: list[tuple[str, bytes, str, int]] = [
        ("/v1/classify", b'{"phone": "13800138000"', "application/json", 400),
        ("/v1/classify", b"", "application/json", 400),
        ("/v1/classify", BODY, "application/octet-stream", 415),
        ("/v1/classify", big, "application/json", 413),
        ("/v1/classify?records=x", BODY, "application/json", 400),
        ("/v1/classify?other=x", BODY, "application/json", 400),
        ("/v1/classify?records=/a&records=/b", BODY, "application/json", 400),
        ("/v1/decide", b"{}", "application/json", 400),
        ("/v1/decide", json.dumps(QUESTION | {"x": 1}).encode(), "application/json", 400),
        ("/v1/decide", b"a", "text/plain", 415),
        ("/v1/decide/explain", b"{}", "application/json", 400),
        ("/v1/desensitize", BODY, "application/json", 400),
        ("/v1/desensitize?route=none", BODY, "application/json", 404),
    ]
    with capture_logs() as logs:
        for path, body, media, status in wrong:
            answer = await ask(line, path, body=body, media=media)
            assert answer.status == status, (path, answer.body)
            assert answer.problem["status"] == status
            assert PHONE.encode() not in answer.body
        (reply,) = await say(
            line.gateway.admin_port, b"GET / HTTP/1.1\r\nX: 13800138000\x01\r\n\r\n"
        )
        assert (reply.status, reply.code) == (400, "malformed")
        assert PHONE.encode() not in reply.body
    assert PHONE not in str(logs)


async def test_the_log_is_read_verified_and_proved(line: Rig) -> None:
    """Pages, conditions, canonical bytes, proof, tiles, verification and replay."""
    for to in ("/sg/orders", "/sg/orders", "/denied/x"):
        await line.send(BODY, to=to)
    entries = line.entries()
    page = json.loads((await ask(line, "/v1/audit/entries?limit=2")).body)
    assert (page["entries"], page["next"]) == (entries[:2], 2)
    page = json.loads((await ask(line, "/v1/audit/entries?start=2")).body)
    assert (page["entries"][0]["seq"], page["next"]) == (2, None)
    page = json.loads((await ask(line, "/v1/audit/entries?kind=export&outcome=deny")).body)
    assert [entry["route"] for entry in page["entries"]] == ["denied"]
    page = json.loads((await ask(line, "/v1/audit/entries?until=2020-01-01")).body)
    assert page["entries"] == []
    one = await ask(line, "/v1/audit/entries/1")
    assert json.loads(one.body) == entries[1]
    for path, status in (
        ("/v1/audit/entries/99999", 404), ("/v1/audit/entries/x", 400),
        ("/v1/audit/entries/99999/proof", 404), ("/v1/audit/entries?start=-1", 400),
        ("/v1/audit/entries?limit=1001", 400), ("/v1/audit/entries?since=x", 400),
        ("/v1/audit/log/keys", 404), ("/v1/audit/log/..%2f..%2fdata", 404),
    ):  # fmt: skip
        assert (await ask(line, path)).status == status, path
    assert (await ask(line, "/v1/audit/log/checkpoint")).status == 200
    report = json.loads((await ask(line, "/v1/audit/verify", method="POST")).body)
    assert report["ok"], report
    replayed = json.loads((await ask(line, "/v1/audit/replay?sample=1", method="POST")).body)
    assert [each["result"] for each in replayed] == ["match"]


async def test_without_users_the_api_is_closed(tmp_path: Path) -> None:
    """Health stays open."""
    async with rig(tmp_path) as line:
        assert (await ask(line, "/v1/audit/entries")).status == 401
        assert (await ask(line, "/healthz")).status == 200
