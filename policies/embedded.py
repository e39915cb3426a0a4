"""The embedded engine: Microsoft's rego-cpp, compiled once and asked in process."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from policies.answer import read_answer
from policies.bundle import Bundle
from policies.errors import BundleError
from policies.model import Decision, PolicyInput, PolicyUnavailable

ENTRYPOINT: Final = "silkgate/decision"
DEADLINE_SECONDS: Final = 2.0

_MESSAGE: Final = re.compile(r"\(errormsg \d+:(?P<text>[^)]*)\)")
_PLACE: Final = re.compile(r"\(error \d+:(?P<path>[^|)]*)\|(?P<offset>\d+)")


class EmbeddedEngine:
    """Decides with the bundle it was made of. Safe to use from several threads."""

    def __init__(self, bundle: Bundle, *, deadline_seconds: float = DEADLINE_SECONDS) -> None:
        self._revision = bundle.revision
        self._deadline_seconds = deadline_seconds
        self._program = Program(bundle, [ENTRYPOINT])
        self._turn = threading.Lock()

    @property
    def revision(self) -> str:
        """SHA-256 of the bundle in force, in hex."""
        return self._revision

    def decide_sync(self, question: PolicyInput) -> Decision:
        """Raise `PolicyUnavailable` for anything that is not one complete decision."""
        if not self._turn.acquire(timeout=self._deadline_seconds):
            raise PolicyUnavailable("the embedded policy engine is busy past its deadline")
        try:
            answer = self._program.ask(ENTRYPOINT, msgspec.to_builtins(question))
        finally:
            self._turn.release()
        return read_answer(answer, question)

    async def decide(self, question: PolicyInput) -> Decision:
        """As `decide_sync`, in a thread and under the engine's deadline."""
        try:
            async with asyncio.timeout(self._deadline_seconds):
                return await asyncio.to_thread(self.decide_sync, question)
        except TimeoutError as error:
            raise PolicyUnavailable("the embedded policy engine missed its deadline") from error


class Program:
    """A compiled bundle. Not safe to share between threads; raises `BundleError` when broken."""

    def __init__(self, bundle: Bundle, entrypoints: Sequence[str]) -> None:
        import regopy  # noqa: PLC0415
        from regopy.rego_shared import LogLevel  # noqa: PLC0415

        self._regopy = regopy
        self._modules = bundle.modules
        self._interpreter = regopy.Interpreter()
        self._interpreter.log_level = LogLevel.NONE
        try:
            for path in sorted(bundle.modules):
                self._interpreter.add_module(path, bundle.modules[path])
            self._interpreter.add_data_json(_json(bundle.data))
            self._compiled = self._interpreter.build(None, list(entrypoints))
        except regopy.RegoError as error:
            message = _first_error(error, self._modules)
            raise BundleError(f"the bundle does not compile: {message}") from None
        if not self._compiled.ok():
            raise BundleError("the bundle does not compile")

    def ask(self, entrypoint: str, question: Any) -> str:
        """The engine's answer as text. Raises `PolicyUnavailable` where it gives none."""
        try:
            # As JSON: an Input made of Python values loses its escapes, and a quote in a pointer
            # would then end the text early in the engine's answer.
            self._interpreter.set_input_term(msgspec.json.encode(question).decode())
            output = self._interpreter.query_bundle_entrypoint(self._compiled, entrypoint)
            if not output.ok():
                raise PolicyUnavailable(f"the embedded policy engine failed on {entrypoint}")
            return str(output)
        except (self._regopy.RegoError, ValueError) as error:
            # An evaluation conflict comes back as text that is no JSON.
            message = _first_error(error, self._modules)
            raise PolicyUnavailable(f"the embedded policy engine failed: {message}") from None


def _json(data: Any) -> str:
    return msgspec.json.encode(dict(data)).decode()


def _first_error(error: Exception, modules: Mapping[str, str]) -> str:
    """rego-cpp prints a syntax tree; a person needs its message and the line it is about."""
    text = str(error)
    message = _MESSAGE.search(text)
    if message is None:
        return text.partition("\n")[0][:200]
    if place := _PLACE.search(text):
        before = modules.get(place["path"], "").encode()[: int(place["offset"])]
        return f"{place['path']}:{before.count(bytes([10])) + 1}: {message['text']}"
    return message["text"]
