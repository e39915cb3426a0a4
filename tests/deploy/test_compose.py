"""deploy/compose.yaml: what it names exists, what it starts can start, and the parts work together.

No container engine is needed: the services' own programs run beside each other.
"""

import asyncio
import json
import os
import re
import socket
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import aiohttp
import click
import typer
import yaml

from audit_log import note
from audit_log.note import VerifierKey
from audit_log.quorum import parse as parse_policy
from gateway.cli.app import app
from gateway.demo.sink import running_sink
from gateway.http.metrics import Metrics
from gateway.settings import load, split_address
from tests.e2e.process import gateway_process
from tests.gateway.conftest import postgres_url
from tests.policies.opa_server import opa

__all__ = ["postgres_url"]

DEPLOY = Path(__file__).parent.parent.parent / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]


def test_what_services_name_exists() -> None:
    """Volumes, networks, dependencies, bind mounts, the Dockerfile, health checks waited for."""
    assert set(SERVICES) == {
        "gateway", "prepare", "opa", "postgres", "witness", "prometheus", "recipient"
    }  # fmt: skip
    for name, service in SERVICES.items():
        assert set(service["networks"]) <= set(COMPOSE["networks"]), name
        for mount in service.get("volumes", []):
            source = mount.split(":")[0]
            if source.startswith("."):
                assert (DEPLOY / source).exists(), mount
            else:
                assert source in COMPOSE["volumes"], mount
        for other, condition in service.get("depends_on", {}).items():
            needs_check = condition["condition"] == "service_healthy" and other != "gateway"
            assert not needs_check or "healthcheck" in SERVICES[other], (name, other)
    build = SERVICES["gateway"]["build"]
    assert (DEPLOY / build["context"] / build["dockerfile"]).exists()
    used = {v.split(":")[0] for s in SERVICES.values() for v in s.get("volumes", [])}
    assert set(COMPOSE["volumes"]) <= used


def test_services_are_hardened() -> None:
    """Read-only, without capabilities or root; published on loopback alone; no secret inside."""
    for name, service in SERVICES.items():
        assert "no-new-privileges:true" in service["security_opt"], name
        if name != "postgres":  # its image starts as root to own its volume
            assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"]), name
        if name not in ("postgres", "prometheus"):
            assert int(service["user"]) > 0, name
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", [])), name
        for value in service.get("environment", {}).values():
            assert "PASSWORD" not in value or value.startswith("${"), name
        if service.get("image") not in ("silkgate:local",):
            assert re.fullmatch(r"[a-z/]+:[\w.-]+", service["image"]), "a fixed version"
    assert COMPOSE["networks"]["inside"]["internal"]


def test_what_silkgate_services_start_is_a_command() -> None:
    """The command line accepts every option of the gateway's and the witness's commands."""
    dockerfile = (DEPLOY.parent / "Dockerfile").read_text("utf-8")
    command = json.loads(re.findall(r"^CMD (\[.*\])$", dockerfile, re.M)[-1])
    for words in (command, SERVICES["witness"]["command"]):
        current: click.Command = typer.main.get_command(app)
        rest = list(words)
        while isinstance(current, click.Group):
            found = current.get_command(click.Context(current), rest.pop(0))
            assert found is not None, words
            current = found
        current.make_context(current.name, rest)
    assert SERVICES["recipient"]["entrypoint"][1:3] == ["-m", "gateway.demo.sink"]


def test_prometheus_scrapes_and_alerts_on_what_there_is() -> None:
    """Its target is the gateway's admin port; each metric of an alert is one that is exported."""
    text = (DEPLOY / "compose" / "gateway.toml").read_text("utf-8")
    _, port = split_address(re.findall(r'^admin = "(.*)"$', text, re.M)[0], "admin")
    config = yaml.safe_load((DEPLOY / "compose" / "prometheus.yml").read_text("utf-8"))
    assert config["scrape_configs"][0]["static_configs"][0]["targets"] == [f"gateway:{port}"]
    exported = {
        metric.name + suffix for metric in Metrics().registry.collect() for suffix in ("", "_total")
    }
    rules = yaml.safe_load((DEPLOY / "compose" / "alerts.yml").read_text("utf-8"))["groups"][0]
    for rule in rules["rules"]:
        named = set(re.findall(r"(?:silkgate|process)_\w+", rule["expr"]))
        assert named, rule
        assert named <= exported, rule


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def prepared(root: Path, witness: int, changes: dict[str, str]) -> str:
    """Run prepare.py as the service does, on a template changed to this machine; what it said."""
    text = (DEPLOY / "compose" / "gateway.toml").read_text("utf-8")
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    (root / "template.toml").write_text(text, "utf-8")
    folders = [f"--{name}={root / name}" for name in ("state", "bundle", "witness")]
    for name in ("state", "bundle", "witness"):
        (root / name).mkdir(exist_ok=True)
    done = subprocess.run(
        [sys.executable, str(DEPLOY / "compose" / "prepare.py"), *folders,
         f"--template={root / 'template.toml'}", f"--witness-url=http://127.0.0.1:{witness}"],
        check=True, capture_output=True, text=True, env=os.environ | {"PYTHONPATH": os.getcwd()},
    )  # fmt: skip
    return done.stdout


