"""Exports that a person must decide on: held, approved by as many as policy wants, sent once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from audit_log import reader
from audit_log.records import account
from gateway.export.reviews import Reviews
from gateway.streams.groups import GROUP_RECORDS
from tests.e2e.rig import JSON, KEY, Answer, Rig, rig
from tests.e2e.test_streams import NDJSON, ndjson

CHILD = {"order_sn": "2026112300017", "receiver_name": "王小明", "receiver_phone": "13800138000"}
BODY = json.dumps(CHILD, ensure_ascii=False).encode()
GUARDIAN = "cn.pipl.art31.guardian_consent"
USERS = {
    name: {"key_sha256": hashlib.sha256(name.encode()).hexdigest(), "roles": [role]}
    for name, role in (("wang", "policy"), ("li", "policy"), ("zhao", "auditor"))
}


def overlay(root: Path, **settings: object) -> dict[str, object]:
    """An overlay under which orders are children's, so that a person must look at them."""
    folder = root / "policies" / "silkgate" / "overlay" / "settings"
    folder.mkdir(parents=True)
    document = {"minor_purposes": ["order_fulfilment"], **settings}
    (folder / "data.json").write_text(json.dumps(document))
    return {"users": USERS, "policy": {"overlay": "policies"}}


@pytest.fixture
async def line(tmp_path: Path) -> AsyncIterator[Rig]:
    async with rig(tmp_path, **overlay(tmp_path)) as running:
        yield running


async def ask(
    line: Rig,
    user: str,
    path: str,
    statement: dict[str, object] | None = None,
    *,
    post: bool = True,
) -> Answer:
    url = f"http://127.0.0.1:{line.gateway.admin_port}/v1/reviews{path}"
    headers = {"Silkgate-Key": user, "Content-Type": "application/json"}
    body = json.dumps(statement).encode() if statement is not None else None
    method = "POST" if post else "GET"
    async with line.http.request(method, url, data=body, headers=headers) as reply:
        return Answer(reply.status, reply.headers, await reply.read())


async def held(line: Rig, body: bytes = BODY) -> str:
    answer = await line.send(body)
    assert answer.status == 403
    assert answer.problem["type"].endswith("export-under-review")
    return str(answer.problem["decision_id"])


async def resend(line: Rig, review: str, body: bytes = BODY, to: str = "/sg/orders") -> Answer:
    return await line.send(body, to=to, headers=JSON | {"Silkgate-Approval": review})


def refused(answer: Answer, why: str) -> None:
    assert answer.status == 403
    assert answer.problem["type"].endswith("approval-unusable")
    assert why in answer.problem["detail"]


async def test_an_approved_export_leaves_once(line: Rig) -> None:
    """Held, seen in the list, approved, sent, and never again; all of it in the log."""
    review = await held(line)
    (listed,) = json.loads((await ask(line, "zhao", "", post=False)).body)
    assert (listed["id"], listed["state"], listed["reasons"]) == (review, "waiting", [GUARDIAN])
    refused(await resend(line, review), "nobody approves")
    said = await ask(line, "wang", f"/{review}/approve", {"why": "consent form on file"})
    assert json.loads(said.body)["state"] == "approved"
    answer = await resend(line, review)
    assert answer.status == 200
    assert BODY in line.sink.received[-1]
    refused(await resend(line, review), "used already")
    (entry,) = [each for each in line.entries("export") if each["released"]]
    (statement,) = line.entries("review")
    assert entry["approval"]["said"] == [statement["seq"]]
    assert (statement["by"], statement["verdict"]) == ("wang", "approve")
    (shape,) = [e for e in line.entries("shape") if e["shape"] == entry["groups"][0]["shape"]]
    assert shape["input"]["approvals"] == [{"code": GUARDIAN, "persons": 1}]
    assert len(line.sink.received) == 1


async def test_it_holds_for_that_very_request_alone(line: Rig) -> None:
    """Not for another body, path or query, nor without a review."""
    review = await held(line)
    await ask(line, "wang", f"/{review}/approve", {"why": "ticket"})
    refused(await resend(line, review, BODY.replace(b"17", b"18")), "another request")
    refused(await resend(line, review, to="/sg/other"), "another request")
    refused(await resend(line, review, to="/sg/orders?x=1"), "another request")
    refused(await resend(line, "0" * 32), "no review")
    assert (await resend(line, review)).status == 200
    assert len(line.sink.received) == 1


async def test_one_denial_outweighs_all_approvals(line: Rig) -> None:
    """And it cannot be taken back by another person."""
    review = await held(line)
    await ask(line, "wang", f"/{review}/deny", {"why": "no consent"})
    await ask(line, "li", f"/{review}/approve", {"why": "consent"})
    refused(await resend(line, review), "denied")


async def test_two_persons_where_policy_says_so(tmp_path: Path) -> None:
    """One approval, though said twice, is not enough."""
    changes = overlay(tmp_path, two_person_reviews=[GUARDIAN])
    async with rig(tmp_path, **changes) as line:
        review = await held(line)
        for _ in range(2):
            await ask(line, "wang", f"/{review}/approve", {"why": "ticket"})
        assert (await resend(line, review)).problem["type"].endswith("export-under-review")
        assert line.sink.received == []
        await ask(line, "li", f"/{review}/approve", {"why": "ticket"})
        assert (await resend(line, review)).status == 200


