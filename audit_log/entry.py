"""Entries: JSON objects in a narrow RFC 8785 profile, and their canonical bytes.

The profile: ASCII keys, strings without lone surrogates, booleans, null, integers with
|n| < 2^53, arrays, objects; no floats. Within it, sorted keys and minimal escapes are all that
RFC 8785 asks, so the bytes equal those of any conforming canonicalizer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import msgspec

from audit_log.compiled import twin
from audit_log.errors import BadEntry, EntryTooLarge, InvalidEntry

VERSION: Final = 1
MAX_ENTRY_BYTES: Final = 65_535  # an entry bundle's length prefix is 16 bits wide
MAX_INTEGER: Final = 2**53 - 1
MAX_DEPTH: Final = 32
_CONTAINERS: Final = (dict, list, tuple)
STAMPED: Final = frozenset({"v", "seq", "ts_us", "node"})  # written by the log alone

_ENCODER: Final = msgspec.json.Encoder(order="sorted")
_LONGEST: Final = b"%d" % MAX_INTEGER  # number or time
_HOLE: Final = b"\x00" * len(_LONGEST)  # JSON text never holds a NUL byte: it is found again
_UNTOLD: Final = msgspec.Raw(_HOLE)


class Header(msgspec.Struct, frozen=True, gc=False):
    """The fields that the log itself reads."""

    v: int
    seq: int
    ts_us: int
    node: str
    kind: str
    shape: str | None = None  # kind `shape`: digest of what it holds
    released: bool | None = None  # kind `export`: whether bytes may leave after this entry
    export: int | None = None  # kind `outcome`: the export it closes
    status: str | None = None  # kind `outcome`: how it ended
    forwarded: int | None = None  # kind `counters`: requests sent on since the last `start`
    rows: tuple[int, ...] = ()  # kind `erase`: vault rows that are no more
    first: int | None = None  # kind `retention`: entries from here
    end: int | None = None  # and before here were dropped
    new: str | None = None  # kind `rotation`: the key that follows

    @property
    def opens_export(self) -> bool:
        """Whether bytes may leave after this entry, so that an outcome is due."""
        return self.kind == "export" and bool(self.released)

    @property
    def closes_export(self) -> int | None:
        """The export whose outcome this entry is."""
        return self.export if self.kind == "outcome" else None

    @property
    def holds_shape(self) -> str | None:
        """Digest of what a `shape` entry holds."""
        return self.shape if self.kind == "shape" else None


class Treated(msgspec.Struct, frozen=True, gc=False):
    """The part of a treatment that can be searched for."""

    category: str


class Row(Header, frozen=True, gc=False):
    """The fields that a sealed segment makes searchable; all others are the caller's alone."""

    rid: str | None = None
    decision_id: str | None = None
    caller: str | None = None
    route: str | None = None
    destination: str | None = None
    recipient: str | None = None
    purpose: str | None = None
    outcome: str | None = None
    revision: str | None = None
    records: int | None = None
    code: str | None = None
    treatments: tuple[Treated, ...] = ()


_ROW: Final = msgspec.json.Decoder(Row)
_ROWS: Final = msgspec.json.Decoder(list[Row])
_ROW_FIELDS: Final = tuple(sorted(name.encode() for name in Row.__struct_fields__))
_HEADER: Final = msgspec.json.Decoder(Header)
_HEADERS: Final = msgspec.json.Decoder(list[Header])
HEADER_FIELDS: Final = tuple(sorted(name.encode() for name in Header.__struct_fields__))
_KINDS: Final[dict[Any, str]] = {
    str: "k",
    str | None: "s",
    int | None: "i",
    bool | None: "b",
    tuple[Treated, ...]: "c",
}
_BODY: Final = {
    one.name: _KINDS.get(one.type, "-") if one.name not in STAMPED else "-"
    for one in sorted(msgspec.structs.fields(Row), key=lambda one: one.name)
}
_BODY_NAMES: Final = tuple(name.encode() for name in _BODY)
_BODY_KINDS: Final = "".join(_BODY.values())
_MAX_PARTS: Final = MAX_ENTRY_BYTES - 2 * len(_LONGEST)
_UNREADABLE: Final = (msgspec.DecodeError, UnicodeDecodeError)


Parts = tuple[bytes, bytes, bytes]
"""Canonical bytes of an entry before, between and after its number and time."""


def stamp(parts: Parts, seq: int, ts_us: int) -> bytes:
    """The canonical bytes of the entry at index `seq`."""
    before, between, after = parts
    return b"%b%d%b%d%b" % (before, seq, between, ts_us, after)


