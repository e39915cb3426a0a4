"""Policies exchanged while the gateway serves."""

import asyncio
import hashlib
import json
import re
import shutil
import signal
from collections import Counter
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import aiohttp
import pytest

from gateway.engines import load_bundle
from gateway.reload import ReloadRefused
from gateway.replay.shapes import replay_shapes
from policies.embedded import EmbeddedEngine
from policies.model import Decision, PolicyInput
from tests.e2e.process import configure, gateway_process, record
from tests.e2e.rig import KEY, Rig, rig, until

USER = "a-policy-keepers-key-made-up"
DENY = """# METADATA
# title: Nothing to {country}
package silkgate.overlay.stop

deny contains {{
    "code": "acme.stop",
    "en": "Stopped.",
    "zh": "已停止。",
    "citation": "company policy",
}} if input.destination == "{country}"
"""


def stop(overlay: Path, country: str) -> None:
    """Let the overlay deny everything to `country`."""
    overlay.mkdir(exist_ok=True)
    (overlay / "stop.rego").write_text(DENY.format(country=country), "utf-8")


@pytest.fixture
async def line(tmp_path: Path) -> AsyncIterator[Rig]:
    stop(tmp_path / "policies", "ZZ")
    stop(tmp_path / "next", "SG")
    policy = {"overlay": "policies", "candidate": {"overlay": "next"}}
    digest = hashlib.sha256(USER.encode()).hexdigest()
    users = {"keeper": {"key_sha256": digest, "roles": ["policy"]}}
    async with rig(tmp_path, policy=policy, users=users) as running:
        yield running


def export(line: Rig, number: int):
    return line.send(record(number), to="/insights/x")


async def reload(line: Rig) -> tuple[int, dict[str, object]]:
    url = f"http://127.0.0.1:{line.gateway.admin_port}/v1/reload"
    async with line.http.post(url, headers={"Silkgate-Key": USER}) as reply:
        return reply.status, json.loads(await reply.read())


async def metrics(line: Rig, name: str) -> dict[str, float]:
    text = (await line.admin("/metrics")).body.decode()
    return {m[1]: float(m[2]) for m in re.finditer(rf"^{name}(\{{.*\}})? (.*)$", text, re.M)}


async def test_a_new_policy_under_load(line: Rig, tmp_path: Path) -> None:
    """Back and forth, five times: every request is answered, by one policy or the other."""
    going = True
    answers: list[int] = []

    async def drive(first: int) -> None:
        number = first
        while going:
            answers.append((await export(line, number)).status)
            number += 10

    driving = [asyncio.create_task(drive(first)) for first in range(8)]
    revisions = {line.gateway.node.policy.bundle.revision}
    for country in ("SG", "ZZ", "SG", "ZZ", "SG"):
        stop(tmp_path / "policies", country)
        before = len(answers)
        status, said = await reload(line)
        assert status == 200, said
        revisions.add(str(said["revision"]))
        await until(lambda: len(answers) >= before + 20)  # noqa: B023
    going = False
    await asyncio.gather(*driving)
    assert set(answers) == {200, 403}
    assert len(revisions) == 2
    for entry in line.entries("export"):
        assert entry["released"] == (entry["outcome"] == "allow")
    changes = [(e["result"], e["previous"], e["revision"]) for e in line.entries("policy")]
    assert len(changes) == 5
    assert all(a[2] == b[1] for a, b in pairwise(changes))
    assert {each[0] for each in changes} == {"in_force"}
    assert {result.result for result in replay_shapes(line.directory)} == {"match"}
    assert line.verify().ok


async def test_an_export_keeps_the_policy_it_began_with(line: Rig, tmp_path: Path) -> None:
    """Its shape and entry name the old revision; what comes after is decided by the new one."""
    gate, reached = asyncio.Event(), asyncio.Event()
    engine = line.gateway.node.policy.engine
    decide = engine._engine.decide

    async def slow(question: PolicyInput) -> Decision:
        reached.set()
        await gate.wait()
        return await decide(question)

    engine._engine.decide = slow  # type: ignore[method-assign]
    under_way = asyncio.create_task(export(line, 1))
    await reached.wait()
    old = engine.revision
    stop(tmp_path / "policies", "SG")
    status, said = await reload(line)
    assert (status, said["revision"] != old) == (200, True)
    assert (await export(line, 2)).status == 403
    gate.set()
    assert (await under_way).status == 200
    last = line.entries("export")[-1]
    assert (last["revision"], last["released"]) == (old, True)
    assert {e["revision"] for e in line.entries("shape")} == {old, said["revision"]}


