"""Values that hide in an encoding: what they say once decoded.

Base64 (both alphabets, wrapped, with gzip or zlib inside), base32, hex, percent signs, HTML
entities, backslash escapes, quoted-printable, RFC 2047 words, UTF-7, tag characters, numbers with
an exponent, mail domains outside ASCII. A decoded run maps back to the whole run, an escaped
character to its escape. Decoding is repeated to a bounded depth.
"""

from __future__ import annotations

import base64
import binascii
import html
import quopri
import re
import zlib
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Final

from classifiers.canonical import Canonical
from classifiers.model import DetectionIncomplete, OpaqueContent

_RUN: Final = "[A-Za-z0-9+/_-]"
# Fourteen characters that may end base64, one of the last eight a letter.
_BASE64_TAIL: Final = "|".join(
    [f"{_RUN}{{{13 - after}}}[A-Za-z]{_RUN}{{{after}}}" for after in range(1, 8)]
    + [f"{_RUN}{{13}}[A-Za-z]"]
)
# Hyperscan expressions that mark a text as worth decoding.
SIGNALS: Final = (
    f"(?:{_BASE64_TAIL})={{0,2}}[^A-Za-z0-9+/_=-]",
    r"[^0-9A-Fa-f](?:[0-9A-Fa-f]{2}[ :-]){6}[0-9A-Fa-f]{2}",
    r"[^0-9A-Za-z](?:0x)?(?:[0-9A-Fa-f]{2}){11}",
    r"%u?[0-9A-Fa-f]{2}|=[0-9A-F]{2}=[0-9A-F]{2}|=\?[A-Za-z0-9_-]{2,20}\?[BbQq]\?",
    r"&(?:#[0-9xX]|[A-Za-z]{2,8};)|\\[ux][0-9A-Fa-f{][0-9A-Fa-f]|\\[0-3][0-7]{2}\\[0-3][0-7]",
    r"[0-9]\.[0-9]{5,20}[eE][+]?[0-9]{1,2}|\+[A-Za-z0-9/]{3,60}-",
    r"\xf3\xa0[\x80\x81]|[A-Za-z0-9](?:\xe3\x80\x82|\xef\xbd\xa1)[A-Za-z]",
    # What follows a domain as a stop, a comma or a bracket is no part of it.
    r"@[a-z0-9.-]{0,30}(?:[\xc3-\xe2\xe4-\xee]|\xe3[^\x80]|\xe3\x80[^\x81\x82\x8c-\x91]"
    r"|\xef[^\xbc]|\xef\xbc[^\x81\x88\x89\x8c\x9a\x9b\x9f])|[A-Z2-7]{16}={0,6}[^A-Za-z0-9=]",
)
MOST_DEPTH: Final = 4
_MOST_INFLATED: Final = 1 << 20  # bytes that a compressed run may grow to
_PLAIN_ALPHABET: Final = str.maketrans("-_", "+/")
_SHORTEST: Final = 6  # characters worth a look once decoded
_BASE64: Final = re.compile(
    r"(?<![A-Za-z0-9+/_-])(?:[A-Za-z0-9+/_-]{76}\r?\n)*[A-Za-z0-9+/_-]{14,}={0,2}(?![A-Za-z0-9+/_=-])"
)
_HEX: Final = re.compile(
    r"(?<![0-9A-Za-z])(?:0x)?[0-9A-Fa-f]{2}(?:[ :-]?[0-9A-Fa-f]{2}){6,}(?![0-9A-Za-z])"
)
_BASE32: Final = re.compile(r"(?<![A-Za-z0-9])[A-Z2-7]{16,}={0,6}(?![A-Za-z0-9=])")
_SHORTEST_DOCUMENT: Final = 24  # bytes; a token may begin like anything
_DOCUMENT: Final = re.compile(
    rb"(?P<picture>\x89PNG\r\n|\xff\xd8\xff|GIF8[79]a|II\*\0|MM\0\*|RIFF....WEBP|....ftypheic)"
    rb"|(?P<pdf>%PDF-)|(?P<archive>PK\x03\x04|7z\xbc\xaf|Rar!\x1a|BZh[1-9]1AY|\xfd7zXZ)"
    rb"|(?P<packed>\x28\xb5\x2f\xfd)|(?P<office>\xd0\xcf\x11\xe0)"
    rb"|(?P<media>ID3[\x02-\x04]|OggS|fLaC|RIFF....(?:WAVE|AVI )|....ftyp)"
    rb"|(?P<data>PAR1|ARROW1|SQLite format 3\0|\x7fELF|MZ\x90\0)",
    re.DOTALL,
)
_KINDS: Final = {
    "picture": "a picture",
    "pdf": "a PDF document",
    "archive": "an archive",
    "packed": "a zstd stream",
    "office": "an Office document",
    "media": "sound or film",
    "data": "a binary file",
}
_WORD: Final = re.compile(r"=\?[\w-]{2,20}\?[BbQq]\?[^?\s]{1,600}\?=")
# Kind of escape -> its pattern, in the order in which they are tried at a place, and one of the
# characters without which there is none; what a text lacks is not searched for in it.
_ESCAPES: Final[dict[str, tuple[str, str]]] = {
    "percent": (r"(?:%[0-9A-Fa-f]{2})+", "%"),
    "entity": (r"&(?:#[0-9]{1,7};?|#[xX][0-9A-Fa-f]{1,6};?|[A-Za-z]{2,8};)", "&"),
    "unicode": (r"(?:\\u[0-9A-Fa-f]{4})+", "\\"),
    "escape": (r"(?:%u[0-9A-Fa-f]{4})+", "%"),
    "byte": (r"(?:\\x[0-9A-Fa-f]{2})+", "\\"),
    "braced": (r"(?:\\u\{[0-9A-Fa-f]{1,6}\})+", "\\"),
    "octal": (r"(?:\\[0-3][0-7]{2})+", "\\"),
    "exponent": (r"(?<![0-9.])[0-9]\.[0-9]{5,20}[eE]\+?[0-9]{1,2}(?![0-9])", ""),
    "utf7": (r"\+[A-Za-z0-9/]{3,60}-", "+"),
    "tags": (r"[\U000e0020-\U000e007e]+", ""),
    "stop": (r"(?<=[A-Za-z0-9])[\u3002\uff61](?=[A-Za-z])", "\u3002\uff61"),
    "domain": (
        r"(?<=[A-Za-z0-9]@)(?=[a-z0-9.-]{0,60}[^\W\x00-\x7f])[\w.-]{1,80}\.[a-z]{2,24}",
        "@",
    ),
    "printable": (r"(?:=[0-9A-F]{2})+", "="),
}
# One of the characters without which a text holds no escape of any kind.
_MARKS: Final = re.compile(
    f"[{re.escape(''.join(sorted({mark for _, marks in _ESCAPES.values() for mark in marks})))}"
    "\U000e0020-\U000e007e]|[0-9][eE][+0-9]"
)
_EXPONENT: Final = re.compile(r"[0-9][eE][+0-9]")
_TAG: Final = re.compile(r"[\U000e0020-\U000e007e]")


