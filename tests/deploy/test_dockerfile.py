"""The Dockerfile, without an engine: what it copies is let through, what it pins is locked."""

import importlib.util
import json
import re
import tomllib
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parent.parent.parent
TEXT = (ROOT / "Dockerfile").read_text("utf-8")


def rehearse() -> ModuleType:
    spec = importlib.util.spec_from_file_location("rehearse", ROOT / "deploy" / "rehearse.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_everything_copied_exists_and_passes_the_ignore_file() -> None:
    """A folder that .dockerignore leaves out would fail the build."""
    tool = rehearse()
    allowed = tool.allowed((ROOT / ".dockerignore").read_text("utf-8"))
    copied = [
        source.rstrip("/")
        for name, rest in tool.instructions(TEXT)
        if name == "COPY" and not rest.startswith("--from")
        for source in rest.split()[:-1]
    ]
    assert copied
    for source in copied:
        assert (ROOT / source).exists(), source
        assert source in allowed, source


def test_the_wheel_gets_everything_it_is_built_from() -> None:
    """Packages and build hook of pyproject.toml are in the build stage."""
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]
    needed = set(wheel["targets"]["wheel"]["packages"])
    hook = wheel["targets"]["wheel"]["hooks"]["custom"]["path"]
    for each in needed | {hook.split("/")[0]}:
        assert f"COPY {each}/ {each}/" in TEXT


def test_what_runs_has_no_root_and_a_check() -> None:
    """Last stage: a user of its own, a health check, the command as a list, fixed base images."""
    tool = rehearse()
    steps = tool.instructions(TEXT)
    last = len(steps) - next(i for i, s in enumerate(reversed(steps)) if s[0] == "FROM") - 1
    final = dict(steps[last:])
    assert f"--uid {final['USER']} " in final["RUN"]
    assert int(final["USER"]) > 0
    assert json.loads(final["ENTRYPOINT"]) == ["silkgate"]
    assert "readyz" in final["HEALTHCHECK"]
    assert all(re.search(r":\d", rest) for name, rest in steps if name == "FROM")
    assert "gcc" not in " ".join(rest for _, rest in steps[last:])


def test_the_image_is_built_from_locked_requirements() -> None:
    """Hashes for all, no building from source, and the extras that the services use."""
    run = next(
        line for name, line in rehearse().instructions(TEXT) if name == "RUN" and "venv" in line
    )
    assert "--require-hashes --only-binary :all:" in run
    for file in re.findall(r"-r (\S+)", run):
        text = (ROOT / file).read_text("utf-8")
        assert "--hash=sha256:" in text
    container = (ROOT / "deploy/requirements/container.txt").read_text("utf-8")
    locked = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", container, re.M))
    assert {"asyncpg", "opentelemetry-sdk"} <= set(locked)
    plain = dict(
        re.findall(
            r"^([a-z0-9-]+)==(\S+)", (ROOT / "deploy/requirements/run.txt").read_text(), re.M
        )
    )
    assert plain.items() <= locked.items()


def test_steps_are_read_as_an_engine_reads_them() -> None:
    """Comments and continued lines."""
    tool = rehearse()
    assert tool.instructions("# a\nFROM x\nRUN a \\\n  # no\n    && b\n") == [
        ("FROM", "x"),
        ("RUN", "a && b"),
    ]
