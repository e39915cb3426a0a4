"""Writing files so that a power cut leaves either the old or the new state."""

from __future__ import annotations

import os
from pathlib import Path


def write_all(fd: int, data: bytes) -> None:
    """Write every byte; one `write` unless the kernel takes fewer."""
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def sync_directory(path: Path) -> None:
    """Make the names in a directory durable."""
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def sync_file(path: Path) -> None:
    """Make the contents of a file that something else wrote durable."""
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def make_directories(path: Path) -> None:
    """Create a directory and its parents, each name durable."""
    if path.is_dir():
        return
    make_directories(path.parent)
    path.mkdir(mode=0o700, exist_ok=True)
    sync_directory(path.parent)


def replace_file(path: Path, data: bytes) -> None:
    """Put `data` at `path`, whatever was there before."""
    temporary = _write_beside(path, data)
    temporary.replace(path)
    sync_directory(path.parent)


def create_file(path: Path, data: bytes) -> None:
    """Put `data` at `path`, where nothing may be yet. Raises `FileExistsError`."""
    add_file(path, data)
    sync_directory(path.parent)


def add_file(path: Path, data: bytes) -> None:
    """`create_file` whose name is durable only once the caller has synced the directory."""
    temporary = _write_beside(path, data)
    try:
        os.link(temporary, path)
    finally:
        temporary.unlink()


def remove_file(path: Path) -> None:
    """Remove `path`, the removal durable."""
    path.unlink(missing_ok=True)
    sync_directory(path.parent)


def _write_beside(path: Path, data: bytes) -> Path:
    temporary = path.with_name(f".{path.name}.tmp")
    fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        write_all(fd, data)
        os.fsync(fd)
    finally:
        os.close(fd)
    return temporary
