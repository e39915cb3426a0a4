"""A team's own Presidio recognizers in the configuration: found everywhere, stated in the log."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from gateway.cli.app import app
from gateway.detectors import load_detectors
from gateway.errors import ConfigError
from gateway.reload import ReloadRefused
from gateway.settings import load
from tests.e2e.process import configure
from tests.e2e.rig import Rig, configured, rig

YAML = """
recognizers:
  - name: Locker
    supported_entity: LOCKER
    supported_languages: [{language: en, context: [locker]}]
    patterns: [{name: locker, regex: '\\bLK-[0-9]{4}-[A-Z]{2}\\b', score: 0.8}]
  - {name: CreditCardRecognizer, type: predefined, enabled: false}
"""
CATEGORIES = {"LOCKER": "pi_basic", "VAULT": "spi_credential"}
TEAM = {"files": ["team.yaml"], "categories": CATEGORIES}
BODY = b'{"order_sn": "2026112300017", "extra": "see LK-2041-QX, 2nd floor"}'


def team(root: Path, text: str = YAML) -> Path:
    """The registry file in `root`."""
    root.mkdir(exist_ok=True, parents=True)
    path = root / "team.yaml"
    path.write_text(text, "utf-8")
    return path


def lockers(line: Rig) -> int:
    """In how many of the exports' decisions a locker was a question."""
    shapes = line.entries("shape")
    return sum(any(f["entity"] == "LOCKER" for f in s["input"]["fields"]) for s in shapes)


@pytest.mark.parametrize("workers", [1, 2])
async def test_a_recognizer_is_heeded_wherever_bodies_are_looked_at(
    tmp_path: Path, workers: int
) -> None:
    team(tmp_path)
    async with rig(tmp_path, workers=workers, detectors=TEAM) as line:
        answer = await line.send(BODY, to="/insights/x")
        assert answer.status == 200, answer.body
        assert b"LK-2041-QX" not in line.sink.received[0][1]
        assert lockers(line) == 1
        (start,) = line.entries("start")
        assert start["detectors"]["team.Locker"].startswith("0.0.1+")
        (export,) = line.entries("export")
        assert export["inspection"]["detectors"] == start["detectors_digest"]


@pytest.mark.parametrize("workers", [1, 2])
async def test_a_changed_file_is_in_force_after_a_reload(tmp_path: Path, workers: int) -> None:
    """And the log says from where on; a file that cannot be used changes nothing."""
    team(tmp_path, YAML.replace("LK-", "ZZ-"))
    async with rig(tmp_path, workers=workers, detectors=TEAM) as line:
        await line.send(BODY, to="/insights/x")
        assert lockers(line) == 0
        team(tmp_path)
        await line.gateway.reload()
        assert (await line.send(BODY, to="/insights/x")).status == 200
        assert lockers(line) == 1
        (start,), (change,) = line.entries("start"), line.entries("config")
        before, after = line.entries("export")
        assert before["inspection"]["detectors"] == start["detectors_digest"]
        assert after["inspection"]["detectors"] == change["detectors_digest"]
        assert change["detectors"]["team.Locker"] != start["detectors"]["team.Locker"]
        team(tmp_path, YAML.replace("{4}", "+"))
        with pytest.raises(ReloadRefused, match="can match without limit"):
            await line.gateway.reload()
        assert (await line.send(BODY, to="/insights/x")).status == 200
        assert line.entries("export")[-1]["inspection"] == after["inspection"]
    assert line.verify().ok


