"""The operators inside Presidio's own engine."""

from __future__ import annotations

from presidio_anonymizer import AnonymizerEngine
from presidio_anonymizer.entities import OperatorConfig, RecognizerResult

from gateway.operators.model import OperatorContext
from gateway.operators.presidio import presidio_operators
from gateway.operators.registry import OPERATORS
from tests.gateway.treating import FakeKeys


def test_presidio_gives_what_the_column_form_gives() -> None:
    """Each treatment, by the entity that Presidio passes."""
    text, start, end = "call 13800138000 now", 5, 16
    engine = AnonymizerEngine()
    for form in presidio_operators(recipient="R", keys=FakeKeys()):
        engine.add_anonymizer(form)
    context = OperatorContext(recipient="R", keys=FakeKeys(), entity="PHONE_NUMBER")
    for name in set(OPERATORS) - {"encrypt", "encrypt/sm4", "noise", "shuffle"}:
        config = OperatorConfig(f"silkgate_{name.replace('/', '_')}")
        result = engine.anonymize(
            text, [RecognizerResult("PHONE_NUMBER", start, end, 1.0)], {"DEFAULT": config}
        )
        (want,) = OPERATORS[name].apply([text[start:end]], context)
        assert result.text == f"call {want} now"
