"""The operators inside Presidio's own engine."""

from __future__ import annotations

import re

import pytest
from presidio_anonymizer import AnonymizerEngine
from presidio_anonymizer.entities import InvalidParamError, OperatorConfig, RecognizerResult

from gateway.operators.encrypt import decrypt
from gateway.operators.model import OperatorContext
from gateway.operators.presidio import presidio_operators
from gateway.operators.registry import OPERATORS
from tests.gateway.treating import FakeKeys

_CHANCE = {"encrypt", "encrypt/sm4", "noise", "shuffle"}  # another text each time
_TEXT, _START, _END = "call 13800138000 now", 5, 16


@pytest.fixture(scope="module")
def engine() -> AnonymizerEngine:
    """An ordinary engine with all our operators."""
    made = AnonymizerEngine()
    for form in presidio_operators(recipient="R", keys=FakeKeys()):
        made.add_anonymizer(form)
    return made


def _anonymized(engine: AnonymizerEngine, name: str, params: dict[str, str] | None = None) -> str:
    config = OperatorConfig(f"silkgate_{name.replace('/', '_')}", params or {})
    found = [RecognizerResult("PHONE_NUMBER", _START, _END, 1.0)]
    text = engine.anonymize(_TEXT, found, {"DEFAULT": config}).text
    assert text is not None
    return str(text)


@pytest.mark.parametrize("name", sorted(set(OPERATORS) - _CHANCE))
def test_presidio_gives_what_the_column_form_gives(engine: AnonymizerEngine, name: str) -> None:
    """Each treatment, by the entity that Presidio passes."""
    context = OperatorContext(recipient="R", keys=FakeKeys(), entity="PHONE_NUMBER")
    (want,) = OPERATORS[name].apply([_TEXT[_START:_END]], context)
    assert _anonymized(engine, name) == f"call {want} now"


@pytest.mark.parametrize("name", sorted(_CHANCE))
def test_those_with_chance_work_too(engine: AnonymizerEngine, name: str) -> None:
    """Something else in the number's place; a token opens to it."""
    made = _anonymized(engine, name).removeprefix("call ").removesuffix(" now")
    assert made != _TEXT[_START:_END]
    if name.startswith("encrypt"):
        context = OperatorContext(recipient="R", keys=FakeKeys())
        assert decrypt(made, context) == _TEXT[_START:_END]


def test_parameters_and_the_person_come_with_the_config(engine: AnonymizerEngine) -> None:
    """Spelt as policy spells them; wrong ones are Presidio's own error."""
    assert _anonymized(engine, "mask", {"parameters": "first=0"}) == "call *******8000 now"
    with pytest.raises(InvalidParamError, match="first must be"):
        _anonymized(engine, "mask", {"parameters": "first=x"})
    found = [RecognizerResult("DATE_TIME", 0, 10, 1.0)]
    config = {"DEFAULT": OperatorConfig("silkgate_shift", {"subject": "p"})}
    moved = engine.anonymize("2000-01-01", found, config).text
    assert re.fullmatch(r"(1999|2000)-\d\d-\d\d", str(moved))
