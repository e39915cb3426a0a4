"""Tax number of a person, of whatever country.

>>> verify("48760559-7584")
<Verdict.UNKNOWN: 'unknown'>
>>> verify("T1")
<Verdict.REFUTED: 'refuted'>
"""

from __future__ import annotations

from typing import Final

from classifiers.document.titled import titled_detector, verify

__all__ = ["DETECTOR", "verify"]

DETECTOR: Final = titled_detector("tax_number", "pi_gov_id", "TAX_ID", ("gov_id",))