async def test_an_approval_outlives_a_restart_and_a_failed_send(tmp_path: Path) -> None:
    """What is known stands in the log; where nothing left, it still holds."""
    changes = overlay(tmp_path)
    async with rig(tmp_path, **changes) as line:
        review = await held(line)
        await ask(line, "wang", f"/{review}/approve", {"why": "ticket"})
        reviews, settings = line.gateway.node.reviews, line.settings
    fresh = Reviews(window_seconds=3600)
    for entry in reader.documents(settings.path(settings.audit.dir)):
        fresh.learn(entry, entry["seq"], entry["ts_us"])
    assert [(r.id, r.approved(0)) for r in fresh.all()] == [(review, ["wang"])]
    assert [r.id for r in reviews.all()] == [review]
    opened = {"kind": "export", "released": True, "approval": {"review": review}}
    fresh.learn(opened, 99, 0)
    assert fresh.get(review).used == 99
    fresh.learn({"kind": "outcome", "export": 99, "status": "failed"}, 100, 0)
    assert fresh.get(review).used is None


async def test_statements_name_nobody(line: Rig) -> None:
    """They stay in the log for good, so personal data in them is refused, and so are strangers."""
    review = await held(line)
    said = await ask(line, "wang", f"/{review}/approve", {"why": "call 13800138000"})
    assert said.status == 422
    assert "13800138000" not in said.body.decode()
    assert (await ask(line, "zhao", f"/{review}/approve", {"why": "x"})).status == 403
    assert (await ask(line, KEY, f"/{review}/approve", {"why": "x"})).status == 401
    assert (await ask(line, "wang", "/nothing/approve", {"why": "x"})).status == 404
    assert (await ask(line, "wang", f"/{review}/approve", {"why": "x", "hours": 0})).status == 400
    assert line.entries("review") == []


async def test_records_are_released_from_the_quarantine(line: Rig) -> None:
    """Treated as policy wants it; gone from the quarantine; the accounts close."""
    answer = await line.send(ndjson([CHILD, {"sku": "A-1"}]), to="/parted/x", headers=NDJSON)
    assert answer.status == 200, answer.body
    listed = json.loads((await ask(line, "wang", "", post=False)).body)
    (kept,) = [each for each in listed if each["kept"]]
    assert kept["records"] >= 1
    path = f"/{kept['id']}/release"
    assert (await ask(line, "wang", path)).status == 403
    await ask(line, "wang", f"/{kept['id']}/approve", {"why": "ticket"})
    released = await ask(line, "wang", path)
    assert released.status == 200
    assert json.loads(released.body)["receiver_phone"] == CHILD["receiver_phone"]
    assert (await ask(line, "wang", path)).status in (403, 404)
    found = account(data for _, data in reader.entries(line.directory))
    assert found.closes, found.faults
    assert "quarantined" not in +found.became
    assert list((line.settings.root / "data" / "quarantine").iterdir()) == []


STREAM = ndjson([{"sku": f"A-{n}"} for n in range(GROUP_RECORDS)] + [CHILD, {"sku": "B"}])


async def held_stream(line: Rig, body: bytes = STREAM, route: str = "sg") -> Answer:
    answer = await line.send(body, to=f"/{route}/orders", headers=NDJSON)
    assert answer.status == 403
    return answer


async def test_a_stream_is_approved_as_a_whole(line: Rig) -> None:
    """Held though only its second group needs a person; sent once, unchanged, in all its groups."""
    answer = await held_stream(line)
    assert answer.problem["type"].endswith("export-under-review")
    review = str(answer.problem["decision_id"])
    (listed,) = json.loads((await ask(line, "zhao", "", post=False)).body)
    assert (listed["id"], listed["reasons"]) == (review, [GUARDIAN])
    assert listed["records"] == GROUP_RECORDS + 2
    approved = NDJSON | {"Silkgate-Approval": review}
    refused(await line.send(STREAM, headers=approved), "nobody approves")
    await ask(line, "wang", f"/{review}/approve", {"why": "consent forms on file"})
    for other in (STREAM + b"{}\n", STREAM.replace(b"A-7", b"A-8"), STREAM[: STREAM.index(b"\n")]):
        refused(await line.send(other, headers=approved), "another request")
    assert line.sink.received == []
    assert (await line.send(STREAM, headers=approved)).status == 200
    assert line.sink.received[-1][1] == STREAM
    refused(await line.send(STREAM, headers=approved), "used already")
    first, second = [each for each in line.entries("export") if each["released"]]
    assert first["approval"]["review"] == review
    assert "approval" not in second
    found = account(data for _, data in reader.entries(line.directory))
    assert found.closes, found.faults


async def test_a_stream_that_is_denied_is_not_up_for_approval(line: Rig) -> None:
    """Whatever else in it a person might approve."""
    answer = await held_stream(line, ndjson([CHILD, {"id_card": "11010519491231002X"}]), "denied")
    assert answer.problem["type"].endswith("export-denied")
    assert json.loads((await ask(line, "zhao", "", post=False)).body) == []


async def test_a_stream_that_flows_is_not_approved_as_a_whole(line: Rig) -> None:
    """The reply says what to do instead."""
    headers = NDJSON | {"Silkgate-Approval": "0" * 32}
    refused(await line.send(ndjson([CHILD]), to="/parted/x", headers=headers), "quarantine")


async def test_another_policy_ends_an_approval(line: Rig) -> None:
    """It was given under what policy said then."""
    review = await held(line)
    await ask(line, "wang", f"/{review}/approve", {"why": "ticket"})
    folder = line.settings.root / "policies" / "silkgate" / "overlay" / "treatments"
    folder.mkdir()
    (folder / "data.json").write_text('{"order_fulfilment": {"pi_contact_phone": "mask"}}')
    before = line.gateway.node.policy.bundle.revision
    await line.gateway.reload()
    assert line.gateway.node.policy.bundle.revision != before
    refused(await resend(line, review), "policy has changed")
