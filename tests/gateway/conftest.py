"""Settings of all gateway tests."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

# How long an example takes depends on what else the machine does.
settings.register_profile("silkgate", deadline=None)
settings.load_profile("silkgate")


@pytest.fixture
def postgres_url() -> str:
    """A database to test in: SILKGATE_POSTGRES=postgresql://…"""
    url = os.environ.get("SILKGATE_POSTGRES")
    if url is None:
        if "postgres" in os.environ.get("SILKGATE_REQUIRE", ""):
            pytest.fail("SILKGATE_REQUIRE names postgres, but SILKGATE_POSTGRES is not set")
        pytest.skip("no PostgreSQL: SILKGATE_POSTGRES is not set")
    return url
