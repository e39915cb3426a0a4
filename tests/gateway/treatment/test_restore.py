"""Answers turned back for the caller who sent the request."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.treatment.restore import StreamRestorer, in_json_string, restore_json
from gateway.treatment.stand_ins import StandIn
from tests.gateway.treating import NAME, PHONE, decision, treat

_TEXT = st.text("ab\u5f20", min_size=1, max_size=4)
_MAP = st.dictionaries(_TEXT, _TEXT, max_size=4)


def _stand_ins(texts: dict[str, str]) -> dict[str, StandIn]:
    return {text: StandIn(original, frozenset({"f"})) for text, original in texts.items()}


def _reference(text: str, texts: dict[str, str]) -> str:
    """Leftmost, longest, once."""
    if not texts:
        return text
    longest = "|".join(map(re.escape, sorted(texts, key=len, reverse=True)))
    return re.sub(longest, lambda found: texts[found[0]], text)


@given(_MAP, st.lists(st.text("ab\u5f20 ", max_size=5), max_size=6), st.integers(1, 4))
def test_chunks_do_not_matter(texts: dict[str, str], parts: list[str], size: int) -> None:
    """However the stream is cut, even within a character, the result is the same."""
    data = "".join(parts).encode()
    restorer = StreamRestorer(_stand_ins(texts))
    chunks = [data[i : i + size] for i in range(0, len(data), size)]
    out = b"".join([*map(restorer.feed, chunks), restorer.finish()])
    assert out.decode() == _reference("".join(parts), texts)


def test_a_stream_is_not_held_back_without_need() -> None:
    """Only what may begin a stand-in waits for more."""
    restorer = StreamRestorer(_stand_ins({"psn_1_abc": 'x"y'}), in_json_string)
    assert restorer.feed(b"data: hello ps") == b"data: hello "
    assert restorer.feed(b"n_1_ab") == b""
    assert restorer.feed(b"c\n\n") == b'x\\"y\n\n'
    assert restorer.feed(b"ps") == b""
    assert restorer.finish() == b"ps"
    assert restorer.count == 1


@pytest.mark.parametrize("treatment", ["pseudonymize", "encrypt", "surrogate", "format_preserve"])
def test_an_echo_comes_back(treatment: str) -> None:
    """What the recipient returns in the field it got it in is what was sent."""
    rules = decision({("/*/p", PHONE): treatment, ("/*/name", NAME): "mask"})
    sent = [{"p": "13800138000", "name": "欧阳丰"}, {"p": "13911112222"}]
    out, treated = treat(json.dumps(sent).encode(), [rules])
    assert set(treated.stand_ins) == {each["p"] for each in json.loads(out)}
    answer = json.dumps({"ok": True, "echo": json.loads(out)}).encode()
    restored, count = restore_json(answer, treated.stand_ins)
    assert [each["p"] for each in json.loads(restored)["echo"]] == ["13800138000", "13911112222"]
    assert count == 2


def test_only_fields_that_were_sent_are_restored() -> None:
    """A recipient that puts a token into a field of its own, or into a key, learns nothing new."""
    token = "psn_1_aaaa"
    stand_ins = {token: StandIn("13800138000", frozenset({"p"}))}
    answer = json.dumps({"url": f"https://x/?{token}", token: 1, "p": f"to {token}", "q": token})
    restored, count = restore_json(answer.encode(), stand_ins)
    assert json.loads(restored) == {**json.loads(answer), "p": "to 13800138000"}
    assert count == 1


def test_another_requests_tokens_stay() -> None:
    """Nothing that this request did not send can be had."""
    _, treated = treat(b'{"p": "13800138000"}', [decision({("/p", PHONE): "pseudonymize"})])
    other = b'{"p": "psn_1_' + b"b" * 24 + b'"}'
    assert restore_json(other, treated.stand_ins) == (other, 0)


def test_nothing_is_turned_back_unless_policy_says_so() -> None:
    """Reversible is not enough; and a field that policy says nothing of is not turned back."""
    body = b'{"p": "13800138000", "q": "13800138000"}'
    rules = {("/p", PHONE): "pseudonymize", ("/q", PHONE): "pseudonymize"}
    _, treated = treat(body, [decision(rules, restore=False)])
    assert treated.stand_ins == {}
    half = decision({("/p", PHONE): "pseudonymize"})
    half.treatments.extend(decision({("/q", PHONE): "pseudonymize"}, restore=False).treatments)
    _, treated = treat(body, [half])
    assert [each.names for each in treated.stand_ins.values()] == [{"p"}]


def test_what_stands_for_two_is_not_restored() -> None:
    """Masks and placeholders never, surrogates only where one stands for one."""
    body = b'[{"name": "a\\u5f20"}, {"name": "b\\u5f20"}, {"p": "13800138000"}]'
    _, treated = treat(body, [decision({("/*/name", NAME): "mask"})])
    assert treated.stand_ins == {}
