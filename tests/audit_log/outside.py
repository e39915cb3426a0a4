"""Tools from outside: skipped where missing, unless the environment demands them."""

from __future__ import annotations

import os

import pytest


def need(name: str, lack: str) -> None:
    """Skip with the reason `lack`, if any; fail instead where SILKGATE_REQUIRE names the tool.

    SILKGATE_REQUIRE is a comma-separated list: go, npm, openssl, strace, powercut.
    """
    if not lack:
        return
    if name in os.environ.get("SILKGATE_REQUIRE", "").split(","):
        pytest.fail(f"{name} is required here: {lack}")
    pytest.skip(f"{name}: {lack}")
