"""Trade data that looks like persons' data: check digits, words of belief and of health."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from faker import Faker
from stdnum import luhn
from stdnum.iso7064 import mod_97_10

_FAKE: Final = Faker("en_US")
_RANDOM: Final = random.Random(11)
Maker = Callable[[], str]


def _digits(count: int) -> str:
    return "".join(_RANDOM.choice("0123456789") for _ in range(count))


def _gtin(body: str) -> str:
    total = sum(int(d) * (3 if i % 2 == 0 else 1) for i, d in enumerate(reversed(body)))
    return body + str(-total % 10)


def _container() -> str:
    body = _RANDOM.choice(("MSKU", "TGHU", "CMAU", "OOLU")) + _digits(6)
    values = [int(c) if c.isdigit() else _letter(c) for c in body]
    return body + str(sum(v << i for i, v in enumerate(values)) % 11 % 10)


def _letter(char: str) -> int:
    return (value := ord(char) - 55) + (value > 10) + (value > 20) + (value > 30)


def _s10() -> str:
    body = _digits(8)
    weights = (8, 6, 4, 2, 3, 5, 9, 7)
    rest = 11 - sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11
    return f"{_RANDOM.choice(('LP', 'RB', 'EE', 'CP'))}{body}{({10: 0, 11: 5}).get(rest, rest)}CN"


def _luhn(body: str) -> str:
    return body + luhn.calc_check_digit(body)


def _pick(words: str) -> Maker:
    return lambda: f"{_RANDOM.choice(words.split('|'))} {_digits(1)}"


def _european() -> str:
    return _gtin((_RANDOM.choice(("4", "49", "50", "3")) + _digits(12))[:12])


def _moment() -> str:
    parts = ((1, 12), (1, 28), (0, 23), (0, 59), (0, 59))
    return "2026" + "".join(f"{_RANDOM.randint(low, high):02d}" for low, high in parts)


def _model() -> str:
    return f"{_RANDOM.choice(('XR', 'GT', 'MX'))}-{_digits(3)}{_RANDOM.choice('ABC')}"


TRADE_NUMBERS: Final[Sequence[tuple[str, Maker]]] = (
    ("ean13|barcode|商品条码|gtin", lambda: _gtin(f"69{_digits(10)}")),
    ("ean|EAN_CODE|JANコード", _european),
    ("upc|upc_code", lambda: _gtin(_digits(11))),
    ("gtin14|case_code", lambda: _gtin(_digits(13))),
    ("sscc|pallet_id|托盘号", lambda: _gtin(f"3{_digits(16)}")),
    ("isbn|书号", lambda: str(_FAKE.isbn13(separator=""))),
    ("container_no|箱号", _container),
    ("tracking_no|国际单号|waybill_no", _s10),
    ("order_no|orderNumber|订单编号", lambda: _luhn(f"8{_digits(13)}")),
    ("invoice_no|发票号", lambda: _luhn(_digits(9))),
    ("parcel_no|包裹号", lambda: _luhn(f"9{_digits(11)}")),
    ("created|create_ts|创建时间戳", lambda: f"17{_digits(8)}"),
    ("ts_ms|event_time", lambda: f"17{_digits(11)}"),
    ("ts_us|micros", lambda: f"17{_digits(14)}"),
    ("dt14|pay_time", _moment),
    ("snowflake|row_id|记录号", lambda: f"1{_digits(18)}"),
    ("id64|entity_id", lambda: f"7{_digits(17)}"),
    ("po_number|采购单号", lambda: f"45{_digits(8)}"),
    ("awb|airway_bill", lambda: f"784-{_digits(8)}"),
    ("hs_code|hscode", lambda: f"{_digits(4)}.{_digits(2)}.{_digits(2)}"),
    ("declaration_no|报关单号", lambda: f"2218{_digits(14)}"),
    ("batch_no|批号", lambda: f"L{_digits(8)}"),
    ("serial_no|序列号", lambda: f"SN{_digits(10)}"),
    ("part_no|料号", lambda: f"{_digits(3)}-{_digits(5)}-{_digits(2)}"),
    ("lei|creditor_ref", lambda: f"RF{mod_97_10.calc_check_digits(_digits(10))}{_digits(10)}"),
    ("uuid|trace_id", lambda: str(_FAKE.uuid4())),
    ("sha256|digest", lambda: str(_FAKE.sha256())),
    ("price|unit_price", lambda: f"{_RANDOM.uniform(1, 99999):.2f}"),
    ("weight_g|重量(克)", lambda: _digits(4)),
    ("volume_m3|体积", lambda: f"{_RANDOM.uniform(0, 9):.4f}"),
    ("dims|尺寸", lambda: f"{_digits(2)}x{_digits(2)}x{_digits(2)}"),
    ("qty|数量", lambda: _digits(3)),
    ("version|fw_version", lambda: f"{_digits(1)}.{_digits(2)}.{_digits(3)}"),
    ("account_code|科目代码|gl_account", lambda: _digits(8)),
    ("seq|line_no|行号", lambda: str(_RANDOM.randint(1, 99999))),
    ("vessel_imo|imo", lambda: f"IMO {_digits(7)}"),
    ("cas_no", lambda: f"{_digits(5)}-{_digits(2)}-{_digits(1)}"),
    ("model|型号", _model),
    ("shop_id|店铺ID", lambda: _digits(9)),
    ("warehouse_code|仓库编码", lambda: f"WH{_digits(3)}"),
)  # fmt: skip
_WORDS: Final = Path(__file__).with_name("data") / "trade_words.tsv"
TRADE_WORDS: Final[Sequence[tuple[str, Maker]]] = (
    ("company|供应商名称|vendor", lambda: str(_FAKE.company())),
    *(
        (names, _pick(words))
        for names, words in (row.split("\t") for row in _WORDS.read_text("utf-8").splitlines()[1:])
    ),
)
