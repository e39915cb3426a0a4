"""What can go wrong with a bundle, as opposed to with a decision."""

from __future__ import annotations


class BundleError(Exception):
    """A bundle or overlay cannot be used; the message names file, line and remedy."""
