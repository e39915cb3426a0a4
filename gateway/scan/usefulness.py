"""What a table is still good for once it is treated: joins that survive, distributions kept."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, product

from classifiers.model import Classification
from gateway.export.persons import person_of
from gateway.export.transfer import Route
from gateway.keys.keyring import hkdf, key_info
from gateway.operators.model import OperatorContext
from gateway.scan.samples import Table
from gateway.treatment.desensitize import KeyCellsNeeded, desensitize
from gateway.treatment.utility import ColumnValues, Join, Utility, joins, utility, values_of
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


class Comparison:
    """Tables beside themselves as they would be treated for one recipient, under passing keys."""

    def __init__(self) -> None:
        self._keys = _PassingKeys()
        self._tables: list[list[ColumnValues]] = []

    def of(
        self,
        table: Table,
        found: Classification,
        decisions: Sequence[Decision],
        assignment: Sequence[int],
        route: Route,
    ) -> Utility | None:
        """`table` treated as `decisions` say.

        None where a name of a field itself would have to be treated. Raises `UnknownTreatment`.
        """
        context = OperatorContext(recipient=route.settings.recipient, keys=self._keys)
        batch = table.batch
        whose = person_of(batch, found, decisions, route, self._keys)
        try:
            treated = desensitize(batch, found, decisions, assignment, context, person_of=whose)
        except KeyCellsNeeded:
            return None
        values = values_of(batch, found.pointers, treated.edits)
        self._tables.append([replace(one, pointer=f"{table.name} {one.pointer}") for one in values])
        return utility(batch, found.pointers, treated.edits)

    def joins(self) -> list[Join]:
        """The joins from one table to another; places are named with their tables."""
        pairs = combinations(self._tables, 2)
        return [join for left, right in pairs for join in joins(product(left, right))]
