"""A gateway put together from its configuration: engines, ledger, log, listeners."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

import msgspec

from audit_log import durable, reader
from audit_log.commitment import Vault
from audit_log.entry import decode, read_header
from audit_log.errors import AuditUnavailable
from audit_log.log import AuditLog, wall_clock_us
from audit_log.segments import segments
from gateway.detectors import Detectors, load_detectors
from gateway.engines import Policy, load_policy
from gateway.export import evidence
from gateway.export.commitments import Commitments
from gateway.export.counters import Counters
from gateway.export.gathering import Gathering
from gateway.export.idempotency import Remembering, Retries
from gateway.export.pipeline import Pipeline
from gateway.export.reviews import Reviews
from gateway.export.transfer import Route
from gateway.export.work import Work, Worker
from gateway.keys.keyring import PURPOSES, SIGNING, Keyring
from gateway.keys.store import Keys, keep_fresh, open_keys
from gateway.ledger.book import create as create_ledger
from gateway.ledger.model import Allowance, Edges
from gateway.ledger.same_key import LedgerKey
from gateway.ledger.url import Ledger, LedgerPlace
from gateway.settings import Settings
from gateway.streams.quarantine import Quarantine
from gateway.streams.streams import Streams
from gateway.workers.pool import pool_of
from policies import bundle as bundles
from policies.beside import Note
from policies.bundle import Bundle

NODE: Final = "node-1"
# In entries that retries and reviews are known by.
_REMEMBERED: Final = (
    b'"idempotency":', b'"kind":"outcome"', b'"quarantine":', b'"review":', b'"approval":'
)  # fmt: skip
_BATCH: Final = 256  # the most entries that the log takes in one call


def log_origin(settings: Settings) -> str:
    """The audit log's name in checkpoints (C2SP tlog-checkpoint: schema-less, unique)."""
    return f"silkgate.local/{settings.exporter.id}"


def last_signed(settings: Settings) -> Path:
    """Where the last signed checkpoint is remembered, outside the log's folder."""
    directory = settings.path(settings.audit.dir)
    return directory.with_name(directory.name + ".last-signed")


def bundle_path(audit_dir: Path, revision: str) -> Path:
    """Where the log keeps the bundle of `revision` for replay."""
    return audit_dir / "bundles" / f"{revision}.tar.gz"


def vault_path(audit_dir: Path) -> Path:
    """Where the salts of the log's commitments lie: erasable, unlike the log."""
    return audit_dir / "vault" / "salts"


def utc_now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Node:
    """A running gateway, short of its listeners."""

    settings: Settings
    keys: Keys
    policy: Policy
    detectors: Detectors
    routes: dict[str, Route]
    audit: AuditLog
    ledger: Ledger
    pipeline: Pipeline
    streams: Streams
    retries: Retries
    reviews: Reviews
    counters: Counters


