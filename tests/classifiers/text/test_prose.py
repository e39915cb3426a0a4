"""Prose to findings: what is read, what is refused, what is remembered."""

import time
from collections.abc import Callable, Sequence

import pytest

from classifiers.columns import UNNAMED, ColumnLabel, label_columns
from classifiers.model import CellKind, Column, DetectionIncomplete, Finding, Verdict
from classifiers.text.engines import LazyEngine
from classifiers.text.gate import is_prose
from classifiers.text.model import Kind, Mention
from classifiers.text.prose import ProseClassifier


class Wordlist:
    """An engine that knows a few names."""

    def __init__(self, **names: Kind) -> None:
        self.names = names
        self.read: list[str] = []

    def mentions(self, texts: Sequence[str]) -> list[list[Mention]]:
        self.read.extend(texts)
        return [
            [
                Mention(at, at + len(name), kind)
                for name, kind in self.names.items()
                for at in [text.find(name)]
                if at >= 0
            ]
            for text in texts
        ]


class Broken:
    """An engine that fails with the text in its message."""

    def mentions(self, texts: Sequence[str]) -> list[list[Mention]]:
        raise RuntimeError(f"cannot read {texts[0]}")


def prose(engine: Callable[[], object], **options: int) -> ProseClassifier:
    """A classifier with one engine for all of Chinese."""
    return ProseClassifier(
        {"zh": LazyEngine(language="zh", version="1", load=engine)},  # type: ignore[arg-type]
        **options,
    )


def column(*values: str, name: str = "note") -> Column:
    """A column of distinct texts."""
    every = range(len(values))
    return Column(f"/{name}", name, CellKind.TEXT, values, [0] * len(values), every, every)


def find(
    classifier: ProseClassifier,
    *columns: Column,
    deadline: float | None = None,
    labels: Sequence[ColumnLabel] | None = None,
) -> list[tuple[str, str, Verdict]]:
    """Text, category and verdict of every finding."""
    found = classifier.findings(columns, labels or [UNNAMED] * len(columns), {}, deadline)
    return [(_text(columns, item), item.category, item.verdict) for item in found]


def _text(columns: Sequence[Column], finding: Finding) -> str:
    return columns[finding.column].values[finding.value][finding.start : finding.end]


def test_persons_and_addresses_are_likely_the_rest_is_noted() -> None:
    """A place or an organization points at nobody; a house does."""
    engine = Wordlist(
        张三=Kind.PERSON, 上海=Kind.PLACE, 中山路12号=Kind.PLACE, 甲公司=Kind.ORGANIZATION
    )
    assert find(prose(lambda: engine), column("张三在上海中山路12号的甲公司")) == [
        ("张三", "pi_basic", Verdict.LIKELY),
        ("上海", "pi_basic", Verdict.UNKNOWN),
        ("中山路12号", "pi_delivery", Verdict.LIKELY),
        ("甲公司", "pi_work_edu", Verdict.UNKNOWN),
    ]


def test_every_cell_of_prose_is_read_and_no_other() -> None:
    """What the gate lets through reaches the engine, once for equal texts."""
    engine = Wordlist()
    values = ["张三说", "123", "你好啊", "2024-01-01", "A-17", "好的"]
    find(prose(lambda: engine), column(*values), column(*values, name="other"))
    assert sorted(engine.read) == sorted(value for value in values if is_prose(value))


def test_an_engine_loads_when_a_text_needs_it() -> None:
    """Codes load nothing; threads share what was loaded."""
    loads: list[Wordlist] = []
    classifier = prose(lambda: loads.append(Wordlist()) or loads[-1])  # type: ignore[func-returns-value]
    find(classifier, column("123"))
    assert not loads
    find(classifier, column("张三说"))
    find(classifier, column("李四说"))
    assert len(loads) == 1


def test_texts_seen_before_are_not_read_again() -> None:
    """The cache answers, with the same findings."""
    engine = Wordlist(张三=Kind.PERSON)
    classifier = prose(lambda: engine)
    first = find(classifier, column("张三说"))
    assert find(classifier, column("张三说")) == first != []
    assert engine.read == ["张三说"]


