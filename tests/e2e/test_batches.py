"""Batches made k-anonymous before they leave, and JSON that keeps its types."""

import json
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.errors import ConfigError
from tests.e2e.profiles import overlay, route
from tests.e2e.rig import Rig, configured, rig

QUASI = {"/birthday": "DATE_OF_BIRTH", "/city": "LOCATION"}
ANONYMOUS = {"k": 3, "quasi": QUASI, "max_lost": 0.2}
TABLE = {"pi_basic": "keep", "pi_contact_phone": "hash", "pi_property": "mask"}


@pytest.fixture
async def line(tmp_path: Path) -> AsyncIterator[Rig]:
    folder = overlay(tmp_path / "overlay", {"x": TABLE})
    routes = {
        "k": route("x", k_anonymity=ANONYMOUS),
        "typed": route("x", output="same-type"),
        "plain": route("x"),
    }
    async with rig(tmp_path, policy={"overlay": folder}, routes=routes) as running:
        yield running


def _people(*days: str) -> list[dict[str, object]]:
    return [
        {"phone": f"138001380{n:02}", "birthday": day, "city": "深圳市", "n": n}
        for n, day in enumerate(days)
    ]


async def test_a_batch_leaves_with_groups_of_k(line: Rig) -> None:
    """Birthdays become years; the odd one out loses its quasi-identifiers; the cost is told."""
    days = [f"199{year}-0{month}-11" for year in (1, 2) for month in (1, 2, 3)]
    body = json.dumps(_people(*days, "1960-01-01"), ensure_ascii=False).encode()
    answer = await line.send(body, to="/k/x")
    assert answer.status == 200, answer.body
    got = json.loads(line.sink.received[-1][1])
    assert Counter(each["birthday"] for each in got) == {"1991": 3, "1992": 3, None: 1}
    assert [each["n"] for each in got] == list(range(7))
    assert answer.headers["Silkgate-K-Anonymity"] == "k=3, smallest=3, suppressed=1"
    entry = line.entries("export")[-1]["k_anonymity"]
    assert entry == {
        "k": 3,
        "smallest": 3,
        "suppressed": 1,
        "steps": [{"pointer": "/*/birthday", "steps": 2}, {"pointer": "/*/city", "steps": 0}],
    }


async def test_a_batch_that_cannot_hide_its_people_is_refused(line: Rig) -> None:
    """Too few records, a single one: 422, nothing sent."""
    for days in (["1990-01-01"], ["1990-01-01", "1991-01-01"]):
        answer = await line.send(json.dumps(_people(*days)).encode(), to="/k/x")
        assert answer.status == 422
        assert "k-anonymous" in answer.problem["detail"]
    assert line.sink.received == []


async def test_each_group_of_a_stream_is_judged_by_itself(line: Rig) -> None:
    """A stream that is shorter than k is refused whole; a longer one leaves in groups of k."""
    kind = {"Content-Type": "application/x-ndjson"}
    for days, status in ((["1990-01-01"] * 4, 200), (["1990-01-01"] * 2, 422)):
        lines = b"".join(json.dumps(each).encode() + b"\n" for each in _people(*days))
        assert (await line.send(lines, to="/k/x", headers=kind)).status == status
    assert len(line.sink.received) == 1
    assert line.entries("export")[-1]["k_anonymity"]["smallest"] == 4


def test_what_is_held_back_would_be_missing(tmp_path: Path) -> None:
    """Quarantine and groups of k do not go together."""
    routes = {"k": route("x", k_anonymity=ANONYMOUS, on_denied="quarantine")}
    with pytest.raises(ConfigError, match="k_anonymity needs"):
        configured(tmp_path, 1, routes=routes)


async def test_json_keeps_its_types(line: Rig) -> None:
    """Strings stay strings, numbers numbers; the plain route writes what the treatment made."""
    person = {"phone": 13800138000, "name": "王小明", "username": "xm_88", "salary": 18732.5}
    body = json.dumps([person], ensure_ascii=False).encode()
    await line.send(body, to="/plain/x")
    (plain,) = json.loads(line.sink.received[-1][1])
    await line.send(body, to="/typed/x")
    (typed,) = json.loads(line.sink.received[-1][1])
    assert isinstance(plain["phone"], str)
    assert plain["username"] is None
    assert {name: type(value) for name, value in typed.items()} == {
        "phone": int,
        "name": str,
        "username": str,
        "salary": int,
    }
    assert (typed["phone"], typed["username"], typed["name"]) == (0, "", "王小明")
