"""Attacks that are more than one request: by the number of the case in `docs/attacks.md`."""

from __future__ import annotations

import ast
import asyncio
import hashlib
import json
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp.abc import AbstractResolver, ResolveResult
from structlog.testing import capture_logs

from audit_log.errors import AuditError
from audit_log.log import AuditLog
from benchmarks.attacks.model import MAIL, PHONE
from gateway.errors import ConfigError
from gateway.export.transfer import china_date
from gateway.http.addresses import AddressRefused, GuardedResolver
from gateway.keys.keyring import Keyring
from gateway.node import NODE, last_signed, log_origin, utc_now
from policies.bundle import load as load_bundle
from policies.errors import BundleError
from tests.e2e.certificates import Authority
from tests.e2e.rig import FULFILMENT, JSON, KEY, Rig, rig, verified
from tests.e2e.wire import scripted

shared = pytest.mark.asyncio(loop_scope="module")
ROOT = Path(__file__).parents[2]
ANALYTICS = {
    "destination": "SG",
    "recipient": "Partner Insights Pte Ltd",
    "purpose": "analytics",
    "basis": {"ground": "consent", "consent": {"ref": "register/1", "notice": "v1"}},
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Rig]:
    routes = {
        "other": ANALYTICS | {"recipient": "Another Insights Pte Ltd"},
        "joined": ANALYTICS | {"subjects": [["/id_no", "/phone"]]},
        "unheard": ANALYTICS | {"destination": "ZZ"},
    }
    shop = {
        "key_sha256": hashlib.sha256(KEY.encode()).hexdigest(),
        "routes": ["sg", "insights", "denied", *routes],
    }
    root = tmp_path_factory.mktemp("rig")
    async with rig(root, routes=routes, callers={"shop": shop}) as running:
        yield running


@pytest.fixture
def line(running: Rig) -> Rig:
    running.sink.received.clear()
    running.sink.heads.clear()
    return running


def persons(line: Rig) -> dict[str, Any]:
    """What the last export added to this year's count."""
    found: dict[str, Any] = line.entries("export")[-1]["persons"]
    return found["new"]


async def post(line: Rig, record: dict[str, Any], to: str, **headers: str) -> Any:
    return await line.send(json.dumps(record).encode(), to=to, headers=JSON | headers)


async def test_38_one_record_a_request_is_counted_all_the_same(tmp_path: Path) -> None:
    """Just below the threshold of Order 16 art 8 the next new person is not let through."""
    today = date.fromisoformat(china_date(utc_now()))
    opening = {
        "year": today.year, "general": 99_998, "sensitive": 0, "as_of": today, "evidence": "x",
    }  # fmt: skip
    async with rig(tmp_path, ledger={"opening": opening}) as line:
        statuses = [
            (await post(line, {"phone": f"1380013800{n}"}, "/insights/x")).status
            for n in (1, 1, 2, 3)
        ]
        received = len(line.sink.received)
    assert statuses[0] == statuses[1] == 200  # the same person counts once
    assert statuses[-1] == 403
    assert received == statuses.count(200)


@shared
async def test_39_identifiers_neither_hide_persons_nor_make_up_more(line: Rig) -> None:
    """Seen again in whatever form: nobody new. Two persons behind one phone are two."""
    one = {"id_no": "11010519491231002X", "phone": "13912345678"}
    again = {"id_no": "１１０１０５１９４９１２３１００２Ｘ", "phone": "139-1234-5678"}
    other = {"id_no": "110101199003074514", "phone": "13912345678"}
    added = []
    for record in (one, again, one, other):
        assert (await post(line, record, "/joined/x")).status == 200
        added.append(persons(line)["general"])
    assert added == [1, 0, 0, 1]


async def test_45_a_request_that_trickles_in_meets_the_deadline(tmp_path: Path) -> None:
    """The whole request has one deadline, however often a byte arrives."""
    async with rig(tmp_path, limits={"deadline_seconds": 2}) as line:
        reader, writer = await asyncio.open_connection("127.0.0.1", line.gateway.data_port)
        head = f"POST /sg/x HTTP/1.1\r\nHost: x\r\nSilkgate-Key: {KEY}\r\n"
        writer.write(
            f"{head}Content-Type: application/json\r\nContent-Length: 999\r\n\r\n".encode()
        )
        began = time.monotonic()
        answer = asyncio.create_task(reader.readline())
        while not answer.done() and time.monotonic() - began < 30:
            writer.write(b" ")
            await asyncio.wait([answer], timeout=0.2)
        assert b" 400 " in await answer
        writer.close()
        assert line.sink.received == []


