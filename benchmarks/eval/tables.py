"""Made-up tables: columns a data protection officer would mark, and columns that are trade."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Final

from faker import Faker

_ZH: Final = Faker("zh_CN")
_EN: Final = Faker("en_US")
_RANDOM: Final = random.Random(7)

Maker = Callable[[], str]


def seed(value: int) -> None:
    """Make the next tables reproducible."""
    Faker.seed(value)
    _RANDOM.seed(value)


def _digits(count: int) -> str:
    return "".join(_RANDOM.choice("0123456789") for _ in range(count))


def _day() -> str:
    return (
        f"{_RANDOM.randint(1950, 2008)}-{_RANDOM.randint(1, 12):02d}-{_RANDOM.randint(1, 28):02d}"
    )


def _stamp() -> str:
    return f"2026-{_RANDOM.randint(1, 12):02d}-{_RANDOM.randint(1, 28):02d} 12:{_digits(1)}1:07"


# names of the column -> (category, maker); the names are tried one by one.
# ruff: noqa: E501
PERSONAL: Final[list[tuple[str, str, Maker]]] = [
    ("姓名|客户姓名|收件人姓名|customer_name|FullName|cust_nm|xm|receiverName|联系人", "pi_basic", _ZH.name),
    ("buyer_full_name|passengerName|first_name|lastName|Contact Person", "pi_basic", _EN.name),
    ("手机号码|mobile|phoneNo|联系电话|tel_no|sjh|MOBILE_PHONE|收货人手机", "pi_contact_phone", _ZH.phone_number),
    ("邮箱|email|e_mail|contactEmail|电子邮件地址|EMAIL_ADDR", "pi_basic", _EN.email),
    ("收货地址|address|detail_addr|home_address|家庭住址|shippingAddress|dz", "pi_delivery", _ZH.address),
    ("身份证号|id_card_no|idNumber|sfzh|证件号码|IDCARD|cert_no", "pi_gov_id", _ZH.ssn),
    ("出生日期|birthday|dob|birth_date|csrq|dateOfBirth", "pi_basic", _day),
    ("性别|gender|sex|xb", "pi_basic", lambda: _RANDOM.choice("男女")),
    ("用户名|login_name|userName|nick_name|昵称|account_name", "pi_account", _EN.user_name),
    ("密码|password|user_pwd|passwd|pay_password", "spi_credential", _EN.password),
    ("银行卡号|bank_card_no|cardNumber|yhkh|debit_card|bank_account", "spi_financial_account",
     lambda: f"6222{_digits(15)}"),
    ("职业|occupation|job_title|工作单位|employer", "pi_work_edu", _ZH.job),
    ("学历|education|毕业院校|university", "pi_work_edu", lambda: "本科"),
    ("IP地址|ip_addr|login_ip|client_ip", "pi_device", _EN.ipv4),
    ("设备号|device_id|imei|mac_address|oaid", "pi_device", lambda: _digits(15)),
    ("车牌号|plate_no|license_plate", "pi_property", lambda: f"京A{_digits(5)}"),
    ("诊断结果|diagnosis|病史|过敏史|medical_history", "spi_health", lambda: "2型糖尿病"),
    ("宗教信仰|religion", "spi_religion", lambda: "佛教"),
    ("婚姻状况|marital_status", "pi_marital", lambda: _RANDOM.choice(["已婚", "未婚"])),
    ("护照号|passport_no", "pi_gov_id", lambda: f"E{_digits(8)}"),
    ("经度|longitude|gps_location|经纬度", "spi_precise_location", lambda: "116.397428"),
    ("col_a|f1|data", "pi_contact_phone", _ZH.phone_number),
    ("col_b|f2|value", "pi_gov_id", _ZH.ssn),
    ("col_c|f3|text", "pi_basic", _EN.email),
    ("col_d|f4|field_9", "pi_basic", _ZH.name),
    ("col_e|f5|attr", "pi_delivery", _ZH.address),
]  # fmt: skip
TRADE: Final[list[tuple[str, Maker]]] = [
    ("order_no|订单号|orderSn|交易流水号", lambda: f"2026{_digits(14)}"),
    ("tracking_no|运单号|waybill|快递单号", lambda: f"SF{_digits(13)}"),
    ("hs_code|海关编码", lambda: _digits(10)),
    ("sku|货号|item_code", lambda: f"{_RANDOM.choice('ABCDE')}{_digits(6)}"),
    ("ean|barcode|条码", lambda: f"69{_digits(11)}"),
    ("price|单价|total_amount|金额", lambda: f"{_RANDOM.uniform(1, 9999):.2f}"),
    ("created_at|下单时间|update_time", _stamp),
    ("timestamp|ts", lambda: f"17{_digits(11)}"),
    ("product_name|商品名称|title", lambda: _RANDOM.choice(["红米手机 6G+128G", "棉质T恤 白", "电饭煲 5L"])),
    ("brand_name|品牌", lambda: _RANDOM.choice(["小米", "HUAWEI", "南极人"])),
    ("company_name|供应商|supplier_name", _ZH.company),
    ("quantity|数量|stock", lambda: _digits(2)),
    ("status|订单状态|order_state", lambda: _RANDOM.choice(["已发货", "待付款", "shipped"])),
    ("currency|币种", lambda: _RANDOM.choice(["CNY", "USD"])),
    ("container_no|箱号", lambda: f"MSKU{_digits(7)}"),
    ("invoice_no|发票号码", lambda: _digits(8)),
    ("declaration_no|报关单号", lambda: _digits(18)),
    ("image_url|商品图片", lambda: f"https://img.example.com/2026/{_digits(8)}/a.jpg"),
    ("md5|file_hash", lambda: str(_EN.md5())),
    ("weight|重量|gross_weight", lambda: f"{_digits(2)}.5"),
    ("warehouse|仓库", lambda: _RANDOM.choice(["WH-01", "东莞一号仓"])),
    ("remark|version|app_version", lambda: f"1.{_digits(1)}.{_digits(1)}"),
    ("port_of_loading|装货港", lambda: _RANDOM.choice(["CNSHA", "CNNGB"])),
    ("material|材质|color|颜色", lambda: _RANDOM.choice(["棉", "白色", "不锈钢"])),
]  # fmt: skip


_VALUES: Final[dict[str, Maker]] = {
    "name_zh": _ZH.name, "name_en": _EN.name, "phone": _ZH.phone_number, "email": _EN.email,
    "address": _ZH.address, "resident_id": _ZH.ssn, "passport": lambda: f"E{_digits(8)}",
    "birth": _day, "gender": lambda: _RANDOM.choice("男女"),
    "age": lambda: str(_RANDOM.randint(18, 70)), "username": _EN.user_name,
    "bank_card": lambda: f"6222{_digits(15)}", "password": _EN.password, "ip": _EN.ipv4,
    "device": lambda: _digits(15), "plate": lambda: f"京A{_digits(5)}",
    "health": lambda: _RANDOM.choice(["2型糖尿病", "高血压", "青霉素过敏"]),
    "religion": lambda: "佛教", "marital": lambda: _RANDOM.choice(["已婚", "未婚"]),
    "job": _ZH.job, "degrees": lambda: f"{_RANDOM.uniform(20, 50):.6f}",
    "income": lambda: str(_RANDOM.randint(3000, 90000)), "province": _ZH.province,
    "ethnicity": lambda: "汉族", "order": lambda: f"2026{_digits(14)}",
    "tracking": lambda: f"SF{_digits(13)}", "code": lambda: _digits(10),
    "price": lambda: f"{_RANDOM.uniform(1, 9999):.2f}", "stamp": _stamp,
    "goods": lambda: _RANDOM.choice(["棉质T恤 白", "电饭煲 5L", "USB-C cable", "保温杯"]),
    "company": _ZH.company, "status": lambda: _RANDOM.choice(["已发货", "待付款", "shipped", "1"]),
    "port": lambda: _RANDOM.choice(["CNSHA", "SGSIN", "上海海关", "US"]),
    "hash": lambda: str(_EN.md5()), "digits13": lambda: _digits(13),
}  # fmt: skip
for _line in (Path(__file__).with_name("data") / "columns.tsv").read_text("utf-8").splitlines()[1:]:
    _category, _kind, _names = _line.split("\t")
    if _category == "-":
        TRADE.append((_names.replace(" ", "|"), _VALUES[_kind]))
    else:
        PERSONAL.append((_names.replace(" ", "|"), _category, _VALUES[_kind]))


def address() -> str:
    """A delivery address without the postcode that Faker adds."""
    return _ZH.address().split(" ")[0]