def test_the_commands_heed_it(tmp_path: Path) -> None:
    config = configure(tmp_path, 1)
    team(tmp_path)
    listed = "\n".join(f'{entity} = "{category}"' for entity, category in CATEGORIES.items())
    with config.open("a", encoding="utf-8") as file:
        file.write(f'\n[detectors]\nfiles = ["team.yaml"]\n[detectors.categories]\n{listed}\n')
    body = tmp_path / "body.json"
    body.write_bytes(BODY)

    def run(*arguments: str) -> Any:
        result = CliRunner().invoke(app, list(arguments))
        assert result.exit_code in (0, 1), result.output
        return json.loads(result.stdout)

    found = run("classify", str(body), "-o", "json", "-c", str(config))
    assert "team.Locker" in {each["detector"] for each in found[0]["findings"]}
    scanned = run("scan", str(body), "--to", "SG", "-o", "json", "-c", str(config))
    assert "team.Locker" in {each["detector"] for each in scanned["tables"][0]["fields"]}
    checked = {each["part"]: each for each in run("check", "-c", str(config), "-o", "json")}
    assert "1 of them the team's own" in checked["detectors"]["detail"]
    (tmp_path / "plain").mkdir()
    plain = load_detectors(load(configure(tmp_path / "plain", 1)))
    assert load_detectors(load(config)).digest != plain.digest


PYTHON = """
from presidio_analyzer import EntityRecognizer, Pattern, PatternRecognizer

class Vault(PatternRecognizer):
    def __init__(self):
        super().__init__("VAULT", name="vault", patterns=[Pattern("v", r"\\bVT[0-9]{6}\\b", 0.4)])

    def validate_result(self, pattern_text):
        return int(pattern_text[2:]) % 7 == 0

class Odd(EntityRecognizer):
    def __init__(self):
        super().__init__(["VAULT"])

    def load(self):
        pass

    def analyze(self, text, entities, nlp_artifacts):
        return []
"""


async def test_a_class_named_by_its_import_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own validation judges."""
    (tmp_path / "acme_recognizers_for_test.py").write_text(PYTHON, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    place = "acme_recognizers_for_test:Vault"
    async with rig(tmp_path, detectors={"recognizers": [place], "categories": CATEGORIES}) as line:
        await line.send(b'{"x": "VT000014", "y": "VT000015"}', to="/insights/x")
        (shape,) = line.entries("shape")
    assert [(f["pointer"], f["category"]) for f in shape["input"]["fields"]] == [
        ("/x", "spi_credential")
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("recognizers: {}", "no list of `recognizers:`"),
        ("recognizers: [", "not valid YAML"),
        ("recognisers: []", "no list of `recognizers:`"),
        ("recognizers: [{name: a, patern: []}]", "'patern' is no key"),
        ("recognizers: [{name: a, supported_entity: LOCKER}]", "patterns or with deny list"),
        ("recognizers: [SpacyRecognizer]", "none of Presidio's pattern recognizers"),
        (YAML.replace("LOCKER", "ODD"), "ODD belongs to no category; name one under"),
        (YAML.replace("[0-9]{4}", "[0-9]+"), "can match without limit"),
        (YAML.replace("[0-9]{4}", "("), "Invalid regex"),
        (YAML + YAML.split("recognizers:")[1], "registered twice"),
    ],
)
def test_what_cannot_run_is_refused_by_name(tmp_path: Path, text: str, says: str) -> None:
    team(tmp_path, text)
    with pytest.raises(ConfigError, match=says):
        load_detectors(configured(tmp_path, 1, detectors=TEAM))


@pytest.mark.parametrize(
    ("detectors", "says"),
    [
        ({"recognizers": ["os.path"]}, "recognizers"),
        ({"files": ["none.yaml"]}, "none.yaml: cannot be read"),
        ({"recognizers": ["no_such_module_here:X"]}, "ModuleNotFoundError"),
        ({"categories": {"A": "none"}}, "A: 'none' is no category"),
        ({"recognisers": []}, "recognisers"),
        ({"recognizers": ["acme_recognizers_for_test:Odd"]}, "Odd is no PatternRecognizer"),
    ],
)
def test_what_a_configuration_names_must_be_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, detectors: dict[str, Any], says: str
) -> None:
    (tmp_path / "acme_recognizers_for_test.py").write_text(PYTHON, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ConfigError, match=says):
        load_detectors(configured(tmp_path, 1, detectors=detectors))
