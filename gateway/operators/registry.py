"""All operators by name. A treatment that is not here cannot be carried out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from gateway.operators import generalize as coarser
from gateway.operators import mask as masking
from gateway.operators import numeric
from gateway.operators.encrypt import encrypt_aes, encrypt_sm4
from gateway.operators.format_preserve import format_preserve
from gateway.operators.hashing import hash_sha256, hash_sm3
from gateway.operators.model import Operator, OperatorContext
from gateway.operators.parameters import BadParameter, Parameters, parsed
from gateway.operators.pseudonymize import pseudonymize
from gateway.operators.shuffle import shuffle
from gateway.operators.surrogate import surrogate

KEEP: Final = "keep"
SUPPRESS: Final = "suppress"
SUPPRESS_FIELD: Final = "suppress/field"
SUPPRESS_RECORD: Final = "suppress/record"
SUPPRESSING: Final = frozenset({SUPPRESS, SUPPRESS_FIELD, SUPPRESS_RECORD})
_FORMS: Final = 1024  # how many treatments with parameters are kept ready


class UnknownTreatment(Exception):
    """Policy names a treatment that no operator carries out."""


def keep(texts: Sequence[str], context: OperatorContext) -> list[str]:
    """The texts as they are: keeps all and hides nothing. Grade 1: direct identifiers stay."""
    del context
    return list(texts)


def suppress(texts: Sequence[str], context: OperatorContext) -> list[str]:
    """`<ENTITY>` for each text. Hides the whole value and keeps its kind; not reversible.

    `suppress/field` empties the whole field around the value, `suppress/record` every field of
    its record. Grade 3: what is left of a value singles nobody out.
    """
    return [f"<{context.entity or 'SUPPRESSED'}>"] * len(texts)


# From what leaves most to the recipient to what leaves least. A name after a slash is the same
# treatment with another algorithm or reach.
_ALL: Final = (
    Operator(name=KEEP, apply=keep, grade=1, reversible=True),
    Operator(name="round", apply=numeric.round_off, configure=numeric.rounding),
    Operator(name="top_code", apply=numeric.no_limits, configure=numeric.top_coding),
    Operator(name="shuffle", apply=shuffle),
    Operator(name="noise", apply=numeric.noise, configure=numeric.noising),
    Operator(name="shift", apply=numeric.shift, configure=numeric.shifting, per_person=True),
    Operator(name="generalize", apply=coarser.generalize, configure=coarser.generalizing),
    Operator(name="mask", apply=masking.mask, configure=masking.masking),
    Operator(name="format_preserve", apply=format_preserve, reversible=True, restorable=True),
    Operator(name="surrogate", apply=surrogate, restorable=True),
    Operator(name="pseudonymize", apply=pseudonymize, restorable=True),
    Operator(name="encrypt/sm4", apply=encrypt_sm4, reversible=True, restorable=True),
    Operator(name="encrypt", apply=encrypt_aes, reversible=True, restorable=True),
    Operator(name="hash/sm3", apply=hash_sm3),
    Operator(name="hash", apply=hash_sha256),
    Operator(name=SUPPRESS, apply=suppress, grade=3),
    Operator(name=SUPPRESS_FIELD, apply=suppress, grade=3),
    Operator(name=SUPPRESS_RECORD, apply=suppress, grade=3),
)
OPERATORS: Final[Mapping[str, Operator]] = MappingProxyType({each.name: each for each in _ALL})
_STRICTNESS: Final = {each.name: index for index, each in enumerate(_ALL)}


@lru_cache(_FORMS)
def operator(treatment: str) -> Operator:
    """The operator that carries out `treatment`, parameters and all. Raises `UnknownTreatment`."""
    try:
        name, texts = parsed(treatment)
        plain = OPERATORS[name]
        if not texts:
            return plain
        parameters = Parameters(texts)
        apply = plain.configure(parameters) if plain.configure else plain.apply
        parameters.finish()
    except KeyError:
        raise UnknownTreatment(f"no operator carries out the treatment {treatment!r}") from None
    except BadParameter as error:
        raise UnknownTreatment(f"the treatment {treatment!r}: {error}") from None
    return replace(plain, apply=apply)


def strictest(treatments: Sequence[str]) -> str:
    """The one that leaves least to the recipient; suppress if there is none.

    Of a treatment's forms the one with parameters, which hides more. Of two with different
    parameters neither is known to: suppress.
    """
    first = max(treatments, key=_strictness, default=SUPPRESS)
    forms = {each for each in treatments if each != first and _same(each, first)}
    if not forms:
        return first
    narrowed = [each for each in sorted(forms | {first}) if ":" in each]
    return narrowed[0] if len(narrowed) == 1 else SUPPRESS


def _strictness(treatment: str) -> int:
    return _STRICTNESS[operator(treatment).name]


def _same(one: str, other: str) -> bool:
    return operator(one).name == operator(other).name
