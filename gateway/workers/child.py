"""A worker process: `python -m gateway.workers.child FD`."""

from __future__ import annotations

import signal
import socket
import sys
import time
from contextlib import nullcontext

from gateway.detectors import load_detectors
from gateway.errors import CannotDecide, ConfigError, GatewayError
from gateway.export.work import Inspected, Worker
from gateway.keys.keyring import KeyUnavailable
from gateway.keys.store import Keys
from gateway.node import configured_keys
from gateway.streams.collection import collect_rarely
from gateway.workers.wire import (
    Begin,
    Failed,
    Found,
    Inspect,
    Job,
    Ready,
    Reply,
    Request,
    Result,
    Tell,
    Told,
    Treat,
    Treated,
    packed,
    receive,
)


class Child:
    """Does jobs one after the other."""

    def __init__(self, begin: Begin) -> None:
        """Load detectors and keys. Raises `ConfigError` or `KeyUnavailable`."""
        self.detectors = load_detectors(begin.settings, begin.sources)
        self._keys: Keys = configured_keys(begin.settings)
        self._refreshed = time.monotonic()
        self._worker = Worker(self.detectors.classifier, self._keys)
        self._kept: dict[int, Inspected] = {}

    def answer(self, request: Request) -> Reply:
        """The reply to one request; a failure is one too."""
        for token in request.forgotten:
            self._kept.pop(token, None)
        try:
            self._keep_fresh()
            return Reply(request.number, self._do(request.job))
        except GatewayError as error:
            return _failed(request.number, error)
        except Exception as error:  # its text may quote values
            failure = CannotDecide(f"a worker failed: {type(error).__name__}")
            return _failed(request.number, failure)

    def _do(self, job: Job) -> Result:
        if isinstance(job, Inspect):
            found = self._worker.inspect(job.transfer, job.message, job.key_versions)
            self._kept[job.token] = found
            return Found(found.records, found.groups, found.inspection, tuple(found.drift))
        if isinstance(job, Tell):
            return Told(self._worker.subjects(job.transfer, self._kept[job.token].kept))
        if isinstance(job, Treat):
            found = self._kept[job.token]
            return Treated(self._worker.treat(job.transfer, found, job.decisions, job.head_sent))
        raise CannotDecide("a worker was begun twice")

    def _keep_fresh(self) -> None:
        """Take over rotated keys as often as the serving process does."""
        now = time.monotonic()
        if now - self._refreshed < self._keys.interval:
            return
        self._refreshed = now
        try:
            self._keys.refresh()
        except KeyUnavailable as error:
            self._keys.problem = str(error)


def _packed(reply: Reply) -> bytes:
    try:
        return packed(reply)
    except (TypeError, ValueError) as error:
        failure = CannotDecide(f"a worker's result cannot be sent: {type(error).__name__}")
        return packed(_failed(reply.number, failure))


def _failed(number: int, error: GatewayError) -> Reply:
    return Reply(number, Failed(type(error).__name__, str(error)))


def main(descriptor: int) -> None:
    """Answer until the other end is closed. Signals for the group are the serving process's."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with socket.socket(fileno=descriptor) as connection:
        first = receive(connection)
        if first is None or not isinstance(first.job, Begin):
            return
        try:
            child = Child(first.job)
        except (ConfigError, KeyUnavailable) as error:
            connection.sendall(packed(_failed(first.number, CannotDecide(str(error)))))
            return
        with child.detectors.warming() if first.job.warm else nullcontext():
            connection.sendall(packed(Reply(first.number, Ready(child.detectors.digest))))
            collect_rarely()
            while (request := receive(connection)) is not None:
                connection.sendall(_packed(child.answer(request)))


if __name__ == "__main__":
    main(int(sys.argv[1]))
