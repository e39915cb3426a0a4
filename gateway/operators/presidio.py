"""The operators as Presidio Anonymizer operators, for use in any `AnonymizerEngine`.

    engine = AnonymizerEngine()
    for form in presidio_operators(recipient="Partner", keys=keyring):
        engine.add_anonymizer(form)
    engine.anonymize(text, results, {"DEFAULT": OperatorConfig("silkgate_mask")})

Importing this module imports Presidio, which takes seconds; the export pipeline never does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from presidio_anonymizer.operators import Operator as PresidioOperator
from presidio_anonymizer.operators import OperatorType

from gateway.operators.model import Operator, OperatorContext
from gateway.operators.registry import OPERATORS
from gateway.ports import KeyProvider


class Form(PresidioOperator):
    """One of our operators. Presidio makes an instance for each text, so the class holds it all."""

    treatment: ClassVar[Operator]
    context: ClassVar[OperatorContext]

    def operate(self, text: str = "", params: Mapping[str, Any] | None = None) -> str:
        """The new text; Presidio passes the entity in `params`."""
        entity = str((params or {}).get("entity_type", ""))
        context = OperatorContext(
            recipient=self.context.recipient, keys=self.context.keys, entity=entity
        )
        return self.treatment.apply([text], context)[0]

    def validate(self, params: Mapping[str, Any] | None = None) -> None:
        """There are no parameters to get wrong."""

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
        type(f"Silkgate_{name}", (Form,), {"treatment": operator, "context": context})
        for name, operator in OPERATORS.items()
    ]
