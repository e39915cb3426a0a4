"""Crime: convictions, arrests and penalties (GB/T 45574-2025 Annex A).

A word alone proves nothing about a person: a finding is likely, for a person to confirm, and
words in columns of trade data (a medicine's name) do not count.

>>> verify("有期徒刑")
<Verdict.LIKELY: 'likely'>
"""

from __future__ import annotations

from typing import Final

from classifiers.terms.word_list import verify, word_detector

__all__ = ["DETECTOR", "verify"]

_LATIN: Final = (
    "criminal record|convicted of|felony|imprisoned|arrested for|probation officer"
    "|sex offender|on parole|catatan kriminal|rekod jenayah"
)
_OTHER: Final = (
    "犯罪记录|前科|案底|刑满释放|判处有期徒刑|有期徒刑|取保候审|被逮捕|刑事拘留|行政拘留"
    "|吸毒史|强制戒毒|社区矫正|失信被执行人|通缉|前科あり|逮捕歴|전과|구속|ประวัติอาชญากรรม"
    "|tiền án|tiền sự"
)


DETECTOR: Final = word_detector("terms.crime", "spi_criminal", "CRIMINAL_TERM", _LATIN, _OTHER)
