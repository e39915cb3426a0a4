"""`silkgate restore`: a file that came back from a recipient, its sealed tokens opened.

For the accounts of this machine that the configuration names, within their quota of a day, and
each time with an entry in the log before the file is written.
"""

from __future__ import annotations

import asyncio
import os
import pwd
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from audit_log import durable
from audit_log.entry import decode
from audit_log.errors import AuditError
from audit_log.log import wall_clock_us
from gateway.cli.terminal import CANNOT_DECIDE, NEGATIVE, console, fail, print_json
from gateway.codecs.file_media import BY_SUFFIX
from gateway.codecs.model import MalformedBody, UnsupportedMedia
from gateway.codecs.registry import decoder_for
from gateway.errors import ConfigError
from gateway.export import evidence
from gateway.keys.keyring import KeyUnavailable
from gateway.node import configured_keys, open_log, recent
from gateway.operators.model import OperatorContext
from gateway.settings import Settings, load
from gateway.treatment.reopen import Reopened, reopen

_DAY_US: Final = 24 * 3600 * 1_000_000


@dataclass(frozen=True, slots=True)
class Restored:
    """What was done: values opened, tokens that stayed, the entry in the log.

    `gone`: tokens by the version of their key that is retired or was never here.
    """

    file: str
    values: int
    foreign: int
    gone: Mapping[int, int]
    entry: int


class _OverQuota(Exception):
    """More values than the account may open in a day."""


def run(
    source: Path, target: Path, config: Path, route: str, reason: str, *, as_json: bool
) -> None:
    """Open the tokens of `source` into a new file `target`; exit 1 where that is refused."""
    account = pwd.getpwuid(os.geteuid()).pw_name
    try:
        settings = load(config)
        if account not in settings.restore.accounts:
            fail(f"{account} is not among [restore].accounts of {config}", NEGATIVE)
        if route not in settings.routes:
            fail(f"there is no [routes.{route}] in {config}")
        if target.exists():
            fail(f"{target} exists already; it is not overwritten")
        opened = _opened(settings, route, source)
        entry = asyncio.run(_noted(settings, account, route, reason, opened))
        durable.replace_file(target, opened.body)
    except (ConfigError, MalformedBody, UnsupportedMedia) as error:
        fail(str(error))
    except _OverQuota as error:
        fail(str(error), NEGATIVE)
    except (KeyUnavailable, AuditError, OSError) as error:
        fail(str(error), CANNOT_DECIDE)
    done = Restored(str(target), opened.values, opened.foreign, opened.gone, entry)
    if as_json:
        print_json(asdict(done))
        return
    stayed = f", {done.foreign} tokens are not this recipient's" if done.foreign else ""
    console.print(f"{done.file}: {done.values} values opened{stayed} (entry {entry})")
    for version, tokens in sorted(done.gone.items()):
        console.print(f"{tokens} tokens stay: version {version} of the encrypt key is gone")


def _opened(settings: Settings, route: str, source: Path) -> Reopened:
    media = BY_SUFFIX.get(source.suffix.lower())
    if media is None:
        raise UnsupportedMedia(f"{source}: its name must end in {', '.join(sorted(BY_SUFFIX))}")
    chosen = settings.routes[route]
    document = decoder_for(media, own=True)(source.read_bytes(), records=chosen.records)
    context = OperatorContext(recipient=chosen.recipient, keys=configured_keys(settings))
    return reopen(document, context)


async def _noted(
    settings: Settings, account: str, route: str, reason: str, opened: Reopened
) -> int:
    """The durable entry of the restoration. Raises `_OverQuota` or `AuditError`."""
    audit = open_log(settings, configured_keys(settings))
    try:
        used = sum(_opened_before(settings, account))
        if used + opened.values > settings.restore.per_day:
            raise _OverQuota(
                f"{account} has opened {used} values in the last day and may open "
                f"{settings.restore.per_day}; this file has {opened.values}"
            )
        entry = evidence.file_restoration_entry(account, route, reason, opened.values)
        receipts = await audit.append([entry])
        return receipts[0].seq
    finally:
        await audit.close()


def _opened_before(settings: Settings, account: str) -> Iterator[int]:
    """The values that `account` has opened in the last day, entry by entry."""
    since = wall_clock_us() - _DAY_US
    for _, data in recent(settings.path(settings.audit.dir), since):
        if b'"kind":"restoration"' in data:
            entry: dict[str, Any] = decode(data)
            if entry["ts_us"] >= since and entry.get("by") == account:
                yield entry["values"]
