"""Mask: part of the value stays readable, by what the value is and which script it is in.

Hides the middle or the end, keeps format and separators. Not reversible. Grade 2: what is kept
may single a person out together with other data. Parameters hide more: `first` and `last` are the
most characters that stay at either end, `domain=hide` leaves nothing of an address's domain.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from gateway.operators.kinds import Kind, kind_of
from gateway.operators.model import Apply, OperatorContext
from gateway.operators.parameters import Parameters

_STAR: Final = "*"
_SENSITIVE: Final = "spi_"  # categories of sensitive personal information
_HIDDEN: Final = "***"  # of a fixed length, so that the length is hidden too
_IDEOGRAPH: Final = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\U00020000-\U0003134f]")
_MOST: Final = 64
_PLACE: Final = re.compile(
    r"(?:[^省市]{1,8}?(?:省|自治区|特别行政区))?(?:[^市县区路街]{1,10}?(?:自治州|地区|盟|市))?"
)


def mask(texts: Sequence[str], context: OperatorContext) -> list[str]:
    """Each text with part of it starred: 张*丰, 138****8000, a***@example.com, 江苏省常州市***."""
    form = _form(context.entity, context.category)
    return [_changed(text, form(text)) for text in texts]


def masking(parameters: Parameters) -> Apply:
    """`mask`, of which still less stays. Raises `BadParameter`."""
    first, last = parameters.whole("first", 0, _MOST), parameters.whole("last", 0, _MOST)
    hide_domain = parameters.choice("domain", "hide") is not None

    def apply(texts: Sequence[str], context: OperatorContext) -> list[str]:
        out = mask(texts, context)
        if hide_domain:
            out = [text.partition("@")[0] + "@" + _HIDDEN if "@" in text else text for text in out]
        return [_narrowed(text, first, last) for text in out]

    return apply


def _narrowed(text: str, first: int | None, last: int | None) -> str:
    """At most `first` and `last` letters and digits of a masked text left at its ends."""
    places = [i for i, char in enumerate(text) if char.isalnum()]
    middle = text.find(_STAR)
    before = [i for i in places if i < middle]
    after = [i for i in places if i > middle]
    gone = set(before[first:] if first is not None else ())
    gone |= set(after[: max(len(after) - last, 0)] if last is not None else ())
    return "".join([_STAR if i in gone else char for i, char in enumerate(text)])


def masked(text: str, category: str, entity: str) -> str:
    """One masked text, for people to look at as well."""
    return _changed(text, _form(entity, category)(text))


def _form(entity: str, category: str) -> Callable[[str], str]:
    return _BY_KIND.get(kind_of(entity, category), _other)


def _changed(text: str, masked: str) -> str:
    """`masked`, unless it still holds the whole text: then nothing of it stays."""
    return masked if text not in masked else _HIDDEN


def _name(text: str) -> str:
    """张三 to 张*, 张小丰 to 张*丰, John Smith to J*** S***."""
    if not _IDEOGRAPH.search(text):
        return " ".join(word[:1] + _HIDDEN for word in text.split())
    if len(text) <= 2:
        return text[:1] + _STAR
    return text[0] + _STAR * (len(text) - 2) + text[-1]


def _phone(text: str) -> str:
    """The last four digits stay and the four before them go, of a short number more."""
    if len(text) == 11 and text.isdigit():
        return text[:3] + "****" + text[7:]
    count = sum(map(str.isdigit, text))
    if count >= 11:
        return _stars(text, first=count - 8, last=4)
    return _stars(text, first=0, last=min(4, count // 3))


def _email(text: str) -> str:
    local, at, domain = text.rpartition("@")
    if not at:
        return _other(text)
    return (local[:1] if len(local) > 1 else "") + _HIDDEN + at + domain


def _card(text: str) -> str:
    """The last four stay (PCI DSS 4.0 requirement 3.4.1 allows at most six and four)."""
    return _stars(text, first=0, last=4)


def _identifier(text: str) -> str:
    """First and last character stay."""
    return _stars(text, first=1, last=1)


def _address(text: str) -> str:
    """Province and city stay, or the last comma-separated part if it has no digits."""
    place = _PLACE.match(text)
    if place is not None and place[0]:
        return place[0] + _HIDDEN
    _, comma, last = text.rpartition(",")
    if comma and not any(map(str.isdigit, last)):
        return _HIDDEN + comma + last
    return _HIDDEN


def _ip(text: str) -> str:
    """203.0.113.7 to 203.0.*.*, 2001:db8::1 to 2001:db8:*."""
    if ":" in text:
        return ":".join(text.split(":")[:2]) + ":" + _STAR
    parts = text.split(".")
    return ".".join(parts[:2] + [_STAR] * (len(parts) - 2))


def _date(text: str) -> str:
    """The year stays, if it comes first."""
    return text[:4] + _HIDDEN if text[:4].isdecimal() else _HIDDEN


def _other(text: str) -> str:
    """The first character stays of a text long enough to hide behind it."""
    return (text[:1] if len(text) > 3 else "") + _HIDDEN


def _stars(text: str, *, first: int, last: int) -> str:
    """Letters and digits starred but the `first` and `last` ones; separators stay.

    At least four of them are starred, or half of a short text.
    """
    if text.isalnum() and len(text) - first - last >= 4:
        return text[:first] + _STAR * (len(text) - first - last) + text[len(text) - last :]
    places = [i for i, char in enumerate(text) if char.isalnum()]
    if len(places) - first - last < min(4, (len(places) + 1) // 2):
        first, last = 0, 0
    hidden = places[first : len(places) - last]
    chars = list(text)
    for i in hidden:
        chars[i] = _STAR
    return "".join(chars)


_BY_KIND: Final[Mapping[Kind, Callable[[str], str]]] = {
    Kind.NAME: _name,
    Kind.PHONE: _phone,
    Kind.EMAIL: _email,
    Kind.CARD: _card,
    Kind.ACCOUNT: _card,
    Kind.IDENTIFIER: _identifier,
    Kind.BIRTH: _date,
    Kind.TIME: _date,
    Kind.ADDRESS: _address,
    Kind.NETWORK: _ip,
}
