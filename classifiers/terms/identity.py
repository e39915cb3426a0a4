"""Politics, union and other specific identities that invite discrimination.

Source: PIPL art 28, GB/T 45574-2025 Annex A.

A word alone proves nothing about a person: a finding is likely, for a person to confirm, and
words in columns of trade data (a medicine's name) do not count.

>>> verify("工会会员")
<Verdict.LIKELY: 'likely'>
"""

from __future__ import annotations

from typing import Final

from classifiers.terms.word_list import verify, word_detector

__all__ = ["DETECTOR", "verify"]

_LATIN: Final = (
    "communist party member|trade union member|union membership|political party member"
    "|labour union member|labor union member|shop steward|party membership|political affiliation"
    "|member of the opposition|undocumented immigrant|stateless person"
    "|gewerkschaftsmitglied|parteimitglied|membre du syndicat|adhérent syndical|afiliado sindical"
    "|political opinion|disabled person|asylum seeker|refugee status|anggota partai"
    "|serikat pekerja|penyandang disabilitas"
)
_OTHER: Final = (
    "政治面貌|中共党员|共产党员|民主党派|工会会员|工会成员|残疾人|残障人士|低保户|艾滋病孤儿"
    "|退役军人优待|上访|労働組合員|障害者手帳|노조원|장애인 등록|đảng viên|công đoàn viên"
    "|người khuyết tật|ผู้พิการ|สมาชิกสหภาพ"
)


DETECTOR: Final = word_detector(
    "terms.identity", "spi_specific_identity", "SPECIFIC_IDENTITY_TERM", _LATIN, _OTHER
)
