"""Registration number of a business, of whatever country: a label, no person.

>>> verify("HRB 123456")
<Verdict.UNKNOWN: 'unknown'>
>>> verify("B1")
<Verdict.REFUTED: 'refuted'>
"""

from __future__ import annotations

from typing import Final

from classifiers.document.titled import titled_detector, verify

__all__ = ["DETECTOR", "verify"]

DETECTOR: Final = titled_detector("business_number", "biz_trade_doc", "BUSINESS_NUMBER", ())
