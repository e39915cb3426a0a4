"""Long texts are read in pieces, and nothing is lost between them."""

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from classifiers.text.model import Kind, Mention
from classifiers.text.pieces import LONGEST, OVERLAP, joined, pieces

texts = st.text(st.sampled_from("ab 。\n张."), max_size=5 * LONGEST)


@given(texts)
def test_pieces_cover_the_text_in_order(text: str) -> None:
    """Every character is in a piece; no piece is too long; each begins after the last."""
    found = list(pieces(text))
    assert found[0].start == 0
    assert found[-1].end == len(text)
    assert all(piece.end - piece.start <= LONGEST for piece in found)
    for before, after in pairwise(found):
        assert before.start < after.start <= before.end


@given(st.integers(0, 1200), st.integers(1, OVERLAP // 2))
def test_a_name_is_whole_in_some_piece(start: int, length: int) -> None:
    """Wherever a short name stands in text without sentences, one piece holds all of it."""
    text = "x" * start + "N" * length + "x" * 1300
    assert any(piece.start <= start and start + length <= piece.end for piece in pieces(text))


def test_joining_finds_every_name_of_a_long_text() -> None:
    """A reader of pieces finds what a reader of the whole finds."""
    text = "yy <Ann> zz " * 200
    parts = [
        (
            piece,
            [
                Mention(*match.span(), Kind.PERSON)
                for match in re.finditer("<[A-Za-z]+>?", text[piece.start : piece.end])
            ],
        )
        for piece in pieces(text)
    ]
    spans = [(mention.start, mention.end) for mention in joined(parts)]
    assert spans == [match.span() for match in re.finditer("<Ann>", text)]


def test_a_longer_mention_of_another_kind_wins() -> None:
    """Where two pieces disagree, the one that saw more is believed."""
    piece = next(iter(pieces("x" * 50)))
    short, long = Mention(0, 2, Kind.PERSON), Mention(0, 9, Kind.PLACE)
    assert joined([(piece, [short]), (piece, [long])]) == [long]
