"""Sealed tokens (`encrypt`, `encrypt/sm4`) in a body opened again with the gateway's keys."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from classifiers.model import CellKind
from gateway.codecs.model import Change, Document, Edit, Piece
from gateway.keys.keyring import KeyGone
from gateway.operators.encrypt import TOKEN, NotOurs, decrypt
from gateway.operators.model import OperatorContext


@dataclass(frozen=True, slots=True)
class Reopened:
    """The body with its tokens opened, so many; others stayed as they are.

    `foreign` ones are not this recipient's. Those `gone` name a version of the key that is retired
    or was never here: so many of each.
    """

    body: bytes
    values: int
    foreign: int
    gone: Mapping[int, int]


def reopen(document: Document, context: OperatorContext) -> Reopened:
    """Open every token of `document` that was made for the recipient of `context`.

    Keys and numbers are left alone. Raises `KeyUnavailable` where keys are out of reach.
    """
    edits: dict[int, Change] = {}
    values = foreign = 0
    gone: Counter[int] = Counter()
    for column in document.batch.columns:
        if column.kind is not CellKind.TEXT:
            continue
        opened = [_pieces(text, context) for text in column.values]
        for ref, handle in zip(column.refs, column.handles, strict=True):
            pieces, strange, lost = opened[ref]
            foreign += strange
            gone.update(lost)
            if pieces:
                values += len(pieces)
                edits[handle] = Edit(pieces)
    return Reopened(document.encode(edits), values, foreign, dict(gone))


def _pieces(text: str, context: OperatorContext) -> tuple[tuple[Piece, ...], int, list[int]]:
    """What is opened in `text`, how many tokens are foreign, and the versions that are gone."""
    pieces: list[Piece] = []
    foreign, gone = 0, []
    for found in TOKEN.finditer(text):
        try:
            pieces.append(Piece(found.start(), found.end(), decrypt(found[0], context)))
        except NotOurs:
            foreign += 1
        except KeyGone as error:
            gone.append(error.version)
    return tuple(pieces), foreign, gone
