"""Make what deploy/compose.yaml needs, where it is not there yet: safe to run again.

Configuration with fresh keys, keyring, empty log and ledger, the policy bundle for OPA, the
witness's key and the policy that names it.
"""

import argparse
import asyncio
import hashlib
import secrets
from datetime import date
from pathlib import Path

from audit_log import durable, note
from audit_log.note import Signer
from gateway.cli.witness import witness_key
from gateway.engines import load_bundle
from gateway.export.transfer import china_date
from gateway.ledger.model import LedgerUnavailable
from gateway.node import create_state, ledger_place, utc_now
from gateway.settings import Settings, load
from policies.bundle import archive

WITNESS = "witness.example"


def main() -> None:
    """Prepare the three folders."""
    options = argparse.ArgumentParser(description=__doc__)
    for name in ("state", "bundle", "witness"):
        options.add_argument(f"--{name}", type=Path, required=True)
    options.add_argument("--template", type=Path, default=Path(__file__).with_name("gateway.toml"))
    options.add_argument("--witness-url", default="http://witness:8082")
    chosen = options.parse_args()
    settings = configuration(chosen.template, chosen.state)
    ledger(settings)
    log(settings, chosen.witness, chosen.witness_url)
    write(chosen.bundle / "bundle.tar.gz", archive(load_bundle(settings)))


def configuration(template: Path, state: Path) -> Settings:
    """The configuration in `state`, made from `template` at the first run."""
    config = state / "gateway.toml"
    if not config.exists():
        keys = {who: secrets.token_urlsafe(32) for who in ("caller", "admin")}
        digests = {who: hashlib.sha256(key.encode()).hexdigest() for who, key in keys.items()}
        today = date.fromisoformat(china_date(utc_now()))
        text = template.read_text("utf-8").format(year=today.year, today=today, **digests)
        (state / "policies").mkdir(parents=True, exist_ok=True)
        (state / "data").mkdir(mode=0o700, exist_ok=True)
        write(config, text.encode())
        print(f"shown only now: key of caller orders-service {keys['caller']}")
        print(f"shown only now: key of user admin {keys['admin']}", flush=True)
    return load(config)


def ledger(settings: Settings) -> None:
    """Start the exporter's ledger in its database, once."""
    place = ledger_place(settings)

    async def start() -> None:
        try:
            opened = await place.open(settings.ledger.opening, clock=utc_now)
        except LedgerUnavailable:
            opened = await place.create(settings.ledger.opening, clock=utc_now)
        await opened.close()

    asyncio.run(start())


def log(settings: Settings, witness: Path, url: str) -> None:
    """Keyring and empty log, the log's key for the witness, and the witness policy."""
    directory = settings.path(settings.audit.dir)
    if not (directory / "keys").exists():
        create_state(settings)
    vkey = sorted((directory / "keys").glob("*.vkey"))[-1].read_text("utf-8").strip()
    write(witness / "log.vkey", f"{vkey}\n".encode())
    signer = Signer(WITNESS, witness_key(witness), note.COSIGNATURE)
    lines = (f"log {vkey}", f"witness w1 {signer.verifier} {url}", "quorum w1")
    if settings.audit.witnesses is not None:
        policy = settings.path(settings.audit.witnesses.policy)
        write(policy, "".join(f"{line}\n" for line in lines).encode())


def write(path: Path, data: bytes) -> None:
    """Replace `path` as a whole; others may read it."""
    durable.replace_file(path, data)
    path.chmod(0o644)


if __name__ == "__main__":
    main()
