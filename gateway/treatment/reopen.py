"""Sealed tokens (`encrypt`, `encrypt/sm4`) in a body opened again with the gateway's keys."""

from __future__ import annotations

from dataclasses import dataclass

from classifiers.model import CellKind
from gateway.codecs.model import Change, Document, Edit, Piece
from gateway.operators.encrypt import TOKEN, NotOurs, decrypt
from gateway.operators.model import OperatorContext


@dataclass(frozen=True, slots=True)
class Reopened:
    """The body with its tokens opened: so many cells; `foreign` ones stayed as they are."""

    body: bytes
    values: int
    foreign: int


def reopen(document: Document, context: OperatorContext) -> Reopened:
    """Open every token of `document` that was made for the recipient of `context`.

    Keys and numbers are left alone. What cannot be opened is not told apart further. Raises
    `KeyUnavailable` where a token's key is retired.
    """
    edits: dict[int, Change] = {}
    values = foreign = 0
    for column in document.batch.columns:
        if column.kind is not CellKind.TEXT:
            continue
        opened = [_pieces(text, context) for text in column.values]
        for ref, handle in zip(column.refs, column.handles, strict=True):
            pieces, strange = opened[ref]
            foreign += strange
            if pieces:
                values += len(pieces)
                edits[handle] = Edit(pieces)
    return Reopened(document.encode(edits), values, foreign)


def _pieces(text: str, context: OperatorContext) -> tuple[tuple[Piece, ...], int]:
    pieces, foreign = [], 0
    for found in TOKEN.finditer(text):
        try:
            pieces.append(Piece(found.start(), found.end(), decrypt(found[0], context)))
        except NotOurs:
            foreign += 1
    return tuple(pieces), foreign
