"""HTTP/1.1 as RFC 9110 and RFC 9112 demand it, and the forward proxy."""

import json
from base64 import b64encode
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from tests.e2e.rig import FULFILMENT, KEY, Rig, rig
from tests.e2e.wire import say, scripted

PHONE = "13800138000"
ORDER = json.dumps({"receiver_name": "王小明", "receiver_phone": PHONE}).encode()
HEAD = f"Host: gateway\r\nSilkgate-Key: {KEY}\r\nContent-Type: application/json\r\n"
BASIC = "Basic " + b64encode(f"shop:{KEY}".encode()).decode()


def request(line: str, *fields: str, body: bytes = b"", head: str = HEAD) -> bytes:
    """A request with exactly these fields."""
    more = "".join(f"{field}\r\n" for field in fields)
    return f"{line}\r\n{head}{more}\r\n".encode() + body


POST = "POST /sg/orders HTTP/1.1"
LENGTH = f"Content-Length: {len(ORDER)}"
CHUNKED = "Transfer-Encoding: chunked"
ONE_CHUNK = b"%x\r\n%b\r\n0\r\n\r\n" % (len(ORDER), ORDER)
UNFRAMED = {
    "both framings": request(POST, LENGTH, CHUNKED, body=ORDER),
    "two lengths": request(POST, LENGTH, LENGTH, body=ORDER),
    "a list of lengths": request(POST, "Content-Length: 2, 2", body=b"{}"),
    "a signed length": request(POST, "Content-Length: +2", body=b"{}"),
    "chunked twice": request(POST, "Transfer-Encoding: chunked, chunked", body=ONE_CHUNK),
    "chunked in two fields": request(POST, CHUNKED, CHUNKED, body=ONE_CHUNK),
    "another coding before": request(POST, "Transfer-Encoding: gzip, chunked", body=ONE_CHUNK),
    "a coding alone": request(POST, "Transfer-Encoding: identity", body=ORDER),
    "chunked misspelt": request(POST, "Transfer-Encoding: xchunked", body=ONE_CHUNK),
    "chunked in 1.0": request("POST /sg/orders HTTP/1.0", CHUNKED, body=ONE_CHUNK),
    "a hex prefix": request(POST, CHUNKED, body=b"0x2\r\n{}\r\n0\r\n\r\n"),
    "bare LF in chunks": request(POST, CHUNKED, body=b"2\n{}\n0\n\n"),
    "obs-fold": request(POST, LENGTH, f"Accept: a\r\n {PHONE}", body=ORDER),
    "no Host": request(POST, LENGTH, body=ORDER, head=HEAD.partition("\r\n")[2]),
    "two Hosts": request(POST, LENGTH, "Host: other", body=ORDER),
    "a Host that is none": request(POST, LENGTH, body=ORDER, head=HEAD.replace("gateway", "a/b@c")),
    "bare LF": request(POST, LENGTH, body=ORDER).replace(b"\r\n", b"\n"),
    "space before a colon": request(POST, LENGTH, f"Accept : {PHONE}", body=ORDER),
    "NUL": request(POST, LENGTH, f"Accept: {PHONE}\0", body=ORDER),
    "bare CR": request(POST, LENGTH, f"Accept: {PHONE}\rX: y", body=ORDER),
    "HTTP/2 with prior knowledge": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "TLS": b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03",
    "a target outside ASCII": f"POST /sg/{PHONE}é HTTP/1.1\r\n{HEAD}\r\n".encode(),
    "a line too long": request(POST, LENGTH, "Accept: " + PHONE * 1000, body=ORDER),
}
VERSIONS = {
    "HTTP/0.9": b"GET /sg/orders\r\n\r\n",
    "HTTP/2.0 without a preface": request("POST /sg/orders HTTP/2.0", LENGTH, body=ORDER),
}


@pytest.fixture
async def line(tmp_path: Path):
    async with rig(tmp_path) as running:
        yield running


