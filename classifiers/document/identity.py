"""Number of an identity document or of social insurance, of whatever country.

>>> verify("EA-482913")
<Verdict.UNKNOWN: 'unknown'>
>>> verify("A12")
<Verdict.REFUTED: 'refuted'>
"""

from __future__ import annotations

from typing import Final

from classifiers.document.titled import titled_detector, verify

__all__ = ["DETECTOR", "verify"]

DETECTOR: Final = titled_detector("identity", "pi_gov_id", "GOVERNMENT_ID", ("gov_id",))