@asynccontextmanager
async def running(
    settings: Settings,
    *,
    workers: int = 1,
    known: Callable[[Sequence[int]], Mapping[int, str]] = lambda _: {},
    compared: Note | None = None,
    warm: bool = False,
) -> AsyncIterator[Node]:
    """Open keys, policies, detectors, ledger and log; note the start; close them at the end.

    Exports that a crash left without an outcome get the one that `known` tells of their opening
    entries, else `unknown`. `compared` is told how a candidate policy differs; without it none is
    asked. More `workers` than one compute in processes of their own. With `warm`, whoever computes
    loads in the background what first requests would wait for. Raises `ConfigError`,
    `CannotDecide`, `KeyUnavailable`, `BundleError`, `LedgerUnavailable`, `LogDamaged` or
    `AuditUnavailable`.
    """
    keys = await asyncio.to_thread(configured_keys, settings)
    async with AsyncExitStack() as stack:
        keeping = asyncio.create_task(keep_fresh(keys))
        stack.callback(keeping.cancel)
        # Beside the policies: their compiler holds no lock of the interpreter's.
        loading = asyncio.create_task(asyncio.to_thread(load_detectors, settings))
        stack.push_async_callback(asyncio.wait, (loading,))
        policy = await load_policy(settings, stack, compared)
        detectors = await loading
        keep_bundle(settings.path(settings.audit.dir), policy.bundle)
        audit = open_log(settings, keys)
        stack.push_async_callback(audit.close)
        vault = Vault(vault_path(settings.path(settings.audit.dir)))
        stack.callback(vault.close)
        ledger = await ledger_place(settings).open(
            settings.ledger.opening, clock=utc_now, key=LedgerKey.of(keys)
        )
        stack.push_async_callback(ledger.close)
        await _note_unfinished(audit, known(audit.unfinished))
        await _note_start(audit, settings, policy, detectors)
        retries, reviews = recently(settings, keys)
        work = await work_of(settings, detectors, keys, workers, stack, warm=warm)
        pipeline = Pipeline(
            work=work,
            classifier=detectors.classifier,
            engine=policy.engine,
            candidate=policy.candidate,
            ledger=ledger,
            edges=edges_of(policy.bundle),
            allowances=allowances_of(policy.bundle),
            audit=Remembering(audit, (retries, reviews), wall_clock_us),
            keys=keys,
            commitments=Commitments(vault),
            detectors_digest=detectors.digest,
            now=utc_now,
        )
        counters = Counters()
        stack.push_async_callback(_note_last, counters, audit)
        if warm and workers == 1:  # now, so that nothing of the start waits for it
            stack.enter_context(detectors.warming())
        yield Node(
            settings=settings,
            keys=keys,
            policy=policy,
            detectors=detectors,
            routes=routes_of(settings),
            audit=audit,
            ledger=ledger,
            pipeline=pipeline,
            streams=_streams(settings, pipeline, keys),
            retries=retries,
            reviews=reviews,
            counters=counters,
        )


async def _note_start(
    audit: AuditLog, settings: Settings, policy: Policy, detectors: Detectors
) -> None:
    """With what exports are decided from here on."""
    start = evidence.start_entry(
        version("silkgate"),
        policy.engine.revision,
        detectors.registry.versions,
        config_digest(settings),
    )
    await audit.append([start])


def _streams(settings: Settings, pipeline: Pipeline, keys: Keys) -> Streams:
    """As configured; nothing is opened."""
    return Streams(
        pipeline,
        Quarantine(settings.path(settings.streams.quarantine), keys),
        settings.path(settings.streams.spool),
        settings.streams.max_bytes,
    )


async def _note_unfinished(audit: AuditLog, known: Mapping[int, str]) -> None:
    """How exports ended that a crash left open: as is `known`, else nobody knows."""
    outcomes = [evidence.outcome_entry(seq, known.get(seq, "unknown")) for seq in audit.unfinished]
    for first in range(0, len(outcomes), _BATCH):
        await audit.append(outcomes[first : first + _BATCH])


async def work_of(
    settings: Settings,
    detectors: Detectors,
    keys: Keys,
    workers: int,
    stack: AsyncExitStack,
    *,
    warm: bool = False,
) -> Work:
    """Who computes: this process, or `workers` of them, stopped with `stack`.

    Raises `CannotDecide`.
    """
    if workers == 1:
        return Gathering(Worker(detectors.classifier, keys))
    return await stack.enter_async_context(pool_of(settings, detectors, workers, warm=warm))


def routes_of(settings: Settings) -> dict[str, Route]:
    """The configured routes."""
    return {
        name: Route.of(name, route, settings.exporter) for name, route in settings.routes.items()
    }


def configured(node: Node, settings: Settings) -> Node:
    """`node` with the routes of `settings`, whose other sections are as they were."""
    return replace(node, settings=settings, routes=routes_of(settings))


def with_policy(node: Node, policy: Policy) -> Node:
    """`node` deciding by `policy`; exports under way keep the pipeline they began with."""
    pipeline = replace(
        node.pipeline,
        engine=policy.engine,
        candidate=policy.candidate,
        edges=edges_of(policy.bundle),
        allowances=allowances_of(policy.bundle),
    )
    streams = replace(node.streams, stages=pipeline)
    return replace(node, policy=policy, pipeline=pipeline, streams=streams)


def with_detectors(node: Node, detectors: Detectors, work: Work) -> Node:
    """`node` classifying with `detectors`, by `work`; exports under way keep theirs."""
    pipeline = replace(
        node.pipeline,
        classifier=detectors.classifier,
        detectors_digest=detectors.digest,
        work=work,
    )
    streams = replace(node.streams, stages=pipeline)
    return replace(node, detectors=detectors, pipeline=pipeline, streams=streams)