async def test_what_could_be_framed_in_two_ways_is_refused_and_never_quoted(
    line: Rig, capfd: pytest.CaptureFixture[str]
) -> None:
    """400 or 505, the connection ends, nothing is sent, and neither reply nor logs quote it."""
    port = line.gateway.data_port
    with capture_logs() as logs:
        for cases, status in ((UNFRAMED, 400), (VERSIONS, 505)):
            for name, raw in cases.items():
                replies = await say(port, raw)
                assert [reply.status for reply in replies] == [status], name
                assert replies[0].closed, name
                assert replies[0].code in ("malformed", "version-refused"), name
                assert PHONE.encode() not in replies[0].body, name
    assert PHONE not in str(logs)
    assert PHONE not in "".join(capfd.readouterr())
    assert line.sink.received == []
    assert {entry["kind"] for entry in line.entries()} == {"start"}


async def test_what_cannot_be_inspected_is_refused_and_logged(line: Rig) -> None:
    """501 for tunnels, upgrades and other methods, 417 for other expectations."""
    port = line.gateway.data_port
    auth = f"Proxy-Authorization: {BASIC}"
    for raw in (
        request("CONNECT api.example:443 HTTP/1.1", auth),
        request("GET /sg/x HTTP/1.1", "Connection: Upgrade", "Upgrade: websocket"),
        request(POST, LENGTH, "Connection: Upgrade", "Upgrade: h2c", body=ORDER),
        request("TRACE /sg/x HTTP/1.1"),
        request("OPTIONS /sg/x HTTP/1.1"),
    ):
        assert [reply.code for reply in await say(port, raw)] == ["method-refused"], raw
    expecting = request(POST, LENGTH, "Expect: 200-ok", body=ORDER)
    assert [reply.status for reply in await say(port, expecting)] == [417]
    assert line.sink.received == []
    assert [entry["code"] for entry in line.entries("refusal")] == ["method-refused"] * 5


async def test_a_body_is_invited_only_after_its_caller_is_known(line: Rig) -> None:
    """100 Continue for a caller, 401 at once for a stranger (RFC 9110 §10.1.1)."""
    port = line.gateway.data_port
    raw = request(POST, LENGTH, "Expect: 100-continue")
    first, last = await say(port, raw, then=ORDER)
    assert (first.status, last.status) == (100, 200)
    assert json.loads(line.sink.received[0][1]) == json.loads(ORDER)
    stranger = await say(port, raw.replace(KEY.encode(), b"wrong"))
    assert [reply.status for reply in stranger] == [401]


async def test_chunked_bodies_leave_whole_and_their_trailers_do_not(line: Rig) -> None:
    """Trailer fields are dropped (RFC 9110 §6.5.1); the next request stands alone."""
    port = line.gateway.data_port
    trailing = ONE_CHUNK.replace(b"0\r\n\r\n", f"0\r\nX-Phone: {PHONE}\r\n\r\n".encode())
    both = request(POST, CHUNKED, body=trailing) + request(POST, LENGTH, body=ORDER)
    assert [reply.status for reply in await say(port, both)] == [200, 200]
    assert [json.loads(body) for _, body in line.sink.received] == [json.loads(ORDER)] * 2