@pytest.mark.parametrize(
    "host",
    ["169.254.169.254", "100.100.100.200", "0.0.0.0", "127.0.0.1", "2130706433", "0177.0.0.1",
     "0x7f.1", "127.1", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:a9fe:a9fe]", "localhost",
     "10.0.0.1"],
)  # fmt: skip
async def test_51_inside_addresses_however_they_are_written(tmp_path: Path, host: str) -> None:
    """A route to one is no configuration, or its exports fail with nothing sent."""
    route = FULFILMENT | {"upstream": f"http://{host}:%d/", "allow_addresses": []}
    async with scripted(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") as recipient:
        route["upstream"] = str(route["upstream"]) % recipient.port
        try:
            async with rig(tmp_path, routes={"sg": route}) as line:
                answer = await line.send(b"{}")
                assert answer.status == 502
        except ConfigError:
            pass
        assert recipient.requests == []


class _Rebinding(AbstractResolver):
    """A name that is outside when it is looked at and inside when it is used."""

    def __init__(self) -> None:
        self.asked = 0

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        self.asked += 1
        address = "93.184.216.34" if self.asked == 1 else "127.0.0.1"
        return [ResolveResult(hostname=host, host=address, port=port, family=2, proto=0, flags=0)]

    async def close(self) -> None: ...


async def test_52_a_name_that_turns_inside_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The address that is connected to is the one that was judged; each is judged."""
    guarded = GuardedResolver([])
    inner = _Rebinding()
    attribute = next(k for k, v in vars(guarded).items() if isinstance(v, AbstractResolver))
    monkeypatch.setattr(guarded, attribute, inner)
    first = await guarded.resolve("rebind.example", 443)
    assert [each["host"] for each in first] == ["93.184.216.34"]
    with pytest.raises(AddressRefused):
        await guarded.resolve("rebind.example", 443)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_53_redirects_are_neither_followed_nor_passed_on(tmp_path: Path, status: int) -> None:
    """The body goes to one host only, and so do keys."""
    reply = f"HTTP/1.1 {status} X\r\nLocation: http://127.0.0.1:1/x\r\nContent-Length: 0\r\n\r\n"
    async with scripted(reply.encode()) as recipient:
        route = FULFILMENT | {"upstream": f"http://127.0.0.1:{recipient.port}/"}
        async with rig(tmp_path, routes={"sg": route}) as line:
            answer = await line.send(b"{}")
    assert answer.status == 502
    assert answer.problem["type"].endswith("upstream-redirected")
    assert "Location" not in answer.headers
    assert len(recipient.requests) == 1


@shared
async def test_54_an_unknown_destination_gets_nothing(line: Rig) -> None:
    """The registry decides, not the host or its address."""
    answer = await post(line, {"phone": PHONE}, "/unheard/x")
    assert answer.status == 403
    assert line.sink.received == []


def test_55_onward_transfer_is_a_limit_that_is_written_down() -> None:
    """Nothing technical stops a recipient that passes data on."""
    text = (ROOT / "docs" / "attacks.md").read_text("utf-8")
    assert "**Onward transfer (55).**" in text


@pytest.mark.parametrize("fault", ["unknown authority", "another name"])
async def test_56_recipients_are_verified(tmp_path: Path, fault: str) -> None:
    """A certificate of nobody we know, or of another name: nothing is sent."""
    ours, evil = Authority(tmp_path, "ours"), Authority(tmp_path, "evil")
    by = evil if fault == "unknown authority" else ours
    cert = by.issue("server", "127.0.0.1" if fault == "unknown authority" else "192.0.2.1")
    import ssl

    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*cert)
    seen: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await reader.read(1))
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    route = FULFILMENT | {
        "upstream": f"https://127.0.0.1:{port}/", "tls": {"ca": str(ours.file)},
    }  # fmt: skip
    async with rig(tmp_path / "rig", routes={"sg": route}) as line:
        answer = await line.send(b"{}")
    server.close()
    assert answer.status == 502
    assert not any(seen)


async def test_57_no_engine_no_export(tmp_path: Path) -> None:
    """A policy engine that is not there: 503, or no start at all."""
    engine = {"engine": "opa", "url": "http://127.0.0.1:1"}
    reached: list[object] = []
    with suppress(BundleError, ConfigError, OSError, RuntimeError):
        async with rig(tmp_path, policy=engine) as line:
            assert (await post(line, {"phone": PHONE}, "/insights/x")).status == 503
            reached += line.sink.received
    assert reached == []


@pytest.mark.parametrize("call", ['http.send({"method": "get", "url": "http://x"})',
                                  "opa.runtime()", 'net.lookup_ip_addr("x")'])  # fmt: skip
def test_58_policies_cannot_reach_out(tmp_path: Path, call: str) -> None:
    """Built-ins that read the world are refused before anything runs."""
    rule = f"package silkgate.overlay.a\n\ndeny contains x if {{\n\tx := {call}\n}}\n"
    (tmp_path / "a.rego").write_text(rule, "utf-8")
    with pytest.raises(BundleError, match=call.partition("(")[0]):
        load_bundle("builtin", tmp_path)


@shared
async def test_59_an_approval_that_nobody_gave_opens_nothing(line: Rig) -> None:
    """A made-up approval, or a decision's own id as one."""
    held = await post(line, {"phone": PHONE}, "/denied/x")
    for approval in ("x" * 32, held.headers["Silkgate-Decision-Id"], "0" * 64):
        again = await post(line, {"phone": PHONE}, "/denied/x", **{"Silkgate-Approval": approval})
        assert again.status in (400, 403)
    assert line.sink.received == []


@shared
async def test_60_61_tokens_tell_nothing_without_the_key(line: Rig) -> None:
    """Stable for one recipient, another for the next, and no plain digest of the value."""
    sent = []
    for to in ("/insights/x", "/insights/x", "/other/x"):
        assert (await post(line, {"phone": PHONE}, to)).status == 200
        sent.append(json.loads(line.sink.received[-1][1])["phone"])
    assert sent[0] == sent[1] != sent[2]
    for name in ("md5", "sha1", "sha256", "sha512", "sm3"):
        try:
            digest = hashlib.new(name, PHONE.encode(), usedforsecurity=False).hexdigest()
        except ValueError:
            continue
        assert digest[:16] not in "".join(sent)


async def test_62_a_log_that_was_cut_does_not_verify(tmp_path: Path) -> None:
    """Neither cut at its end nor changed within."""
    async with rig(tmp_path) as line:
        for _ in range(3):
            await line.send(b"{}")
        settings = line.settings
    assert verified(settings).ok
    directory = settings.path(settings.audit.dir)
    path = max((directory / "seg").rglob("*"), key=lambda each: each.stat().st_size)
    whole = path.read_bytes()
    changed = whole.replace(b'"method":"POST"', b'"method":"PUT_"')
    assert changed != whole
    for broken in (whole[: len(whole) * 2 // 3], changed):
        path.write_bytes(broken)
        with suppress(AuditError):
            assert not verified(settings).ok
    path.write_bytes(whole)
    assert verified(settings).ok


@shared
async def test_63_a_second_writer_is_turned_away(line: Rig) -> None:
    """One log, one writer."""
    settings = line.settings
    with pytest.raises(AuditError):
        AuditLog.open(
            settings.path(settings.audit.dir),
            origin=log_origin(settings),
            node=NODE,
            key=Keyring.open(settings.path(settings.keys.dir)).signing_key(),
            state=last_signed(settings),
        )


@shared
async def test_64_nothing_that_was_sent_is_in_replies_logs_or_metrics(line: Rig) -> None:
    """Also where it was refused, denied, or not understood."""
    with capture_logs() as logs:
        answers = [
            await post(line, {"phone": PHONE, MAIL: 1}, "/denied/x"),
            await line.send(f'{{"{MAIL}": "{PHONE}"'.encode(), to="/sg/x"),
            await line.send(f'{{"{MAIL}": 1, "{MAIL}": 2}}'.encode(), to="/sg/x"),
            await line.send(f"<{PHONE}".encode(), headers={"Content-Type": "application/xml"}),
            await line.send(f"a,{MAIL}\n1".encode(), headers={"Content-Type": "text/csv"}),
            await line.send(b"{}", to=f"/sg/{PHONE}%ff"),
            await line.send(b"{}", headers={"Content-Type": f"application/{PHONE}"}),
        ]
    shown = b"".join(answer.body for answer in answers) + (await line.admin("/metrics")).body
    written = b"".join(p.read_bytes() for p in line.directory.rglob("*") if p.is_file())
    for secret in (PHONE, MAIL):
        assert secret.encode() not in shown
        assert secret not in str(logs)
        assert secret.encode() not in written


@shared
async def test_65_a_field_cannot_forge_a_line_of_the_log(line: Rig) -> None:
    """Newlines and terminal escapes in keys, paths and headers stay inside their entry."""
    key = '\n{"kind":"export","seq":0}\n\x1b[31m'
    with capture_logs() as logs:
        answer = await post(line, {key: {"phone": PHONE}}, "/denied/x")
        await line.send(b"{}", to="/sg/%0d%0a%1b%5b31m")
    assert answer.status == 403
    assert b"\x1b" not in answer.body
    assert all(entry["seq"] == number for number, entry in enumerate(line.entries()))
    raw = b"".join(
        path.read_bytes() for path in (line.directory / "seg").rglob("*") if path.is_file()
    )
    assert b"\x1b[31m" not in raw
    assert "\x1b" not in str(logs)


@shared
async def test_66_a_value_seen_before_is_answered_alike(line: Rig) -> None:
    """No header, status or size tells that somebody's value was known."""
    first = await post(line, {"phone": "13711112222"}, "/insights/x")
    second = await post(line, {"phone": "13711112222"}, "/insights/x")
    assert (first.status, first.body, set(first.headers)) == (
        second.status, second.body, set(second.headers),
    )  # fmt: skip


def test_67_nothing_is_loaded_that_could_run() -> None:
    """No pickle, marshal, unsafe YAML, eval or exec anywhere in the four packages."""
    forbidden = {"eval", "exec", "compile"}
    for package in ("gateway", "classifiers", "policies", "audit_log"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    names = {each.name for each in node.names} | {getattr(node, "module", "") or ""}
                    assert not names & {"pickle", "marshal", "shelve", "dill"}, path
                if isinstance(node, ast.Call):
                    if isinstance(node.func, ast.Name):
                        assert node.func.id not in forbidden, path
                    elif isinstance(node.func, ast.Attribute) and node.func.attr == "load":
                        assert ast.unparse(node.func) not in ("yaml.load", "pickle.load"), path


@shared
async def test_68_69_nobody_can_have_a_token_undone(line: Rig) -> None:
    """A caller without that right gets back what the recipient answers, tokens as they are."""
    await post(line, {"phone": PHONE}, "/insights/x")
    token = json.loads(line.sink.received[-1][1])["phone"]
    again = await post(line, {"note": token}, "/insights/x")
    assert again.status == 200
    assert token in line.sink.received[-1][1].decode()
    assert PHONE.encode() not in line.sink.received[-1][1] + again.body
    for path in ("/v1/restore", "/v1/detokenize", "/v1/reverse"):
        assert (await line.admin(path)).status in (401, 403, 404)


@shared
async def test_70_a_retry_is_sent_and_counted_once(line: Rig) -> None:
    """The same Idempotency-Key: one request arrives; another body under it is refused."""
    key = {"Idempotency-Key": "retry-1"}
    first = await post(line, {"sku": 1}, "/insights/x", **key)
    for _ in range(100):  # until the outcome is noted a retry is told to wait
        second = await post(line, {"sku": 1}, "/insights/x", **key)
        if second.status != 409:
            break
        await asyncio.sleep(0.05)
    other = await post(line, {"sku": 2}, "/insights/x", **key)
    assert (first.status, second.status, other.status) == (200, 200, 422)
    assert len(line.sink.received) == 1
