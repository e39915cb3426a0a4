"""The configured policy engine and candidate, remembered answers in front of them."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from gateway.cache import cache_dir
from gateway.errors import ConfigError
from gateway.settings import CandidateSettings, PolicySettings, Settings
from gateway.treatment.carried import check_treatments
from policies import bundle as bundles
from policies.beside import Beside, Note
from policies.bundle import ROOT, Bundle
from policies.cache import CachedEngine
from policies.check import probe
from policies.embedded import EmbeddedEngine
from policies.errors import BundleError
from policies.opa import OpaEngine


@dataclass(frozen=True, slots=True)
class Policy:
    """What exports are decided by until the next reload.

    `candidate_problem` says why a configured candidate is not asked; "" where none is wrong.
    """

    bundle: Bundle
    engine: CachedEngine
    candidate: Beside | None = None
    candidate_problem: str = ""


def load_bundle(settings: Settings) -> Bundle:
    """The shipped law (or another bundle) with the company's overlay. Raises `BundleError`."""
    bundle = bundles.load(*_places(settings, settings.policy))
    check_treatments(bundle)
    return bundle


async def load_policy(settings: Settings, stack: AsyncExitStack, note: Note | None) -> Policy:
    """Read bundle and overlay, make the engine; connections are closed with `stack`.

    A candidate is read where there is a `note` to tell of it; what is wrong with one stops
    nothing. Raises `BundleError` or `ConfigError`.
    """
    bundle = await asyncio.to_thread(load_bundle, settings)
    await asyncio.to_thread(prove, bundle)
    engine = await policy_engine(settings.policy, bundle, stack)
    if settings.policy.candidate is None or note is None:
        return Policy(bundle, engine)
    try:
        beside = await _candidate(settings, settings.policy.candidate, note)
    except BundleError as error:
        return Policy(bundle, engine, None, str(error))
    return Policy(bundle, engine, beside)


def prove(bundle: Bundle) -> None:
    """Have a child compile the bundle first: some faults of a module would end this process.

    What went well once is not tried again with the same engine. Raises `BundleError`.
    """
    folder = cache_dir()
    proof = folder and folder / "compiled" / f"{bundle.revision}-regopy-{version('regopy')}"
    if proof and proof.exists():
        return
    if wrong := probe(bundle):
        raise BundleError(wrong)
    with suppress(OSError):  # a folder that cannot be written costs a second at the next start
        if proof:
            proof.parent.mkdir(parents=True, exist_ok=True)
            proof.touch()


async def policy_engine(
    settings: PolicySettings, bundle: Bundle, stack: AsyncExitStack
) -> CachedEngine:
    """The engine that decides by `bundle`. Raises `BundleError` or `ConfigError`."""
    if settings.engine == "embedded":
        return CachedEngine(await asyncio.to_thread(EmbeddedEngine, bundle))
    try:
        opa = OpaEngine(settings.url, bundle.revision)
    except ValueError as error:
        raise ConfigError(f"policy.url: {error}") from error
    stack.push_async_callback(opa.close)
    return CachedEngine(opa)


async def _candidate(settings: Settings, candidate: CandidateSettings, note: Note) -> Beside:
    """The candidate, always on an embedded engine. Raises `BundleError`."""
    bundle = await asyncio.to_thread(bundles.load, *_places(settings, candidate))
    check_treatments(bundle)
    await asyncio.to_thread(prove, bundle)
    engine = CachedEngine(await asyncio.to_thread(EmbeddedEngine, bundle))
    return Beside(engine, bundle.data[ROOT]["strictness"]["order"], note)


def policy_folders(settings: Settings) -> list[Path]:
    """The folders that a reload reads."""
    chosen = [settings.policy, settings.policy.candidate]
    places = [place for each in chosen if each for place in _places(settings, each)]
    return [place for place in places if isinstance(place, Path)]


def _places(
    settings: Settings, chosen: PolicySettings | CandidateSettings
) -> tuple[str | Path, Path | None]:
    bundle = chosen.bundle if chosen.bundle == bundles.BUILTIN else settings.path(chosen.bundle)
    return bundle, settings.path(chosen.overlay) if chosen.overlay else None
