"""Policy input and decision: the question a policy is asked and the only answer it may give.

Both are strict in both directions (an unknown key is an error), hold no floats and no personal
data, and encode to canonical JSON, so that a decision can be replayed from the log alone.
"""

from __future__ import annotations

import hashlib
from enum import StrEnum
from typing import Annotated, Final, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from classifiers.model import Level, Opaque, Verdict

INPUT_SCHEMA: Final = "silkgate/policy-input/1"
MAX_COUNT: Final = 2**53 - 1  # the largest integer every JSON reader keeps exactly

Date = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")]
CountryCode = Annotated[str, Meta(pattern=r"^[A-Z]{2}\Z")]
Count = Annotated[int, Meta(ge=0, le=MAX_COUNT)]


class PolicyUnavailable(Exception):
    """No decision could be had: the engine failed, was late, or answered out of shape."""


class Outcome(StrEnum):
    """What the policy says of the export."""

    ALLOW = "allow"
    REVIEW = "review"
    DENY = "deny"

    __hash__ = str.__hash__


class Exporter(Struct, frozen=True, forbid_unknown_fields=True):
    """Who sends. `ciio`: critical information infrastructure operator (CSL art 33)."""

    id: str
    ciio: bool
    zone: str
    sector: str
    pilots: list[str]


class Recipient(Struct, frozen=True, forbid_unknown_fields=True):
    """Who receives, as PIPL art 39 wants the person told."""

    name: str


class Mechanism(Struct, frozen=True, forbid_unknown_fields=True):
    """The PIPL art 38 route the exporter holds."""

    kind: Literal["security_assessment", "standard_contract", "certification", "gba_contract"]
    ref: str
    valid_until: Date


class Consent(Struct, frozen=True, forbid_unknown_fields=True):
    """Separate consent (PIPL art 39): where the evidence lies and which notice it answered."""

    ref: str
    notice: str


class Basis(Struct, frozen=True, forbid_unknown_fields=True):
    """Why the export is lawful, as the route states it. Statements, for the policy to check."""

    ground: str  # PIPL art 13(1): consent, contract, hr, statutory_duty, emergency, …
    exemption: str | None = None  # rule code, e.g. "cn.order16.art5.1.1"
    consent: Consent | None = None
    mechanism: Mechanism | None = None


class Field(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, order=True):
    """One element of a record's signature.

    `entity` is the finding's Presidio entity where a category is too wide for its treatment (a
    name and a birth date are both `pi_basic`); unstated, the strictest of them applies. `drift`
    tells how it departs from the route's data contract (`undeclared`, `contradicted`), `reason`
    what raised it above its category's level; each is absent where there is nothing to tell.
    """

    pointer: str
    category: str
    level: Level
    verdict: Verdict
    declared: bool
    entity: str = ""
    drift: Literal["", "undeclared", "contradicted"] = ""
    reason: str = ""


class Band(Struct, frozen=True, forbid_unknown_fields=True):
    """A half-open range that holds a yearly count of persons after this export.

    `below` is None only in the topmost band.
    """

    at_least: Count
    below: Count | None


class AllowanceBands(Struct, frozen=True, forbid_unknown_fields=True):
    """What has left under an allowance since it began, this export included."""

    persons: Band
    records: Band
    bytes: Band


class Bands(Struct, frozen=True, forbid_unknown_fields=True):
    """Persons exported since 1 January (Asia/Shanghai), by band.

    `within` stands only where the export is one of a sandbox, a pilot programme or a shadow fact,
    by its name (`sandbox.<name>`).
    """

    general: Band
    sensitive: Band
    within: dict[str, AllowanceBands] | UnsetType = UNSET


class Approval(Struct, frozen=True, forbid_unknown_fields=True, order=True):
    """So many persons have approved this export although a rule wants it reviewed."""

    code: str  # of the reason for the review
    persons: Count


class PolicyInput(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One question. `bands` is None in round 1 (treatments, exemptions), set in round 2.

    `approvals` and `opaque`, the content that could not be read, stand only where there is some;
    both are sorted. `mode` stands only on a route in shadow mode, where the question is whether
    the export may leave as it is.
    """

    schema: Literal["silkgate/policy-input/1"] = INPUT_SCHEMA
    at: Date
    exporter: Exporter
    route: str
    origin: CountryCode
    collected_in: CountryCode
    destination: CountryCode
    recipient: Recipient
    purpose: str
    basis: Basis
    fields: list[Field]  # sorted, distinct
    bands: Bands | None = None
    approvals: list[Approval] | UnsetType = UNSET
    opaque: list[Opaque] | UnsetType = UNSET
    mode: Literal["shadow"] | UnsetType = UNSET


class FieldTreatment(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is done to one category at one pointer.

    `hold`: records containing it stay. `restore`: the recipient's answer may be turned back for
    the caller.
    """

    pointer: str
    category: str
    treatment: str
    hold: bool = False
    restore: bool = False


class Counts(Struct, frozen=True, forbid_unknown_fields=True):
    """Which yearly tallies the persons of this export enter."""

    general: bool
    sensitive: bool


class Reason(Struct, frozen=True, forbid_unknown_fields=True):
    """One reason, in two languages, with the article it rests on."""

    code: str
    en: str
    zh: str
    citation: str


class Decision(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The whole answer. `mechanism` names the route that carries the export, or is None."""

    outcome: Outcome
    mechanism: str | None
    counts: Counts
    treatments: list[FieldTreatment]
    obligations: list[str]
    needs: list[str]  # facts that were missing, as configuration paths ("basis.mechanism")
    reasons: list[Reason]


_ENCODER: Final = msgspec.json.Encoder(order="sorted")


def encode(value: PolicyInput | Decision) -> bytes:
    """Canonical JSON (RFC 8785; the schemas hold no floats and only ASCII keys)."""
    return _ENCODER.encode(value)


def digest(value: PolicyInput | Decision) -> str:
    """SHA-256 of the canonical JSON, in hex."""
    return hashlib.sha256(encode(value)).hexdigest()


def decode_input(data: bytes | str) -> PolicyInput:
    """Read a policy input. Raises `msgspec.ValidationError` naming the field at fault."""
    return msgspec.json.decode(data, type=PolicyInput)


def decode_decision(data: bytes | str) -> Decision:
    """Read a decision. Raises `PolicyUnavailable` where it is not a complete one."""
    try:
        return msgspec.json.decode(data, type=Decision)
    except msgspec.DecodeError as error:
        raise PolicyUnavailable(f"the policy's answer is not a decision: {error}") from error
