"""What would leave of a table, field by field, and what the destination's policy says of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

import msgspec

from classifiers.classify import Classifier
from classifiers.codes import NO_CODES, Coded
from classifiers.contract import kinds
from classifiers.model import Batch, CellKind, Classification, Finding
from gateway.export.signature import Signatures, signatures
from gateway.export.transfer import Route, china_today
from gateway.ledger.model import Edges, Headcount, bands_of
from gateway.operators.mask import masked
from gateway.operators.registry import KEEP, SUPPRESS, strictest
from gateway.route_settings import BasisSettings, RouteSettings
from gateway.scan.samples import Sample, Table
from gateway.scan.usefulness import Comparison
from gateway.settings import ExporterSettings
from gateway.treatment.utility import Utility
from policies.model import Bands, Decision, Outcome, PolicyInput, Reason

Decide = Callable[[PolicyInput], Decision]

# What a route of the purpose usually rests on; a person confirms it before it is pasted.
_USUAL_GROUND: Final = {"order_fulfilment": "contract"}
_USUAL_EXEMPTION: Final = {"order_fulfilment": "cn.order16.art5.1.1"}
NO_CONTRACT: Final[Mapping[str, str]] = MappingProxyType({})
_TRIES: Final = 5


@dataclass(frozen=True, slots=True)
class FieldReport:
    """One category at one place: in `cells` of its `of` cells. `example` is masked."""

    pointer: str
    category: str
    level: str
    verdict: str
    detector: str
    cells: int
    of: int
    example: str
    treatment: str
    reason: str = ""  # what raised it above its category's level
    drift: str = ""  # how it departs from the route's data contract


@dataclass(frozen=True, slots=True)
class TableReport:
    """One table under one destination and purpose, given `basis`.

    `clear` are the places at which nothing was found; `unread` counts cells that hold no text.
    """

    name: str
    records: int
    sample: Sample
    cells: int
    unread: int
    fields: Sequence[FieldReport]
    clear: Sequence[str]
    outcome: str
    outcome_without_basis: str
    reasons: Sequence[Reason]
    obligations: Sequence[str]
    basis: BasisSettings
    lacked: Sequence[str]  # configuration paths of the facts that `basis` made up
    usefulness: Utility | None = None  # of the treated table, where that was asked for


def scan(
    table: Table,
    classifier: Classifier,
    decide: Decide,
    edges: Edges,
    *,
    destination: str,
    purpose: str,
    now: datetime,
    declared: Mapping[str, str] = NO_CONTRACT,
    coded: Mapping[str, Coded] = NO_CODES,
    comparison: Comparison | None = None,
) -> TableReport:
    """Report on one table, as if nothing else had been exported this year.

    Each of its records counts as one person, those that are not in the sample too. With
    `comparison` it is also treated, and compared with itself. `declared` is a route's data
    contract, `coded` its code tables. Raises
    `DetectionIncomplete` or `PolicyUnavailable`.
    """
    batch = table.batch
    found = classifier.classify(
        batch,
        declared=declared,
        coded=coded,
        on=china_today(now),
        persons=max(batch.records, table.sample.of),
    )
    groups = signatures(batch, found)
    asking = _Asking(groups, edges, max(batch.records, table.sample.of), now, decide)
    route = _route(destination, purpose, BasisSettings())
    plain = asking.decisions(route)
    decisions, basis, lacked = _with_usual_basis(plain, route, asking)
    deciding = [d for d in decisions if d.outcome is _worst(decisions)]
    fields = _fields(batch, found, decisions)
    return TableReport(
        name=table.name,
        records=batch.records,
        sample=table.sample,
        cells=batch.cells,
        unread=table.unread,
        fields=fields,
        clear=_clear(batch, found, fields),
        outcome=_worst(decisions).value,
        outcome_without_basis=_worst(plain).value,
        reasons=list(dict.fromkeys(reason for d in deciding for reason in d.reasons)),
        obligations=sorted({duty for d in decisions for duty in d.obligations}),
        basis=basis,
        lacked=lacked,
        usefulness=(
            comparison.of(table, found, decisions, groups.assignment, route) if comparison else None
        ),
    )


def _route(destination: str, purpose: str, basis: BasisSettings) -> Route:
    settings = RouteSettings(
        upstream="https://recipient.invalid/",
        destination=destination,
        recipient="(scan)",
        purpose=purpose,
        basis=basis,
    )
    return Route.of("scan", settings, ExporterSettings(id="scan", name="scan"))


@dataclass(frozen=True, slots=True)
class _Asking:
    """The questions of one table. Each record counts as one person, and nobody went before."""

    groups: Signatures
    edges: Edges
    persons: int
    now: datetime
    decide: Decide

    def decisions(self, route: Route) -> list[Decision]:
        """One decision a signature: treatments first, then with the bands they lead to."""
        first = self._ask(route, None)
        general = self.persons if any(d.counts.general for d in first) else 0
        sensitive = self.persons if any(d.counts.sensitive for d in first) else 0
        if not general and not sensitive:
            return first
        return self._ask(route, bands_of(Headcount(general, sensitive), self.edges))

    def _ask(self, route: Route, bands: Bands | None) -> list[Decision]:
        return [
            self.decide(route.question(list(fields), self.now, bands))
            for fields in self.groups.fields
        ]


def _worst(decisions: Sequence[Decision]) -> Outcome:
    order = [Outcome.ALLOW, Outcome.REVIEW, Outcome.DENY]
    return max((d.outcome for d in decisions), key=order.index)


def _with_usual_basis(
    decisions: list[Decision], route: Route, asking: _Asking
) -> tuple[list[Decision], BasisSettings, list[str]]:
    """Add what policy says it lacks, as the purpose usually has it, until it lacks nothing more."""
    facts: dict[str, object] = {}
    lacked: list[str] = []
    purpose = route.settings.purpose
    basis = BasisSettings()
    for _ in range(_TRIES):
        needs = {need for d in decisions for need in d.needs if need.startswith("basis.")}
        new = sorted(needs - set(lacked))
        if not new:
            break
        lacked += new
        facts |= _made_up(new, purpose, asking.now)
        basis = msgspec.convert(facts, BasisSettings)
        decisions = asking.decisions(_route(route.settings.destination, purpose, basis))
    return decisions, basis, lacked


def _made_up(needs: Sequence[str], purpose: str, now: datetime) -> dict[str, object]:
    facts: dict[str, object] = {}
    if "basis.ground" in needs:
        facts["ground"] = _USUAL_GROUND.get(purpose, "consent")
        if purpose in _USUAL_EXEMPTION:
            facts["exemption"] = _USUAL_EXEMPTION[purpose]
    if "basis.consent" in needs:
        facts["consent"] = {"ref": "CONSENT-REGISTER-REF", "notice": "NOTICE-VERSION"}
    if "basis.mechanism" in needs:
        facts["mechanism"] = {
            "kind": "standard_contract",
            "ref": "CONTRACT-REF",
            "valid_until": now.date().replace(year=now.year + 3, day=1).isoformat(),
        }
    return facts


def _fields(
    batch: Batch, found: Classification, decisions: Sequence[Decision]
) -> list[FieldReport]:
    named: dict[tuple[str, str], list[str]] = {}
    for decision in decisions:
        for each in decision.treatments:
            named.setdefault((each.pointer, each.category), []).append(each.treatment)
    rows: dict[tuple[str, str, str, str, str], tuple[Finding, int]] = {}
    counts = [_value_counts(column.refs, len(column.values)) for column in batch.columns]
    for finding in found.findings:
        pointer = found.pointers[finding.column]
        key = (pointer, finding.category, finding.verdict.value, finding.detector, finding.reason)
        first, cells = rows.get(key, (finding, 0))
        rows[key] = (first, cells + max(counts[finding.column][finding.value], 1))
    held: Counter[str] = Counter()
    drifts = kinds(found.drift)
    for pointer, column in zip(found.pointers, batch.columns, strict=True):
        held[pointer] += len(column.refs) or len(column.values)
    reports = []
    for (pointer, category, verdict, detector, _), (finding, cells) in sorted(rows.items()):
        text = batch.columns[finding.column].values[finding.value][finding.start : finding.end]
        silent = SUPPRESS if finding.verdict.treated and not category.startswith("biz_") else KEEP
        treatment = strictest(named.get((pointer, category), [silent]))
        example = masked(text, category, finding.entity)
        reports.append(
            FieldReport(
                pointer=pointer,
                category=category,
                level=finding.level,
                verdict=verdict,
                detector=detector,
                cells=cells,
                of=held[pointer],
                example=example,
                treatment=treatment,
                reason=finding.reason,
                drift=drifts.get(pointer, ""),
            )
        )
    return reports


def _clear(batch: Batch, found: Classification, fields: Sequence[FieldReport]) -> list[str]:
    """The places of cells, keys left out, that are in no report."""
    reported = {each.pointer for each in fields}
    places = [
        pointer
        for column, pointer in zip(batch.columns, found.pointers, strict=True)
        if column.kind is not CellKind.KEY and column.refs
    ]
    return [place for place in dict.fromkeys(places) if place not in reported]


def _value_counts(refs: Sequence[int], values: int) -> list[int]:
    counts = [0] * values
    for ref in refs:
        counts[ref] += 1
    return counts
