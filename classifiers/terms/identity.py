"""Politics, union and other specific identities that invite discrimination.

Source: PIPL art 28, GB/T 45574-2025 Annex A.

A word alone proves nothing about a person: a finding is likely, for a person to confirm, and
words in columns of trade data (a medicine's name) do not count.

>>> DETECTOR.verify("工会会员")
<Verdict.LIKELY: 'likely'>
"""

from __future__ import annotations

from typing import Final

from classifiers.terms.word_list import word_detector

DETECTOR: Final = word_detector("terms.identity", "spi_specific_identity", "SPECIFIC_IDENTITY_TERM")
