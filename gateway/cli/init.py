"""`silkgate init`: a folder in which a gateway can run."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date
from pathlib import Path
from typing import Final

from gateway.cli.terminal import console, fail
from gateway.export.transfer import china_date
from gateway.node import create_state, utc_now
from gateway.settings import load

_CONFIG: Final = """\
# Silkgate. Every key is explained in docs/configuration.md; an unknown key is an error.

[exporter]
id = "example-cn"
name = "示例电商有限公司"
uscc = ""
origin = "CN"
ciio = false                  # critical information infrastructure operator
zone = ""                     # free-trade zone whose negative list applies

[listen]
data = "127.0.0.1:8080"
admin = "127.0.0.1:8081"

[policy]
engine = "embedded"
bundle = "builtin"            # the shipped law
overlay = "policies"          # your own denials, treatments and waivers

[audit]
dir = "data/audit"

[ledger]
url = "sqlite:data/ledger.db"
[ledger.opening]              # persons already exported this year, before this gateway counted
year = {year}
general = 0
sensitive = 0
as_of = {today}
evidence = "no export before this gateway"

[keys]
dir = "data/keys"

[callers.orders-service]
key_sha256 = "{digest}"
routes = ["sg-fulfilment"]

[users.security]               # of the admin listener: reviews, reloads, the log
key_sha256 = "{users_digest}"
roles = ["admin"]

[routes.sg-fulfilment]
upstream = "http://127.0.0.1:9000/"
destination = "SG"
recipient = "Partner Logistics Pte Ltd"
purpose = "order_fulfilment"
allow_addresses = ["127.0.0.1/32"]   # only for trying it out: the SSRF guard refuses loopback
[routes.sg-fulfilment.basis]
ground = "contract"           # PIPL art 13(1)(2)
exemption = "cn.order16.art5.1.1"
"""
_OVERLAY: Final = """\
# The company's own policies

Rego files and data files laid over the shipped bundle: add denials and treatments in
`package silkgate.overlay.<name>`, and waivers in `silkgate/overlay/data.json`. Test them with
`silkgate policy test`, and see what they would change with `silkgate policy simulate`.
"""


def run(directory: Path) -> None:
    """Make `directory` ready. Refuses one that holds anything."""
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        fail(f"{directory} is not an empty folder; nothing was changed")
    key, users_key = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    today = date.fromisoformat(china_date(utc_now()))
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "data").mkdir(mode=0o700)
    config = directory / "gateway.toml"
    config.write_text(
        _CONFIG.format(
            year=today.year,
            today=today,
            digest=hashlib.sha256(key.encode()).hexdigest(),
            users_digest=hashlib.sha256(users_key.encode()).hexdigest(),
        ),
        "utf-8",
    )
    (directory / "policies").mkdir()
    (directory / "policies" / "README.md").write_text(_OVERLAY, "utf-8")
    create_state(load(config))
    console.print(f"Made {config}, keys, an empty log and ledger.")
    console.print("The key of caller [bold]orders-service[/], shown only now:")
    console.print(f"  {key}", markup=False, highlight=False, soft_wrap=True)
    console.print("and that of user [bold]security[/] on the admin listener:")
    console.print(f"  {users_key}", markup=False, highlight=False, soft_wrap=True)
    console.print(f"Next: silkgate check -c {config}; silkgate serve -c {config}")
