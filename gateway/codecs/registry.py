"""Which codec reads which media type. What is not listed here is refused."""

from __future__ import annotations

import re
from typing import Final

from gateway.codecs import json, ndjson, text
from gateway.codecs.model import Decoder, UnsupportedCharset, UnsupportedMedia

_DECODERS: Final[dict[str, Decoder]] = {
    "application/json": json.decode,
    "application/jsonl": ndjson.decode,
    "application/x-ndjson": ndjson.decode,
    "text/plain": text.decode,
}
_WORD: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_TYPE: Final = re.compile(rf"[ \t]*({_WORD}/{_WORD})((?:[ \t]*;.*)?)", re.DOTALL)
_CHARSET: Final = re.compile(rf'[ \t]*charset=(?:"({_WORD})"|({_WORD}))[ \t]*', re.IGNORECASE)


def decoder_for(content_type: str) -> Decoder:
    """The codec for a `Content-Type` header (RFC 9110 §8.3).

    Raises `UnsupportedMedia` or `UnsupportedCharset`; a parameter other than charset is refused,
    since it may change what the body means.
    """
    parts = _TYPE.fullmatch(content_type.rstrip(" \t"))
    media = parts[1].lower() if parts else ""
    found = _DECODERS.get(media)
    if found is None and media.startswith("application/") and media.endswith("+json"):
        found = json.decode
    if parts is None or found is None:
        raise UnsupportedMedia("the body's media type is missing or not one Silkgate reads")
    for parameter in parts[2].split(";")[1:]:
        _check(parameter)
    return found


def _check(parameter: str) -> None:
    charset = _CHARSET.fullmatch(parameter)
    if charset is None:
        raise UnsupportedMedia("the body's media type has a parameter Silkgate does not know")
    if (charset[1] or charset[2]).lower() not in ("utf-8", "utf8"):
        raise UnsupportedCharset("the body's charset must be UTF-8")