class Draft(msgspec.Struct, frozen=True, gc=False):
    """A checked entry that only lacks its number and time, whatever becomes of the body."""

    parts: Parts
    opens_export: bool  # as in its header, like the next two
    closes_export: int | None
    holds_shape: str | None


def draft(body: Mapping[str, Any], *, node: str) -> Draft:
    """Check `body` against the profile and the size limit.

    Raises `InvalidEntry` or `EntryTooLarge`; messages name the place, never the value.
    """
    found = set_down(body, node, _BODY_NAMES, _BODY_KINDS, _MAX_PARTS)
    return _draft(body, node) if found is None else Draft(*found)


@twin
def set_down(
    body: Mapping[str, Any], node: str, names: tuple[bytes, ...], kinds: str, max_size: int
) -> tuple[Parts, bool, int | None, str | None] | None:
    """The fields of a draft; None where the body may be unsound, or longer than `max_size`.

    Kinds of these ascending members: k the entry's own, s texts, i integers, b truth values,
    c treatments. In Python that would save nothing, so this one always declines.
    """
    return None


def _draft(body: Mapping[str, Any], node: str) -> Draft:
    """The draft of a body that wants a closer look."""
    kind = body.get("kind")
    if not isinstance(kind, str) or not kind:
        raise InvalidEntry("an entry needs a non-empty string `kind`")
    if not body.keys().isdisjoint(STAMPED):
        taken = STAMPED & body.keys()
        raise InvalidEntry(f"entry of kind {kind}: {', '.join(sorted(taken))} is set by the log")
    if kind == "shape" and not body.get("shape"):
        raise InvalidEntry("an entry of kind shape needs its digest as string `shape`")
    _check(body)
    told = {**body, "v": VERSION, "node": node, "seq": MAX_INTEGER, "ts_us": MAX_INTEGER}
    try:
        header = msgspec.convert(told, Row)
    except msgspec.ValidationError as error:
        raise InvalidEntry(f"entry of kind {kind}: {error}") from error
    told["seq"] = told["ts_us"] = _UNTOLD
    data = _bytes(told)
    if len(data) > MAX_ENTRY_BYTES:
        raise EntryTooLarge(
            f"entry of kind {kind} may reach {len(data)} bytes; the limit is {MAX_ENTRY_BYTES}"
        )
    before, between, after = data.split(_HOLE)
    parts = (before, between, after)
    return Draft(parts, header.opens_export, header.closes_export, header.holds_shape)


def encode(value: Any) -> bytes:
    """Canonical bytes of `value`. Raises `InvalidEntry` naming the pointer at fault."""
    _check(value)
    return _bytes(value)


def read_header(data: bytes) -> Header:
    """Decode the part of an entry that the log relies on. Raises `InvalidEntry`."""
    try:
        return _HEADER.decode(data)
    except _UNREADABLE as error:
        raise InvalidEntry("not an audit entry") from error


def read_headers(entries: Sequence[bytes]) -> list[Header]:
    """`read_header` of each, which must be in canonical form and within the size limit.

    Raises `BadEntry` naming the place of the first that is not: another form could say one thing
    to one reader and something else to the next, as an object with a key twice does.
    """
    skimmed = skim(entries, HEADER_FIELDS, MAX_ENTRY_BYTES)
    try:
        if skimmed is not None:
            return _HEADERS.decode(skimmed)
    except msgspec.DecodeError:
        pass  # named below
    return [_read_checked(place, data) for place, data in enumerate(entries)]


class Stretch(NamedTuple):
    """Exports and outcomes that follow each other, with no entry of another kind between them."""

    exports: int
    released: list[int]  # the seqs of those that were
    outcomes: list[tuple[int, int | None, str | None]]  # seq, the export it closes, how it ended


Stock = tuple[int, list[tuple[Any, ...]], bytes]
"""The parts of a `Survey`, the last as a JSON array."""


class Survey(NamedTuple):
    """What many entries say of themselves: the others each between two stretches."""

    ts_us: int  # of the last
    stretches: Sequence[Stretch]
    others: Sequence[Header]


def take_stock(entries: Sequence[bytes], seq: int, ts_us: int) -> Survey | None:
    """What entries from `seq` on say, if each is sound, the next and no older than `ts_us` before.

    None where one is not, or where it needs a closer look: `read_headers` says of each.
    """
    return read_stock(survey(entries, HEADER_FIELDS, seq, ts_us, MAX_ENTRY_BYTES))


