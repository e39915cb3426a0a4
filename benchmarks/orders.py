"""Made-up orders: about 840 bytes and 21 text cells each, Chinese and English mixed.

Three variants of one shape: `clean` holds nothing about a person, `typical` a consignee with a
mobile, an address and an e-mail, `dense` identity numbers, cards and notes full of numbers. Keys
are the same in all records, as an order export has them; numbers are seeded, so two runs see the
same bytes.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, Literal

import orjson

Variant = Literal["clean", "typical", "dense"]
Language = Literal["mixed", "zh", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en", "mixed")
VARIANTS: Final[tuple[Variant, ...]] = ("clean", "typical", "dense")
COUNTS: Final[Mapping[Variant, int]] = MappingProxyType(
    {"clean": 5_000, "typical": 5_000, "dense": 1_000}
)
TEXT_CELLS: Final = 21

_SURNAMES: Final = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_GIVEN: Final = "伟芳娜敏静丽强磊洋艳勇军杰娟涛明超兰霞平"
_LATIN: Final = "Alice Tan,Ben Lim,Chen Wei,Dewi Sari,Ethan Ng,Farah Aziz,Grace Ho,Huang Jie".split(
    ","
)
_CITIES: Final = (
    ("广东省", "深圳市"),
    ("浙江省", "杭州市"),
    ("上海市", "上海市"),
    ("四川省", "成都市"),
)
_STREETS: Final = ("科技园南路", "文一西路", "世纪大道", "天府大道", "中山北路", "人民路")
_ROADS: Final = ("Orchard Road", "Serangoon Avenue 2", "Bukit Timah Road", "Beach Road")
_TERMS: Final = ("七天无理由退货，质量问题包邮退换",)
_GOODS: Final = (
    "无线蓝牙耳机",
    "纯棉短袖T恤",
    "保温杯 500ml",
    "Running shoes",
    "机械键盘",
    "USB-C cable 2m",
)
_SHOPS: Final = ("旗舰店", "Overseas Store", "自营仓", "Factory Outlet")
_REMARKS: Final = (
    "请用防震包装，谢谢",
    "Leave the parcel at the reception desk, weekdays only",
    "颜色随机，尽快发货",
    "Gift wrapping, no invoice in the box please",
    "和上一单一起发",
)
_PREFIXES: Final = ("138", "139", "150", "158", "176", "186", "189")
_AREAS: Final = ("110105", "310115", "440305", "330106", "510107")
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643


class _Source(random.Random):
    """Seeded chance that, where there is a choice of words, takes those of one language."""

    language: Language = "mixed"

    def choice(self, seq: Any) -> Any:
        """One of `seq`; of its words only those of the language, if there are any."""
        if self.language != "mixed":
            english = self.language == "en"
            seq = [w for w in seq if not isinstance(w, str) or w.isascii() is english] or seq
        return super().choice(seq)


def orders(
    variant: Variant, count: int | None = None, language: Language = "mixed"
) -> list[dict[str, Any]]:
    """`count` orders of a variant, by default as many as `COUNTS` says."""
    source = _Source(f"silkgate/{variant}")
    source.language = language
    fill = {"clean": _clean, "typical": _typical, "dense": _dense}[variant]
    return [_order(source, number, fill) for number in range(count or COUNTS[variant])]


def as_array(records: list[dict[str, Any]]) -> bytes:
    """One JSON array."""
    return orjson.dumps(records)


def as_lines(records: list[dict[str, Any]]) -> bytes:
    """NDJSON."""
    return b"".join(orjson.dumps(record) + b"\n" for record in records)


def text_cells(value: Any) -> list[str]:
    """All string values, duplicates and all, as a peer is given them."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, list):
        return []
    return [text for each in value for text in text_cells(each)]


Fill = Callable[[random.Random, int], dict[str, str]]


