"""A small classifier and a round trip, for the tests of desensitization and the residual check."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from classifiers.model import (
    Batch,
    CellKind,
    Classification,
    Evidence,
    Finding,
    Inspection,
    Level,
    Verdict,
)
from gateway.codecs.json import decode
from gateway.keys.keyring import hkdf
from gateway.treatment.desensitize import OperatorContext, Treated, desensitize
from gateway.treatment.residual import residual_check
from policies.model import Counts, Decision, FieldTreatment, Outcome

PHONE, NAME, EMAIL = "pi_contact_phone", "pi_basic", "pi_mail"
_VALUES = {
    (PHONE, "PHONE_NUMBER"): re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])"),
    (EMAIL, "EMAIL_ADDRESS"): re.compile(r"[a-z]+@[a-z]+\.[a-z]+"),
}
_FIELDS = {"name": (NAME, "PERSON")}


class FakeKeys:
    """Keys from a seed."""

    def __init__(self, seed: str = "seed", version: int = 1) -> None:
        self._seed, self._version = seed, version

    def derive(self, purpose: str, context: str = "", *, version: int | None = None) -> bytes:
        return hkdf(self._seed.encode(), f"{purpose}/{version or 1}/{context}".encode())

    def current(self, purpose: str) -> int:
        return self._version


def context(recipient: str = "Partner", seed: str = "seed") -> OperatorContext:
    return OperatorContext(recipient=recipient, keys=FakeKeys(seed))


def classify(batch: Batch, *, fields: bool = True) -> Classification:
    """Phones and e-mail addresses by value, names by field."""
    findings = []
    for index, column in enumerate(batch.columns):
        for number, text in enumerate(column.values):
            spans = [
                (match.span(), kind, Evidence.VALUE)
                for kind, shape in _VALUES.items()
                for match in shape.finditer(text)
            ]
            if not spans and fields and text and column.kind is not CellKind.KEY:
                kind = _FIELDS.get(column.name)
                spans = [((0, len(text)), kind, Evidence.FIELD)] if kind else []
            findings += [
                Finding(
                    index, number, *span, *kind, Level.PI, Verdict.CONFIRMED, 1.0, "fake", evidence
                )
                for span, kind, evidence in sorted(spans)
            ]
    return Classification(
        findings, [c.pointer for c in batch.columns], Inspection(0, 0, 0, {"fake": "1"})
    )


def decision(
    treatments: Mapping[tuple[str, str], str] | None = None, *, restore: bool = True
) -> Decision:
    return Decision(
        outcome=Outcome.ALLOW,
        mechanism="exemption",
        counts=Counts(general=False, sensitive=False),
        treatments=[
            FieldTreatment(pointer=pointer, category=category, treatment=treatment, restore=restore)
            for (pointer, category), treatment in (treatments or {}).items()
        ],
        obligations=[],
        needs=[],
        reasons=[],
    )


def treat(
    body: bytes,
    decisions: Sequence[Decision] | None = None,
    choose: Callable[[int], int] = lambda row: 0,
    *,
    recipient: str = "Partner",
    key_cells: bool = False,
    records: str = "",
) -> tuple[bytes, Treated]:
    """Decode, classify, desensitize, encode and check what leaves."""
    decisions = decisions or [decision()]
    document = decode(body, key_cells=key_cells, records=records)
    found = classify(document.batch)
    assignment = [choose(row) for row in range(max(document.batch.records, 1))]
    treated = desensitize(document.batch, found, decisions, assignment, context(recipient))
    out = document.encode(treated.edits)
    again = decode(out, key_cells=key_cells, records=records).batch
    residual_check(again, classify(again, fields=False), decisions, assignment, treated)
    return out, treated
