"""What engines said of texts seen before, bounded in size, without keeping the texts."""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Final

from classifiers.text.model import Mention

_ENTRY_BYTES: Final = 300  # of an entry with no mention, about
_MENTION_BYTES: Final = 120


class MentionCache:
    """Least recently used out first. Keys are keyed hashes; the key lives in this process only."""

    def __init__(self, limit_bytes: int) -> None:
        """Hold about `limit_bytes`."""
        self._limit: Final = limit_bytes
        self._key: Final = secrets.token_bytes(32)
        self._entries: Final[OrderedDict[bytes, tuple[Mention, ...]]] = OrderedDict()
        self._size = 0
        self._lock: Final = threading.Lock()

    def get(self, text: str) -> tuple[Mention, ...] | None:
        """The mentions of a text, None if it is not held."""
        key = self._digest(text)
        with self._lock:
            mentions = self._entries.get(key)
            if mentions is not None:
                self._entries.move_to_end(key)
            return mentions

    def put(self, text: str, mentions: Sequence[Mention]) -> None:
        """Hold the mentions of a text."""
        key, held = self._digest(text), tuple(mentions)
        with self._lock:
            if key in self._entries:
                return
            self._entries[key] = held
            self._size += _cost(held)
            while self._size > self._limit:
                _, oldest = self._entries.popitem(last=False)
                self._size -= _cost(oldest)

    def _digest(self, text: str) -> bytes:
        data = text.encode("utf-8", "surrogatepass")
        return hashlib.blake2b(data, digest_size=16, key=self._key).digest()


def _cost(mentions: Sequence[Mention]) -> int:
    return _ENTRY_BYTES + _MENTION_BYTES * len(mentions)
