"""Settings shared by the audit log's tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.audit_log.logs import Home

settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A place for a log, not yet created."""
    return Home.make(tmp_path / "home")
