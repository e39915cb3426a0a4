"""Sandboxes and shadow routes: time-boxed, capped, every entry flagged."""

from __future__ import annotations

import asyncio
import json
import shutil
import uuid
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from gateway.demo.sink import running_sink
from gateway.export.transfer import china_today
from gateway.node import create_state, ledger_place, utc_now
from gateway.server import serving
from tests.e2e.process import record
from tests.e2e.rig import FULFILMENT, Rig, configured, rig
from tests.e2e.test_streams import NDJSON, ndjson
from tests.gateway.conftest import postgres_url

__all__ = ["postgres_url"]

CAP = 5  # persons below it leave
POLICY = {"overlay": "policies"}


def day(offset: int) -> str:
    return (china_today(utc_now()) + timedelta(days=offset)).isoformat()


def say(root: Path, section: str, name: str, **facts: object) -> None:
    """One entry of the company's overlay."""
    place = root / "policies" / "silkgate" / "overlay" / section
    place.mkdir(parents=True, exist_ok=True)
    (place / "data.json").write_text(json.dumps({name: facts}), "utf-8")


def sandbox(root: Path, **changes: object) -> None:
    caps = {"below_persons": CAP, "below_records": 1_000, "below_bytes": 1_000_000}
    facts = {"route": "insights", "by": "x", "why": "y", "from": day(0), "until": day(9)}
    say(root, "sandboxes", "try", **(facts | caps | changes))


def shadow(root: Path, **changes: object) -> None:
    whole = {"route": "watched", "approver": "x", "reason": "y", "until": day(9), "max_persons": 4}
    say(root, "shadows", "trial", **whole | changes)


def watched(**changes: object) -> dict[str, dict[str, object]]:
    return {"watched": FULFILMENT | {"mode": "shadow"} | changes}


ORDER = {"receiver_name": "王小明", "receiver_phone": "13800138000", "member_username": "xm_88"}


def order(number: int) -> dict[str, str]:
    return {**ORDER, "receiver_phone": f"138{number:08d}"}


def codes(answer: Any) -> list[str]:
    return [reason["code"] for reason in answer.problem["reasons"]]


async def statuses(line: Rig, numbers: range) -> list[int]:
    return [(await line.send(record(n), to="/insights/x")).status for n in numbers]


async def test_a_sandbox_stops_at_its_own_cap(tmp_path: Path) -> None:
    """Persons of the sandbox alone, each once; every entry says so, denied ones too."""
    sandbox(tmp_path)
    async with rig(tmp_path, policy=POLICY) as line:
        for number in range(100, 110):  # the same year, another route
            await line.send(record(number), to="/counted/x")
        assert await statuses(line, range(CAP - 1)) == [200] * (CAP - 1)
        assert await statuses(line, range(CAP - 1)) == [200] * (CAP - 1)  # known already
        denied = await line.send(record(99), to="/insights/x")
        assert (denied.status, codes(denied)) == (403, ["sandbox.cap"])
        entries = [e for e in line.entries("export") if e["route"] == "insights"]
        assert {tuple(e["flags"]) for e in entries} == {("sandbox.try",)}
        assert entries[-2]["persons"]["within"]["sandbox.try"]["persons"] == CAP - 1
        assert all("flags" not in e for e in line.entries("export") if e["route"] == "counted")
        assert line.verify().ok


@pytest.mark.parametrize("cap", ["below_records", "below_bytes"])
async def test_a_sandbox_stops_at_its_volume(tmp_path: Path, cap: str) -> None:
    """The same person again and again is volume; what would reach the cap is refused whole."""
    sandbox(tmp_path, **{cap: 3 if cap == "below_records" else 10 * len(record(1))})
    async with rig(tmp_path, policy=POLICY) as line:
        answers = [await line.send(record(1), to="/insights/x") for _ in range(12)]
        left = [answer.status for answer in answers].count(200)
        assert left == len(line.sink.received)
        assert 1 <= left < 12
        assert codes(answers[-1]) == ["sandbox.cap"]


