"""A scan as one HTML file that needs nothing else: to print, to mail, to file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from importlib.resources import files

from jinja2 import Environment, StrictUndefined

from gateway.scan.report import TableReport
from gateway.scan.samples import NotInspected
from gateway.treatment.utility import Join


@dataclass(frozen=True, slots=True)
class Heading:
    """What was asked: where the data would go, what for, by which bundle, and when."""

    destination: str
    purpose: str
    revision: str
    at: datetime


def page(
    heading: Heading,
    reports: Sequence[TableReport],
    missed: Sequence[NotInspected],
    joins: Sequence[Join],
    basis: str,
) -> str:
    """The report; every text in it is escaped.

    `joins` are those between tables; `basis` is TOML, "" where nothing lacked.
    """
    environment = Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
    )
    source = files("gateway.scan").joinpath("report.html.j2").read_text(encoding="utf-8")
    return environment.from_string(source).render(
        heading=heading,
        reports=reports,
        missed=missed,
        joins=joins,
        basis=basis,
        release=version("silkgate"),
    )
