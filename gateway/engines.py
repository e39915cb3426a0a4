"""The configured policy engine, remembered answers in front of it."""

from __future__ import annotations

from gateway.settings import ConfigError, PolicySettings
from policies.bundle import Bundle
from policies.cache import CachedEngine, Engine
from policies.embedded import EmbeddedEngine
from policies.opa import OpaEngine


def policy_engine(settings: PolicySettings, bundle: Bundle) -> CachedEngine:
    """The engine that decides by `bundle`. Raises `BundleError` or `ConfigError`."""
    return CachedEngine(_engine(settings, bundle))


def _engine(settings: PolicySettings, bundle: Bundle) -> Engine:
    if settings.engine == "opa":
        try:
            return OpaEngine(settings.url, bundle.revision)
        except ValueError as error:
            raise ConfigError(f"policy.url: {error}") from error
    return EmbeddedEngine(bundle)
