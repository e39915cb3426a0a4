"""Religious belief, membership and practice (PIPL art 28).

A word alone proves nothing about a person: a finding is likely, for a person to confirm, and
words in columns of trade data (a medicine's name) do not count.

>>> DETECTOR.verify("佛教徒"), DETECTOR.verify("Muslim dress")
(<Verdict.LIKELY: 'likely'>, <Verdict.REFUTED: 'refuted'>)
"""

from __future__ import annotations

from typing import Final

from classifiers.terms.word_list import word_detector

DETECTOR: Final = word_detector("terms.religion", "spi_religion", "RELIGION_TERM")