async def test_the_cap_survives_a_restart(tmp_path: Path) -> None:
    """The tally is the ledger's, not the process's."""
    sandbox(tmp_path)
    async with rig(tmp_path, policy=POLICY) as line:
        assert await statuses(line, range(CAP - 1)) == [200] * (CAP - 1)
        settings = line.settings
    async with serving(settings) as gateway, aiohttp.ClientSession() as http:
        again = Rig(settings, line.sink, gateway, http)
        denied = await again.send(record(99), to="/insights/x")
        assert codes(denied) == ["sandbox.cap"]


@pytest.mark.parametrize("route", ["insights", "counted"])
async def test_a_stream_takes_of_the_sandbox(tmp_path: Path, route: str) -> None:
    """Held whole, or group by group: never a person more than the cap lets leave."""
    sandbox(tmp_path, route=route, below_persons=1_500, below_records=5_000)
    people = [json.loads(record(n)) for n in range(3_000)]
    async with rig(tmp_path, policy=POLICY) as line:
        fits = await line.send(ndjson(people[:1_200]), to=f"/{route}/x", headers=NDJSON)
        assert fits.status == 200
        over = await line.send(ndjson(people), to=f"/{route}/x", headers=NDJSON)
        assert over.status == (403 if route == "insights" else 200)
        within = (await ledger_standing(line)).allowances["sandbox.try"]
        assert within.persons < 1_500
        assert line.verify().ok


async def ledger_standing(line: Rig) -> Any:
    return await ledger_place(line.settings).standing(clock=utc_now)


@pytest.fixture
async def pair(tmp_path: Path, postgres_url: str) -> AsyncIterator[list[Rig]]:
    """Two gateways, one ledger in a database, one sandbox."""
    exporter, ledger = {"id": f"acme-{uuid.uuid4()}"}, {"url": postgres_url}
    async with AsyncExitStack() as stack:
        sink = await stack.enter_async_context(running_sink())
        http = await stack.enter_async_context(aiohttp.ClientSession())
        gateways: list[Rig] = []
        for name in ("one", "two"):
            root = tmp_path / name
            (root / "data").mkdir(mode=0o700, parents=True)
            sandbox(root, below_persons=12)
            settings = configured(root, sink.port, exporter=exporter, ledger=ledger, policy=POLICY)
            create_state(settings)
            if gateways:
                for key in gateways[0].settings.path("data/keys").glob("*.key"):
                    if not key.name.startswith("node."):
                        shutil.copy(key, settings.path("data/keys"))
            else:
                opening = settings.ledger.opening
                await (await ledger_place(settings).create(opening, clock=utc_now)).close()
            gateway = await stack.enter_async_context(serving(settings))
            gateways.append(Rig(settings, sink, gateway, http))
        yield gateways


async def test_two_gateways_share_a_sandbox(pair: list[Rig]) -> None:
    """Of thirty exports of one new person each, through both at once, those below the cap leave."""
    answers = await asyncio.gather(
        *(pair[n % 2].send(record(n), to="/insights/x") for n in range(30))
    )
    assert Counter(answer.status for answer in answers) == {200: 11, 403: 19}
    assert len(pair[0].sink.received) == 11
    assert (await ledger_standing(pair[1])).allowances["sandbox.try"].persons == 11


async def shadowed(line: Rig, body: object, **how: Any) -> Any:
    return await line.send(json.dumps(body, ensure_ascii=False).encode(), to="/watched/x", **how)


async def test_a_shadow_route_without_a_fact_sends_nothing(tmp_path: Path) -> None:
    """It decides and logs, as another route would have."""
    async with rig(tmp_path, routes=watched()) as line:
        answer = await shadowed(line, ORDER)
        assert (answer.status, codes(answer)) == (403, ["route.shadow"])
        assert not line.sink.received
        (entry,) = line.entries("export")
        assert not entry["released"]
        assert would_be(line, entry)["outcome"] == "allow"


def would_be(line: Rig, entry: dict[str, Any]) -> dict[str, Any]:
    """The decision of a route that is not in shadow mode."""
    shapes = {each["shape"]: each for each in line.entries("shape")}
    shape = shapes[entry["would_be"][0]["shape"]]
    assert "mode" not in shape["input"]
    decision: dict[str, Any] = shape["decision"]
    return decision


