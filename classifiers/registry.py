"""Which detectors run. One explicit tuple: nothing is looked up by scanning or entry points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from classifiers.cn import mobile, resident_id
from classifiers.detector import Detector
from classifiers.finance import payment_card
from classifiers.net import email, ip_address

_DETECTORS: Final[tuple[Detector, ...]] = (
    resident_id.DETECTOR,
    mobile.DETECTOR,
    payment_card.DETECTOR,
    email.DETECTOR,
    ip_address.DETECTOR,
)


@dataclass(frozen=True, slots=True)
class Registry:
    """The value detectors of one classifier, each name once."""

    detectors: tuple[Detector, ...]

    def __post_init__(self) -> None:
        names = [detector.name for detector in self.detectors]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"detectors registered twice: {', '.join(twice)}; rename one of each")

    @property
    def versions(self) -> Mapping[str, str]:
        """Detector -> version, for the proof of complete inspection."""
        return {detector.name: detector.version for detector in self.detectors}

    def extended(self, detectors: Sequence[Detector]) -> Registry:
        """This registry with more detectors, such as those of `classifiers.presidio.adopt`."""
        return Registry((*self.detectors, *detectors))


def default_registry() -> Registry:
    """Every detector that ships with Silkgate."""
    return Registry(_DETECTORS)
