"""Our own sentences for measuring are well marked, and no training template is among them."""

import pytest

from benchmarks.eval.own import FOLDER, parse, registers
from benchmarks.training.synthetic import templates

LANGUAGES = sorted(path.stem for path in FOLDER.glob("*.txt"))


def test_marks_become_spans() -> None:
    """The text without marks, spans in code points."""
    sentence = parse("Hi {P|Ada}, {A|1 Elm Road}!")
    assert sentence.text == "Hi Ada, 1 Elm Road!"
    assert sentence.entities == ((3, 6, "PER"), (8, 18, "ADDR"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_is_well_marked(language: str) -> None:
    """No mark is left over, and every register has sentences with and without names."""
    sentences = [item for found in registers(language).values() for item in found]
    assert not [item.text for item in sentences if "|" in item.text]
    assert any(item.entities for item in sentences)
    assert any(not item.entities for item in sentences)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_a_training_template(language: str) -> None:
    """What stands around the names was not trained on."""
    carriers = {item for item in templates(language, "train") if len(item) > 12}
    assert not carriers & {item.text for found in registers(language).values() for item in found}
