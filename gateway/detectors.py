"""The detectors of a configuration: what ships, and the team's own recognizers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

from classifiers.classify import Classifier
from classifiers.registry import Registry, default_registry
from classifiers.text.engines import import_engines
from gateway.cache import cache_dir
from gateway.errors import ConfigError
from gateway.export.evidence import detectors_digest
from gateway.settings import Settings

Sources = Mapping[str, str]  # a registry file as it is named in the configuration -> its text


@dataclass(frozen=True, slots=True)
class Detectors:
    """What runs, ready to run. `sources` are the team's files as they were read."""

    sources: Sources
    registry: Registry
    classifier: Classifier

    @property
    def digest(self) -> str:
        """What entries name the set by."""
        return detectors_digest(self.registry.versions)

    @contextmanager
    def warming(self) -> Iterator[None]:
        """Import the text engines now, and load them in the background.

        For a process that is about to serve: the import must not meet a want of descriptors. On
        leaving, the load stops after the part under way: an interpreter that ends while a thread
        is within C++ aborts.
        """
        if self.registry.engines:
            import_engines()
        leaving = Event()
        loading = Thread(target=self._load, args=(leaving,), name="detectors")
        loading.start()
        try:
            yield
        finally:
            leaving.set()
            loading.join()

    def _load(self, leaving: Event) -> None:
        with suppress(OSError):  # the first text that needs an engine loads it, or is refused
            for _ in self.classifier.warming():
                if leaving.is_set():
                    return


def load_detectors(settings: Settings, sources: Sources | None = None) -> Detectors:
    """Every detector that runs, compiled; of the team's files as they lie there now.

    With `sources` as they were read before: what is put in force runs unchanged until a reload.
    Raises `ConfigError` for a recognizer that cannot run.
    """
    sources = read_sources(settings) if sources is None else sources
    registry = registry_of(settings, sources)
    try:
        return Detectors(sources, registry, Classifier(registry, cache_dir=cache_dir()))
    except ValueError as error:
        raise ConfigError(f"[detectors]: {error}") from error


def registry_of(settings: Settings, sources: Sources) -> Registry:
    """Every detector that runs, not compiled. Raises `ConfigError`."""
    chosen = settings.detectors
    if not (sources or chosen.recognizers):
        return default_registry()
    from classifiers.team import team_detectors  # noqa: PLC0415 - imports Presidio

    try:
        team = team_detectors(sources, chosen.recognizers, chosen.categories)
        return default_registry().extended(team)
    except ValueError as error:  # a recognizer is refused, or has another's name
        raise ConfigError(f"[detectors]: {error}") from error


def read_sources(settings: Settings) -> Sources:
    """The team's registry files. Raises `ConfigError`."""
    return {name: _text(name, path) for name, path in detector_files(settings).items()}


def detector_files(settings: Settings) -> dict[str, Path]:
    """Where the team's registry files lie."""
    return {name: settings.path(name) for name in settings.detectors.files}


def _text(name: str, path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise ConfigError(f"[detectors]: {name}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"[detectors]: {name}: not UTF-8") from error
