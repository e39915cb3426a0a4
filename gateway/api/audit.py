"""Operations on the audit log, which is read as it lies on disk, beside the running committer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final, TypeVar

from aiohttp import web
from msgspec import Struct

from audit_log import proof, reader, records, serving
from audit_log import verify as verification
from audit_log.errors import AuditError
from audit_log.quorum import WitnessPolicy
from audit_log.selection import Selection, micros
from audit_log.tree import ProofInvalid
from gateway.api.operations import Call, Operation, Parameter
from gateway.api.service import json
from gateway.errors import AuditFailed, BadRequest, Busy, NotFound
from gateway.replay.shapes import Replayed, replay_shapes
from gateway.settings import Role

T = TypeVar("T")

_ROLES: Final[frozenset[Role]] = frozenset({"auditor"})
_PAGE: Final = 1000
_SCANNED: Final = 20_000  # entries looked at for one page
_NUMBER: Final = {"type": "integer", "minimum": 0, "maximum": 2**53 - 1}
_CONDITIONS: Final = (
    Parameter("kind", "Only entries of this kind"),
    Parameter("route", "Only exports on this route"),
    Parameter("destination", "Only exports to this country"),
    Parameter("category", "Only exports in which this category was treated"),
    Parameter("outcome", "allow, review, deny, delivered, …"),
    Parameter("decision_id", "Only this decision"),
)
_TIMES: Final = (
    Parameter("since", "From this time on (ISO 8601, UTC where it names no offset)"),
    Parameter("until", "Before this time"),
)
_SEQ: Final = Parameter("seq", "Index of the entry", _NUMBER, where="path")


class Page(Struct, frozen=True):
    """Entries in their order; `next` is the `start` of the next page, null at the log's end."""

    entries: list[dict[str, Any]]
    next: int | None


