"""Drift from a route's data contract: a reason of the decision, in entries, replies, commands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from gateway.cli.app import app
from gateway.errors import ConfigError
from tests.e2e.process import configure
from tests.e2e.rig import FULFILMENT, configured, rig
from tests.e2e.test_streams import NDJSON, ndjson

CONTRACT = {"/buyer": "pi_basic", "/contact": "pi_basic"}
RECORD = {"order_sn": "2026112300017", "buyer": "王小明", "contact": "13800138000",
          "receiver_phone": "13900139000"}  # fmt: skip
KEPT = {"buyer": "王小明", "order_sn": "2026112300017"}
REASONS = {"contract.undeclared", "contract.contradicted"}
STOP = """# METADATA
# title: Nothing but what was declared
package silkgate.overlay.contract

deny contains {
    "code": "acme.drift",
    "en": "The data departs from the contract.",
    "zh": "数据与契约不符。",
    "citation": "company policy",
} if {
    some field in input.fields
    field.drift == "contradicted"
}
"""


@pytest.mark.parametrize("workers", [1, 2])
async def test_drift_is_told_with_the_decision(tmp_path: Path, workers: int) -> None:
    """The fields of the question carry it, the decision has a reason, the entry lists it."""
    routes = {"strict": FULFILMENT | {"declare": CONTRACT}}
    async with rig(tmp_path, workers=workers, routes=routes) as line:
        body = json.dumps(RECORD, ensure_ascii=False).encode()
        assert (await line.send(body, to="/strict/x")).status == 200
        (shape,) = line.entries("shape")
        drifts = {f["pointer"]: f.get("drift") for f in shape["input"]["fields"]}
        assert drifts["/contact"] == "contradicted"
        assert drifts["/receiver_phone"] == "undeclared"
        assert drifts["/buyer"] is None
        assert {r["code"] for r in shape["decision"]["reasons"]} >= REASONS
        (export,) = line.entries("export")
        assert {(d["pointer"], d["kind"]) for d in export["drift"]} == {
            ("/contact", "contradicted"),
            ("/receiver_phone", "undeclared"),
        }
        kept = json.dumps(KEPT, ensure_ascii=False).encode()
        assert (await line.send(kept, to="/strict/x")).status == 200
        assert "drift" not in line.entries("export")[-1]


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("on_denied", ["refuse", "quarantine"])
async def test_streams_tell_it_too(tmp_path: Path, workers: int, on_denied: str) -> None:
    """A stream's groups and its end."""
    routes = {"strict": FULFILMENT | {"declare": CONTRACT, "on_denied": on_denied}}
    async with rig(tmp_path, workers=workers, routes=routes) as line:
        records = ndjson([KEPT, RECORD])
        assert (await line.send(records, to="/strict/x", headers=NDJSON)).status == 200
        assert {d["pointer"] for d in line.entries("export")[0]["drift"]} == {
            "/contact",
            "/receiver_phone",
        }
    (end,) = line.entries("stream")
    assert end["drift"] == line.entries("export")[0]["drift"]


async def test_a_company_may_deny_on_it(tmp_path: Path) -> None:
    """The overlay sees the fact; the reply gives the reason."""
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "contract.rego").write_text(STOP, "utf-8")
    routes = {"strict": FULFILMENT | {"declare": CONTRACT}}
    async with rig(tmp_path, routes=routes, policy={"overlay": "policies"}) as line:
        body = json.dumps(RECORD, ensure_ascii=False).encode()
        answer = await line.send(body, to="/strict/x")
        assert answer.status == 403
        assert [reason["code"] for reason in answer.problem["reasons"]] == ["acme.drift"]
        kept = json.dumps(KEPT, ensure_ascii=False).encode()
        assert (await line.send(kept, to="/strict/x")).status == 200


def test_the_commands_tell_it(tmp_path: Path) -> None:
    config = configure(tmp_path, 1)
    with config.open("a", encoding="utf-8") as file:
        file.write('\n[routes.insights.declare]\n"/buyer" = "pi_basic"\n"/contact" = "pi_basic"\n')
    body, question = tmp_path / "body.json", tmp_path / "question.json"
    body.write_text(json.dumps(RECORD, ensure_ascii=False), "utf-8")
    contract = ["-c", str(config), "--route", "insights"]

    def run(*arguments: str) -> Any:
        result = CliRunner().invoke(app, list(arguments))
        assert result.exit_code in (0, 1), result.output
        return result.stdout

    found = json.loads(run("classify", str(body), "-o", "json", *contract))[0]["findings"]
    assert {f["pointer"]: f.get("drift") for f in found}["/contact"] == "contradicted"
    assert "undeclared" in run("classify", str(body), *contract)
    scanned = json.loads(run("scan", str(body), "--to", "SG", "-o", "json", *contract))
    fields = {f["pointer"]: f["drift"] for f in scanned["tables"][0]["fields"]}
    assert fields["/receiver_phone"] == "undeclared"
    field = {"pointer": "/contact", "category": "pi_contact_phone", "level": "pi",
             "verdict": "confirmed", "declared": True, "drift": "contradicted"}  # fmt: skip
    asked = {
        "schema": "silkgate/policy-input/1", "at": "2026-11-22",
        "exporter": {"id": "a", "ciio": False, "zone": "", "sector": "", "pilots": []},
        "route": "r", "origin": "CN", "collected_in": "CN", "destination": "SG",
        "recipient": {"name": "P"}, "purpose": "order_fulfilment", "fields": [field],
        "basis": {"ground": "contract", "exemption": "cn.order16.art5.1.1", "consent": None,
                  "mechanism": None},
        "bands": None,
    }  # fmt: skip
    question.write_text(json.dumps(asked), "utf-8")
    told = run("decide", str(question), "--explain")
    assert "contract.contradicted" in told
    assert "/contact:pi_contact_phone" in "".join(told.split())


@pytest.mark.parametrize("workers", [1, 2])
async def test_code_tables_of_a_route(tmp_path: Path, workers: int) -> None:
    """The team's own meanings and a standard's table, wherever the computing is done."""
    codes = {"/b_cd": {"1": "佛教徒", "2": "穆斯林"}, "/m": "gbt3304.ethnic"}
    routes = {"coded": FULFILMENT | {"codes": codes}}
    async with rig(tmp_path, workers=workers, routes=routes) as line:
        await line.send(b'{"b_cd": "2", "m": "03", "z_cd": "2"}', to="/coded/x")
        (shape,) = line.entries("shape")
    fields = {f["pointer"]: (f["category"], f.get("reason")) for f in shape["input"]["fields"]}
    assert fields == {
        "/b_cd": ("spi_religion", "code.team"),
        "/m": ("pi_basic", "code.gbt3304.ethnic"),
    }


@pytest.mark.parametrize("table", ["gbt9999", {"1": "packed", "2": "sent"}])
def test_a_table_that_nobody_understands_is_refused(tmp_path: Path, table: object) -> None:
    with pytest.raises(ConfigError, match="codes '/x'"):
        configured(tmp_path, 1, routes={"coded": FULFILMENT | {"codes": {"/x": table}}})