async def test_with_a_fact_the_export_leaves_as_it_came(tmp_path: Path) -> None:
    """Byte for byte, counted, flagged, and with what would have been done to it."""
    shadow(tmp_path)
    async with rig(tmp_path, policy=POLICY, routes=watched()) as line:
        body = json.dumps(ORDER, indent=3).encode()
        answer = await line.send(body, to="/watched/x")
        assert answer.status == 200
        assert line.sink.received[0][1] == body
        (entry,) = line.entries("export")
        assert entry["flags"] == ["shadow.trial"]
        assert entry["persons"]["new"] == {"general": 1, "sensitive": 0}
        assert entry["persons"]["within"]["shadow.trial"]["persons"] == 1
        treated = {t["category"]: t["treatment"] for t in would_be(line, entry)["treatments"]}
        assert treated["pi_account"] == "suppress"
        await line.send(body, to="/sg/x")  # the same on a route that enforces
        assert b"xm_88" not in line.sink.received[1][1]
        assert line.verify().ok


async def test_the_shadow_fact_is_capped(tmp_path: Path) -> None:
    """`max_persons` leave and no more, whoever sends at once; known ones may again."""
    shadow(tmp_path, max_persons=3)
    async with rig(tmp_path, policy=POLICY, routes=watched()) as line:
        answers = await asyncio.gather(*(shadowed(line, order(n)) for n in range(8)))
        assert Counter(answer.status for answer in answers) == {200: 3, 403: 5}
        assert {codes(a)[0] for a in answers if a.status == 403} == {"shadow.cap"}
        assert len(line.sink.received) == 3


@pytest.mark.parametrize(
    ("changes", "body", "code"),
    [
        ({"until": day(-1)}, ORDER, "route.shadow"),
        ({"until": day(31)}, ORDER, "route.shadow"),
        ({"route": "sg"}, ORDER, "route.shadow"),
        ({}, {"login": "wang", "password": "Xk29-plover-7"}, "shadow.excluded"),
    ],
    ids=["over", "too long", "another route", "a credential"],
)
async def test_what_a_shadow_fact_does_not_cover_stays(
    tmp_path: Path, changes: dict[str, str], body: object, code: str
) -> None:
    """Time, route, and what never leaves unchanged."""
    shadow(tmp_path, **changes)
    async with rig(tmp_path, policy=POLICY, routes=watched()) as line:
        answer = await shadowed(line, body)
        assert (answer.status, codes(answer)) == (403, [code])
        assert not line.sink.received


async def test_an_unknown_destination_gets_nothing_in_shadow_mode(tmp_path: Path) -> None:
    """A fact on the route does not know the country's law either."""
    shadow(tmp_path)
    async with rig(tmp_path, policy=POLICY, routes=watched(destination="ZZ")) as line:
        assert codes(await shadowed(line, ORDER)) == ["destination.unknown"]


async def test_a_year_without_opening_balance_does_not_lift_the_cap(tmp_path: Path) -> None:
    """The thresholds are unknown then; the fact's own tally is not."""
    shadow(tmp_path, max_persons=1)
    ledger = {"opening": None}
    async with rig(tmp_path, policy=POLICY, routes=watched(), ledger=ledger) as line:
        assert [(await shadowed(line, order(n))).status for n in range(3)] == [200, 403, 403]


async def test_a_stream_in_shadow_mode(tmp_path: Path) -> None:
    """As it came, while there is room; else none of it, though all of it was looked at."""
    shadow(tmp_path, max_persons=1_500)
    people = [order(n) for n in range(3_000)]
    async with rig(tmp_path, policy=POLICY, routes=watched()) as line:
        body = ndjson(people[:1_200])
        assert (await line.send(body, to="/watched/x", headers=NDJSON)).status == 200
        assert line.sink.received[0][1] == body
        assert all(e["flags"] == ["shadow.trial"] for e in line.entries("export"))
        over = await line.send(ndjson(people), to="/watched/x", headers=NDJSON)
        assert (over.status, codes(over)) == (403, ["shadow.cap"])
        assert len(line.sink.received) == 1
        secret = {"login": "wang", "password": "Xk29-plover-7"}
        mixed = ndjson([*people[:1_100], secret])
        held = await line.send(mixed, to="/watched/x", headers=NDJSON)
        assert (held.status, codes(held)) == (403, ["shadow.excluded"])
        assert line.entries("export")[-1]["records"] == 1_101
