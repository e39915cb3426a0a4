"""Number of a driving licence, of whatever country or state.

>>> verify("KA1220157244828")
<Verdict.UNKNOWN: 'unknown'>
>>> verify("B72")
<Verdict.REFUTED: 'refuted'>
"""

from __future__ import annotations

from typing import Final

from classifiers.document.titled import titled_detector, verify

__all__ = ["DETECTOR", "verify"]

DETECTOR: Final = titled_detector("driving_licence", "pi_gov_id", "DRIVER_LICENSE", ("gov_id",))
