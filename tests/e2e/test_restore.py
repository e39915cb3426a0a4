"""Answers turned back for the caller who sent the originals, and for nobody else."""

import hashlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from audit_log.errors import AuditUnavailable
from tests.e2e.profiles import overlay, route
from tests.e2e.rig import JSON, Rig, rig

PHONE, OTHER = "13800138000", "13911112222"
ORDER = {"name": "王小明", "phone": PHONE, "address": "广东省深圳市南山区1号"}
TABLE = {
    "pi_basic/PERSON": "surrogate",
    "pi_contact_phone": "pseudonymize",
    "pi_delivery": "encrypt",
}


@dataclass
class Answering:
    """A recipient that answers as a test wants; `received` are the bodies it got."""

    port: int = 0
    media: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    chunks: list[Any] = field(default_factory=list)  # callables of the body received
    received: list[bytes] = field(default_factory=list)

    async def reply(self, request: web.BaseRequest) -> web.StreamResponse:
        body = await request.read()
        self.received.append(body)
        out = [make(body) for make in self.chunks] or [body]
        named = self.headers | {"Content-Type": self.media}
        if len(out) == 1:
            return web.Response(body=out[0], headers=named)
        response = web.StreamResponse(headers=named)
        await response.prepare(request)
        for chunk in out:
            await response.write(chunk)
        await response.write_eof()
        return response


@asynccontextmanager
async def answering() -> AsyncIterator[Answering]:
    recipient = Answering()
    runner = web.ServerRunner(web.Server(recipient.reply, access_log=None))
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        recipient.port = int(runner.addresses[0][1])
        yield recipient
    finally:
        await runner.cleanup()


@pytest.fixture
async def line(tmp_path: Path) -> AsyncIterator[tuple[Rig, Answering]]:
    everything = {"chat": list(TABLE)}
    folder = overlay(tmp_path / "overlay", {"chat": TABLE, "silent": TABLE}, everything)
    async with answering() as recipient:
        upstream = {"upstream": f"http://127.0.0.1:{recipient.port}/"}
        routes = {"chat": route("chat", **upstream), "silent": route("silent", **upstream)}
        callers = {
            name: {"key_sha256": hashlib.sha256(name.encode()).hexdigest(), "routes": ["chat"]}
            for name in ("other", "poor")
        }
        callers["poor"]["limits"] = {"restored_per_hour": 2}
        policy = {"overlay": folder}
        async with rig(tmp_path, policy=policy, routes=routes, callers=callers) as running:
            yield running, recipient


def _body(*records: dict[str, Any]) -> bytes:
    return json.dumps(list(records), ensure_ascii=False).encode()


async def test_an_echo_comes_back_as_it_was_sent(line: tuple[Rig, Answering]) -> None:
    """Name, phone and address left as stand-ins; the caller gets its own values, logged."""
    rig, recipient = line
    recipient.headers = {"ETag": '"x"', "Content-MD5": "x"}
    answer = await rig.send(_body(ORDER), to="/chat/x")
    assert json.loads(answer.body) == [ORDER]
    assert not any(text.encode() in recipient.received[0] for text in ORDER.values())
    assert "ETag" not in answer.headers
    assert "Content-MD5" not in answer.headers
    (entry,) = rig.entries("restoration")
    assert entry["export"] == int(answer.headers["Silkgate-Entry"])
    assert (entry["caller"], entry["route"], entry["status"]) == ("shop", "chat", "whole")
    counts = {each["category"]: each["values"] for each in entry["restored"]}
    assert counts == {"pi_basic": 1, "pi_contact_phone": 1, "pi_delivery": 1}
    assert "王小明" not in json.dumps(rig.entries(), ensure_ascii=False)


async def test_nothing_comes_back_where_policy_is_silent(line: tuple[Rig, Answering]) -> None:
    """The recipient's words pass as they are, and nothing is logged as restored."""
    rig, recipient = line
    answer = await rig.send(_body(ORDER), to="/silent/x")
    assert answer.body == recipient.received[0]
    assert rig.entries("restoration") == []


async def test_nobody_elses_values_come_back(line: tuple[Rig, Answering]) -> None:
    """A token of one caller, shown to another or sent in another request, stays a token."""
    rig, recipient = line
    await rig.send(_body(ORDER), to="/chat/x")
    (mine,) = json.loads(recipient.received[0])
    recipient.chunks = [lambda _: json.dumps([mine]).encode()]
    other = await rig.send(_body({"phone": OTHER}), to="/chat/x", key="other")
    assert json.loads(other.body) == [mine]
    recipient.chunks = []
    again = await rig.send(_body({"phone": OTHER, "ref": mine["phone"]}), to="/chat/x")
    assert json.loads(again.body) == [{"phone": OTHER, "ref": mine["phone"]}]


