"""All operators by name. A treatment that is not here cannot be carried out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from gateway.operators.mask import mask
from gateway.operators.model import Operator, OperatorContext
from gateway.operators.pseudonymize import pseudonymize

KEEP: Final = "keep"
SUPPRESS: Final = "suppress"


class UnknownTreatment(Exception):
    """Policy names a treatment that no operator carries out."""


def keep(texts: Sequence[str], context: OperatorContext) -> list[str]:
    """The texts as they are. Hides nothing."""
    del context
    return list(texts)


def suppress(texts: Sequence[str], context: OperatorContext) -> list[str]:
    """`<ENTITY>` for each text. Hides the whole value and keeps its kind; not reversible."""
    return [f"<{context.entity or 'SUPPRESSED'}>"] * len(texts)


_ALL: Final = (
    Operator(name=KEEP, apply=keep, strictness=0, reversible=True, grade=1),
    Operator(name="mask", apply=mask, strictness=30, reversible=False, grade=2),
    Operator(name="pseudonymize", apply=pseudonymize, strictness=50, reversible=False, grade=2),
    Operator(name=SUPPRESS, apply=suppress, strictness=100, reversible=False, grade=3),
)
OPERATORS: Final[Mapping[str, Operator]] = MappingProxyType({each.name: each for each in _ALL})


def operator(treatment: str) -> Operator:
    """The operator that carries out `treatment`. Raises `UnknownTreatment`."""
    try:
        return OPERATORS[treatment]
    except KeyError:
        raise UnknownTreatment(f"no operator carries out the treatment {treatment!r}") from None


def strictest(treatments: Sequence[str]) -> str:
    """The one that leaves least to the recipient; suppress if there is none."""
    return max(treatments, key=lambda each: operator(each).strictness, default=SUPPRESS)
