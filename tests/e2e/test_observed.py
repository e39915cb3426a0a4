"""What operators see: metrics, access log, traces. Names that are configured, and no values."""

import io
import json
import re
import threading
from pathlib import Path

import pytest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client.parser import text_string_to_metric_families

from gateway.http import seen, tracing
from gateway.http.metrics import Metrics
from gateway.http.seen import Lines, to_access_log
from gateway.settings import ObserveSettings
from tests.e2e.rig import JSON, Rig, rig

PHONE = "13800138000"
ORDER = json.dumps({"receiver_name": "王小明", "receiver_phone": PHONE}).encode()
SECRETS = (PHONE, "王小明", "q-value", "a-path", "a-caller-key-made-up-for-tests")


async def drive(line: Rig) -> None:
    """One of each: delivered, denied, refused, stranger, unknown route and method, failed."""
    await line.send(ORDER, to="/sg/a-path?x=q-value")
    await line.send(ORDER, to="/denied/a-path?x=q-value")
    await line.send(b"{", to="/sg/a-path?x=q-value")
    await line.send(ORDER, to="/sg/a-path", key="wrong")
    await line.send(ORDER, to="/a-path/a-path")
    await line.send(ORDER, to="/sg/a-path", method="OPTIONS")
    await line.send(ORDER, to="/nowhere/a-path")


async def test_metrics_have_bounded_labels_and_no_values(tmp_path: Path) -> None:
    """Callers and routes as configured, codes from a fixed list, whatever is sent."""
    async with rig(tmp_path) as line:
        await drive(line)
        text = (await line.admin("/metrics")).body.decode()
    found: dict[str, list[dict[str, str]]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found.setdefault(sample.name, []).append(sample.labels)
            assert not any(secret in str(sample.labels) for secret in SECRETS), sample
    requests = found["silkgate_requests_total"]
    statuses = {(each["caller"], each["route"], each["status"]) for each in requests}
    assert statuses == {
        ("shop", "sg", "200"), ("shop", "denied", "403"), ("shop", "sg", "400"), ("", "", "401"),
        ("shop", "", "403"), ("shop", "", "501"), ("shop", "nowhere", "502"),
    }  # fmt: skip
    assert {each["code"] for each in found["silkgate_refusals_total"]} == {
        "malformed", "unauthorized", "route-forbidden", "method-refused"
    }  # fmt: skip
    assert {each["status"] for each in found["silkgate_outcomes_total"]} == {"delivered", "failed"}
    assert {each["direction"] for each in found["silkgate_bytes_total"]} == {"in", "back"}
    assert {"silkgate_build_info", "process_open_fds", "silkgate_policy_info"} <= set(found)


async def test_the_access_log_has_a_line_for_each_answer_and_no_values(tmp_path: Path) -> None:
    """Its rid is that of the reply and of the audit entry."""
    written = io.BytesIO()
    async with rig(tmp_path, told=[to_access_log(written.write)]) as line:
        await drive(line)
        answer = await line.send(ORDER, to="/denied/x")
    text = written.getvalue().decode()
    lines = [json.loads(each) for each in text.splitlines()]
    assert [each["status"] for each in lines] == [200, 403, 400, 401, 403, 501, 502, 403]
    assert lines[-1]["rid"] == answer.headers["Silkgate-Request-Id"]
    assert lines[-1]["rid"] == line.entries("export")[-1]["rid"]
    assert lines[-1]["entry"] == answer.headers["Silkgate-Entry"]
    assert {"caller", "route", "method", "seconds", "bytes_in", "decision"} <= set(lines[0])
    assert not any(secret in text for secret in SECRETS)


def test_a_reader_that_is_slow_or_gone_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines are dropped and counted; nothing blocks, nothing is raised."""
    monkeypatch.setattr(seen, "_WAITING", 3)
    reading, read = threading.Event(), threading.Event()
    written: list[bytes] = []

    def write(line: bytes) -> None:
        reading.wait()
        written.append(line)
        if len(written) == 3:
            read.set()

    lines = Lines(write)
    for _ in range(10):
        lines.write(b"x\n")
    reading.set()
    read.wait()
    lines.write(b"last\n")
    lines.close()
    assert written[-1] == b"last\n"
    dropped = json.loads(written[-2])
    assert written.count(b"x\n") + dropped["count"] == 10

    def broken(_: bytes) -> None:
        raise BrokenPipeError

    lines = Lines(broken)
    for _ in range(3):
        lines.write(b"x\n")
    lines.close()


async def test_a_request_is_one_trace_with_a_span_for_each_stage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The caller's traceparent is the parent, and stays here; no values in any attribute."""
    spans = InMemorySpanExporter()
    make = tracing.Tracing.__init__

    def in_memory(self: tracing.Tracing, settings: ObserveSettings) -> None:
        make(self, settings, SimpleSpanProcessor(spans))

    monkeypatch.setattr(tracing.Tracing, "__init__", in_memory)
    trace = "0af7651916cd43dd8448eb211c80319c"
    headers = JSON | {"traceparent": f"00-{trace}-b7ad6b7169203331-01"}
    async with rig(tmp_path, observe={"otlp": "http://collector.invalid/v1/traces"}) as line:
        assert (await line.send(ORDER, to="/sg/a-path?x=q-value", headers=headers)).status == 200
        stream = {"Content-Type": "application/x-ndjson"}
        assert (await line.send(ORDER + b"\n" + ORDER + b"\n", headers=stream)).status == 200
        await line.gateway.reload()
        await drive(line)
    finished = spans.get_finished_spans()
    ours = [each for each in finished if f"{each.context.trace_id:032x}" == trace]
    names = [each.name for each in ours]
    assert set(names) >= {"export", "inspect", "rule", "subjects", "treat", "append", "send"}
    root = next(each for each in ours if each.name == "export")
    assert {e.parent.span_id for e in ours if e.name == "inspect"} == {root.context.span_id}
    assert root.attributes["silkgate.route"] == "sg"
    assert root.attributes["silkgate.decision"] == "allow"
    text = " ".join(each.to_json() for each in finished)
    assert not any(secret in text for secret in SECRETS)
    assert "exception.message" not in text
    roots = [each for each in finished if each.name == "export"]
    assert [each.attributes["http.response.status_code"] for each in roots[2:]] == [
        200, 403, 400, 401, 403, 501, 502
    ]  # fmt: skip


def test_the_version_is_the_one_installed() -> None:
    """Build information names a release."""
    assert re.search(rb'silkgate_build_info\{version="[0-9.]+"\} 1.0', Metrics().exposition())
