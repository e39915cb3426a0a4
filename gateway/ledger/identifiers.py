"""What singles a person out, in one spelling, as a keyed hash.

Two spellings of one number must give one key, or a person is counted twice; two persons must
never share a key, or one of them is not counted. Where both cannot be had, a person counts twice.
"""

from __future__ import annotations

import hmac
import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from classifiers.canonical import canonical, unusual
from classifiers.checksums import mod_11_2
from gateway.ledger.model import KEY_BYTES
from gateway.operators.identity import hmac_sha256

GOV_ID: Final = "gov_id"
PHONE: Final = "phone"
EMAIL: Final = "email"
FINANCIAL: Final = "financial"
ACCOUNT: Final = "account"

# Strongest first. Government numbers and phones outlive an e-mail address or an account.
STRENGTH: Final = (GOV_ID, PHONE, EMAIL, FINANCIAL, ACCOUNT)

_KIND_OF_CATEGORY: Final = {
    "pi_gov_id": GOV_ID,
    "pi_contact_phone": PHONE,
    "spi_financial_account": FINANCIAL,
    "pi_account": ACCOUNT,
}
_SEPARATORS: Final = re.compile(r"[\s./_()\-]+")
_CN_MOBILE: Final = re.compile(r"(?:\+|00)?(?:86)?(1[3-9][0-9]{9})")
_CN_RESIDENT_ID: Final = re.compile(r"[1-9][0-9]{5}(?:18|19|20)[0-9]{9}[0-9Xx]")
_CN_FIRST_GENERATION: Final = re.compile(r"[1-9][0-9]{5}[0-9]{2}(?:0[1-9]|1[0-2])[0-3][0-9]{4}")
_EMAIL: Final = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_MASKED: Final = re.compile(r"[*＊•●#]|[-_.·]{3}|…|(?i:x{3})")
_PLACEHOLDERS: Final = frozenset(
    "null none unknown undefined anonymous test guest default 暂无信息 匿名用户".split()
)
_BETWEEN: Final = "\0"  # joins with nothing beside it when texts are folded
_SHORTEST: Final = 4  # characters; anything shorter is a code or a serial number


def kind_of(category: str, entity: str) -> str | None:
    """The kind of identifier that a finding is, or None where it singles nobody out."""
    return EMAIL if entity == "EMAIL_ADDRESS" else _KIND_OF_CATEGORY.get(category)


def fold(text: str) -> str:
    """A name or an address without what people spell differently: case, blanks, separators."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).casefold()


def fold_all(texts: Sequence[str]) -> list[str]:
    """Each of `texts` as `fold` gives it, in one step where none holds a NUL."""
    folded = fold(_BETWEEN.join(texts)).split(_BETWEEN)
    return folded if len(folded) == len(texts) else [fold(text) for text in texts]


class Hasher:
    """Identifiers to subject keys: HMAC-SHA-256 with the ledger's key, cut to 16 bytes.

    `namespace` keeps account numbers of different systems apart (a route's name): user 1001 here
    is not user 1001 there.
    """

    def __init__(self, key: bytes, *, namespace: str, region: str = "CN") -> None:
        """`region`: the country (ISO 3166) whose phone numbers need no country code."""
        self._key, self._namespace, self._region = key, namespace, region
        self._international: dict[str, str] = {}  # phone numbers read before

    def identifier(self, text: str, category: str = "", entity: str = "") -> bytes | None:
        """The key of the person whose identifier `text` is, None where it is nobody's.

        What it is found to be helps where its shape leaves doubt. Blanks, placeholders and masked
        numbers (`138****8000`) would make one person of many, so they are no identifiers.
        """
        return self.identifiers([text], category, entity)[0]

    def identifiers(
        self, texts: Sequence[str], category: str = "", entity: str = ""
    ) -> list[bytes | None]:
        """`identifier` of each of `texts`, which are found to be the same kind of thing."""
        kind, odd = kind_of(category, entity), frozenset(unusual(texts))
        spelled: list[str] = []
        found: list[int] = []
        for number, text in enumerate(texts):
            plain = (canonical(text).text if number in odd else text).strip()
            spelling = self._spelled(text, plain, kind, entity)
            if spelling is not None:
                found.append(number)
                spelled.append(spelling)
        keys: list[bytes | None] = [None] * len(texts)
        for number, key in zip(found, self._hashed(spelled), strict=True):
            keys[number] = key
        return keys

    def together(self, wanted: Sequence[tuple[str, Sequence[str]]]) -> list[bytes]:
        """The weak key of each kind of texts that, folded, together may single a person out."""
        return self._hashed([_BETWEEN.join((f"weak {kind}", *texts)) for kind, texts in wanted])

    def _hashed(self, spelled: Sequence[str]) -> list[bytes]:
        texts = ["silkgate/subject/1\0" + each for each in spelled]
        try:
            macs = hmac_sha256(self._key, texts, None)
        except UnicodeEncodeError:  # half of a surrogate pair
            encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
            macs = [hmac.digest(self._key, data, "sha256") for data in encoded]
        return [mac[:KEY_BYTES] for mac in macs]

    def _spelled(self, text: str, plain: str, kind: str | None, entity: str) -> str | None:
        """Domain and one spelling of an identifier; None where it is nobody's."""
        if text.isascii() and text.isdigit():  # most are
            bare = plain
        else:
            bare = _SEPARATORS.sub("", plain)
            if _MASKED.search(text) or bare.casefold() in _PLACEHOLDERS:
                return None
        if len(bare) < _SHORTEST or bare == bare[0] * len(bare):
            return None
        return _BETWEEN.join(self._spelling(plain, bare, kind, entity))

    def _spelling(self, plain: str, bare: str, kind: str | None, entity: str) -> tuple[str, str]:
        """The domain of an identifier and its one spelling; the shape decides where it can."""
        if shaped := _by_shape(plain, bare):
            return shaped
        if kind == PHONE:
            number = self._international.get(plain)
            if number is None:
                number = self._international[plain] = _international(plain, self._region)
            return PHONE, number
        if kind == GOV_ID:
            return _government(bare.upper(), entity)
        if kind == FINANCIAL:
            return FINANCIAL, bare.upper()
        return f"{ACCOUNT} {self._namespace}", plain


def _by_shape(plain: str, bare: str) -> tuple[str, str] | None:
    if "@" in plain:
        return (EMAIL, plain.casefold()) if _EMAIL.fullmatch(plain) else None
    if match := _CN_MOBILE.fullmatch(bare):
        return PHONE, f"+86{match[1]}"
    return (GOV_ID, bare.upper()) if _CN_RESIDENT_ID.fullmatch(bare) else None


def _government(number: str, entity: str) -> tuple[str, str]:
    """Numbers of two kinds may read alike, so each has a domain; GB 11643's is known by shape."""
    if _CN_FIRST_GENERATION.fullmatch(number):
        longer = f"{number[:6]}19{number[6:]}"
        return GOV_ID, longer + mod_11_2(longer)
    return f"{GOV_ID} {entity}", number


def _international(text: str, region: str) -> str:
    """A phone number in E.164 where it can be read as one, else its digits."""
    import phonenumbers  # noqa: PLC0415  slow to load

    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return _SEPARATORS.sub("", text)
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
