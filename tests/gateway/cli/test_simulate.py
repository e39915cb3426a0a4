"""`silkgate policy simulate` on a log: what is taken again, and since when."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from typer.testing import CliRunner, Result

from gateway.cli.app import app
from policies.bundle import load
from policies.embedded import EmbeddedEngine
from policies.model import PolicyInput, digest
from tests.audit_log.logs import FakeClock, Home
from tests.policies.questions import question

ENGINE = EmbeddedEngine(load(), deadline_seconds=60)
FIRST = datetime(2026, 11, 20, 23, 59, 59, 999_999, UTC)
SECOND = datetime(2026, 11, 21, tzinfo=UTC)
MASKED = {"order_fulfilment": {"pi_contact_phone": "mask"}}


def shape(asked: PolicyInput) -> dict[str, Any]:
    """The entry of a question and its decision, as a gateway writes it."""
    decision = ENGINE.decide_sync(asked)
    return {
        "kind": "shape",
        "shape": digest(asked),
        "input": msgspec.to_builtins(asked),
        "decision": msgspec.to_builtins(decision),
    }


def export(*shapes: dict[str, Any], would_be: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    """An export whose groups were decided by `shapes`."""
    groups = [{"shape": each["shape"]} for each in shapes]
    shadow = [{"shape": each["shape"]} for each in would_be]
    return {"kind": "export", "released": True, "groups": groups, "would_be": shadow}


@pytest.fixture
async def log(tmp_path: Path) -> Path:
    """Two exports of one shape and a third, in shadow, of two others; a day lies between."""
    home = Home.make(tmp_path)
    home.create()
    clock = FakeClock(int(FIRST.timestamp() * 1_000_000) - 1000)
    writing = home.open(clock=clock)
    sg, my, vn = (
        shape(question(route=f"{to.lower()}", destination=to)) for to in ("SG", "MY", "VN")
    )
    clock.now_us = _us(FIRST) - 2000
    await writing.append([sg])
    clock.now_us = _us(FIRST) - 1000
    await writing.append([export(sg)])
    clock.now_us = _us(SECOND) - 1000
    await writing.append([export(sg)])
    await writing.append([my, vn])
    await writing.append([export(my, would_be=(vn,))])
    await writing.close()
    return home.log


def _us(moment: datetime) -> int:
    return int(moment.timestamp()) * 1_000_000 + moment.microsecond


@pytest.fixture
def overlay(tmp_path: Path) -> Path:
    """A company that masks phones."""
    place = tmp_path / "own" / "silkgate" / "overlay" / "treatments"
    place.mkdir(parents=True)
    (place / "data.json").write_text(json.dumps(MASKED), encoding="utf-8")
    return tmp_path / "own"


def simulate(log: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["policy", "simulate", "builtin", "--log", str(log), *words])


def taken(log: Path, overlay: Path, *words: str) -> tuple[int, dict[str, int]]:
    """Decisions taken again, and by route how many would mask the phone."""
    result = simulate(log, "--overlay", str(overlay), "-o", "json", *words)
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout)
    found = {each["route"]: each["exports"] for each in report["differences"]}
    assert {each["kind"] for each in report["differences"]} <= {"tightened"}
    return report["exports"], found


def test_all_that_is_recorded_is_decided_again(log: Path, overlay: Path) -> None:
    """Each export as often as it was made; of a shadow route both questions."""
    assert taken(log, overlay) == (4, {"sg": 2, "my": 1, "vn": 1})


@pytest.mark.parametrize(
    "since",
    ["2026-11-21", "2026-11-21T00:00:00Z", "2026-11-21T08:00:00+08:00", "2026-11-21T00:00:00"],
)
def test_exports_before_since_are_left_out(log: Path, overlay: Path, since: str) -> None:
    """Their shape counts once it was used again; a time without a zone is UTC."""
    assert taken(log, overlay, "--since", since) == (3, {"sg": 1, "my": 1, "vn": 1})


def test_an_export_at_that_very_time_is_taken(log: Path, overlay: Path) -> None:
    """To the microsecond; one later it is not."""
    assert taken(log, overlay, "--since", "2026-11-20T23:59:59.999999Z")[0] == 4
    later = (SECOND.replace(microsecond=1)).isoformat()
    assert taken(log, overlay, "--since", later) == (2, {"my": 1, "vn": 1})
    assert taken(log, overlay, "--since", "2027-01-01") == (0, {})


def test_the_same_policy_decides_the_same(log: Path) -> None:
    """And says since when."""
    result = simulate(log, "--since", "2026-11-21")
    assert result.exit_code == 0
    assert "3 decisions of 3 shapes taken again (since 2026-11-21)" in result.stdout
    assert "nothing would be decided otherwise" in result.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--since", "yesterday"), "--since yesterday is not an ISO 8601 time"),
        (("--since", "2026-13-01"), "--since 2026-13-01 is not an ISO 8601 time"),
    ],
)
def test_a_time_that_is_none_is_named(log: Path, words: tuple[str, ...], said: str) -> None:
    """With what one looks like, instead of taking everything."""
    result = simulate(log, *words)
    assert result.exit_code == 2
    assert said in " ".join(result.stderr.split())


def test_a_folder_without_a_log_is_named(tmp_path: Path) -> None:
    """Not taken for a log in which nothing was decided."""
    result = simulate(tmp_path / "none")
    assert result.exit_code == 2
    assert "holds no audit log" in " ".join(result.stderr.split())