async def test_only_fields_that_were_sent(line: tuple[Rig, Answering]) -> None:
    """A recipient that asks for a value elsewhere gets its own token to look at."""
    rig, recipient = line
    seen: dict[str, str] = {}

    def moved(body: bytes) -> bytes:
        seen.update(json.loads(body)[0])
        return json.dumps({"url": f"https://x/?{seen['phone']}", "to": seen["phone"]}).encode()

    recipient.chunks = [moved]
    answer = await rig.send(_body(ORDER), to="/chat/x")
    assert json.loads(answer.body) == {"url": f"https://x/?{seen['phone']}", "to": seen["phone"]}


async def test_events_of_a_model_come_back_letter_by_letter(line: tuple[Rig, Answering]) -> None:
    """A token over many events and chunks; the first value is logged before it is passed on."""
    rig, recipient = line
    recipient.media = "text/event-stream"

    def event(**delta: str) -> bytes:
        return (
            b"data: " + json.dumps({"choices": [{"index": 0, "delta": delta}]}).encode() + b"\n\n"
        )

    def token(body: bytes) -> str:
        return str(json.loads(body)["messages"][0]["content"])

    recipient.chunks = [
        lambda _: event(content="Dear "),
        *(lambda body, i=i: event(content=token(body)[i : i + 1]) for i in range(60)),
        lambda _: event(content=", hello."),
        lambda _: event()[:20],
        lambda _: event()[20:] + b"data: [DONE]\n\n",
    ]
    sent = {"model": "m", "messages": [{"role": "user", "content": f"call {PHONE} please"}]}
    answer = await rig.send(json.dumps(sent).encode(), to="/chat/v1", headers=JSON)
    events = [line[6:] for line in answer.body.decode().split("\n\n") if line]
    assert events[-1] == "[DONE]"
    texts = [json.loads(each)["choices"][0]["delta"].get("content", "") for each in events[:-1]]
    assert "".join(texts) == f"Dear call {PHONE} please, hello."
    assert PHONE.encode() not in recipient.received[0]
    assert [each["status"] for each in rig.entries("restoration")] == ["begun", "ended"]


async def test_a_stream_of_records_comes_back(line: tuple[Rig, Answering]) -> None:
    """Tokens of all groups; made-up names stay, since they might be somebody's elsewhere."""
    rig, recipient = line
    recipient.media = "application/x-ndjson"
    lines = b"".join(json.dumps(ORDER | {"phone": p}).encode() + b"\n" for p in (PHONE, OTHER))
    kind = {"Content-Type": "application/x-ndjson"}
    answer = await rig.send(lines, to="/chat/x", headers=kind)
    got = [json.loads(line) for line in answer.body.splitlines()]
    assert [each["phone"] for each in got] == [PHONE, OTHER]
    assert [each["address"] for each in got] == [ORDER["address"]] * 2
    assert all(each["name"] != ORDER["name"] for each in got)


async def test_the_quota_is_the_callers(line: tuple[Rig, Answering]) -> None:
    """What is over it stays, and the entry says so; another caller's is untouched."""
    rig, _ = line
    answer = await rig.send(_body(ORDER), to="/chat/x", key="poor")
    (got,) = json.loads(answer.body)
    assert sum(got[name] == ORDER[name] for name in ORDER) == 2
    assert rig.entries("restoration")[-1]["status"] == "limited"
    assert json.loads((await rig.send(_body(ORDER), to="/chat/x", key="other")).body) == [ORDER]


@pytest.mark.parametrize(
    ("media", "headers"),
    [
        ("application/octet-stream", {}),
        ("application/json", {"Content-Encoding": "gzip"}),
        ("application/json; charset=gbk", {}),
    ],
)
async def test_what_cannot_be_read_passes_as_it_is(
    line: tuple[Rig, Answering], media: str, headers: dict[str, str]
) -> None:
    """Other types, codings and charsets: byte for byte."""
    rig, recipient = line
    recipient.media, recipient.headers = media, headers
    rig.http._auto_decompress = False
    answer = await rig.send(_body(ORDER), to="/chat/x")
    assert answer.body == recipient.received[0]


async def test_a_log_that_fails_restores_nothing(
    line: tuple[Rig, Answering], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The export has left; its answer passes with the stand-ins in it."""
    rig, recipient = line
    audit = rig.gateway.node.pipeline.audit
    append = type(audit).append

    async def failing(self: Any, entries: Any) -> Any:
        if any(entry["kind"] == "restoration" for entry in entries):
            raise AuditUnavailable("the disk is full")
        return await append(self, entries)

    monkeypatch.setattr(type(audit), "append", failing)
    answer = await rig.send(_body(ORDER), to="/chat/x")
    assert answer.status == 200
    assert answer.body == recipient.received[0]
    assert b"psn_1_" in answer.body
