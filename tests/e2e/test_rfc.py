"""What RFC 9110 and RFC 9112 ask of a proxy, clause by clause, as bytes on both sides."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.rig import FULFILMENT, KEY, Rig, rig
from tests.e2e.wire import say, scripted

HEAD = f"Host: gateway\r\nSilkgate-Key: {KEY}\r\nContent-Type: application/json\r\n"
POST = "POST /sg/orders HTTP/1.1"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def request(line: str, *fields: str, body: bytes = b"{}", head: str = HEAD) -> bytes:
    more = "".join(f"{field}\r\n" for field in fields)
    return f"{line}\r\n{head}Content-Length: {len(body)}\r\n{more}\r\n".encode() + body


@pytest.fixture
async def line(tmp_path: Path):
    async with rig(tmp_path) as running:
        yield running


async def raw_reply(port: int, data: bytes) -> bytes:
    """All that comes back until the gateway ends the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(data)
    try:
        return await asyncio.wait_for(reader.read(), 60)
    finally:
        writer.close()


def to(port: int, **more: Any) -> dict[str, Any]:
    return {"routes": {"far": FULFILMENT | {"upstream": f"http://127.0.0.1:{port}/"} | more}}


async def far(root: Path, reply: bytes, data: bytes) -> tuple[bytes, list[bytes]]:
    """What a caller gets where the recipient answers `reply`, and what that was sent."""
    async with scripted(reply) as script, rig(root, **to(script.port)) as running:
        return await raw_reply(running.gateway.data_port, data), script.requests


# RFC 9112


async def test_an_empty_line_before_the_request_is_ignored(line: Rig) -> None:
    """§2.2."""
    (reply,) = await say(line.gateway.data_port, b"\r\n" + request(POST))
    assert reply.status == 200


async def test_methods_are_case_sensitive(line: Rig) -> None:
    """RFC 9110 §9.1: `post` is a method of its own, and not one that is known."""
    (reply,) = await say(line.gateway.data_port, request("post /sg/orders HTTP/1.1"))
    assert reply.status in (400, 501)
    assert line.sink.received == []


@pytest.mark.parametrize(
    ("target", "statuses"),
    [("OPTIONS *", {400, 407, 501}), ("GET gateway:80", {400}), ("OPTIONS /sg/orders", {501}),
     ("TRACE /sg/orders", {501}), ("GET sg/orders", {400, 407})],
)  # fmt: skip
async def test_other_forms_of_target(line: Rig, target: str, statuses: set[int]) -> None:
    """§3.2: asterisk and authority form are for methods that are not supported."""
    (reply,) = await say(line.gateway.data_port, request(f"{target} HTTP/1.1"))
    assert reply.status in statuses
    assert line.sink.received == []


async def test_the_host_of_an_absolute_target_outweighs_the_field(line: Rig) -> None:
    """§3.2.2: the Host field is ignored, and the recipient is told its own."""
    port = line.sink.port
    names = [each for each, r in line.settings.routes.items() if f":{port}/" in r.upstream]
    assert names
    async with scripted(OK) as script, rig(line.settings.root / "b", **to(script.port)) as other:
        raw = request(
            f"POST http://127.0.0.1:{script.port}/x HTTP/1.1",
            f"Proxy-Authorization: Bearer {KEY}",
            "Connection: close",
            head="Host: elsewhere.example\r\nContent-Type: application/json\r\n",
        )
        (reply,) = await say(other.gateway.data_port, raw)
        assert reply.status == 200
        assert f"Host: 127.0.0.1:{script.port}\r\n".encode() in script.requests[0]
        assert b"elsewhere" not in script.requests[0]


@pytest.mark.parametrize(
    "data",
    [
        f"{POST}\r\n{HEAD}Content-Length: 20\r\n\r\n{{}}".encode(),
        f"{POST}\r\n{HEAD}Transfer-Encoding: chunked\r\n\r\n2\r\n{{}}\r\n".encode(),
        f"{POST}\r\n{HEAD}Transfer-Encoding: chunked\r\n\r\n9\r\n{{}}".encode(),
    ],
)
async def test_a_body_that_is_cut_short_is_no_request(line: Rig, data: bytes) -> None:
    """§8: incomplete messages; nothing leaves, and it is in the log."""
    reader, writer = await asyncio.open_connection("127.0.0.1", line.gateway.data_port)
    writer.write(data)
    writer.write_eof()
    answered = await asyncio.wait_for(reader.read(), 60)
    writer.close()
    assert b" 200 " not in answered
    assert line.sink.received == []


async def test_replies_to_pipelined_requests_keep_their_order(line: Rig) -> None:
    """§9.3.2."""
    raw = request(POST) + request(POST, body=b'{"a": 1, "a": 2}') + request(POST)
    replies = await say(line.gateway.data_port, raw)
    assert [reply.status for reply in replies] == [200, 400, 200]


