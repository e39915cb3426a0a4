"""An overlay's treatments tighten, whatever stands where in the order of strictness."""

import json
from pathlib import Path

import msgspec
import pytest

from policies.bundle import load
from policies.embedded import EmbeddedEngine
from policies.model import PolicyInput
from tests.policies.questions import ORDER

STRICTNESS = load().data["silkgate"]["strictness"]["order"]


@pytest.mark.parametrize("treatment", STRICTNESS)
def test_every_treatment_tightens_keep(tmp_path: Path, treatment: str) -> None:
    """Keep is the laxest, so any other treatment of the overlay holds."""
    table = {"order_fulfilment": {"pi_contact_phone": treatment, "pi_account": treatment}}
    overlay = {"silkgate": {"overlay": {"treatments": table}}}
    (tmp_path / "data.json").write_text(json.dumps(overlay))
    engine = EmbeddedEngine(load(overlay=tmp_path))
    decision = engine.decide_sync(msgspec.convert(ORDER, PolicyInput))
    found = {each.category: each.treatment for each in decision.treatments}
    suppressed = treatment if treatment.startswith("suppress") else "suppress"
    assert found == {"pi_contact_phone": treatment, "pi_account": suppressed}
