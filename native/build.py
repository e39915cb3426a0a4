"""Compile the native twin of the JSON walk, where a C compiler is at hand.

A wheel or an editable install runs it by itself; `python native/build.py` compiles in place. With
no compiler, no Python headers or a compiler that fails, nothing is built and the Python twin does
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

SOURCE = "native/walk.c"
TARGET = "gateway/codecs/_walk.abi3.so"
FLAGS = ("-shared", "-fPIC", "-O2", "-std=c11", "-fno-strict-overflow")


def compiled(root: Path) -> str | None:
    """Compile under `root`; None where it worked, else why it did not."""
    target, partial = root / TARGET, root / f"{TARGET}.part"
    compiler = shlex.split(os.environ.get("CC") or "cc")
    include = f"-I{sysconfig.get_path('include')}"
    command = [*compiler, *FLAGS, include, str(root / SOURCE), "-o", str(partial)]
    target.unlink(missing_ok=True)  # rather none than one of another source
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=120)  # noqa: S603
        partial.replace(target)
    except (OSError, subprocess.SubprocessError) as error:
        partial.unlink(missing_ok=True)
        return f"{type(error).__name__}: {command[0]} gave no {TARGET}"
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
            self.app.display_info(f"no compiled walk ({failure}); the Python one is used")
        elif version != "editable":
            platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
            build_data["pure_python"] = False
            build_data["tag"] = f"cp311-abi3-{platform}"
            build_data["artifacts"].append(f"/{TARGET}")


if __name__ == "__main__":
    sys.exit(compiled(Path(__file__).parents[1]))
