"""Run the Dockerfile's steps without a container engine, in a clean folder.

    python deploy/rehearse.py FOLDER [--python python3.12]

COPY takes what .dockerignore lets through, RUN runs under a shell with every path moved into
FOLDER. What needs root in an image (apt-get, useradd) is named and passed over. It ends by starting
what ENTRYPOINT and CMD start, on state made by `silkgate init`, and asking what HEALTHCHECK asks.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
NEEDS_ROOT: Final = ("apt-get", "useradd")


def instructions(dockerfile: str) -> list[tuple[str, str]]:
    """(instruction, arguments), continued lines joined, comments left out."""
    lines = [line for line in dockerfile.splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\s*\\\n\s*", " ", "\n".join(lines))
    return [(line.split()[0], line.split(maxsplit=1)[1]) for line in joined.splitlines() if line]


def allowed(ignore: str) -> list[str]:
    """What .dockerignore lets through of a context that it otherwise leaves out whole."""
    lines = ignore.split()
    if lines[0] != "*":
        raise SystemExit(".dockerignore must begin with * and name what goes in")
    return [line[1:] for line in lines if line.startswith("!")]


class Rehearsal:
    """One run in `folder`, whose subfolders stand for the image's root."""

    def __init__(self, folder: Path, python: str) -> None:
        self.image, self.context = folder / "image", folder / "context"
        self.python, self.workdir = python, "/"
        self.entrypoint: list[str] = []
        self.command: list[str] = []
        self.health: list[str] = []

    def prepare(self) -> None:
        """An empty image, and the build context as .dockerignore has it."""
        for each in (self.image / "bin", self.context):
            each.mkdir(parents=True)
        (self.image / "bin" / "python").symlink_to(shutil.which(self.python) or self.python)
        leave_out = shutil.ignore_patterns("__pycache__", "*.so")
        for name in allowed((ROOT / ".dockerignore").read_text("utf-8")):
            source, target = ROOT / name, self.context / name
            if source.is_dir():
                shutil.copytree(source, target, ignore=leave_out)
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(source, target)

    def path(self, place: str) -> Path:
        """Where a path of the image lies here."""
        return self.image / (Path(self.workdir) / place).as_posix().lstrip("/")

    def step(self, name: str, rest: str) -> None:
        """Carry out one instruction."""
        match name:
            case "FROM":
                self.workdir = "/"
            case "WORKDIR":
                self.workdir = rest
                self.path(".").mkdir(parents=True, exist_ok=True)
            case "COPY" if not rest.startswith("--from"):
                *sources, target = rest.split()
                for source in sources:
                    self._copy(self.context / source, self.path(target), source)
            case "RUN":
                self._run(rest)
            case "ENTRYPOINT":
                self.entrypoint = json.loads(rest)
            case "CMD":
                self.command = json.loads(rest)
            case "HEALTHCHECK":
                self.health = json.loads(rest[rest.index("[") :])

    def _copy(self, source: Path, target: Path, name: str) -> None:
        if source.is_dir():
            shutil.copytree(source, target, dirs_exist_ok=True)
        else:
            target.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target / Path(name).name)

    def _run(self, command: str) -> None:
        if command.startswith(NEEDS_ROOT):
            print(f"passed over, needs root: {command}")
            return
        print(f"RUN {command}", flush=True)
        self.path(".").mkdir(parents=True, exist_ok=True)
        moved = command.replace("/opt/silkgate", str(self.path("/opt/silkgate")))
        subprocess.run(["sh", "-euc", moved], check=True, cwd=self.path("."), env=self.env())

    def env(self) -> dict[str, str]:
        """A clean environment that finds what the image would have."""
        paths = [self.path("/opt/silkgate/bin"), self.image / "bin", "/usr/bin", "/bin"]
        home = self.path("/var/lib/silkgate")
        home.mkdir(parents=True, exist_ok=True)
        kept = {
            name: os.environ[name] for name in ("PIP_INDEX_URL", "TMPDIR") if name in os.environ
        }
        return {"PATH": ":".join(map(str, paths)), "HOME": str(home), "LANG": "C.UTF-8"} | kept

    def serve(self) -> None:
        """Start what the image starts, and ask for its health."""
        state = self.path("/var/lib/silkgate") / "state"
        env = self.env()
        program = shutil.which(self.entrypoint[0], path=env["PATH"]) or self.entrypoint[0]
        subprocess.run([program, "init", str(state)], check=True, env=env)
        config = str(state / "gateway.toml")
        command = [config if part.endswith("gateway.toml") else part for part in self.command]
        check = [shutil.which(self.health[0], path=env["PATH"]) or "", *self.health[1:]]
        with subprocess.Popen([program, *command], env=env) as process:
            try:
                for _ in range(120):
                    done = subprocess.run(check, check=False, env=env, capture_output=True)
                    if done.returncode == 0:
                        print("healthy")
                        return
                    time.sleep(0.5)
                raise SystemExit("the health check never succeeded")
            finally:
                process.terminate()


def main() -> None:
    """Rehearse the whole Dockerfile."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("--python", default="python3.12")
    chosen = options.parse_args()
    if chosen.folder.exists() and any(chosen.folder.iterdir()):
        sys.exit(f"{chosen.folder} is not empty")
    rehearsal = Rehearsal(chosen.folder.resolve(), chosen.python)
    rehearsal.prepare()
    for name, rest in instructions((ROOT / "Dockerfile").read_text("utf-8")):
        rehearsal.step(name, rest)
    rehearsal.serve()


if __name__ == "__main__":
    main()
