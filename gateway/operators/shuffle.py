"""Shuffle: the values of a column change places.

Keeps the set of values and its statistics, hides who has which. Not reversible. Grade 2: an
outlier is still there, and a rare value still names its owner; never for identifiers.
"""

from __future__ import annotations

from collections.abc import Sequence

from gateway.operators.identity import keyed
from gateway.operators.model import OperatorContext


def shuffle(texts: Sequence[str], context: OperatorContext) -> list[str]:
    """Each distinct text becomes the next one in a secret circular order; a lone one `<ENTITY>`.

    No text keeps its place. The order comes from fresh randomness: nothing to find out later.
    """
    distinct = list(dict.fromkeys(texts))
    if len(distinct) < 2:
        return [f"<{context.entity or 'SUPPRESSED'}>"] * len(texts)
    digest = keyed(context.random(32))
    order = sorted(distinct, key=lambda text: digest(text) + text.encode())
    after = dict(zip(order, [*order[1:], order[0]], strict=True))
    return [after[text] for text in texts]