BROKEN = {
    "syntax": "package silkgate.overlay.stop\n\ndeny contains {\n",
    "foreign package": "package silkgate.rules.cn.stop\n",
    "forbidden": 'package silkgate.overlay.stop\n\ndeny contains http.send({"url": "x"})\n',
    "conflict": "package silkgate.overlay.stop\n\n"
    'deny := [] if input.origin == "CN"\n\ndeny := ["x"] if input.destination == "SG"\n',
}  # fmt: skip


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN.keys())
async def test_a_broken_policy_leaves_the_old_one(line: Rig, tmp_path: Path, text: str) -> None:
    """Ready all the same; readiness, metrics, reply and audit log say what is wrong."""
    assert (await export(line, 1)).status == 200
    old = line.gateway.node.policy.bundle.revision
    (tmp_path / "policies" / "stop.rego").write_text(text, "utf-8")
    status, said = await reload(line)
    assert (status, said["revision"]) == (422, old)
    assert said["detail"]
    ready = await line.admin("/readyz")
    assert ready.status == 200
    assert said["detail"] in json.loads(ready.body)["warnings"]["policy"]
    assert await metrics(line, "silkgate_policy_reload_ok") == {None: 0.0}
    (entry,) = line.entries("policy")
    assert (entry["result"], entry["revision"], entry["why"]) == ("refused", old, said["detail"])
    assert (await export(line, 2)).status == 200
    stop(tmp_path / "policies", "KE")
    assert (await reload(line))[0] == 200
    assert json.loads((await line.admin("/readyz")).body)["warnings"] == {}
    assert await metrics(line, "silkgate_policy_reload_ok") == {None: 1.0}


async def test_a_policy_that_the_log_cannot_take_is_not_put_in_force(
    line: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is decided by a revision that the log does not know."""
    from audit_log.errors import AuditUnavailable

    async def broken(entries: object) -> None:
        raise AuditUnavailable("no space")

    old = line.gateway.node.policy.bundle.revision
    stop(tmp_path / "policies", "KE")
    monkeypatch.setattr(line.gateway.node.audit, "append", broken)
    with pytest.raises(ReloadRefused):
        await line.gateway.reload()
    monkeypatch.undo()
    assert line.gateway.node.policy.bundle.revision == old
    assert (await export(line, 1)).status == 200


async def test_a_candidate_is_counted_and_changes_nothing(line: Rig, tmp_path: Path) -> None:
    """It would deny what leaves to Singapore; Kenya is denied by both."""
    for number in range(3):
        assert (await export(line, number)).status == 200
    assert (await line.send(record(9), to="/denied/x")).status == 403
    assert line.gateway.node.policy.candidate
    await line.gateway.node.policy.candidate.settle()
    counted = await metrics(line, "silkgate_policy_candidate_decisions_total")
    assert counted == {
        '{difference="denied",route="insights"}': 3.0,
        '{difference="same",route="denied"}': 1.0,
    }
    shutil.rmtree(tmp_path / "next")
    (tmp_path / "next").mkdir()
    (tmp_path / "next" / "odd.rego").write_text("package odd", "utf-8")
    assert (await reload(line))[0] == 200  # a broken candidate stops nothing
    assert "odd" in json.loads((await line.admin("/readyz")).body)["warnings"]["candidate"]
    assert await metrics(line, "silkgate_policy_candidate_ok") == {None: 0.0}
    assert (await export(line, 5)).status == 200


async def test_a_watched_folder(tmp_path: Path) -> None:
    """Changed files are taken up once they have stayed alike for an interval."""
    stop(tmp_path / "policies", "ZZ")
    policy = {"overlay": "policies", "watch_seconds": 1}
    async with rig(tmp_path, policy=policy) as line:
        assert (await export(line, 1)).status == 200
        await asyncio.sleep(0.1)
        stop(tmp_path / "policies", "SG")
        before = line.gateway.node.policy.bundle.revision
        await until(lambda: line.gateway.node.policy.bundle.revision != before)
        assert (await export(line, 2)).status == 403


async def test_sighup(tmp_path: Path) -> None:
    """What an operator sends; the process stays and decides anew."""
    config = configure(tmp_path, 1)
    text = config.read_text("utf-8").replace("[listen]", '[policy]\noverlay = "policies"\n[listen]')
    config.write_text(text, "utf-8")
    stop(tmp_path / "policies", "ZZ")
    async with gateway_process(config) as gateway, aiohttp.ClientSession() as http:
        stop(tmp_path / "policies", "SG")
        gateway.process.send_signal(signal.SIGHUP)
        headers = {"Silkgate-Key": KEY, "Content-Type": "application/json"}
        url = f"http://127.0.0.1:{gateway.data_port}/insights/x"
        seen: Counter[int] = Counter()
        async with asyncio.timeout(60):
            while not seen[403]:
                async with http.post(url, data=record(1), headers=headers) as reply:
                    seen[reply.status] += 1
        assert set(seen) <= {403, 502}  # nobody listens at the recipient's address
        wanted = load_bundle(gateway.settings).revision
        async with http.get(f"http://127.0.0.1:{gateway.admin_port}/metrics") as reply:
            assert f'silkgate_policy_info{{revision="{wanted}"}} 1.0' in await reply.text()


async def test_the_new_engine_knows_what_the_old_one_was_asked(line: Rig, tmp_path: Path) -> None:
    """A reload does not make the next requests wait for answers that are known to be wanted."""
    assert (await export(line, 1)).status == 200
    stop(tmp_path / "policies", "KE")
    assert (await reload(line))[0] == 200
    engine = line.gateway.node.policy.engine
    assert isinstance(engine._engine, EmbeddedEngine)
    assert engine._known
