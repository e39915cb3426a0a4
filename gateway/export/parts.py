"""One request as one batch: body, query string, path segments and header values together.

Everything that leaves is data. The body's records keep their rows; what stands outside the body
belongs to every record (row -1). Handles of the parts are shifted so that they stay unique.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote, unquote

import msgspec

from classifiers.model import Batch, CellKind, Column
from gateway.codecs.model import (
    REMOVE,
    Change,
    Document,
    Edit,
    MalformedBody,
    handles_end,
    splice,
)
from gateway.codecs.multipart import MultipartDocument
from gateway.codecs.query import decode as decode_query
from gateway.codecs.registry import SANDBOXED, XLSX, decoder_for

SHARED_ROW = -1


@dataclass(frozen=True, slots=True)
class Message:
    """What goes to the recipient. `segments` and `query` are raw (percent-encoded).

    `body` stands without its content coding, which it gets again on its way.
    `from_file`: the body is the exporter's own file, not a request's.
    """

    segments: tuple[str, ...]
    query: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    content_type: str
    coding: str = ""  # as `gateway.codecs.encodings` names it
    from_file: bool = False

    @property
    def media(self) -> str:
        """The body's media type as its codec knows it, "" without a body; no parameters."""
        media = self.content_type.partition(";")[0].strip().lower() if self.body else ""
        return "application/json" if media.endswith("+json") else media

    @property
    def sandboxed(self) -> bool:
        """Whether the body is read in another process."""
        return self.media in SANDBOXED and not self.from_file

    @property
    def rewritten(self) -> bool:
        """Whether the body leaves written anew though nothing in it was treated."""
        return self.sandboxed or self.media == XLSX

    @property
    def size(self) -> int:
        """Bytes in all parts."""
        headers = sum(len(name) + len(value) for name, value in self.headers)
        return len(self.body) + len(self.query) + sum(map(len, self.segments)) + headers


@dataclass(frozen=True, slots=True)
class _Texts:
    """Separate short texts, one column each: path segments, header values."""

    pointers: Sequence[str]
    names: Sequence[str]
    texts: Sequence[str]

    @property
    def batch(self) -> Batch:
        columns = [
            Column(pointer, name, CellKind.TEXT, [text], [SHARED_ROW], [0], [handle])
            for handle, (pointer, name, text) in enumerate(
                zip(self.pointers, self.names, self.texts, strict=True)
            )
        ]
        return Batch(columns, 1, sum(map(len, self.texts)))

    def changed(self, edits: Mapping[int, Change]) -> list[str | None]:
        """The texts with `edits` written in; None where the whole text is removed."""
        return [_changed(text, edits.get(handle)) for handle, text in enumerate(self.texts)]


def _changed(text: str, change: Change | None) -> str | None:
    if change is REMOVE:
        return None
    return "".join(splice(text, change)) if isinstance(change, Edit) else text


@dataclass(frozen=True, slots=True)
class Parts:
    """A decoded message. `batch` is what is classified and decided on."""

    message: Message
    batch: Batch
    _body: Document | None
    _query: Document
    _path: _Texts
    _headers: _Texts
    _bases: tuple[int, int, int]  # first handle of query, path, headers

    @property
    def rewritten(self) -> bool:
        """Whether the body leaves written anew though nothing in it was treated."""
        body = self._body
        return self.message.rewritten or (isinstance(body, MultipartDocument) and body.rewritten)

    def path_edited(self, edits: Mapping[int, Change]) -> bool:
        """Whether `edits` touch a path segment, without which the request means something else."""
        _, path, headers = self._bases
        return any(path <= handle < headers for handle in edits)

    def head_edited(self, edits: Mapping[int, Change]) -> bool:
        """Whether `edits` touch anything outside the body."""
        query, _, _ = self._bases
        return any(handle >= query for handle in edits)

    def encode(self, edits: Mapping[int, Change]) -> Message:
        """The message with `edits` written in. A header whose value is removed is left out.

        Raises `CodecFault` where an edit does not fit its part, `Untreatable` where its format
        gives no way to make it.
        """
        query, path, headers = self._bases
        old = self.message
        values = self._headers.changed(_between(edits, headers, None))
        names = [name for name, _ in old.headers]
        body = self._body
        return replace(
            old,
            body=old.body if body is None else body.encode(_between(edits, 0, query)),
            query=self._query.encode(_between(edits, query, path)).decode("ascii"),
            segments=tuple(
                raw if text == was else quote(text or "", safe="")
                for raw, was, text in zip(
                    old.segments,
                    self._path.texts,
                    self._path.changed(_between(edits, path, headers)),
                    strict=True,
                )
            ),
            headers=tuple((n, v) for n, v in zip(names, values, strict=True) if v is not None),
        )


def _between(edits: Mapping[int, Change], first: int, end: int | None) -> dict[int, Change]:
    return {
        handle - first: change
        for handle, change in edits.items()
        if handle >= first and (end is None or handle < end)
    }


def decode(
    message: Message, *, records: str = "", key_cells: bool = False, unread: Collection[str] = ()
) -> Parts:
    """Read all parts of `message`; of a body of an `unread` type, what can be read of it.

    Raises `MalformedBody`, `UnsupportedMedia` or `UnsupportedCharset`.
    """
    body = None
    if message.body:
        read = decoder_for(message.content_type, own=message.from_file, unread=unread)
        body = read(message.body, records=records, key_cells=key_cells)
    query = decode_query(message.query.encode("ascii"), prefix="query:", key_cells=key_cells)
    path = _Texts(
        [f"path:/{i}" for i in range(len(message.segments))],
        [""] * len(message.segments),
        [_decoded(segment, i) for i, segment in enumerate(message.segments)],
    )
    names = [name for name, _ in message.headers]
    headers = _Texts([f"header:/{name}" for name in names], names, [v for _, v in message.headers])
    columns = list(body.batch.columns) if body else []
    bases = [handles_end(columns)]
    for part in (query.batch, path.batch, headers.batch):
        columns.extend(_shifted(column, bases[-1]) for column in part.columns)
        bases.append(bases[-1] + handles_end(part.columns))
    count, opaque = (body.batch.records, body.batch.opaque) if body else (1, ())
    batch = Batch(columns, count, message.size, opaque)
    return Parts(message, batch, body, query, path, headers, (bases[0], bases[1], bases[2]))


def _decoded(segment: str, index: int) -> str:
    try:
        return unquote(segment, errors="strict")
    except UnicodeDecodeError as error:
        what = "percent-encoded bytes that are not UTF-8"
        raise MalformedBody(f"path segment {index}", what) from error


def _shifted(column: Column, base: int) -> Column:
    handles = [handle + base for handle in column.handles]
    return msgspec.structs.replace(column, handles=handles, rows=[SHARED_ROW] * len(column.rows))
