"""The embedded engine: Microsoft's rego-cpp, compiled once and asked in process."""

from __future__ import annotations

import asyncio
import os
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final

import msgspec

from policies.answer import read_answer
from policies.bundle import Bundle
from policies.errors import BundleError
from policies.model import Decision, PolicyInput, PolicyUnavailable

ENTRYPOINT: Final = "silkgate/decision"
DEADLINE_SECONDS: Final = 2.0
PROGRAMS: Final = min(os.cpu_count() or 1, 4)  # 20 MB each
WAITING: Final = 512

# What the policy reads most comes first: rego-cpp looks for a key among all that stand before it.
_FIRST: Final = ("fields", "basis", "origin", "destination", "bands", "at")
_LATE: Final = "the embedded policy engine missed its deadline"

_MESSAGE: Final = re.compile(r"\(errormsg \d+:(?P<text>[^)]*)\)")
_PLACE: Final = re.compile(r"\(error \d+:(?P<path>[^|)]*)\|(?P<offset>\d+)")


class EmbeddedEngine:
    """Decides with the bundle it was made of. Safe to use from several threads and event loops.

    Up to `PROGRAMS` questions are decided at once, each by a compiled program of its own; the
    second and later ones are compiled when they are first needed. The rest wait their turn, at
    most `waiting` of them: an engine that is asked more than it can answer says so at once.
    """

    def __init__(
        self,
        bundle: Bundle,
        *,
        deadline_seconds: float = DEADLINE_SECONDS,
        programs: int = PROGRAMS,
        waiting: int = WAITING,
    ) -> None:
        """`deadline_seconds` are a question's from its turn on. Raises `BundleError`."""
        self._bundle = bundle
        self._deadline_seconds = deadline_seconds
        self._first = [Program(bundle, [ENTRYPOINT])]
        self._own = threading.local()
        self._turns = ThreadPoolExecutor(programs, "policy")
        self._room = threading.BoundedSemaphore(programs + waiting)

    @property
    def revision(self) -> str:
        """SHA-256 of the bundle in force, in hex."""
        return self._bundle.revision

    def decide_sync(self, question: PolicyInput) -> Decision:
        """Raise `PolicyUnavailable` for anything that is not one complete decision."""
        begun = threading.Event()
        asking = self._ask(question, begun.set)
        begun.wait()
        try:
            return asking.result(self._deadline_seconds)
        except TimeoutError as error:
            raise PolicyUnavailable(_LATE) from error

    async def decide(self, question: PolicyInput) -> Decision:
        """As `decide_sync`, without blocking the event loop."""
        loop, begun = asyncio.get_running_loop(), asyncio.Event()
        asking = asyncio.wrap_future(
            self._ask(question, lambda: loop.call_soon_threadsafe(begun.set))
        )
        try:
            await begun.wait()
            async with asyncio.timeout(self._deadline_seconds):
                return await asking
        except TimeoutError as error:
            raise PolicyUnavailable(_LATE) from error
        finally:
            asking.cancel()  # whoever stops waiting gives up the turn

    def _ask(self, question: PolicyInput, begun: Callable[[], object]) -> Future[Decision]:
        if not self._room.acquire(blocking=False):
            raise PolicyUnavailable("the embedded policy engine is busy: too many questions wait")
        asking = self._turns.submit(self._turn, question, begun)
        asking.add_done_callback(lambda _: self._room.release())
        return asking

    def _turn(self, question: PolicyInput, begun: Callable[[], object]) -> Decision:
        """One question, in a thread of the engine's."""
        try:
            program = self._program()
        except BundleError as error:
            raise PolicyUnavailable(str(error)) from error
        finally:
            begun()
        asked = msgspec.to_builtins(question)
        ordered = {key: asked[key] for key in _FIRST} | asked
        return read_answer(program.ask(ENTRYPOINT, ordered), question)

    def _program(self) -> Program:
        """This thread's program."""
        program: Program | None = getattr(self._own, "program", None)
        if program is None:
            try:
                program = self._first.pop()
            except IndexError:
                program = Program(self._bundle, [ENTRYPOINT])
            self._own.program = program
        return program


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
            self._interpreter.set_input(self._regopy.Input(_escaped(question)))
            output = self._interpreter.query_bundle_entrypoint(self._compiled, entrypoint)
            if not output.ok():
                raise PolicyUnavailable(f"the embedded policy engine failed on {entrypoint}")
            return str(output)
        except (self._regopy.RegoError, ValueError) as error:
            # An evaluation conflict comes back as text that is no JSON.
            message = _first_error(error, self._modules)
            raise PolicyUnavailable(f"the embedded policy engine failed: {message}") from None


def _escaped(value: Any) -> Any:
    """`value` with its texts as they stand between the quotes of JSON.

    That is how rego-cpp holds texts. Given anything else, a quote in a pointer would end the text
    early in the engine's answer. (Read as a Rego term, a question takes twice the time.)
    """
    if isinstance(value, str):
        return msgspec.json.encode(value)[1:-1].decode()
    if isinstance(value, Mapping):
        return {_escaped(key): _escaped(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_escaped(item) for item in value]
    return value


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
