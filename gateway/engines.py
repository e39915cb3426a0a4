"""The configured policy engine, remembered answers in front of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from gateway.settings import ConfigError, PolicySettings
from policies.bundle import Bundle
from policies.cache import CachedEngine
from policies.embedded import EmbeddedEngine
from policies.opa import OpaEngine


@asynccontextmanager
async def policy_engine(settings: PolicySettings, bundle: Bundle) -> AsyncIterator[CachedEngine]:
    """The engine that decides by `bundle`. Raises `BundleError` or `ConfigError`."""
    if settings.engine == "embedded":
        yield CachedEngine(EmbeddedEngine(bundle))
        return
    try:
        opa = OpaEngine(settings.url, bundle.revision)
    except ValueError as error:
        raise ConfigError(f"policy.url: {error}") from error
    try:
        yield CachedEngine(opa)
    finally:
        await opa.close()