class AuditOperations:
    """Entries, proofs, checkpoint, verification and replay of the log in `directory`."""

    def __init__(
        self,
        directory: Path,
        *,
        state: Path,
        vault: Path,
        policy: WitnessPolicy | None = None,
        roots: bytes | None = None,
    ) -> None:
        """`policy` and `roots`: the witnesses and time stamps that verification demands."""
        self._directory = directory
        self._demands = {"state": state, "vault": vault, "policy": policy, "roots": roots}
        self._apart = asyncio.Semaphore(1)

    def table(self) -> list[Operation]:
        """The operations."""
        start = Parameter("start", "Index of the first entry to look at", _NUMBER)
        limit = Parameter("limit", "At most so many entries", _NUMBER | {"maximum": _PAGE})
        replay = (
            Parameter("decision_id", "Only this decision; all by default"),
            Parameter("sample", "So many decisions, spread evenly", _NUMBER),
        )
        return [
            Operation(
                "GET", "/v1/audit/entries", "Entries that meet all conditions", self.entries, Page,
                _ROLES, (*_CONDITIONS, *_TIMES, start, limit), None, (AuditFailed,),
            ),
            Operation(
                "GET", "/v1/audit/entries/{seq}", "One entry, in its canonical bytes", self.entry,
                dict[str, Any], _ROLES, (_SEQ,), None, (NotFound, AuditFailed),
            ),
            Operation(
                "GET", "/v1/audit/entries/{seq}/proof", "Its inclusion proof (C2SP tlog-proof)",
                self.proof, "text/plain", _ROLES, (_SEQ,), None, (NotFound, AuditFailed),
            ),
            Operation(
                "GET", "/v1/audit/log/{path}", "The log's tiles and checkpoint (C2SP tlog-tiles)",
                self.resource, "*/*", _ROLES,
                (Parameter("path", "checkpoint, tile/…", where="path"),), None, (NotFound,),
            ),
            Operation(
                "POST", "/v1/audit/verify", "Check the whole log", self.verify, dict[str, Any],
                _ROLES, (), None, (Busy, AuditFailed),
            ),
            Operation(
                "POST", "/v1/audit/replay", "Decide again from the log alone", self.replay,
                list[Replayed], _ROLES, replay, None, (Busy, AuditFailed),
            ),
        ]  # fmt: skip

    async def entries(self, call: Call) -> web.Response:
        """One page of entries."""
        selection = _selection(call.values)
        start, limit = call.number("start", 0, 2**53 - 1), call.number("limit", 100, _PAGE)
        return json(await asyncio.to_thread(self._page, selection, start, max(limit, 1)))

    def _page(self, selection: Selection, start: int, limit: int) -> Page:
        found: list[dict[str, Any]] = []
        seq = start - 1
        with _reading():
            for entry in reader.documents(self._directory, start):
                if len(found) >= limit or entry["seq"] >= start + _SCANNED:
                    return Page(found, seq + 1)
                seq = entry["seq"]
                if selection.matches(entry):
                    found.append(entry)
        return Page(found, None)

    async def entry(self, call: Call) -> web.Response:
        """One entry."""
        seq = call.number("seq", 0, 2**53 - 1)
        data = await asyncio.to_thread(self._entry, seq)
        return web.Response(body=data, content_type="application/json")

    def _entry(self, seq: int) -> bytes:
        try:
            with _reading():
                return reader.entry(self._directory, seq)
        except KeyError as error:
            raise NotFound(f"the log holds no entry {seq}") from error

    async def proof(self, call: Call) -> web.Response:
        """The proof against the best checkpoint."""
        seq = call.number("seq", 0, 2**53 - 1)
        made = await asyncio.to_thread(self._proof, seq)
        return web.Response(body=made, content_type="text/plain", charset="utf-8")

    def _proof(self, seq: int) -> bytes:
        try:
            with _reading():
                return proof.prove(self._directory, seq).encode()
        except ProofInvalid as error:
            raise NotFound(str(error)) from error

    async def resource(self, call: Call) -> web.Response:
        """What a tlog-tiles reader gets."""
        with _reading():
            found = await asyncio.to_thread(serving.resource, self._directory, call.values["path"])
        if found is None:
            raise NotFound("the log has nothing there")
        text = not call.values["path"].startswith("tile/")
        return web.Response(
            body=found, content_type="text/plain" if text else "application/octet-stream"
        )

    async def verify(self, _: Call) -> web.Response:
        """The report, and what became of all records."""
        return json(await self._run(_verify, self._directory, self._demands))

    async def replay(self, call: Call) -> web.Response:
        """How each recorded decision compares."""
        sample = call.number("sample", 0, 2**53 - 1) if "sample" in call.values else None
        wanted = call.values.get("decision_id")
        replayed = await self._run(replay_shapes, self._directory, wanted, sample)
        return json(replayed)

    async def _run(self, work: Callable[..., T], *args: Any) -> T:
        """Do `work` in a process of its own, so that exports do not wait for it; one at a time."""
        if self._apart.locked():
            raise Busy("the log is being verified or replayed already; ask again later")
        async with self._apart:
            pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
            try:
                with _reading():
                    return await asyncio.get_running_loop().run_in_executor(pool, work, *args)
            finally:
                pool.shutdown(wait=False, cancel_futures=True)


def _verify(directory: Path, demands: Mapping[str, Any]) -> dict[str, Any]:
    vkey = sorted((directory / "keys").glob("*.vkey"))[-1].read_text("utf-8").strip()
    report = verification.verify(directory, vkey=vkey, **demands)
    entries = (data for _, data in reader.entries(directory))
    books = records.account(entries).as_dict() if report.ok else None
    return report.as_dict() | {"records": books}


def _selection(values: Mapping[str, str]) -> Selection:
    conditions: dict[str, Any] = {p.name: values[p.name] for p in _CONDITIONS if p.name in values}
    try:
        for each in _TIMES:
            if each.name in values:
                conditions[f"{each.name}_us"] = micros(values[each.name])
    except (ValueError, OverflowError) as error:
        raise BadRequest("since and until must be ISO 8601 times") from error
    return Selection(**conditions)


class _reading:  # noqa: N801 - used like a function
    """Tell what the log cannot give without telling where it lies."""

    def __enter__(self) -> None:
        """Nothing to open."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, AuditError | OSError):
            raise AuditFailed("the log cannot be read; see `silkgate audit verify`") from error
