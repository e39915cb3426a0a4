"""Two kinds of findings in one place, as one category: the strictest holds for both."""

from __future__ import annotations

from pathlib import Path

import pytest

from classifiers.model import Level, Verdict
from policies.bundle import load
from policies.embedded import EmbeddedEngine
from policies.model import Basis, Decision, Field, FieldTreatment
from tests.policies.folders import overlay
from tests.policies.questions import question

SHIPPED = EmbeddedEngine(load(), deadline_seconds=60)


def found(pointer: str, entity: str, verdict: Verdict = Verdict.CONFIRMED) -> Field:
    return Field(pointer, "pi_basic", Level.PI, verdict, False, entity)


def own(tmp_path: Path, person: str, email: str, restore: list[str] | None = None) -> Decision:
    """Persons and addresses at /x, a person at /y, under a purpose of the company's own."""
    profile = {
        "en": "x", "zh": "x", "grounds": ["consent"], "exemptions": [], "necessary": [],
        "treatments": {"pi_basic/PERSON": person, "pi_basic/EMAIL_ADDRESS": email},
        "hold": [], "replaceable": [], "agreements": {}, "destinations": {},
    }  # fmt: skip
    says = {"profiles": {"acme": profile}, "restore": {"any": restore or []}}
    engine = EmbeddedEngine(load(overlay=overlay(tmp_path, says)), deadline_seconds=60)
    fields = [found("/x", "EMAIL_ADDRESS"), found("/x", "PERSON"), found("/y", "PERSON")]
    return engine.decide_sync(
        question(purpose="acme", basis=Basis(ground="consent"), fields=sorted(fields))
    )


def test_the_strictest_holds_and_nothing_leaves() -> None:
    """A name to be kept and a birth date to be removed, in one text."""
    fields = sorted([found("/x", "PERSON"), found("/x", "DATE_OF_BIRTH")])
    decision = SHIPPED.decide_sync(question(fields=fields))
    assert decision.treatments == [FieldTreatment("/x", "pi_basic", "suppress")]
    assert not decision.counts.general


def test_what_is_kept_twice_leaves() -> None:
    """Once in the treatments; what was refuted there has no say."""
    fields = [found("/x", "PERSON"), found("/x", "ADDRESS"), found("/x", "GENDER", Verdict.REFUTED)]
    decision = SHIPPED.decide_sync(question(fields=sorted(fields)))
    assert decision.treatments == [FieldTreatment("/x", "pi_basic", "keep")]
    assert [reason.code for reason in decision.reasons] == ["cn.order16.art5.1.1"]


@pytest.mark.parametrize(
    ("person", "email", "both"),
    [
        ("mask:first=0", "mask:last=2", "suppress"),
        ("mask", "mask:last=2", "mask:last=2"),
        ("mask:first=0", "hash", "hash"),
        ("mask:first=0", "mask:first=0", "mask:first=0"),
    ],
)
def test_forms_of_a_treatment(tmp_path: Path, person: str, email: str, both: str) -> None:
    """Of two forms neither is known to hide more; a plain one yields; a stricter one holds."""
    decision = own(tmp_path, person, email)
    assert [entry.treatment for entry in decision.treatments] == [both, person]


@pytest.mark.parametrize(
    ("restore", "places"), [(["pi_basic/PERSON"], ["/y"]), (["pi_basic"], ["/x", "/y"]), ([], [])]
)
def test_a_place_is_restored_only_for_all(
    tmp_path: Path, restore: list[str], places: list[str]
) -> None:
    """Where one of two may not be turned back in an answer, neither is."""
    decision = own(tmp_path, "pseudonymize", "pseudonymize", restore)
    assert [entry.pointer for entry in decision.treatments if entry.restore] == places
