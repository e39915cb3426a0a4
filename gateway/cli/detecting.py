"""What `classify` and `scan` look with: the shipped detectors, or those of a configuration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from classifiers.classify import Classifier
from classifiers.codes import NO_CODES, Coded
from classifiers.registry import default_registry
from gateway.cache import cache_dir
from gateway.cli.terminal import fail
from gateway.detectors import load_detectors
from gateway.errors import ConfigError
from gateway.export.transfer import Route
from gateway.settings import load


@dataclass(frozen=True, slots=True)
class Looking:
    """A classifier, and the data contract and codes of a route if one was named."""

    classifier: Classifier
    declared: Mapping[str, str]
    coded: Mapping[str, Coded]


def looking(config: Path | None, route: str) -> Looking:
    """As the command was told. Ends it where the configuration cannot be used."""
    if config is None:
        if route:
            fail("--route names a route of a configuration; say which with --config")
        return Looking(Classifier(default_registry(), cache_dir=cache_dir()), {}, NO_CODES)
    try:
        settings = load(config)
        classifier = load_detectors(settings).classifier
    except ConfigError as error:
        fail(str(error))
    if not route:
        return Looking(classifier, {}, NO_CODES)
    if route not in settings.routes:
        fail(f"{config} has no [routes.{route}]")
    made = Route.of(route, settings.routes[route], settings.exporter)
    return Looking(classifier, made.declared, made.coded)
