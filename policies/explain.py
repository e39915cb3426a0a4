"""`decide --explain`: which rule spoke, on which facts and articles, and what would change it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from typing import Any, Final

import msgspec

from policies.annotations import rules
from policies.bundle import ROOT, Bundle
from policies.model import Consent, Decision, Mechanism, Outcome, PolicyInput, PolicyUnavailable

Decide = Callable[[PolicyInput], Decision]
_VALIDITY_DAYS: Final = 3 * 365  # an assessment or certificate lives three years
_KINDS: Final = ("standard_contract", "certification", "gba_contract", "security_assessment")


@dataclass(frozen=True, slots=True)
class Ground:
    """One reason, traced to the rule that gave it."""

    code: str
    rule: str  # package
    title: str
    description: str
    citation: str
    confidence: str
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Way:
    """Facts that, were they true, would let the export leave. Each was decided, not guessed."""

    facts: dict[str, str]  # configuration path -> what it would have to be
    outcome: Outcome
    mechanism: str | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """A decision, its grounds, and the ways out of it."""

    decision: Decision
    grounds: list[Ground]
    ways: list[Way]


@dataclass(frozen=True, slots=True)
class _Step:
    path: str
    says: str
    change: Callable[[PolicyInput], PolicyInput]


def explain(bundle: Bundle, decide: Decide, question: PolicyInput) -> Explanation:
    """Decide and say why; if it may not leave, find the one or two facts that would let it."""
    decision = decide(question)
    ways = [] if decision.outcome is Outcome.ALLOW else list(_ways(bundle, decide, question))
    return Explanation(decision, list(_grounds(bundle, decision, question)), ways)


def _grounds(bundle: Bundle, decision: Decision, question: PolicyInput) -> Iterator[Ground]:
    owners = {code: rule for rule in rules(bundle.modules) for code in rule.codes}
    for reason in decision.reasons:
        rule = owners.get(reason.code)
        yield Ground(
            code=reason.code,
            rule=rule.package if rule else "",
            title=rule.title if rule else "",
            description=rule.description if rule else "",
            citation=reason.citation,
            confidence=rule.confidence if rule else "",
            facts=_facts(reason.code, bundle, question),
        )


def _facts(code: str, bundle: Bundle, question: PolicyInput) -> dict[str, Any]:
    """The parts of the question and of the data that a family of reasons rests on."""
    law = bundle.data[ROOT]
    asked = msgspec.to_builtins(question)
    facts: dict[str, Any] = {"purpose": question.purpose, "destination": question.destination}
    if code.startswith(("cn.order16.art5.1.4", "cn.order16.art7", "cn.order16.art8", "tally")):
        facts["bands"] = asked["bands"]
        facts["thresholds"] = law["thresholds"]["order16"]
    if code.startswith(("cn.order16", "cn.pipl.art39", "cn.pipl.art13")):
        facts["basis"] = asked["basis"]
    if code.startswith("contract."):
        drifted = (f for f in question.fields if f.drift and code.endswith(f.drift))
        facts["fields"] = sorted({f"{f.pointer}: {f.category}" for f in drifted})
    if code.startswith("opaque"):
        facts["opaque"] = asked.get("opaque", [])
    if code.startswith(("cn.order16.art2", "cn.order16.art7.important", "cn.dsl", "category")):
        facts["levels"] = sorted({f"{f.category}: {f.level.value}" for f in question.fields})
    return facts


def _ways(bundle: Bundle, decide: Decide, question: PolicyInput) -> Iterator[Way]:
    """Single facts first; pairs only where no single fact is enough."""
    steps = list(_steps(bundle, question))
    for size in (1, 2):
        found = False
        for chosen in combinations(steps, size):
            if len({step.path for step in chosen}) < size:
                continue
            changed = question
            for step in chosen:
                changed = step.change(changed)
            try:
                decision = decide(changed)
            except PolicyUnavailable:
                continue
            if decision.outcome is Outcome.ALLOW:
                found = True
                facts = {step.path: step.says for step in chosen}
                yield Way(facts, decision.outcome, decision.mechanism)
        if found:
            return


def _steps(bundle: Bundle, question: PolicyInput) -> Iterator[_Step]:
    """The facts a route may state otherwise; never what was found in the data."""
    law = bundle.data[ROOT]
    profile = law["profiles"].get(question.purpose, {})
    try:
        until = (date.fromisoformat(question.at) + timedelta(days=_VALIDITY_DAYS)).isoformat()
    except (ValueError, OverflowError):  # no day of the calendar: no fact makes up for that
        return
    for kind in _KINDS:
        mechanism = msgspec.convert({"kind": kind, "ref": "…", "valid_until": until}, Mechanism)
        yield _basis("basis.mechanism", f"a {kind} in force", mechanism=mechanism)
    yield _basis("basis.consent", "separate consent, recorded", consent=Consent("…", "…"))
    for ground in profile.get("grounds", []):
        yield _basis("basis.ground", ground, ground=ground)
    for code in profile.get("exemptions", []):
        yield _basis("basis.exemption", code, exemption=code)


def _basis(path: str, says: str, **changes: Any) -> _Step:
    def change(question: PolicyInput) -> PolicyInput:
        basis = msgspec.structs.replace(question.basis, **changes)
        return msgspec.structs.replace(question, basis=basis)

    return _Step(path, says, change)
