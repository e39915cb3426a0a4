"""What an operator is: a function over a column of texts, and what it promises."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gateway.operators.parameters import Parameters
from gateway.ports import KeyProvider


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorContext:
    """What an operator may know besides the texts: for whom, which kind, and with which keys.

    `subject` is the person the texts belong to, where an operator works per person; `random` gives
    that many unpredictable bytes.
    """

    recipient: str
    keys: KeyProvider
    category: str = ""
    entity: str = ""
    subject: str = ""
    random: Callable[[int], bytes] = os.urandom


Apply = Callable[[Sequence[str], OperatorContext], list[str]]
Configure = Callable[[Parameters], Apply]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """A named treatment. `apply` gives one new text for each text.

    `grade` is the effect in the words of GB/T 42460-2023: 1 direct identifiers stay, 2 none stay
    but the risk of re-identification is not shown to be low, 3 it is, 4 no identifiers at all. All
    are still personal information (PIPL art 73).

    A `per_person` operator needs `context.subject`. What a `restorable` one wrote may be turned
    back in an answer to whoever sent the original. `configure` gives the form of `apply` that
    parameters ask for.
    """

    name: str
    apply: Apply
    reversible: bool = False
    grade: int = 2
    per_person: bool = False
    restorable: bool = False
    configure: Configure | None = None
