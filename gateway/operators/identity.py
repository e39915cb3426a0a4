"""What makes two texts the same value, and the keyed digest that stands for it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Final, overload

from cryptography.hazmat.primitives.hashes import SHA256, HashAlgorithm
from cryptography.hazmat.primitives.hmac import HMAC

from classifiers.canonical import canonical
from gateway.operators.compiled import twin
from gateway.operators.kinds import Kind, kind_of

_SHA256: Final = SHA256()
_NUMBER: Final = re.compile(r"\+?[0-9]+(?:[ ().\-]+[0-9]+)*")
_SEPARATORS: Final = re.compile(r"[ ().\-]+")
_CN_MOBILE: Final = re.compile(r"(?:\+|00)?86(1[3-9][0-9]{9})")
_OF_NUMBERS: Final = re.compile(r"[\s./_()\-]+")
_OF_NAMES: Final = re.compile(r"[\s,.·・•\-]+")
_IDEOGRAPHS: Final = re.compile(r"[\u4e00-\u9fff]+")  # a name of these is its own canonical form
_NO_SPACES: Final = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3]")


def identity(text: str, kind: Kind = Kind.OTHER) -> str:
    """What spellings of one value have in common.

    Composed (NFC) and canonical, outer spaces off; numbers without separators, e-mail addresses in
    lower case. A name in Chinese, Japanese or Korean script is the same with and without spaces
    (王 小明), one in another script in any case and order of its words (WANG Xiaoming, Xiaoming
    Wang); two scripts are two names. A mainland mobile number is the same with and without +86, an
    identifier with and without separators and in either case.
    """
    if text.isascii():
        if text.isdigit():
            return text
        plain = text.strip()
    elif kind is Kind.NAME and _IDEOGRAPHS.fullmatch(text):
        return text
    else:
        plain = canonical(unicodedata.normalize("NFC", text)).text.strip()
    if (of_kind := _OF_KIND.get(kind)) is not None:
        return of_kind(plain)
    return _any(plain)


def _any(plain: str) -> str:
    if plain.isascii() and _NUMBER.fullmatch(plain):
        return _SEPARATORS.sub("", plain)
    return plain.lower() if "@" in plain else plain


def _name(plain: str) -> str:
    if _NO_SPACES.search(plain):
        return _OF_NAMES.sub("", plain)
    return " ".join(sorted(_OF_NAMES.sub(" ", plain.casefold()).split()))


def _phone(plain: str) -> str:
    bare = _OF_NUMBERS.sub("", plain)
    mobile = _CN_MOBILE.fullmatch(bare)
    return mobile[1] if mobile else bare


def _identifier(plain: str) -> str:
    return _OF_NUMBERS.sub("", plain).upper()


_OF_KIND: Final[Mapping[Kind, Callable[[str], str]]] = {
    Kind.NAME: _name,
    Kind.PHONE: _phone,
    Kind.IDENTIFIER: _identifier,
    Kind.CARD: _identifier,
    Kind.ACCOUNT: _identifier,
}


def keyed(
    key: bytes, algorithm: HashAlgorithm = _SHA256, kind: Kind = Kind.OTHER
) -> Callable[[str], bytes]:
    """A function that gives the HMAC (RFC 2104) of a value's identity under `key`."""
    copy = HMAC(key, algorithm).copy  # keyed once: half the cost of a value

    def digest(text: str) -> bytes:
        mac = copy()
        mac.update(identity(text, kind).encode())
        return mac.finalize()

    return digest


def identities(texts: Sequence[str], entity: str) -> Sequence[str]:
    """The identity of each text."""
    kind, joined = kind_of(entity), "".join(texts)
    plain = (joined.isdigit() and joined.isascii()) or (
        kind is Kind.NAME and _IDEOGRAPHS.fullmatch(joined)
    )
    return texts if plain else [identity(text, kind) for text in texts]


def digests(
    texts: Sequence[str], entity: str, key: bytes, algorithm: HashAlgorithm = _SHA256
) -> list[bytes]:
    """The keyed digest of each text's identity, as of `keyed`."""
    found = identities(texts, entity)
    if isinstance(algorithm, SHA256):
        return hmac_sha256(key, found, None)
    return _macs(key, found, algorithm)


@overload
def hmac_sha256(key: bytes, texts: Sequence[str], head: None) -> list[bytes]: ...
@overload
def hmac_sha256(key: bytes, texts: Sequence[str], head: str) -> list[str]: ...
@twin
def hmac_sha256(key: bytes, texts: Sequence[str], head: str | None) -> list[bytes] | list[str]:
    """HMAC-SHA-256 of each text in UTF-8: as bytes without a `head`, else in hex behind it."""
    macs = _macs(key, texts, _SHA256)
    return macs if head is None else [head + mac.hex() for mac in macs]


def _macs(key: bytes, texts: Sequence[str], algorithm: HashAlgorithm) -> list[bytes]:
    copy = HMAC(key, algorithm).copy
    out = []
    for text in texts:
        mac = copy()
        mac.update(text.encode())
        out.append(mac.finalize())
    return out
