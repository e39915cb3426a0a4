"""Compile the native twins of hot loops, where a C compiler is at hand.

A wheel or an editable install runs it by itself; `python native/build.py` compiles in place. With
no compiler, no Python headers or a compiler that fails, nothing is built and the Python twins do
the work with the same results.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run by hand
    BuildHookInterface = object

TARGETS = {  # by source
    "native/walk.c": "gateway/codecs/_walk.abi3.so",
    "native/table.c": "gateway/codecs/_table.abi3.so",
    "native/scan.c": "classifiers/_scan.abi3.so",
    "native/entries.c": "audit_log/_entries.abi3.so",
    "native/keyed.c": "gateway/operators/_keyed.abi3.so",
}
FLAGS = ("-shared", "-fPIC", "-O2", "-std=c11", "-fno-strict-overflow")


def compiled(root: Path) -> str | None:
    """Compile all under `root`; None where it worked, else why it did not.

    One failure leaves no extension at all: a wheel has the whole of them or is pure.
    """
    for target in TARGETS.values():  # rather none than one of another source
        (root / target).unlink(missing_ok=True)
    for source, target in TARGETS.items():
        failure = _compile(root / source, root / target)
        if failure:
            for each in TARGETS.values():
                (root / each).unlink(missing_ok=True)
            return failure
    return None


def _compile(source: Path, target: Path) -> str | None:
    partial = target.with_name(f"{target.name}.part")
    compiler = shlex.split(os.environ.get("CC") or "cc")
    include = f"-I{sysconfig.get_path('include')}"
    command = [*compiler, *FLAGS, include, str(source), "-o", str(partial)]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=120)  # noqa: S603
        partial.replace(target)
    except (OSError, subprocess.SubprocessError) as error:
        partial.unlink(missing_ok=True)
        return f"{type(error).__name__}: {command[0]} gave no {target.name}"
    return None


class NativeBuildHook(BuildHookInterface):  # type: ignore[misc]
    """Hatchling's hook: the extension goes into the wheel if it can be built."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile; a wheel with the extension is of this platform, one without is of any."""
        if os.environ.get("SILKGATE_PURE"):
            return
        failure = compiled(Path(self.root))
        if failure:
            self.app.display_info(f"nothing compiled ({failure}); Python does it")
        elif version != "editable":
            platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
            build_data["pure_python"] = False
            build_data["tag"] = f"cp311-abi3-{platform}"
            build_data["artifacts"] += [f"/{target}" for target in TARGETS.values()]


if __name__ == "__main__":
    sys.exit(compiled(Path(__file__).parents[1]))
