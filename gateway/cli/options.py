"""Options that several commands share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

DEFAULT_CONFIG = Path("gateway.toml")


class Output(StrEnum):
    """How a result is printed."""

    TABLE = "table"
    JSON = "json"


ConfigOption = Annotated[
    Path, typer.Option("--config", "-c", help="The configuration file.", show_default=True)
]
DetectorsOption = Annotated[
    Path | None,
    typer.Option("--config", "-c", help="A configuration whose [detectors] run as well."),
]
ContractOption = Annotated[
    str, typer.Option("--route", help="A route of --config whose data contract holds.")
]
WorkersOption = Annotated[
    int, typer.Option("--workers", min=1, max=64, help="Processes that compute; 1: none beside.")
]
OutputOption = Annotated[Output, typer.Option("--output", "-o", help="How to print the result.")]
LogOption = Annotated[
    Path | None, typer.Option("--log", help="The audit log's folder, instead of a configuration.")
]
