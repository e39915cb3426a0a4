"""Sexual orientation and sexual life (GB/T 45574-2025 Annex A).

A word alone proves nothing about a person: a finding is likely, for a person to confirm, and
words in columns of trade data (a medicine's name) do not count.

>>> verify("性取向")
<Verdict.LIKELY: 'likely'>
"""

from __future__ import annotations

from typing import Final

from classifiers.terms.word_list import verify, word_detector

__all__ = ["DETECTOR", "verify"]

_LATIN: Final = (
    "homosexual|bisexual|transgender|lesbian couple|gay couple|sexual orientation|sex life"
    "|homoseksual|biseksual"
)
_OTHER: Final = (
    "同性恋|双性恋|变性人|跨性别|性取向|出柜|性生活|同性愛|バイセクシュアル|동성애|성적 지향"
    "|รักร่วมเพศ|đồng tính|song tính"
)


DETECTOR: Final = word_detector("terms.sexual_life", "spi_sex", "SEXUAL_LIFE_TERM", _LATIN, _OTHER)
