"""Ways to smuggle personal data past a gateway, as data: `cases()`."""

from benchmarks.attacks.model import Case, Want
from benchmarks.attacks.places import PLACES
from benchmarks.attacks.spelling import SPELLING
from benchmarks.attacks.structure import STRUCTURE
from benchmarks.attacks.wire import WIRE

__all__ = ["Case", "Want", "cases"]


def cases() -> list[Case]:
    """All of them, by number."""
    return sorted(
        [*PLACES, *SPELLING, *STRUCTURE, *WIRE], key=lambda case: (case.number, case.name)
    )
