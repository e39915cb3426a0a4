"""Companies called like persons, in Latin script: Madsen ApS; Hicks, Bautista and Nelson."""

from __future__ import annotations

import re
from typing import Final

_FORM: Final = (  # of companies, as laws name them, and what stands behind family names
    r"(?:Inc|LL[CP]|PLC|plc|Ltd|Limited|Corp|Corporation|Pt[ey]|Pvt|Sdn|Bhd|GmbH|OHG|KG|AG|AB|A/S|ApS"
    r"|Oyj?|Ky|Kft|Bt|Zrt|Nyrt|BV|NV|SARL|SPA|S\.p\.A|[Ss]\.?[Rr]\.?[Ll]|S/A|S\.A|S\.L|Ltda|EIRELI"
    r"|s\.r\.o|a\.s|v\.o\.s|[jd]\.(?:d\.)?o\.o|e\.[GVK]|B\.V|N\.V|Sp\. ?z ?o\.o|Sp\. ?[jk]|A\.Ş"
    r"|Group|Holdings?|(?:and|&) (?:Sons?|Co|Partners|Associates|Company|Brothers|Søn)|y Asociados"
    r"|e Figli|et Fils)(?![\w-])"
)
_BEHIND: Final = re.compile(rf",? {_FORM}|/[AS]\b")
_ENDS: Final = re.compile(rf".* {_FORM}\.?", re.DOTALL)
_WORD: Final = r"[^\W\d_a-z][^\W\d_]+"
_JOINED: Final = re.compile(  # family names, no given name before them
    rf"(?<![\w-])(?:(?:{_WORD}, ){{1,3}}{_WORD},? and {_WORD}"
    rf"|(?:{_WORD}, ){{0,3}}{_WORD} (?:&|e|y|et|und) (?:van |von |de )?{_WORD}"
    rf"|{_WORD}-{_WORD})(?![\w-])"
)
_LABEL: Final = re.compile(
    r"(?i:\b(?:company|employer|organi[sz]ation|business|vendor|supplier|merchant|firm)"
    r"(?: name)? ?: ?)$"
)
_BEFORE: Final = re.compile(
    r"(?i:\b(?:headquarters|branch|office|customer|client|shareholder|employee|opening hours"
    r"|manager|director|partner|CEO|CFO|chairman|founder|spokes(?:man|woman|person))s? (?:of|for) "
    r"|\b(?:works?|worked|working|employed|job|internship) for |\bat )(?:the )?$"
)
_LONGEST_BEFORE: Final = 40
_AFTER: Final = re.compile(
    r" (?:is headquartered|has appointed|shares|stores?|branch(?:es)?|offices?|shops?|outlets?"
    r"|headquarters|employees|customers)\b"
)
_SINGULAR: Final = re.compile(r" (?:is|was|has|does|charges|offers|sells)\b")  # of several


def is_firm(text: str, start: int, end: int) -> bool:
    """Whether what was taken for a person is a company or a part of its name."""
    low, high = _joined(text, start, end)
    if _BEHIND.match(text, high) or _ENDS.fullmatch(text, start, end):
        return True
    before = text[max(low - _LONGEST_BEFORE, 0) : low]
    if _LABEL.search(before):
        return True
    if not _JOINED.fullmatch(text, low, high):
        return False
    several = " " in text[low:high]
    return bool(
        _BEFORE.search(before)
        or _AFTER.match(text, high)
        or (several and _SINGULAR.match(text, high))
    )


def _joined(text: str, start: int, end: int) -> tuple[int, int]:
    """Family names joined to one that a mention is part of, or the mention."""
    for match in _JOINED.finditer(text):
        if match.start() <= start and end <= match.end():
            return match.span()
    return start, end
