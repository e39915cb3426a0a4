"""`policy simulate`: recorded decisions, decided again by another bundle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from policies.model import Decision, FieldTreatment, Outcome, PolicyInput, PolicyUnavailable

Decide = Callable[[PolicyInput], Decision]
_ORDER: Final = (Outcome.ALLOW, Outcome.REVIEW, Outcome.DENY)


@dataclass(frozen=True, slots=True)
class Shape:
    """One recorded question and its decision; `exports` of this shape were decided."""

    question: PolicyInput
    decision: Decision
    exports: int = 1


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing the new policy decides differently for one shape.

    `kind`: denied, held (for review), freed, tightened, loosened, uncounted, counted, undecided.
    """

    kind: str
    route: str
    pointer: str  # "" where the whole export is meant
    before: str
    after: str
    exports: int
    reasons: tuple[str, ...] = ()


@dataclass(slots=True)
class Report:
    """What a new policy would have changed."""

    shapes: int = 0
    exports: int = 0
    differences: list[Difference] = field(default_factory=list)

    def summed(self) -> list[Difference]:
        """The differences of all shapes together, by route, field and kind."""
        exports: Counter[Difference] = Counter()
        for each in self.differences:
            exports[replace(each, exports=0)] += each.exports
        found = [replace(each, exports=count) for each, count in exports.items()]
        return sorted(found, key=lambda d: (d.route, d.pointer, d.kind, -d.exports))

    @property
    def freed(self) -> bool:
        """Whether anything would leave that did not, or leave more openly or uncounted."""
        return any(each.kind in ("freed", "loosened", "uncounted") for each in self.differences)


def simulate(decide: Decide, shapes: Iterable[Shape], *, strictness: Sequence[str]) -> Report:
    """Decide every shape again. `strictness`: treatments from the laxest to the strictest."""
    report = Report()
    for shape in shapes:
        report.shapes += 1
        report.exports += shape.exports
        try:
            new = decide(shape.question)
        except PolicyUnavailable as error:
            old = shape.decision.outcome.value
            report.differences.append(
                Difference("undecided", shape.question.route, "", old, str(error), shape.exports)
            )
            continue
        report.differences += differences(shape, new, strictness)
    return report


def differences(shape: Shape, new: Decision, strictness: Sequence[str]) -> Iterator[Difference]:
    """Each thing that `new` says otherwise than `shape.decision`."""
    old, route, exports = shape.decision, shape.question.route, shape.exports
    if old.outcome is not new.outcome:
        freer = _ORDER.index(new.outcome) < _ORDER.index(old.outcome)
        kind = "freed" if freer else ("held" if new.outcome is Outcome.REVIEW else "denied")
        codes = tuple(reason.code for reason in new.reasons)
        yield Difference(kind, route, "", old.outcome.value, new.outcome.value, exports, codes)
    for tally in ("general", "sensitive"):
        before, after = getattr(old.counts, tally), getattr(new.counts, tally)
        if before != after:
            kind = "counted" if after else "uncounted"
            yield Difference(kind, route, "", f"{tally}: {before}", f"{tally}: {after}", exports)
    yield from _treatments(old, new, route, exports, strictness)


def _treatments(
    old: Decision, new: Decision, route: str, exports: int, strictness: Sequence[str]
) -> Iterator[Difference]:
    before = {(entry.pointer, entry.category): entry for entry in old.treatments}
    after = {(entry.pointer, entry.category): entry for entry in new.treatments}
    for place in sorted({*before, *after}):
        then, now = (_strength(side.get(place), strictness) for side in (before, after))
        if then != now:
            kind = "tightened" if now > then else "loosened"
            where = f"{place[0]} ({place[1]})"
            texts = _words(before.get(place)), _words(after.get(place))
            yield Difference(kind, route, where, texts[0], texts[1], exports)


def _strength(entry: FieldTreatment | None, strictness: Sequence[str]) -> tuple[bool, int]:
    """Silence suppresses, and so does a treatment nobody knows; holding back is stricter still."""
    name = "suppress" if entry is None else entry.treatment.partition(":")[0]
    held = entry is not None and entry.hold
    return held, strictness.index(name if name in strictness else "suppress")


def _words(entry: FieldTreatment | None) -> str:
    if entry is None:
        return "suppress"
    return f"{entry.treatment}, record held" if entry.hold else entry.treatment