def decoded(text: str, depth: int = 0) -> Iterator[Canonical]:
    """Every decoding of `text`, innermost ones included.

    Raises `DetectionIncomplete` where encodings are nested deeper than `MOST_DEPTH`,
    `OpaqueContent` where one holds a document that is no text.
    """
    for form in _once(text):
        if depth == MOST_DEPTH:
            raise DetectionIncomplete(f"encodings nested deeper than {MOST_DEPTH} levels")
        yield form
        for inner in decoded(form.text, depth + 1):
            yield _within(form, inner)


def _once(text: str) -> Iterator[Canonical]:
    for pattern, decode in _RUNS:
        for match in pattern.finditer(text):
            plain = decode(match.group())
            if plain is not None and len(plain) >= _SHORTEST:
                yield Canonical(plain, [match.span()] * len(plain))
    unescaped = _unescaped(text)
    if unescaped.text != text:
        yield unescaped


def _within(outer: Canonical, inner: Canonical) -> Canonical:
    """`inner`, a decoding of `outer.text`, with spans in the text that `outer` came from."""
    origins = inner.origins or [(index, index + 1) for index in range(len(inner.text))]
    return Canonical(inner.text, [outer.span(start, end) for start, end in origins])


def _readable(data: bytes) -> str | None:
    """`data` as text if it is text: UTF-8 or UTF-16, and no control characters.

    Raises `OpaqueContent` where it begins like a document of another kind.
    """
    if len(data) >= _SHORTEST_DOCUMENT and (kind := _DOCUMENT.match(data)):
        raise OpaqueContent(f"a value carries {_KINDS[kind.lastgroup or '']}, which is not read")
    try:
        text = data.decode(_charset(data))
    except UnicodeDecodeError:
        return None
    return text if all(char.isprintable() or char in "\r\n\t" for char in text) else None


