"""Where compiled patterns, and what compiled well, are kept between runs: nothing exported."""

from __future__ import annotations

from pathlib import Path


def cache_dir() -> Path | None:
    """The user's cache folder for Silkgate; None where there is no home to put it in."""
    try:
        return Path.home() / ".cache" / "silkgate"
    except RuntimeError:
        return None
