"""No template that a model is trained on echoes a sentence that it is measured on."""

from pathlib import Path

import pytest

from benchmarks.training.corpus import Sentence, read, write
from benchmarks.training.leakage import echoes
from benchmarks.training.synthetic import templates
from benchmarks.training.train_crf import RECIPES, Recipe, gather

HELD_BACK = Path(__file__).parents[3] / "benchmarks/eval/data/text"
SENTENCE = Sentence("Ada Obi and Bo Lund mend every old clock .", ((0, 7, "PER"), (12, 19, "PER")))
PAIRS = [
    (measured, language)
    for measured, recipe in RECIPES.items()
    if recipe.words and recipe.corpora
    for language in recipe.made_up
]


@pytest.mark.parametrize(("measured", "language"), PAIRS)
def test_no_template_echoes_held_back_text(measured: str, language: str) -> None:
    """Of the published sentences that the figures in docs/text-engines.md are measured on."""
    path = HELD_BACK / f"{measured}.jsonl"
    if not path.exists():
        pytest.skip(f"{path.name} is not here; benchmarks.training.hold_back writes it")
    assert echoes(templates(language, "train"), list(read(path))) == []


@pytest.mark.parametrize(
    "template",
    [
        "{P} mend every old {N}",  # the name counts as one word
        "They Mend Every Old clock!",  # small and large letters, signs
        "{G} and {G} mend every old clock .",
        "Bo Lund mend every toy",  # the name itself
    ],
)
def test_shared_runs_are_found(template: str) -> None:
    """Four words in a row, three of them no names."""
    assert [found for found, _ in echoes([template], [SENTENCE])] == [template]


def test_a_short_sentence_is_found_whole() -> None:
    """Sentences shorter than a run are compared as they are; a lone name tells nothing."""
    held = [Sentence("See below :", ()), Sentence("Ada", ((0, 3, "PER"),))]
    assert [found for found, _ in echoes(["See below", "{P}", "Ask {P}"], held)] == ["See below"]


def test_what_any_text_shares_is_no_echo() -> None:
    """Names with little words between them, and runs of three."""
    assert echoes(["{P} and {P} mend it", "mend every old shoe", "{P}"], [SENTENCE]) == []


def test_training_refuses_an_echo(tmp_path: Path) -> None:
    """Before anything is trained, and says which template it was."""
    plain = (item for item in templates("en", "train") if "{" not in item)
    template = next(item for item in plain if len(item.split()) > 4)
    texts = (f"{template} {number}" for number in range(1000))
    held = next(sentence for text in texts if (sentence := Sentence(text, ())).held_back)
    write(tmp_path / "some.jsonl", [held])
    with pytest.raises(ValueError, match="held back for measuring"):
        gather(Recipe(True, ("some",), {"en": 1}), tmp_path)
