"""Detectors that are lists of words: whole words in Latin script, substrings in others."""

from __future__ import annotations

from classifiers.detector import Detector, Pattern
from classifiers.model import Verdict


def verify(_text: str) -> Verdict:
    """The word is the evidence."""
    return Verdict.LIKELY


def word_detector(name: str, category: str, entity: str, latin: str, other: str) -> Detector:
    """A detector of `latin` and `other`, alternatives of regular expressions."""
    return Detector(
        name=name,
        category=category,
        entity=entity,
        patterns=(
            Pattern("Latin", f"(?<![0-9A-Za-z])(?:{latin})(?![0-9A-Za-z])", 0.4),
            Pattern("other", f"(?:{other})", 0.4),
        ),
        verify=verify,
        strong=True,
        words=True,
    )
