"""Words on sensitive matters are likely in text and nothing in trade columns."""

from __future__ import annotations

import pytest

from classifiers.classify import Classifier
from classifiers.model import Verdict
from tests.classifiers.batches import batch_of


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("客户确诊糖尿病，请勿配送含糖食品", "spi_health"),
        ("The buyer was diagnosed with cancer", "spi_health"),
        ("khách hàng bị tiểu đường", "spi_health"),
        ("他是佛教徒", "spi_religion"),
        ("曾被判处有期徒刑三年", "spi_criminal"),
        ("政治面貌：中共党员", "spi_specific_identity"),
    ],
)
def test_a_word_in_a_note(classifier: Classifier, text: str, category: str) -> None:
    """Likely, for a person to confirm."""
    findings = classifier.classify(batch_of([{"note": text}])).findings
    found = {f.verdict for f in findings if f.category == category}
    assert found == {Verdict.LIKELY}


def test_a_medicine_is_no_diagnosis(classifier: Classifier) -> None:
    """In a product's name the word names the product."""
    batch = batch_of([{"product_name": "糖尿病人专用无糖饼干"}])
    assert [f for f in classifier.classify(batch).findings if f.category == "spi_health"] == []