def _charset(data: bytes) -> str:
    """UTF-16 where a mark says so, or where every other byte is NUL; else UTF-8."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    if len(data) % 2 == 0 and not any(data[1::2]):
        return "utf-16-le"
    return "utf-16-be" if len(data) % 2 == 0 and not any(data[::2]) else "utf-8"


def _base64(run: str) -> str | None:
    compact = "".join(run.split()).rstrip("=").translate(_PLAIN_ALPHABET)
    try:
        data = base64.b64decode(compact + "=" * (-len(compact) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
    return _readable(_inflated(data))


def _inflated(data: bytes) -> bytes:
    """`data` unpacked if it is gzip or zlib. Raises `DetectionIncomplete` when it grows too far."""
    if data[:2] != b"\x1f\x8b" and data[:1] != b"\x78":
        return data
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
    try:
        plain = unpacker.decompress(data, _MOST_INFLATED)
    except zlib.error:
        return data
    if unpacker.unconsumed_tail:
        raise DetectionIncomplete("a compressed value grows beyond what is inspected")
    return plain


def _base32(run: str) -> str | None:
    compact = run.rstrip("=")
    try:
        return _readable(base64.b32decode(compact + "=" * (-len(compact) % 8)))
    except (binascii.Error, ValueError):
        return None


def _hex(run: str) -> str | None:
    return _readable(bytes.fromhex(re.sub("^0x|[ :-]", "", run)))


def _encoded_word(word: str) -> str | None:
    _, charset, kind, body, _ = word.split("?", 4)
    try:
        data = (
            base64.b64decode(body, validate=True)
            if kind in "Bb"
            else quopri.decodestring(body.replace("_", " ").encode())
        )
        return data.decode(charset)
    except (LookupError, ValueError):
        return None


def _bytes_of(prefix: int) -> Callable[[str], str]:
    """Decodes a run of two-digit hex escapes whose marks are `prefix` characters long."""

    def decode(run: str) -> str:
        step = prefix + 2
        data = bytes(int(run[at + prefix : at + step], 16) for at in range(0, len(run), step))
        return data.decode("utf-8", "replace")

    return decode


def _utf16_units(run: str) -> str:
    units = bytes.fromhex(run.replace("\\u", ""))
    return units.decode("utf-16-be", "replace")


def _braced(run: str) -> str:
    points = [int(each, 16) for each in run.replace("\\u{", "").rstrip("}").split("}")]
    return "".join(chr(point) if point < 0x110000 else "\ufffd" for point in points)


def _octal(run: str) -> str:
    return bytes(int(each, 8) for each in run.split("\\")[1:]).decode("utf-8", "replace")


def _whole_number(run: str) -> str:
    """A number with an exponent as its digits, if it is a whole one."""
    number = Decimal(run)
    whole = number.to_integral_value()
    return str(whole) if whole == number else run


def _utf7(run: str) -> str:
    try:
        return run.encode("ascii").decode("utf-7")
    except UnicodeDecodeError:
        return run


def _domain(run: str) -> str:
    """A mail domain in ASCII (RFC 3490)."""
    try:
        return run.encode("idna").decode("ascii")
    except UnicodeError:
        return run


_RUNS: Final = (
    (_BASE64, _base64),
    (_BASE32, _base32),
    (_HEX, _hex),
    (_WORD, _encoded_word),
)
_DECODERS: Final[dict[str, Callable[[str], str]]] = {
    "percent": _bytes_of(1),
    "entity": html.unescape,
    "unicode": _utf16_units,
    "escape": lambda run: _utf16_units(run.replace("%", "\\")),
    "byte": _bytes_of(2),
    "printable": _bytes_of(1),
    "braced": _braced,
    "octal": _octal,
    "exponent": _whole_number,
    "utf7": _utf7,
    "tags": lambda run: "".join(chr(ord(char) - 0xE0000) for char in run),
    "stop": lambda _: ".",
    "domain": _domain,
}


def _may_hold(text: str, kind: str, marks: str) -> bool:
    """Whether there may be an escape of a kind in `text`."""
    if kind == "exponent":
        return _EXPONENT.search(text) is not None
    if kind == "tags":
        return not text.isascii() and _TAG.search(text) is not None
    if kind == "domain" and text.isascii():
        return False
    return any(mark in text for mark in marks)


@lru_cache(maxsize=256)
def _escapes(kinds: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<{kind}>{_ESCAPES[kind][0]})" for kind in kinds))


def _unescaped(text: str) -> Canonical:
    """`text` with its escapes undone; each character of a run maps to the run."""
    if not _MARKS.search(text):
        return Canonical(text, None)
    kinds = tuple([kind for kind, (_, marks) in _ESCAPES.items() if _may_hold(text, kind, marks)])
    changes = [
        (match, plain)
        for match in (_escapes(kinds).finditer(text) if kinds else ())
        if (plain := _DECODERS[match.lastgroup or "entity"](match.group())) != match.group()
    ]
    if not changes:
        return Canonical(text, None)
    pieces: list[str] = []
    origins: list[tuple[int, int]] = []
    done = 0
    for match, plain in changes:
        pieces += (text[done : match.start()], plain)
        origins += zip(range(done, match.start()), range(done + 1, match.start() + 1), strict=True)
        origins += [match.span()] * len(plain)
        done = match.end()
    pieces.append(text[done:])
    origins += zip(range(done, len(text)), range(done + 1, len(text) + 1), strict=True)
    return Canonical("".join(pieces), origins)
