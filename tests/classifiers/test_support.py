"""Words that speak for a detector: what the compiled search finds, beside one phrase at a time."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from classifiers.detector import Detector
from classifiers.expression import COMPOUNDED, spelled
from classifiers.registry import default_registry
from classifiers.support import Support

_DETECTORS = default_registry().detectors
_SUPPORT = Support(_DETECTORS)
_PHRASES = sorted({phrase for detector in _DETECTORS for phrase in detector.context})
_TEXTS = st.lists(
    st.sampled_from(_PHRASES)
    | st.sampled_from([" ", "_", "-", ": ", "x", "nummer", " no", "ID", "12"])
    | st.sampled_from(_PHRASES).map(str.upper)
    | st.sampled_from(_PHRASES).map(lambda phrase: phrase.replace(" ", "_")[:-1]),
    max_size=4,
).map("".join)


def _one_by_one(phrase: str, text: str) -> bool:
    source = spelled(phrase)
    if phrase.isascii():
        number = "(?:[ _.-]?(?:s?nummer|nummeret|nr|no|num|number|numero|id|code))?"
        source = f"(?<![a-z]){source}{number * (len(phrase) >= COMPOUNDED)}(?![a-z])"
    return re.search(source, text, re.IGNORECASE) is not None


@given(st.sampled_from([each for each in _DETECTORS if each.context]), _TEXTS)
def test_common_beginnings_change_nothing(detector: Detector, text: str) -> None:
    """The search that reads them once says what each phrase alone says."""
    expected = any(_one_by_one(phrase, text) for phrase in detector.context)
    assert _SUPPORT.among(detector.name, text) is expected
