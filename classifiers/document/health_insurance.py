"""Number of a health card, an insured person or a patient.

>>> verify("M12345678")
<Verdict.UNKNOWN: 'unknown'>
>>> verify("N2")
<Verdict.REFUTED: 'refuted'>
"""

from __future__ import annotations

from typing import Final

from classifiers.document.titled import titled_detector, verify

__all__ = ["DETECTOR", "verify"]

DETECTOR: Final = titled_detector("health_insurance", "spi_health", "HEALTH_INSURANCE_NUMBER", ())