def read_stock(found: Stock | None) -> Survey | None:
    """The survey of which these are the parts."""
    if found is None:
        return None
    last_us, stretches, others = found
    try:
        return Survey(last_us, [Stretch(*one) for one in stretches], _HEADERS.decode(others))
    except msgspec.DecodeError:
        return None


@twin
def survey(
    entries: Sequence[bytes], names: tuple[bytes, ...], seq: int, ts_us: int, max_size: int
) -> Stock | None:
    """The parts of a `Survey`, others as a JSON array of their members of these names.

    In Python that would save nothing, so this one always declines.
    """
    return None


def _read_checked(place: int, data: bytes) -> Header:
    if not is_canonical(data):
        raise BadEntry(place, "is not in canonical form (RFC 8785, no floats)")
    try:
        return _HEADER.decode(data)
    except _UNREADABLE as error:
        raise BadEntry(place, "is not an audit entry") from error


def is_canonical(data: bytes) -> bool:
    """Whether `data` is an entry as the log would write it: one text for one meaning."""
    if len(data) > MAX_ENTRY_BYTES:
        return False
    try:
        value = msgspec.json.decode(data)
    except (ValueError, RecursionError):
        return False
    return type(value) is dict and fits([value], 0) and _ENCODER.encode(value) == data


@twin
def skim(
    entries: Sequence[bytes],
    names: tuple[bytes, ...],
    max_size: int,
) -> bytes | None:
    """A JSON array of the entries' members of these ascending names, all being canonical.

    None where one may not be, or is longer than `max_size`. In Python that costs more than it
    saves, so this one always declines.
    """
    return None


def read_rows(entries: Sequence[bytes]) -> list[Row]:
    """Decode the searchable part of entries. Raises `InvalidEntry`."""
    try:
        return _rows(entries)
    except _UNREADABLE as error:
        raise InvalidEntry("not an audit entry") from error


def _rows(entries: Sequence[bytes]) -> list[Row]:
    skimmed = skim(entries, _ROW_FIELDS, MAX_ENTRY_BYTES)
    return [_ROW.decode(data) for data in entries] if skimmed is None else _ROWS.decode(skimmed)


def decode(data: bytes) -> dict[str, Any]:
    """Decode a whole entry. Raises `InvalidEntry` where it is not a JSON object."""
    try:
        return msgspec.json.decode(data, type=dict[str, Any])
    except _UNREADABLE as error:
        raise InvalidEntry("not an audit entry") from error


def _bytes(value: Any) -> bytes:
    try:
        return _ENCODER.encode(value)
    except (UnicodeEncodeError, TypeError, ValueError) as error:
        raise InvalidEntry("text that UTF-8 cannot hold, or another type than JSON's") from error


def _check(value: Any) -> None:
    if not fits([value], 0):
        _blame(value, "", 0)


def _items(value: Mapping[str, Any], at: str) -> list[tuple[str, Any]]:
    for key in value:
        if not isinstance(key, str) or not key.isascii():
            raise InvalidEntry(f"{at or '/'}: keys must be ASCII strings")
    return list(value.items())


@twin
def fits(container: Any, depth: int) -> bool:
    """Whether what `container` holds is surely inside the profile; silent about where it is not.

    Quick: most items are texts, and for those nothing is called.
    """
    if type(container) is dict:
        for key in container:
            if type(key) is not str or not key.isascii():
                return False
        container = container.values()
    for item in container:
        kind = type(item)
        if kind is str or kind is bool or item is None:
            continue
        if kind is int:
            if not -MAX_INTEGER <= item <= MAX_INTEGER:
                return False
        elif kind not in _CONTAINERS or depth > MAX_DEPTH or not fits(item, depth + 1):
            return False
    return True


def _blame(value: Any, at: str, depth: int) -> None:
    """Raise `InvalidEntry` for the first place that is outside the profile."""
    if value is None or isinstance(value, str | bool):
        return
    if depth > MAX_DEPTH:
        raise InvalidEntry(f"{at}: nested deeper than {MAX_DEPTH}")
    if isinstance(value, int):
        if abs(value) > MAX_INTEGER:
            raise InvalidEntry(f"{at}: integer of 2^53 or more; write it as a string")
    elif isinstance(value, dict):
        for key, item in _items(value, at):
            _blame(item, f"{at}/{key}", depth + 1)
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            _blame(item, f"{at}/{index}", depth + 1)
    else:
        raise InvalidEntry(f"{at}: {type(value).__name__} is outside the entry profile")
