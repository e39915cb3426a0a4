"""Sexual orientation and sexual life (GB/T 45574-2025 Annex A).

A word alone proves nothing about a person: a finding is likely, for a person to confirm, and
words in columns of trade data (a medicine's name) do not count.

>>> DETECTOR.verify("性取向")
<Verdict.LIKELY: 'likely'>
"""

from __future__ import annotations

from typing import Final

from classifiers.terms.word_list import word_detector

DETECTOR: Final = word_detector("terms.sexual_life", "spi_sex", "SEXUAL_LIFE_TERM")
