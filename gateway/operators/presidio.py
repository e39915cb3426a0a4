"""The operators as Presidio Anonymizer operators, for use in any `AnonymizerEngine`.

    engine = AnonymizerEngine()
    for form in presidio_operators(recipient="Partner", keys=keyring):
        engine.add_anonymizer(form)
    engine.anonymize(text, results, {"DEFAULT": OperatorConfig("silkgate_mask")})

A treatment's parameters are the config's `parameters` (`{"parameters": "first=0,last=2"}`), the
person that `shift` needs is its `subject`.

Importing this module imports Presidio, which takes seconds; the export pipeline never does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from presidio_anonymizer.entities import InvalidParamError
from presidio_anonymizer.operators import Operator as PresidioOperator
from presidio_anonymizer.operators import OperatorType

from gateway.operators.model import Operator, OperatorContext
from gateway.operators.registry import OPERATORS, UnknownTreatment, operator
from gateway.ports import KeyProvider


class Form(PresidioOperator):
    """One of our operators. Presidio makes an instance for each text, so the class holds it all."""

    treatment: ClassVar[Operator]
    context: ClassVar[OperatorContext]

    def operate(self, text: str = "", params: Mapping[str, Any] | None = None) -> str:
        """The new text; Presidio passes the entity in `params`."""
        said = params or {}
        context = OperatorContext(
            recipient=self.context.recipient,
            keys=self.context.keys,
            entity=str(said.get("entity_type", "")),
            subject=str(said.get("subject", "")),
        )
        return self._configured(said).apply([text], context)[0]

    def validate(self, params: Mapping[str, Any] | None = None) -> None:
        """Raise `InvalidParamError` for parameters that the treatment does not take."""
        try:
            self._configured(params or {})
        except UnknownTreatment as error:
            raise InvalidParamError(str(error)) from error

    def _configured(self, params: Mapping[str, Any]) -> Operator:
        parameters = params.get("parameters", "")
        return operator(f"{self.treatment.name}:{parameters}") if parameters else self.treatment

    def operator_name(self) -> str:
        """`silkgate_` and the treatment's name."""
        return f"silkgate_{self.treatment.name.replace('/', '_')}"

    def operator_type(self) -> OperatorType:
        """All are anonymizers in Presidio's sense."""
        return OperatorType.Anonymize


def presidio_operators(*, recipient: str, keys: KeyProvider) -> list[type[Form]]:
    """One class for each treatment, bound to a recipient and a keyring."""
    context = OperatorContext(recipient=recipient, keys=keys)
    return [
        type(f"Silkgate_{name}", (Form,), {"treatment": each, "context": context})
        for name, each in OPERATORS.items()
    ]
