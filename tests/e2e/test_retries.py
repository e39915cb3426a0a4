"""Retries with an Idempotency-Key: at most one send, also after a crash."""

import asyncio
from pathlib import Path

import aiohttp
import pytest

from gateway.server import serving
from tests.e2e.rig import JSON, KEY, Rig, rig, until
from tests.e2e.test_streams import NDJSON, ORDER, SENSITIVE, ndjson, settled

CLEAN = b'{"sku": "A-1"}'


@pytest.fixture
async def line(tmp_path: Path):
    async with rig(tmp_path) as running:
        yield running


def keyed(key: str, headers: dict[str, str] = JSON) -> dict[str, str]:
    return headers | {"Idempotency-Key": key}


async def closed(line: Rig) -> None:
    """Wait until every outcome is noted, and known to be."""
    retries = line.gateway.node.retries
    await until(lambda: not any(each.open for each in retries._known.values()))


@pytest.mark.parametrize(
    ("body", "headers", "to"),
    [
        (CLEAN, JSON, "/sg/x"),
        (ndjson([ORDER] * 1001), NDJSON, "/sg/x"),
        (ndjson([ORDER, SENSITIVE]), NDJSON, "/parted/x"),
    ],
)
async def test_a_retry_is_answered_and_not_sent(
    line: Rig, body: bytes, headers: dict[str, str], to: str
) -> None:
    """The same decision and entry come back; the recipient sees one request."""
    first = await line.send(body, headers=keyed("k-1", headers), to=to)
    await closed(line)
    again = await line.send(body, headers=keyed("k-1", headers), to=to)
    assert (first.status, again.status) == (200, 200)
    assert again.headers["Silkgate-Replayed"] == "true"
    for name in ("Silkgate-Decision-Id", "Silkgate-Entry"):
        assert again.headers[name] == first.headers[name]
    assert len(line.sink.received) == 1


@pytest.mark.parametrize("headers", [JSON, NDJSON])
async def test_a_key_belongs_to_one_request(line: Rig, headers: dict[str, str]) -> None:
    """Another body, another target: 422, nothing sent. Another route or no key: another request."""
    await line.send(CLEAN, headers=keyed("k-1", headers))
    await closed(line)
    other = await line.send(b'{"sku": "B"}', headers=keyed("k-1", headers))
    elsewhere = await line.send(CLEAN, headers=keyed("k-1", headers), to="/sg/other")
    assert (other.status, elsewhere.status) == (422, 422)
    assert other.problem["type"] == "urn:silkgate:problem:idempotency-key-reused"
    assert len(line.sink.received) == 1
    await line.send(CLEAN, headers=keyed("k-1", headers), to="/parted/x")
    await line.send(CLEAN, headers=headers)
    assert len(line.sink.received) == 3


async def test_a_second_request_while_the_first_is_under_way(line: Rig) -> None:
    """409; of ten at once with one key, one is sent."""
    answers = await asyncio.gather(*(line.send(CLEAN, headers=keyed("k-2")) for _ in range(10)))
    assert sorted({answer.status for answer in answers} - {200}) == [409]
    assert len(line.sink.received) == 1


async def test_what_was_denied_or_never_left_may_be_tried_again(line: Rig) -> None:
    """A denial sends nothing, nor does a recipient that cannot be reached."""
    for to, status in (("/denied/x", 403), ("/nowhere/x", 502)):
        for _ in range(2):
            body = b'{"receiver_phone": "13800138000"}' if status == 403 else CLEAN
            answer = await line.send(body, headers=keyed("k-3"), to=to)
            assert answer.status == status
            await closed(line)


@pytest.mark.parametrize("keys", [["a", "b"], ["x" * 256], [""]])
async def test_keys_that_cannot_be_used(line: Rig, keys: list[str]) -> None:
    """Two, too long, empty: 400, nothing sent."""
    from yarl import URL

    url = URL(f"http://127.0.0.1:{line.gateway.data_port}/sg/x")
    headers = [*JSON.items(), ("Silkgate-Key", KEY), *(("Idempotency-Key", k) for k in keys)]
    async with line.http.post(url, data=CLEAN, headers=headers) as reply:
        assert reply.status == 400
    assert line.sink.received == []


async def test_a_restart_knows_the_keys(tmp_path: Path) -> None:
    """From the log: delivered is replayed; released with no outcome is never sent again."""
    async with rig(tmp_path) as line:
        await line.send(CLEAN, headers=keyed("k-4"))
        await closed(line)
        (export,) = line.entries("export")
        torn = {k: v for k, v in export.items() if k not in ("seq", "ts_us", "v", "node")}
        torn["idempotency"] = export["idempotency"] | {"key": line.gateway.node.retries.name(
            "shop", "sg", "k-5"
        )}  # fmt: skip
        await line.gateway.node.audit.append([torn])  # as a crash before the outcome leaves it
        sent = len(line.sink.received)
        settings = line.settings
    async with serving(settings) as gateway, aiohttp.ClientSession() as http:
        again = Rig(settings, line.sink, gateway, http)
        replayed = await again.send(CLEAN, headers=keyed("k-4"))
        unknown = await again.send(CLEAN, headers=keyed("k-5"))
    assert (replayed.status, replayed.headers["Silkgate-Replayed"]) == (200, "true")
    assert unknown.status == 409
    assert unknown.problem["type"] == "urn:silkgate:problem:outcome-unknown"
    assert sent == len(line.sink.received) == 1


async def test_no_key_is_at_rest(tmp_path: Path) -> None:
    """The log holds keyed digests alone."""
    async with rig(tmp_path) as line:
        await line.send(CLEAN, headers=keyed("made-up-key-13800138000"))
        await settled(line, 0)
    at_rest = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"made-up-key" not in at_rest
