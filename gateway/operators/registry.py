"""All operators by name. A treatment that is not here cannot be carried out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from gateway.operators.encrypt import encrypt_aes, encrypt_sm4
from gateway.operators.format_preserve import format_preserve
from gateway.operators.generalize import generalize
from gateway.operators.hashing import hash_sha256, hash_sm3
from gateway.operators.mask import mask
from gateway.operators.model import Apply, Operator, OperatorContext
from gateway.operators.numeric import noise, round_off, shift
from gateway.operators.pseudonymize import pseudonymize
from gateway.operators.shuffle import shuffle
from gateway.operators.surrogate import surrogate

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


def _named(
    name: str, apply: Apply, *, grade: int = 2, reversible: bool = False, restorable: bool = False
) -> Operator:
    return Operator(
        name=name, apply=apply, reversible=reversible, grade=grade, restorable=restorable
    )


# From what leaves most to the recipient to what leaves least. A name after a slash is the same
# treatment with another algorithm.
_ALL: Final = (
    _named(KEEP, keep, grade=1, reversible=True),
    _named("round", round_off),
    _named("shuffle", shuffle),
    _named("noise", noise),
    Operator(name="shift", apply=shift, reversible=False, grade=2, per_person=True),
    _named("generalize", generalize),
    _named("mask", mask),
    _named("format_preserve", format_preserve, reversible=True, restorable=True),
    _named("surrogate", surrogate, restorable=True),
    _named("pseudonymize", pseudonymize, restorable=True),
    _named("encrypt/sm4", encrypt_sm4, reversible=True, restorable=True),
    _named("encrypt", encrypt_aes, reversible=True, restorable=True),
    _named("hash/sm3", hash_sm3),
    _named("hash", hash_sha256),
    _named(SUPPRESS, suppress, grade=3),
)
OPERATORS: Final[Mapping[str, Operator]] = MappingProxyType({each.name: each for each in _ALL})
_STRICTNESS: Final = {each.name: index for index, each in enumerate(_ALL)}


def operator(treatment: str) -> Operator:
    """The operator that carries out `treatment`. Raises `UnknownTreatment`."""
    try:
        return OPERATORS[treatment]
    except KeyError:
        raise UnknownTreatment(f"no operator carries out the treatment {treatment!r}") from None


def strictest(treatments: Sequence[str]) -> str:
    """The one that leaves least to the recipient; suppress if there is none."""
    return max(treatments, key=lambda each: _STRICTNESS[operator(each).name], default=SUPPRESS)
