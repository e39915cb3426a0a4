"""What can go wrong with the log, by what the caller must do about it."""

from __future__ import annotations


class AuditError(Exception):
    """Anything the audit log raises of its own accord."""


class InvalidEntry(AuditError, ValueError):
    """The entry is outside the log's JSON profile; nothing was written."""


class BadEntry(InvalidEntry):
    """One of several entries is not as the log writes them."""

    def __init__(self, place: int, what: str) -> None:
        super().__init__(f"entry {place} of those {what}")
        self.place = place
        self.what = what


class EntryTooLarge(InvalidEntry):
    """The entry would exceed 65,535 bytes, the most an entry bundle can hold (C2SP tlog-tiles)."""


class AuditUnavailable(AuditError):
    """Durability cannot be had. Send nothing; the process must stop and recover."""


class LogDamaged(AuditError):
    """What is on disk is not what was signed or acknowledged; the log refuses to start."""


class LogExists(AuditError):
    """There is a log already where one was to be created."""
