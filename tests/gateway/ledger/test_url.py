"""Which ledger a URL names."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from gateway.ledger.model import Headcount, LedgerUnavailable
from gateway.ledger.url import LedgerPlace
from tests.gateway.ledger.people import EXPORTER, Clock, person
from tests.gateway.ledger.test_contract import after, commit


async def test_a_relative_file_lies_in_the_folder(tmp_path: Path, clock: Clock) -> None:
    """Of the configuration, wherever the gateway was started."""
    ledger = await LedgerPlace("sqlite:ledger.db", tmp_path, EXPORTER).create(clock=clock)
    await commit(ledger, person("wang"))
    await ledger.close()
    assert (tmp_path / "ledger.db").exists()
    place = LedgerPlace(f"sqlite:{tmp_path}/ledger.db", Path("/"), EXPORTER)
    ledger = await place.open(clock=clock)
    assert await after(ledger) == Headcount(1, 0)
    await ledger.close()
    for shown in (await place.standing(clock=clock), await place.rebuild(clock=clock)):
        assert shown.counted == Headcount(1, 0)


async def test_a_database_url_names_postgres(postgres_url: str, clock: Clock) -> None:
    """Where nobody has started the exporter's ledger it is refused; then it is as any other."""
    place = LedgerPlace(postgres_url, Path("/"), f"acme-{uuid.uuid4()}")
    assert place.shared
    with pytest.raises(LedgerUnavailable, match="ledger create"):
        await place.open(clock=clock)
    ledger = await place.create(clock=clock)
    await commit(ledger, person("wang"))
    for shown in (await place.standing(clock=clock), await place.rebuild(clock=clock)):
        assert shown.counted == Headcount(1, 0)
    await ledger.close()


@pytest.mark.parametrize("url", ["", "sqlite:", "mysql://user:secret@host/db", "data/ledger.db"])
async def test_other_urls_are_refused_without_being_repeated(
    url: str, tmp_path: Path, clock: Clock
) -> None:
    """They may hold a password."""
    place = LedgerPlace(url, tmp_path, EXPORTER)
    for start in (place.create, place.open, place.standing, place.rebuild):
        with pytest.raises(LedgerUnavailable, match="must begin with sqlite:") as refused:
            await start(clock=clock)
        assert "secret" not in str(refused.value)
