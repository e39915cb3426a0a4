"""Which codec reads which media type. What is not listed here is refused."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import partial
from typing import Final

from gateway.codecs import csv, json, multipart, ndjson, opaque, query, sandbox, text, xml
from gateway.codecs.model import Decoder, Document, UnsupportedCharset, UnsupportedMedia


def _form(body: bytes, *, records: str = "", key_cells: bool = False, prefix: str = "") -> Document:
    """A form's fields: written like a query, but in the body, so without a query's prefix."""
    return query.decode(body, records=records, key_cells=key_cells, prefix=prefix)


XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DECODERS: Final[dict[str, Decoder]] = {
    "application/json": json.decode,
    "application/jsonl": ndjson.decode,
    "application/x-ndjson": ndjson.decode,
    "application/x-www-form-urlencoded": _form,
    "application/xml": xml.decode,
    "text/plain": text.decode,
    "text/xml": xml.decode,
}
_SUFFIXES: Final[dict[str, Decoder]] = {"json": json.decode, "xml": xml.decode}  # RFC 6839
_TABLES: Final = {"text/csv": "", "text/tab-separated-values": "\t"}  # type -> delimiter
_GB_CHARSETS: Final = frozenset({"gb18030", "gbk", "gb2312"})  # read as GB 18030, which holds all
FORM_DATA: Final = "multipart/form-data"
_BOUNDARY: Final = re.compile(r"[ \t]*;[ \t]*boundary=(\"?)([^\"; \t]+)\1", re.IGNORECASE)
# Readers that may end the process on a damaged body, of formats with room between what they show.
_HEAVY: Final = {
    "application/vnd.apache.arrow.file": "arrow.decode_file",
    "application/vnd.apache.arrow.stream": "arrow.decode_stream",
    "application/vnd.apache.parquet": "arrow.decode_parquet",
    XLSX: "xlsx.decode",
}
SANDBOXED: Final = frozenset(_HEAVY)
_WORD: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_TYPE: Final = re.compile(rf"[ \t]*({_WORD}/{_WORD})((?:[ \t]*;.*)?)", re.DOTALL)
_PARAMETER: Final = re.compile(rf'[ \t]*({_WORD})=(?:"({_WORD})"|({_WORD}))[ \t]*')


def decoder_for(content_type: str, *, own: bool = False, unread: Collection[str] = ()) -> Decoder:
    """The codec for a `Content-Type` header (RFC 9110 §8.3).

    Bodies of `SANDBOXED` types are read in another process, unless they are the user's `own`;
    those of `unread` types are passed on as they are, if policy lets them. Raises
    `UnsupportedMedia` or `UnsupportedCharset`; a parameter that is not known for the type is
    refused, since it may change what the body means.
    """
    parts = _TYPE.fullmatch(content_type.rstrip(" \t"))
    media = parts[1].lower() if parts else ""
    found = _DECODERS.get(media)
    if media in _HEAVY:
        found = (sandbox.here if own else sandbox.decoder)(_HEAVY[media])
    if found is None and media.startswith("application/"):
        found = _SUFFIXES.get(media.rpartition("+")[2]) if "+" in media else None
    if parts is not None and media == FORM_DATA:
        return _multipart(parts[2], unread)
    if found is None and media in unread:
        return partial(opaque.decode, media=media)
    if parts is None or (found is None and media not in _TABLES):
        raise UnsupportedMedia("the body's media type is missing or not one Silkgate reads")
    parameters = _parameters(parts[2])
    charset = parameters.pop("charset", "utf-8").replace("utf8", "utf-8")
    if found is None:
        return _table(media, charset, parameters)
    _refuse(parameters)
    if charset != "utf-8":
        raise UnsupportedCharset("the body's charset must be UTF-8")
    return found


def _table(media: str, charset: str, parameters: dict[str, str]) -> Decoder:
    """CSV or TSV: UTF-8 or a Chinese charset, with or without a header (RFC 4180 §3)."""
    header = parameters.pop("header", "present")
    _refuse(parameters)
    if header not in ("present", "absent"):
        raise UnsupportedMedia("a table's header is present or absent")
    if charset in _GB_CHARSETS:
        charset = "gb18030"
    elif charset != "utf-8":
        raise UnsupportedCharset("a table's charset must be UTF-8 or GB 18030")
    return partial(
        csv.decode, charset=charset, delimiter=_TABLES[media], header=header == "present"
    )


def reads(media: str) -> bool:
    """Whether bodies of this type are read here, so that none may pass unread."""
    if media in _DECODERS or media in _TABLES or media in _HEAVY:
        return True
    top, _, subtype = media.partition("/")
    return top in ("multipart", "text") or subtype.rpartition("+")[2] in _SUFFIXES


def _multipart(parameters: str, unread: Collection[str]) -> Decoder:
    found = _BOUNDARY.fullmatch(parameters)
    if found is None or not multipart.BOUNDARY.fullmatch(found[2]):
        raise UnsupportedMedia("a multipart body needs a boundary and no other parameter")
    select = partial(_part_decoder, unread=unread)
    return partial(multipart.decode, boundary=found[2], select=select)


def _part_decoder(content_type: str, *, unread: Collection[str]) -> Decoder:
    if content_type.lower().startswith("multipart/"):
        raise UnsupportedMedia("a part of a form may not be a form")
    return decoder_for(content_type, unread=unread)


def _parameters(text: str) -> dict[str, str]:
    """Parameters by name, both in lower case."""
    found: dict[str, str] = {}
    for parameter in text.split(";")[1:]:
        parts = _PARAMETER.fullmatch(parameter)
        if parts is None or parts[1].lower() in found:
            raise UnsupportedMedia("the body's media type has a malformed parameter")
        found[parts[1].lower()] = (parts[2] or parts[3]).lower()
    return found


def _refuse(parameters: dict[str, str]) -> None:
    if parameters:
        raise UnsupportedMedia("the body's media type has a parameter Silkgate does not know")