async def _note_last(counters: Counters, audit: AuditLog) -> None:
    with suppress(AuditUnavailable):  # the log has failed already; whoever appended has heard it
        await counters.note(audit)


def configured_keys(settings: Settings) -> Keys:
    """The configured keys. Blocks where they are a service's. Raises `KeyUnavailable`."""
    return open_keys(settings.path(settings.keys.dir), settings.keys.kms, settings.root)


def open_log(settings: Settings, keys: Keys | Keyring) -> AuditLog:
    """The configured audit log, recovered. Raises `LogDamaged` or `AuditUnavailable`."""
    return AuditLog.open(
        settings.path(settings.audit.dir),
        origin=log_origin(settings),
        node=NODE,
        key=keys.signing_key(),
        state=last_signed(settings),
    )


def recently(settings: Settings, keys: Keys) -> tuple[Retries, Reviews]:
    """What the log says of the retries and reviews of the last while. Raises `LogDamaged`."""
    limits = settings.limits
    retries = Retries(keys, window_seconds=limits.retry_seconds)
    reviews = Reviews(window_seconds=limits.review_seconds)
    window = max(limits.retry_seconds, limits.review_seconds)
    since_us = wall_clock_us() - window * 1_000_000
    for seq, data in recent(settings.path(settings.audit.dir), since_us):
        if any(mark in data for mark in _REMEMBERED):
            entry = decode(data)
            for learner in (retries, reviews):
                learner.learn(entry, seq, entry["ts_us"])
    return retries, reviews


def recent(directory: Path, since_us: int) -> Iterator[tuple[int, bytes]]:
    """The log's entries from the last segment that begins before `since_us` on."""
    start = 0
    for segment in reversed(segments(directory)):
        start = segment.first
        first = next(reader.entries(directory, start, start + 1), None)
        if first is not None and read_header(first[1]).ts_us < since_us:
            break
    return reader.entries(directory, start)


def ledger_place(settings: Settings) -> LedgerPlace:
    """Where the exporter's persons are counted."""
    return LedgerPlace(settings.ledger.url, settings.root, settings.exporter.id)


def edges_of(bundle: Bundle) -> Edges:
    """The thresholds of the policies, between which counts are told to them."""
    edges = bundles.band_edges(bundle)
    return Edges(general=tuple(edges["general"]), sensitive=tuple(edges["sensitive"]))


def allowances_of(bundle: Bundle) -> dict[str, Allowance]:
    """The caps of sandboxes, pilot programmes and shadow facts, by the name decisions give them."""
    return {name: Allowance(**caps) for name, caps in bundles.allowances(bundle).items()}


def create_state(settings: Settings) -> None:
    """Make keys, an empty log and ledger where the configuration wants them; never over others.

    A ledger in a database is not this gateway's alone: `silkgate ledger create` starts it, once.
    Raises `KeyUnavailable`, `LogExists` or `LedgerUnavailable`.
    """
    purposes = PURPOSES if settings.keys.kms is None else (SIGNING,)
    keys = Keyring.create(settings.path(settings.keys.dir), purposes)
    AuditLog.create(
        settings.path(settings.audit.dir),
        origin=log_origin(settings),
        node=NODE,
        key=keys.signing_key(),
        state=last_signed(settings),
    )
    Vault.create(vault_path(settings.path(settings.audit.dir)))
    if not (ledger := ledger_place(settings)).shared:
        create_ledger(ledger.path, ledger.exporter, settings.ledger.opening, utc_now())


def keep_bundle(audit_dir: Path, bundle: Bundle) -> None:
    """Store the bundle beside the log under its revision, so that decisions can be replayed."""
    path = bundle_path(audit_dir, bundle.revision)
    if not path.exists():
        durable.make_directories(path.parent)
        durable.replace_file(path, bundles.archive(bundle))


def config_digest(settings: Settings) -> str:
    """SHA-256 of the configuration as it was understood, without where it lay or a password."""
    url = re.sub(r"(?<=://)[^@/]*@", "", settings.ledger.url)
    ledger = msgspec.structs.replace(settings.ledger, url=url)
    facts = msgspec.structs.replace(settings, root=Path(), ledger=ledger)
    encoded = msgspec.json.encode(facts, order="sorted", enc_hook=str)
    return hashlib.sha256(encoded).hexdigest()
