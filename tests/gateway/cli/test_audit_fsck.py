"""`audit fsck`: from a log that does not verify to one that does."""

from __future__ import annotations

import asyncio
from pathlib import Path

from gateway.keys.keyring import Keyring
from gateway.node import open_log
from gateway.settings import load
from tests.gateway.cli.test_commands import made, silkgate

__all__ = ["made"]


def test_tiles_are_found_and_mended(made: Path) -> None:
    """Said first and left alone; then written anew, and the log verifies."""
    settings = load(made)

    async def fill() -> None:
        log = open_log(settings, Keyring.open(settings.path(settings.keys.dir)))
        for _ in range(2):
            await log.append([{"kind": "export", "released": False}] * 200)
        await log.close()

    asyncio.run(fill())
    (lost,) = settings.path(settings.audit.dir).glob("tile/0/000")
    (bent,) = settings.path(settings.audit.dir).glob("tile/0/001.p/*")
    good = [path.read_bytes() for path in (lost, bent)]
    lost.unlink()
    bent.write_bytes(bytes(len(good[1])))

    def run(*words: str) -> tuple[int, str]:
        done = silkgate("audit", *words, "-c", str(made))
        return done.exit_code, " ".join(done.stdout.split())

    assert run("verify")[0] == 1
    code, said = run("fsck")
    assert code == 1
    assert "wrong: tile/0/000: missing" in said
    assert "differs from the entries" in said
    assert (lost.exists(), bent.read_bytes()) == (False, bytes(len(good[1])))
    code, said = run("fsck", "--mend")
    assert (code, said.count("mended: tile/0/00")) == (0, 2)
    assert [path.read_bytes() for path in (lost, bent)] == good
    assert run("fsck") == (0, "nothing wrong")
    assert run("verify")[0] == 0
