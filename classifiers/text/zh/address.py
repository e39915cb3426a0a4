"""Delivery addresses in Chinese: administrative divisions, roads, houses, doors.

A span is an address when it reaches down to a house or a door; a division alone is a place and
points at nobody. It starts at a division, a road or what the tagger took for a place, and runs on
over address parts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ahocorasick_rs import AhoCorasick, MatchKind

from classifiers.text.model import Kind, Mention

_H: Final = "\u4e00-\u9fff"
_NUMBER: Final = "[0-9A-Za-z一二三四五六七八九十百零甲乙丙丁]{1,6}(?:[-－—之][0-9A-Za-z]{1,5}){0,3}"
_DIVISION: Final = f"[{_H}]{{1,8}}?(?:特别行政区|自治区|自治州|自治县|新区|省|市|区|县|旗|州|盟)"
_TOWN: Final = (
    f"[{_H}0-9]{{1,8}}?"
    "(?:街道办事处|街道|乡|镇|村委会|村|社区|开发区|工业园|科技园|园区|大学城|小镇)"
)
_ROAD: Final = (
    f"[{_H}0-9A-Za-z]{{1,8}}?(?:大道|大街|公路|环路|路|街|巷|弄|胡同|里|道)"
    "(?:[东南西北中]段|[东南西北中])?"
)
_HOUSE: Final = f"{_NUMBER}[ ]?(?:号院|号楼|号|院|弄|栋|幢|座|楼|单元|门|层|室|户|期|区|组|队|#)"
_ESTATE: Final = (
    f"[{_H}A-Za-z0-9·]{{1,12}}?(?:小区|花园|家园|公寓|大厦|广场|中心|大楼|写字楼|商场|商城|公馆|新村|新城|别墅"
    "|山庄|名都|名邸|华庭|豪庭|雅苑|宿舍|菜鸟驿站|驿站|快递柜|苑|园|城|府|居|轩|湾|庭|阁)"
)
_SITE: Final = f"[{_H}A-Za-z0-9·]{{1,12}}?(?:校区|学校|大学|医院|酒店|宾馆|超市)"
_DOOR: Final = "[0-9]{1,5}[A-Za-z]?(?:[-－—][0-9]{1,5}[A-Za-z]?){0,4}(?![0-9]|[-－—][0-9])"
_SPOT: Final = (
    f"[{_H}]{{1,6}}(?:旁边?|对面|隔壁|门口|后面|前面|楼下)"
    f"(?:[{_H}]{{0,6}}?(?:小卖部|便利店|超市|门卫|保安亭|驿站|快递柜|店))?"
)
_PART: Final = re.compile(
    f"[ ,，、]?(?:(?P<house>{_HOUSE})|(?P<area>{_DIVISION}|{_TOWN})|(?P<road>{_ROAD})"
    f"|(?P<estate>{_ESTATE})|(?P<site>{_SITE})|(?P<spot>{_SPOT})|(?P<door>{_DOOR}))"
)
_ROAD_WITH_NUMBER: Final = re.compile(
    f"[{_H}]{{2,6}}(?:大道|大街|路|街|巷|胡同)[0-9]{{1,5}}(?:-[0-9]{{1,4}})?号"
)
_STOP: Final = re.compile("[。；;！？!?\n:：]")
_MOST_PARTS: Final = 16
_REACH: Final = 90  # characters an address may run on from its start


class Addresses:
    """Finds addresses; `divisions` are names of provinces, cities and counties."""

    def __init__(self, divisions: Sequence[str]) -> None:
        """Compile the division names (two characters at least)."""
        self._divisions: Final = AhoCorasick(
            [name for name in divisions if len(name) > 1], matchkind=MatchKind.LeftmostLongest
        )

    def find(self, text: str, mentions: Sequence[Mention]) -> list[Mention]:
        """Addresses of (simplified) `text`, by start; `mentions` are the tagger's."""
        starts = [start for _, start, _ in self._divisions.find_matches_as_indexes(text)]
        starts += [mention.start for mention in mentions if mention.kind is Kind.PLACE]
        starts += [match.start() for match in _ROAD_WITH_NUMBER.finditer(text)]
        found: list[Mention] = []
        for start in sorted(set(starts)):
            if found and start < found[-1].end:
                continue
            end = _run(text, start)
            if end > start:
                found.append(Mention(start, end, Kind.PLACE, 0.9))
        return found


def with_addresses(mentions: Sequence[Mention], addresses: Sequence[Mention]) -> list[Mention]:
    """`mentions` with the addresses in place of what they overlap, persons cut off at them."""
    kept = [
        mention
        for mention in mentions
        if not any(a.start < mention.end and mention.start < a.end for a in addresses)
    ]
    return sorted([*kept, *addresses])


def _run(text: str, start: int) -> int:
    """The end of an address that begins at `start`, or `start` where there is none."""
    limit = min(len(text), start + _REACH)
    if stop := _STOP.search(text, start, limit):
        limit = stop.start()
    at, detailed, placed = start, False, False
    for _ in range(_MOST_PARTS):
        part = _PART.match(text, at, limit)
        if part is None:
            break
        kind = part.lastgroup
        if kind == "spot" and not detailed:
            break
        if kind == "door" and not (placed and part.end() - at <= _NUMBER_LENGTH):
            break
        detailed |= kind in ("house", "door") or (kind == "estate" and placed)
        placed |= kind in ("area", "road", "estate", "site")
        at = part.end()
    return at if detailed and placed else start


_NUMBER_LENGTH: Final = 12
