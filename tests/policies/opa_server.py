"""A real OPA server for tests, where one is installed."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from policies.bundle import Bundle, archive


def opa() -> str:
    """The `opa` program. Skips, unless SILKGATE_REQUIRE names it."""
    found = shutil.which("opa") or shutil.which("opa", path=str(Path.home() / "go" / "bin"))
    if found is None:
        if "opa" in os.environ.get("SILKGATE_REQUIRE", "").split(","):
            pytest.fail("SILKGATE_REQUIRE names opa and no opa is on the path")
        pytest.skip("no opa on the path: go install github.com/open-policy-agent/opa@v1.22.2")
    return found


@contextmanager
def serving(bundle: Bundle, folder: Path) -> Iterator[str]:
    """The URL of an OPA server that runs the bundle's archive."""
    packed = folder / "bundle.tar.gz"
    packed.write_bytes(archive(bundle))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    command = [opa(), "run", "--server", "--disable-telemetry", "-a", address, "-b", str(packed)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _wait(f"http://{address}/health")
            yield f"http://{address}"
        finally:
            server.terminate()


def _wait(url: str) -> None:
    for _ in range(200):
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the OPA server did not start")
