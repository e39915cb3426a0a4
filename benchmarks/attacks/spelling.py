"""Values written in another way (1-21), and more of them (from 101)."""

from __future__ import annotations

import base64
import codecs
import gzip
import json
import quopri
import zlib
from typing import Final
from urllib.parse import quote

from benchmarks.attacks.model import CARD, ID, MAIL, PHONE, Case, Want, typed, value


def _b64(data: str | bytes) -> str:
    return base64.b64encode(data.encode() if isinstance(data, str) else data).decode()


def _nested(depth: int) -> str:
    text = MAIL
    for _ in range(depth):
        text = _b64(text)
    return text


def _tags(text: str) -> str:
    """A text in tag characters, which no font shows."""
    return "".join(chr(0xE0000 + ord(char)) for char in text)


_LINES: Final = base64.encodebytes(f"{'x ' * 60}{MAIL}".encode()).decode()
_MATHS: Final = str.maketrans("0123456789", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗")
_CIRCLED: Final = str.maketrans("0123456789", "⓪①②③④⑤⑥⑦⑧⑨")
_FULL: Final = str.maketrans("0123456789", "０１２３４５６７８９")
_ARABIC: Final = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_DEVANAGARI: Final = str.maketrans("0123456789", "०१२३४५६७८९")
_HAN: Final = str.maketrans("0123456789", "零一二三四五六七八九")
_FORMAL: Final = str.maketrans("0123456789", "零壹贰叁肆伍陆柒捌玖")
_CYRILLIC: Final = str.maketrans("aeo", "аео")

SPELLING: Final[list[Case]] = [
    value(1, "base64", _b64(MAIL)),
    value(1, "base64 without padding", _b64(MAIL).rstrip("=")),
    value(1, "base64 URL-safe", base64.urlsafe_b64encode(f"电话>>>??{PHONE}".encode()).decode()),
    value(1, "base64 in lines", _LINES),
    value(2, "base64 twice", _nested(2)),
    value(2, "base64 thrice", _nested(3)),
    value(2, "base64 eight times", _nested(8), Want.STOPPED),
    value(3, "hex", MAIL.encode().hex()),
    value(3, "hex with 0x", "0x" + MAIL.encode().hex()),
    value(3, "hex spaced", MAIL.encode().hex(" ")),
    value(4, "percent", quote(MAIL, safe="").replace(".", "%2E")),
    value(4, "percent every byte", "".join(f"%{byte:02X}" for byte in MAIL.encode())),
    value(4, "percent twice", quote(quote(MAIL, safe=""), safe="")),
    value(4, "plus for space", f"q=call+{PHONE}+now"),
    value(5, "HTML entity", MAIL.replace("@", "&#64;")),
    value(5, "HTML entity in hex", MAIL.replace("@", "&#x40;")),
    value(5, "HTML entity by name", MAIL.replace("@", "&commat;")),
    value(6, "JSON escape in a string", json.dumps({"m": MAIL}).replace("@", "\\u0040")),
    value(7, "JSON in a string", json.dumps({"receiver_name": "王小明"}, ensure_ascii=False)),
    value(7, "JSON in JSON in a string", json.dumps({"a": json.dumps({"m": MAIL})})),
    value(7, "XML in a string", f"<a><b>{MAIL}</b></a>"),
    value(7, "CSV in a string", f"id,mail\n7,{MAIL}\n"),
    value(8, "gzip in base64", _b64(gzip.compress(f"{ID} {MAIL}".encode())), Want.STOPPED),
    value(8, "zlib in base64", _b64(zlib.compress(f"{ID} {MAIL}".encode())), Want.STOPPED),
    value(8, "bomb in base64", _b64(gzip.compress(b"a" * (1 << 22))), Want.STOPPED),
    value(9, "quoted-printable", quopri.encodestring(f"邮箱={MAIL}".encode()).decode()),
    value(9, "RFC 2047 B", "=?utf-8?B?" + _b64(MAIL) + "?="),
    value(9, "RFC 2047 Q", "=?utf-8?Q?" + MAIL.replace("@", "=40") + "?="),
    value(9, "Punycode", "li@xn--fiqs8s.example.com"),
    value(9, "IDN", "li@中文.example.com"),
    typed(10, "UTF-16 body", "application/json", json.dumps({"m": MAIL}).encode("utf-16"),
          MAIL, want=Want.STOPPED),
    typed(10, "UTF-32 body", "application/json", json.dumps({"m": MAIL}).encode("utf-32"),
          MAIL, want=Want.STOPPED),
    typed(10, "UTF-7 body", "application/json; charset=utf-7",
          json.dumps({"m": MAIL}).replace("@", "+AEA-").encode(), "+AEA-", want=Want.STOPPED),
    typed(10, "UTF-7 in UTF-8", "application/json",
          json.dumps({"m": MAIL}).replace("@", "+AEA-").encode(), "+AEA-", want=Want.STOPPED),
    typed(10, "GBK under UTF-8", "text/plain", f"姓名 张三 {MAIL}".encode("gbk"), MAIL,
          want=Want.STOPPED),
    typed(10, "BOM", "application/json", codecs.BOM_UTF8 + json.dumps({"m": MAIL}).encode(),
          MAIL, want=Want.STOPPED),
    value(10, "UTF-16 in base64", _b64(codecs.BOM_UTF16_LE + MAIL.encode("utf-16-le"))),
    value(11, "fullwidth digits", PHONE.translate(_FULL)),
    value(11, "fullwidth at", MAIL.replace("@", "＠")),
    value(12, "Arabic-Indic digits", PHONE.translate(_ARABIC)),
    value(12, "Devanagari digits", PHONE.translate(_DEVANAGARI)),
    value(12, "mathematical digits", CARD.translate(_MATHS)),
    value(13, "Chinese numerals", PHONE.translate(_HAN)),
    value(13, "formal Chinese numerals", PHONE.translate(_FORMAL)),
    value(14, "zero-width spaces", "\u200b".join(MAIL)),
    value(14, "soft hyphen and word joiner", "zhang\u00ad.san@exam\u2060ple.com"),
    value(14, "variation selector", "138\ufe0f0013\ufe0e8000"),
    value(14, "tag characters between", "zhang\U000e0041.san@example.com"),
    value(14, "written in tag characters", "hello" + _tags(MAIL)),
    value(15, "bidi override", f"\u202e{MAIL}\u202c"),
    value(15, "bidi isolates", "zhang.san\u2068@\u2069example.com"),
    value(16, "Cyrillic letters", MAIL.translate(_CYRILLIC)),
    value(16, "combining marks", "1\u03383\u03388\u033800138000"),
    value(17, "NFD", "zhang.sàn@example.com".replace("à", "a\u0300")),
    *(value(18, f"separator {name}", sep.join(("138", "0013", "8000")))
      for name, sep in {"underscore": "_", "slash": "/", "dot": ".", "middle dot": "·",
                        "newline": "\n", "no-break space": "\u00a0", "thin space": "\u2009"}.items()),
    value(18, "digit by digit", " ".join(PHONE)),
    value(19, "glued to Chinese", f"身份证{ID}已核"),
    value(19, "glued mail", f"邮箱{MAIL}微信同号"),
    value(20, "list of mails", "a1@example.com b2@example.com;c3@example.com"),
    value(21, "reversed", MAIL[::-1], Want.LIMIT),
    value(21, "ROT13", codecs.encode(MAIL, "rot13"), Want.LIMIT),
    value(21, "interleaved", "x".join(PHONE), Want.LIMIT),
    # What the list lacks.
    value(101, "circled digits", PHONE.translate(_CIRCLED)),
    value(101, "superscript digits", "¹³⁸⁰⁰¹³⁸⁰⁰⁰"),
    value(101, "keycap digits", "".join(f"{digit}\ufe0f\u20e3" for digit in PHONE)),
    value(101, "segmented digits", "".join(chr(0x1FBF0 + int(digit)) for digit in PHONE)),
    value(102, "base32", base64.b32encode(MAIL.encode()).decode()),
    value(102, "base85", base64.b85encode(MAIL.encode()).decode(), Want.LIMIT),
    value(102, "ASCII codes", " ".join(str(byte) for byte in MAIL.encode()), Want.LIMIT),
    value(102, "binary", " ".join(f"{byte:08b}" for byte in PHONE.encode()), Want.LIMIT),
    value(103, "at and dot in words", MAIL.replace("@", " at ").replace(".", " dot "), Want.LIMIT),
    value(103, "brackets round the at", MAIL.replace("@", "[at]"), Want.LIMIT),
    value(104, "unicode escapes spelt out", "".join(f"\\u{ord(char):04x}" for char in MAIL)),
    value(104, "braced escapes", "".join(f"\\u{{{ord(char):x}}}" for char in MAIL)),
    value(104, "octal escapes", "".join(f"\\{ord(char):03o}" for char in MAIL)),
    value(105, "entities without semicolon", MAIL.replace("@", "&#64")),
    value(105, "entity twice", MAIL.replace("@", "&amp;#64;")),
    value(106, "percent over base64", quote(_b64(MAIL + "?>"), safe="")),
    value(106, "hex over base64", _b64(MAIL).encode().hex()),
    value(106, "base64 over percent", _b64(quote(MAIL, safe=""))),
    value(107, "data URL of text", "data:text/plain;base64," + _b64(MAIL)),
    value(107, "JWT", ".".join(_b64(each).rstrip("=") for each in
                               ('{"alg":"none"}', json.dumps({"email": MAIL}), "sig"))),
    value(108, "Hangul filler", "\u3164".join(PHONE)),
    value(108, "Mongolian vowel separator", "\u180e".join(PHONE)),
    value(108, "invisible times", "\u2062".join(PHONE)),
    value(108, "private use", "\ue000".join(PHONE), Want.LIMIT),
    value(109, "full stop of Chinese", MAIL.replace(".", "。")),
    value(109, "small at", MAIL.replace("@", "﹫")),
    value(109, "one dot leader", MAIL.replace(".", "\u2024")),
    value(110, "letter O for zero", PHONE.replace("0", "O"), Want.LIMIT),
    value(110, "letter l for one", PHONE.replace("1", "l"), Want.LIMIT),
]  # fmt: skip
