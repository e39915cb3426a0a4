"""`silkgate serve`: run the gateway until it is told to stop."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Final

import msgspec
import structlog
import uvloop

from audit_log.errors import AuditError
from gateway.cli.terminal import CANNOT_DECIDE, fail
from gateway.errors import CannotDecide, ConfigError
from gateway.http.seen import Lines, to_access_log
from gateway.keys.keyring import KeyUnavailable
from gateway.ledger.model import LedgerUnavailable
from gateway.reload import Reload, ReloadRefused
from gateway.server import serving, take_short_turns
from gateway.settings import Settings, load
from gateway.streams.collection import collect_rarely
from policies.errors import BundleError

_DESCRIPTORS: Final = 65_536

log = structlog.get_logger(__name__)


def run(config: Path, workers: int) -> None:
    """Serve until SIGINT or SIGTERM; what is under way is finished. SIGHUP reloads."""
    lines = Lines(partial(os.write, sys.stdout.fileno()))
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(serializer=_encoded),
        ],
        logger_factory=structlog.BytesLoggerFactory(file=lines),  # type: ignore[arg-type]
    )
    _take_descriptors()
    try:
        settings = load(config)
        uvloop.run(_serve(settings, partial(load, config), lines, workers))
    except (ConfigError, BundleError) as error:
        fail(str(error))
    except (CannotDecide, KeyUnavailable, LedgerUnavailable, AuditError) as error:
        fail(str(error), CANNOT_DECIDE)
    finally:
        lines.close()


def _encoded(event: dict[str, Any], **_: Any) -> bytes:
    return msgspec.json.encode(event, enc_hook=str)


def _take_descriptors() -> None:
    """Raise the soft limit: each export under way needs two, and many callers keep connections."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, _DESCRIPTORS)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


async def _serve(
    settings: Settings, read: Callable[[], Settings], lines: Lines, workers: int
) -> None:
    stop, again = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    loop.add_signal_handler(signal.SIGHUP, again.set)
    told = [to_access_log(lines.write)] if settings.observe.access_log else []
    async with serving(settings, read, told, workers=workers, warm=True) as gateway:
        reloading = asyncio.create_task(_reload(gateway.reload, again))
        collect_rarely()
        take_short_turns()
        log.info("serving", data=gateway.data_port, admin=gateway.admin_port)
        await stop.wait()
        log.info("stopping")
        reloading.cancel()


async def _reload(reload: Reload, again: asyncio.Event) -> None:
    """Read configuration and policies anew at each SIGHUP."""
    while True:
        await again.wait()
        again.clear()
        with suppress(ReloadRefused):  # said and logged; the old policy stays
            await reload()
