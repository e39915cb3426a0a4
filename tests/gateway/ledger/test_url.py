"""Which ledger a URL names."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.ledger.model import Headcount, LedgerUnavailable
from gateway.ledger.url import create_ledger, open_ledger
from tests.gateway.ledger.people import EXPORTER, Clock, person
from tests.gateway.ledger.test_contract import after, commit


async def test_a_relative_file_lies_in_the_folder(tmp_path: Path, clock: Clock) -> None:
    """Of the configuration, wherever the gateway was started."""
    ledger = await create_ledger("sqlite:ledger.db", tmp_path, EXPORTER, clock=clock)
    await commit(ledger, person("wang"))
    await ledger.close()
    assert (tmp_path / "ledger.db").exists()
    ledger = await open_ledger(f"sqlite:{tmp_path}/ledger.db", Path("/"), EXPORTER, clock=clock)
    assert await after(ledger) == Headcount(1, 0)
    await ledger.close()


async def test_a_database_url_names_postgres(postgres_url: str, clock: Clock) -> None:
    """Where nobody has started the exporter's ledger it is refused."""
    with pytest.raises(LedgerUnavailable, match="database"):
        await open_ledger(postgres_url, Path("/"), "nobody at all", clock=clock)


@pytest.mark.parametrize("url", ["", "sqlite:", "mysql://user:secret@host/db", "data/ledger.db"])
async def test_other_urls_are_refused_without_being_repeated(
    url: str, tmp_path: Path, clock: Clock
) -> None:
    """They may hold a password."""
    for start in (create_ledger, open_ledger):
        with pytest.raises(LedgerUnavailable, match="must begin with sqlite:") as refused:
            await start(url, tmp_path, EXPORTER, clock=clock)
        assert "secret" not in str(refused.value)
