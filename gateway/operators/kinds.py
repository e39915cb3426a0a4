"""What kind of value an entity is: detectors name entities finely, treatments need a few kinds."""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache
from typing import Final


class Kind(Enum):
    """What a treatment has to know of a value."""

    NAME = "name"
    PHONE = "phone"
    EMAIL = "email"
    CARD = "card"
    ACCOUNT = "account"
    IDENTIFIER = "identifier"
    ADDRESS = "address"
    NETWORK = "network address"
    POSITION = "position"
    TIME = "time"
    BIRTH = "date of birth"
    AGE = "age"
    NUMBER = "number"
    OTHER = "other"


_ENTITIES: Final = {
    Kind.NAME: "PERSON GIVEN_NAME SURNAME PER",
    Kind.PHONE: "PHONE_NUMBER",
    Kind.EMAIL: "EMAIL_ADDRESS",
    Kind.CARD: "CREDIT_CARD",
    Kind.ACCOUNT: "BANK_ACCOUNT FINANCIAL_ACCOUNT IBAN_CODE NZ_BANK_ACCOUNT NG_NUBAN",
    Kind.IDENTIFIER: "GOVERNMENT_ID PASSPORT LICENSE_PLATE VIN IMEI MEID IMSI ICCID",
    Kind.ADDRESS: "LOCATION ADDRESS CN_ADDRESS STREET_NAME SECONDARY_ADDRESS CITY STATE ZIP_CODE",
    Kind.NETWORK: "IP_ADDRESS",
    Kind.POSITION: "GPS_COORDINATES",
    Kind.TIME: "DATE_TIME TIMESTAMP",
    Kind.BIRTH: "DATE_OF_BIRTH",
    Kind.AGE: "AGE",
    Kind.NUMBER: "NUMBER AMOUNT INCOME CREDIT",
}
_BY_ENTITY: Final = {entity: kind for kind, text in _ENTITIES.items() for entity in text.split()}
_BY_CATEGORY: Final = {
    "pi_contact_phone": Kind.PHONE,
    "pi_gov_id": Kind.IDENTIFIER,
    "spi_financial_account": Kind.ACCOUNT,
    "pi_delivery": Kind.ADDRESS,
}
_NATIONAL: Final = re.compile(r"[A-Z]{2}_[A-Z_]+")  # KR_RRN, TH_PIN: numbers of a country's own


@lru_cache(1024)
def kind_of(entity: str, category: str = "") -> Kind:
    """The kind of an entity, or of its category where the entity says nothing."""
    found = _BY_ENTITY.get(entity) or _BY_CATEGORY.get(category)
    return found or (Kind.IDENTIFIER if _NATIONAL.fullmatch(entity) else Kind.OTHER)
