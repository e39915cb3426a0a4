"""What tests of the gateway ask for."""

from __future__ import annotations

import os

import pytest


@pytest.fixture
def postgres_url() -> str:
    """A database to test in: SILKGATE_POSTGRES=postgresql://…"""
    url = os.environ.get("SILKGATE_POSTGRES")
    if url is None:
        if "postgres" in os.environ.get("SILKGATE_REQUIRE", ""):
            pytest.fail("SILKGATE_REQUIRE names postgres, but SILKGATE_POSTGRES is not set")
        pytest.skip("no PostgreSQL: SILKGATE_POSTGRES is not set")
    return url