@contextmanager
def running(*command: str) -> Iterator[None]:
    quiet = subprocess.DEVNULL
    environment = os.environ | {"PYTHONPATH": os.getcwd()}
    with subprocess.Popen(command, stdout=quiet, stderr=quiet, env=environment) as process:
        try:
            yield
        finally:
            process.kill()


def moved(service: dict[str, Any], places: dict[str, str]) -> list[str]:
    """Its command on this machine."""
    words = []
    for word in service["command"]:
        place = next((there for there in places if there in word), "")
        words.append(word.replace(place, places[place]) if place else word)
    return words


async def test_the_parts_work_together(tmp_path: Path, postgres_url: str) -> None:
    """Prepared twice; OPA decides, PostgreSQL counts, the witness cosigns, the order arrives."""
    witness, decider = free_port(), free_port()
    async with running_sink() as sink:
        changes = {
            'id = "example-cn"': f'id = "example-{uuid.uuid4()}"',
            "0.0.0.0:8080": "127.0.0.1:0",
            "0.0.0.0:8081": "127.0.0.1:0",
            "http://opa:8181": f"http://127.0.0.1:{decider}",
            "postgresql://silkgate@postgres/silkgate": postgres_url,
            "http://recipient:9000/": f"http://127.0.0.1:{sink.port}/",
            '"10.0.0.0/8"': '"127.0.0.1/32", "10.0.0.0/8"',
            'policy = "witnesses.policy"': 'policy = "witnesses.policy"\nseconds = 1',
        }
        said = prepared(tmp_path, witness, changes)
        key = re.search(r"orders-service (\S+)", said)[1]
        before = {
            p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file() and p.suffix != ".db"
        }
        assert prepared(tmp_path, witness, changes) == ""
        assert before == {p: p.read_bytes() for p in before}
        bundle = str(tmp_path / "bundle" / "bundle.tar.gz")
        here = {
            "/bundle/bundle.tar.gz": bundle,
            "0.0.0.0:8181": f"127.0.0.1:{decider}",
            "/var/lib/silkgate-witness": str(tmp_path / "witness"),
            "0.0.0.0:8082": f"127.0.0.1:{witness}",
        }
        with ExitStack() as stack:
            stack.enter_context(running(opa(), *moved(SERVICES["opa"], here)))
            stack.enter_context(
                running(sys.executable, "-m", "gateway", *moved(SERVICES["witness"], here))
            )
            config = tmp_path / "state" / "gateway.toml"
            async with gateway_process(config) as gateway, aiohttp.ClientSession() as http:
                headers = {"Silkgate-Key": key, "Content-Type": "application/json"}
                url = f"http://127.0.0.1:{gateway.data_port}/sg-fulfilment/orders"
                async with asyncio.timeout(120):
                    status = 0
                    while status != 200:
                        body = json.dumps({"receiver_phone": "13800138000"}).encode()
                        async with http.post(url, data=body, headers=headers) as reply:
                            status = reply.status
                        await asyncio.sleep(0.5)
                    cosigned = load(config).path("data/audit") / "cosigned"
                    while not cosigned.exists():  # noqa: ASYNC110  nobody else tells
                        await asyncio.sleep(0.2)
    assert len(sink.received) == 1
    policy = parse_policy((tmp_path / "state" / "witnesses.policy").read_text("utf-8"))
    assert policy.quorum == "w1"
    assert all(isinstance(party.key, VerifierKey) for party in policy.witnesses.values())
    assert b"witness.example" in cosigned.read_bytes()
    assert note.parse(cosigned.read_bytes())
