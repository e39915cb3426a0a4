"""Bundle folders for tests."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from policies.bundle import builtin_path


def copy_of_builtin(root: Path) -> Path:
    """The shipped folder, to be changed."""
    return Path(shutil.copytree(builtin_path(), root / "rego"))


def overlay(root: Path, content: object, **modules: str) -> Path:
    """An overlay folder with this data, and rules `name=<Rego after the package line>`."""
    root.mkdir(exist_ok=True)
    (root / "data.json").write_text(json.dumps({"silkgate": {"overlay": content}}), "utf-8")
    for name, text in modules.items():
        (root / f"{name}.rego").write_text(f"package silkgate.overlay.{name}\n\n{text}\n", "utf-8")
    return root
