"""What a table is still good for once it is treated: joins that survive, distributions kept."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from classifiers.model import Batch, Classification
from gateway.export.persons import person_of
from gateway.export.transfer import Route
from gateway.keys.keyring import hkdf, key_info
from gateway.operators.model import OperatorContext
from gateway.treatment.desensitize import KeyCellsNeeded, desensitize
from gateway.treatment.utility import Utility, utility
from policies.model import Decision


class _PassingKeys:
    """Keys for one look, of a secret that is then forgotten."""

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(32)

    def current(self, purpose: str) -> int:
        del purpose
        return 1

    def derive(self, purpose: str, context: str = "", *, version: int | None = None) -> bytes:
        del version
        return hkdf(self._secret, key_info(purpose, context))


def usefulness(
    batch: Batch,
    found: Classification,
    decisions: Sequence[Decision],
    assignment: Sequence[int],
    route: Route,
) -> Utility | None:
    """`batch` beside itself as `decisions` would have it treated.

    None where a name of a field itself would have to be treated. Raises `UnknownTreatment`.
    """
    keys = _PassingKeys()
    context = OperatorContext(recipient=route.settings.recipient, keys=keys)
    whose = person_of(batch, found, decisions, route, keys)
    try:
        treated = desensitize(batch, found, decisions, assignment, context, person_of=whose)
    except KeyCellsNeeded:
        return None
    return utility(batch, found.pointers, treated.edits)