def _order(source: _Source, number: int, fill: Fill) -> dict[str, Any]:
    """12 text cells of the trade, 9 of the variant's own."""
    item = source.choice(_GOODS)
    return {
        "order_sn": f"SO{202611220000000 + number}",
        "status": source.choice(("paid", "shipped", "completed", "refunding")),
        "created_at": _moment(source),
        "currency": "CNY",
        "shop": source.choice(_SHOPS),
        "channel": source.choice(("app", "web", "小程序")),
        "total_amount": source.randint(1_000, 900_000) / 100,
        "freight_amount": source.choice((0, 8, 12.5)),
        "is_gift": source.random() < 0.1,
        "items": [
            {
                "sku": f"SKU-{source.randint(10_000, 99_999)}",
                "title": f"{item} {source.choice(('标准版', 'Pro', '家庭装'))}",
                "attributes": source.choice(
                    ("颜色:黑色;尺码:L", "Color: navy; size M", "规格:两件装")
                ),
                "hs_code_note": "general merchandise, no battery inside the parcel",
                "quantity": source.randint(1, 5),
                "price": source.randint(990, 99_900) / 100,
            }
        ],
        "carrier": source.choice(("顺丰速运", "YTO", "SingPost")),
        "warehouse": source.choice(("SZX-03", "HGH-01", "SHA-02")),
        "details": fill(source, number),
    }


def _moment(source: _Source) -> str:
    day, hour, minute = source.randint(1, 22), source.randint(0, 23), source.randint(0, 59)
    return f"2026-11-{day:02d}T{hour:02d}:{minute:02d}:00+08:00"


def _clean(source: _Source, number: int) -> dict[str, str]:
    return {
        "brand": source.choice(("华晨数码", "Northwind", "晴天家居")),
        "series": f"{source.choice(('春季', '夏季', 'Autumn'))}-{source.randint(2020, 2026)}",
        "material": "棉 95%, elastane 5%",
        "packing": source.choice(("纸箱", "carton", "气泡袋")),
        "batch": f"B{source.randint(1_000, 9_999)}-{number % 97}",
        "inspection": "出厂检验合格，随机抽检 3 件，无外观瑕疵",
        "campaign": source.choice(("双十一预售", "member week", "无")),
        "terms": source.choice(_TERMS),
        "remark": f"{source.choice(_REMARKS)}（{number % 389}）",
    }


def _typical(source: _Source, number: int) -> dict[str, str]:
    province, city = source.choice(_CITIES)
    return {
        "receiver_name": _name(source),
        "receiver_phone": _mobile(source),
        "receiver_province": province,
        "receiver_city": city,
        "receiver_address": _address(source),
        "buyer_email": f"buyer{source.randint(10_000, 99_999)}@mail.example.com",
        "packing": source.choice(("纸箱", "carton", "气泡袋")),
        "terms": source.choice(_TERMS),
        "remark": f"{source.choice(_REMARKS)}（{number % 389}）",
    }


def _dense(source: _Source, number: int) -> dict[str, str]:
    phone = _mobile(source)
    return {
        "receiver_name": _name(source),
        "receiver_phone": phone,
        "id_card_no": _resident_id(source),
        "bank_card": _card(source),
        "receiver_address": _address(source),
        "buyer_email": f"buyer{source.randint(10_000, 99_999)}@mail.example.com",
        "client_ip": f"203.0.113.{source.randint(1, 254)}",
        "emergency": f"{_name(source)} 手机 {_mobile(source)}",
        "remark": f"打 {phone} 或 {_mobile(source)}，发票寄 tax{number}@corp.example.com，"
        f"证件 {_resident_id(source)}",
    }


def _name(source: _Source) -> str:
    latin = {"mixed": 0.2, "zh": 0.0, "en": 1.0}[source.language]
    if source.random() < latin:
        return source.choice(_LATIN)
    return source.choice(_SURNAMES) + "".join(source.choices(_GIVEN, k=source.randint(1, 2)))


def _mobile(source: _Source) -> str:
    return f"{source.choice(_PREFIXES)}{source.randint(0, 99_999_999):08d}"


def _address(source: _Source) -> str:
    number, unit, room = (source.randint(1, most) for most in (900, 30, 2_500))
    if source.language == "en":
        return f"{number} {source.choice(_ROADS)}, #{unit:02d}-{room}, Singapore"
    return f"{source.choice(_STREETS)}{number}号{unit}栋{room}室"


def _resident_id(source: _Source) -> str:
    birth = f"{source.randint(1950, 2005)}{source.randint(1, 12):02d}{source.randint(1, 28):02d}"
    body = f"{source.choice(_AREAS)}{birth}{source.randint(0, 999):03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def _card(source: _Source) -> str:
    body = f"622848{source.randint(0, 999_999_999_999):012d}"
    doubled = (int(d) * (2 - i % 2) for i, d in enumerate(reversed(body)))
    total = sum(digit // 10 + digit % 10 for digit in doubled)
    return body + str(-total % 10)