async def test_a_caller_of_version_1_0_gets_no_chunks(tmp_path: Path) -> None:
    """§6.1 and §9.3: the end of the connection is the end of the reply; nobody is invited."""
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"
    data = request("POST /far/x HTTP/1.0", "Expect: 100-continue")
    answered, _ = await far(tmp_path, chunked, data)
    head, _, body = answered.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.0 200")
    assert b"transfer-encoding" not in head.lower()
    assert body == b"ok"


@pytest.mark.parametrize(
    "reply",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 9\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nX: a\rSet-Cookie: b\r\nContent-Length: 2\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-2\r\nok\r\n0\r\n\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"SSH-2.0-OpenSSH\r\n\r\n",
        b"",
    ],
)
async def test_a_reply_that_cannot_be_framed_is_not_passed_on(tmp_path: Path, reply: bytes) -> None:
    """§6.3: 502, or a connection that breaks; never a second reply inside the first."""
    answered, _ = await far(tmp_path, reply, request("POST /far/x HTTP/1.1", "Connection: close"))
    assert answered.count(b"HTTP/1.1 ") <= 1
    assert b"Set-Cookie" not in answered
    assert answered.startswith(b"HTTP/1.1 502") or not answered.endswith(b"0\r\n\r\n")


async def test_a_reply_framed_twice_ends_where_its_chunks_do(tmp_path: Path) -> None:
    """§6.3 (3): what follows is no reply to anybody."""
    reply = (
        b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"2\r\nok\r\n0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nbad"
    )
    answered, _ = await far(tmp_path, reply, request("POST /far/x HTTP/1.1", "Connection: close"))
    assert b"bad" not in answered
    assert answered.count(b"HTTP/1.1 ") == 1
    head = answered.partition(b"\r\n\r\n")[0].lower()
    assert not (b"content-length" in head and b"transfer-encoding" in head)


# RFC 9110


async def test_what_is_for_one_hop_stays_there(tmp_path: Path) -> None:
    """§7.6.1: Connection, what it names, TE, Keep-Alive, Proxy-*; in both directions."""
    reply = (
        b"HTTP/1.1 200 OK\r\nConnection: X-Hop, close\r\nX-Hop: a\r\nKeep-Alive: timeout=5\r\n"
        b"Proxy-Authenticate: Basic\r\nUpgrade: h2c\r\nX-End: b\r\nContent-Length: 2\r\n\r\nok"
    )
    fields = ("Connection: close, Accept", "Accept: text/x", "TE: trailers", "Keep-Alive: 9",
              "Prefer: wait=3")  # fmt: skip
    answered, (sent,) = await far(tmp_path, reply, request("POST /far/x HTTP/1.1", *fields))
    head = answered.partition(b"\r\n\r\n")[0].lower()
    for name in (b"x-hop:", b"keep-alive:", b"proxy-authenticate:", b"upgrade:"):
        assert name not in head
    assert b"x-end: b" in head
    lower = sent.lower()
    for name in (b"text/x", b"\r\nte:", b"\r\nkeep-alive:", b"silkgate-key", KEY.encode()):
        assert name not in lower
    assert b"prefer: wait=3" in lower


async def test_each_way_is_marked_with_via(tmp_path: Path) -> None:
    """§7.6.3: our own pseudonym; what stood there before names inside hosts and stays."""
    data = request("POST /far/x HTTP/1.1", "Via: 1.1 inside.example", "Connection: close")
    answered, (sent,) = await far(tmp_path, OK, data)
    assert b"\r\nVia: 1.1 silkgate\r\n" in sent
    assert b"inside.example" not in sent
    assert b"\r\nVia: 1.1 silkgate\r\n" in answered


async def test_interim_replies_are_not_final(tmp_path: Path) -> None:
    """§15.2: 103 is skipped, the final reply passed."""
    reply = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + OK
    data = request("POST /far/x HTTP/1.1", "Connection: close")
    answered, _ = await far(tmp_path, reply, data)
    assert answered.startswith(b"HTTP/1.1 200")
    assert answered.endswith(b"\r\n\r\nok")


async def test_every_reply_is_dated(line: Rig) -> None:
    """§6.6.1: also problems."""
    for raw in (request(POST), request("CONNECT a:1 HTTP/1.1"), b"\x16\x03\x01\r\n\r\n"):
        reply = (await say(line.gateway.data_port, raw))[0]
        assert reply.headers["date"].endswith("GMT")


async def test_an_unknown_expectation_fails_and_a_known_one_is_answered_once(line: Rig) -> None:
    """§10.1.1."""
    (failed,) = await say(line.gateway.data_port, request(POST, "Expect: magic"))
    assert failed.status == 417
    waiting = request(POST, "Expect: 100-continue", body=b"{}")
    head, body = waiting[:-2], waiting[-2:]
    interim, final = await say(line.gateway.data_port, head, then=body)
    assert (interim.status, final.status) == (100, 200)