async def test_the_forward_proxy_takes_what_a_client_sends_to_the_recipient(line: Rig) -> None:
    """Absolute form, Basic and Bearer; what names the caller does not go on, Via does."""
    port = line.gateway.data_port
    head = "Host: ignored.example\r\nContent-Type: application/json\r\n"
    async with scripted(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") as recipient:
        route = FULFILMENT | {"upstream": f"http://127.0.0.1:{recipient.port}/v2"}
        async with rig(line.settings.root / "forward", routes={"sg": route}) as forward:
            port = forward.gateway.data_port
            target = f"POST http://127.0.0.1:{recipient.port}/v2/orders?a=1 HTTP/1.1"
            for credential in (BASIC, f"Bearer {KEY}", f"bearer  {KEY}"):
                field = f"Proxy-Authorization: {credential}"
                raw = request(target, LENGTH, field, "Connection: Accept", "Accept: a/b",
                              body=ORDER, head=head)  # fmt: skip
                assert [reply.status for reply in await say(port, raw)] == [200]
            entry = forward.entries("export")[0]
    sent = recipient.requests[0].decode()
    assert sent.startswith("POST /v2/orders?a=1 HTTP/1.1\r\n")
    assert f"Host: 127.0.0.1:{recipient.port}\r\n" in sent
    assert "Via: 1.1 silkgate\r\n" in sent
    assert not {"proxy-authorization", "connection", "a/b", "ignored"} & set(sent.lower().split())
    assert (entry["caller"], entry["route"]) == ("shop", "sg")


async def test_the_forward_proxy_turns_away_strangers_and_other_hosts(line: Rig) -> None:
    """407 with a challenge; 403 for hosts of no route, of several, and for targets outside it."""
    port, sink = line.gateway.data_port, line.sink.port
    head = "Host: a\r\nContent-Type: application/json\r\n"
    shared = f"POST http://127.0.0.1:{sink}/in/orders HTTP/1.1"
    for field in ("Accept: a", "Proxy-Authorization: Basic !", "Proxy-Authorization: Bearer x",
                  f"Proxy-Authorization: {KEY}", f"Silkgate-Key: {KEY}",
                  "Proxy-Authorization: Basic " + b64encode(KEY.encode()).decode()):  # fmt: skip
        (reply,) = await say(port, request(shared, LENGTH, field, body=ORDER, head=head))
        assert (reply.status, reply.code) == (407, "proxy-unauthorized"), field
        assert reply.headers["proxy-authenticate"].startswith("Basic ")
    auth = f"Proxy-Authorization: {BASIC}"
    for url in (
        f"http://127.0.0.1:{sink}/in/x",
        "http://elsewhere.example/x",
        "http://127.0.0.1:1",
    ):
        raw = request(f"POST {url} HTTP/1.1", LENGTH, auth, body=ORDER, head=head)
        (reply,) = await say(port, raw)
        expected = (502, "upstream-failed") if url.endswith(":1") else (403, "route-forbidden")
        assert (reply.status, reply.code) == expected, url
    for url in (f"http://u:p@127.0.0.1:{sink}/in/x", "ftp://127.0.0.1/x", "*"):
        (reply,) = await say(
            port, request(f"POST {url} HTTP/1.1", LENGTH, auth, body=ORDER, head=head)
        )
        assert (reply.status, reply.code) == (400, "malformed"), url
    assert line.sink.received == []


@pytest.mark.parametrize(
    ("method", "answer", "status", "length"),
    [
        ("HEAD", b"HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n", 200, "1234"),
        ("GET", b"HTTP/1.1 204 No Content\r\nX-A: b\r\n\r\n", 204, None),
        ("GET", b"HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n", 304, None),
        ("GET", b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
         200, "0"),
        ("GET", b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
         502, None),
    ],
)  # fmt: skip
async def test_replies_without_a_body(
    tmp_path: Path, method: str, answer: bytes, status: int, length: str | None
) -> None:
    """HEAD, 204 and 304 keep the connection in step; interim replies and 101 do not come back."""
    async with scripted(answer) as recipient:
        route = FULFILMENT | {"upstream": f"http://127.0.0.1:{recipient.port}/"}
        async with rig(tmp_path, routes={"sg": route}) as line:
            raw = request(f"{method} /sg/orders HTTP/1.1")
            replies = await say(
                line.gateway.data_port, raw + raw.replace(b"/sg/", b"/none/"), method=method
            )
    assert [reply.status for reply in replies] == [status, 403]
    if length is not None:
        assert replies[0].headers["content-length"] == length