def test_a_cache_without_room_only_costs_time() -> None:
    """Nothing is lost when the cache holds nothing."""
    engine = Wordlist(张三=Kind.PERSON)
    classifier = prose(lambda: engine, cache_bytes=0)
    assert find(classifier, column("张三说")) == find(classifier, column("张三说")) != []
    assert engine.read == ["张三说"] * 2


def test_too_much_text_is_refused() -> None:
    """Above the bound nothing is read, and the message holds no text."""
    classifier = prose(Wordlist, max_characters=10)
    with pytest.raises(DetectionIncomplete, match="17 characters of text to read, 10 allowed"):
        find(classifier, column("张三说李四说王", "王五说赵六说孙七说李"))


def test_a_late_engine_is_refused() -> None:
    """Past the deadline there is no answer at all."""
    with pytest.raises(DetectionIncomplete, match="deadline"):
        find(prose(Wordlist), column("张三说"), deadline=time.monotonic() - 1)


@pytest.mark.parametrize("factory", [Broken, lambda: 1 / 0])
def test_an_engine_that_fails_is_refused(factory: Callable[[], object]) -> None:
    """Whatever it raises, the refusal names the engine and its error, not the text."""
    with pytest.raises(DetectionIncomplete) as refusal:
        find(prose(factory), column("张三说"))
    assert "text.zh failed" in str(refusal.value)
    assert "张三" not in str(refusal.value)


def test_a_name_found_once_is_found_everywhere() -> None:
    """The same person named twice is found twice, in any cell of the batch."""
    engine = Wordlist(张小明=Kind.PERSON)
    found = find(prose(lambda: engine), column("张小明来了，张小明又走了", "问问张小明吧"))
    assert [text for text, _, _ in found] == ["张小明"] * 3


def test_names_in_fields_are_found_in_notes() -> None:
    """What a name field holds is a person in the note beside it too."""
    columns = [column("欧阳小小", name="receiver_name"), column("请交给欧阳小小本人")]
    found = find(prose(Wordlist), *columns, labels=label_columns(columns))
    assert ("欧阳小小", "pi_basic", Verdict.LIKELY) in found


def test_in_fields_of_the_trade_a_name_is_only_noted() -> None:
    """A product may be called like a person."""
    columns = [column("李宁跑步鞋", name="product_name")]
    engine = Wordlist(李宁=Kind.PERSON)
    found = find(prose(lambda: engine), *columns, labels=label_columns(columns))
    assert found == [("李宁", "pi_basic", Verdict.UNKNOWN)]


def test_long_texts_are_read_to_the_end() -> None:
    """A name after thousands of characters is found at its place."""
    engine = Wordlist(张小明=Kind.PERSON)
    text = "今天天气很好" * 2_000 + "张小明" + "今天天气很好" * 100
    assert find(prose(lambda: engine), column(text)) == [("张小明", "pi_basic", Verdict.LIKELY)]
    assert max(map(len, engine.read)) < 300


def test_a_guest_engine_reads_its_own_script_only() -> None:
    """The engine for Latin words in a Chinese text does not claim Chinese characters."""
    greedy = Wordlist(**{"小米8 Apple": Kind.PERSON, "Alice Tan": Kind.PERSON})
    classifier = ProseClassifier(
        {"en": LazyEngine(language="en", version="1", load=lambda: greedy)}
    )
    found = find(classifier, column("小米8 Apple iPad", "请问 Alice Tan 在吗"))
    assert found == [("Alice Tan", "pi_basic", Verdict.LIKELY)]


def test_a_guest_engine_is_given_its_own_script() -> None:
    """Chinese around an English name would only confuse the engine for Latin script."""
    engine = Wordlist(**{"Alice Tan": Kind.PERSON})
    classifier = ProseClassifier(
        {"en": LazyEngine(language="en", version="1", load=lambda: engine)}
    )
    found = find(classifier, column("请Alice Tan回电", "问Alice Tan好吗"))
    assert found == [("Alice Tan", "pi_basic", Verdict.LIKELY)] * 2
    assert set(engine.read) == {" Alice Tan  "}
