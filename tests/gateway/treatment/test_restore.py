"""Answers turned back for the caller who sent the request."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.treatment import restore
from gateway.treatment.events import EventRestorer
from gateway.treatment.restore import (
    JsonRestorer,
    LinesRestorer,
    Matcher,
    TextRestorer,
    restore_json,
)
from gateway.treatment.stand_ins import StandIn, joined
from tests.gateway.treating import NAME, PHONE, decision, treat

_TEXT = st.text("ab 张", min_size=1, max_size=4)
_MAP = st.dictionaries(_TEXT, _TEXT, max_size=4)
_PARTS = st.lists(st.text("ab张 ", max_size=5), max_size=6)


def _matcher(texts: dict[str, str], name: str = "") -> Matcher:
    return Matcher({text: StandIn(original, frozenset({name})) for text, original in texts.items()})


def _reference(text: str, texts: dict[str, str]) -> str:
    """Leftmost, longest, once; not within a longer word."""
    out, at = "", 0
    while at < len(text):
        found = max((t for t in texts if text.startswith(t, at)), key=len, default="")
        end = at + (len(found) or 1)
        word = "ab"
        inside = found and (
            (at and text[at - 1] in word and found[0] in word)
            or (end < len(text) and found[-1] in word and text[end] in word)
        )
        out += texts[found] if found and not inside else text[at:end]
        at = end
    return out


@given(_MAP, _PARTS, st.integers(1, 4))
def test_chunks_do_not_matter(texts: dict[str, str], parts: list[str], size: int) -> None:
    """However a text is cut, even within a character, the result is the same."""
    data = "".join(parts).encode()
    restorer = TextRestorer(_matcher(texts))
    chunks = [data[i : i + size] for i in range(0, len(data), size)]
    out = b"".join([*map(restorer.feed, chunks), restorer.finish()])
    assert out.decode() == _reference("".join(parts), texts)


@given(_MAP, _PARTS, st.integers(1, 9))
def test_events_do_not_matter(texts: dict[str, str], parts: list[str], size: int) -> None:
    """However a field's text is spread over events, and events over chunks."""
    events = [{"d": {"t": part}, "index": 0} for part in parts]
    data = b"".join(b"data: " + json.dumps(each).encode() + b"\n\n" for each in events)
    restorer = EventRestorer(_matcher(texts, "t"))
    chunks = [data[i : i + size] for i in range(0, len(data), size)]
    out = b"".join([*map(restorer.feed, chunks), restorer.finish()])
    got = [json.loads(line[6:]) for line in out.decode().split("\n\n") if line]
    assert "".join(each["d"]["t"] for each in got) == _reference("".join(parts), texts)
    assert all(each["index"] == 0 for each in got)


def test_what_an_event_leaves_open_comes_before_its_end() -> None:
    """In a copy of the last event that had the field; other choices go on meanwhile."""

    def event(index: int, **delta: str) -> bytes:
        choice = {"index": index, "delta": delta}
        return b"data: " + json.dumps({"id": "x", "choices": [choice]}).encode() + b"\n\n"

    restorer = EventRestorer(_matcher({"psn_1_abc": "Li"}, "content"))
    assert restorer.feed(event(0, content="to psn_1_")) == event(0, content="to ")
    assert restorer.feed(event(1, content="ps")) == event(1, content="")
    assert restorer.feed(event(0, content="abc")) == event(0, content="")
    assert restorer.feed(b": ping\n\n") == b": ping\n\n"
    assert restorer.feed(event(0)) == event(0, content="Li") + event(0)
    assert restorer.feed(b"data: [DONE]\n\n") == event(1, content="ps") + b"data: [DONE]\n\n"
    assert restorer.finish() == b""


@pytest.mark.parametrize(
    "raw",
    [
        b"data: not json\n\n",
        b'data: {"t": "psn_1_abc",\ndata: "u": 1}\n\n',
        b"event: x\nid: 3\n\n",
        b'data: {"u": "psn_1_abc"}\r\n\r\n',
        b'data: {"t": "psn_1_abcd psn_1_ab."}\n\n',
        b"\xff\xfe\n\n",
        b'data: {"t": "no end psn_1_abc"}',
    ],
)
def test_what_is_not_a_field_that_was_sent_passes_byte_for_byte(raw: bytes) -> None:
    """Events that are no JSON, other fields, longer words, an event without its end."""
    restorer = EventRestorer(_matcher({"psn_1_abc": "Li"}, "t"))
    assert restorer.feed(raw) + restorer.finish() == raw


def test_a_text_is_not_held_back_without_need() -> None:
    """Only what may become a stand-in waits for more."""
    restorer = TextRestorer(_matcher({"psn_1_abc": 'x"y'}))
    assert restorer.feed(b"hello ps") == b"hello "
    assert restorer.feed(b"n_1_ab") == b""
    assert restorer.feed(b"c") == b""  # psn_1_abcd would be another
    assert restorer.feed(b"!\xffps") == b'x"y!\xff'
    assert restorer.finish() == b"ps"


@given(_MAP, _PARTS, st.integers(1, 9))
def test_lines_are_json_texts(texts: dict[str, str], parts: list[str], size: int) -> None:
    """Each restored for itself; what is no JSON passes."""
    data = b"".join(json.dumps({"t": part}).encode() + b"\nno json\n" for part in parts)
    restorer = LinesRestorer(_matcher(texts, "t"))
    chunks = [data[i : i + size] for i in range(0, len(data), size)]
    out = b"".join([*map(restorer.feed, chunks), restorer.finish()])
    got = [json.loads(line)["t"] for line in out.split(b"\n") if line not in (b"", b"no json")]
    assert got == [_reference(part, texts) for part in parts]
    assert out.count(b"no json") == len(parts)


def test_escapes_of_json_are_read_and_written() -> None:
    """A token spelt with escapes is the token; an original with a quote stays one string."""
    matcher = _matcher({"psn_1_abc": 'Li "x"\n'}, "t")
    answer = b'{"t": "\\u0070sn_1_abc", "n": 1.10}'
    assert restore_json(answer, matcher) == b'{"t": "Li \\"x\\"\\n", "n": 1.10}'


def test_the_quota_stops_at_its_end() -> None:
    """What is over it stays as it came, and is known."""
    left = iter([True, True, False])
    stand_ins = {"psn_1_a": StandIn("Li", frozenset({"t"}), "pi_basic")}
    matcher = Matcher(stand_ins, lambda: next(left))
    answer = json.dumps({"t": "psn_1_a psn_1_a psn_1_a psn_1_a"}).encode()
    assert json.loads(restore_json(answer, matcher))["t"] == "Li Li psn_1_a psn_1_a"
    assert matcher.limited
    assert matcher.count == {"pi_basic": 2}


def test_a_large_answer_passes_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is held in memory beyond the limit."""
    monkeypatch.setattr(restore, "MAX_WHOLE_BYTES", 20)
    restorer = JsonRestorer(_matcher({"psn_1_a": "Li"}, "t"))
    body = b'{"t": "psn_1_a", "u": "........"}'
    assert restorer.feed(body[:20]) == b""
    assert restorer.feed(body[20:]) + restorer.finish() == body


@pytest.mark.parametrize("treatment", ["pseudonymize", "encrypt", "surrogate", "format_preserve"])
def test_an_echo_comes_back(treatment: str) -> None:
    """What the recipient returns in the field it got it in is what was sent."""
    rules = decision({("/*/p", PHONE): treatment, ("/*/name", NAME): "mask"})
    sent = [{"p": "13800138000", "name": "欧阳丰"}, {"p": "13911112222"}]
    out, treated = treat(json.dumps(sent).encode(), [rules])
    assert set(treated.stand_ins) == {each["p"] for each in json.loads(out)}
    answer = json.dumps({"ok": True, "echo": json.loads(out)}).encode()
    matcher = Matcher(treated.stand_ins)
    restored = restore_json(answer, matcher)
    assert [each["p"] for each in json.loads(restored)["echo"]] == ["13800138000", "13911112222"]
    assert matcher.count == {PHONE: 2}


def test_only_fields_that_were_sent_are_restored() -> None:
    """A recipient that puts a token into a field of its own, or into a key, learns nothing new."""
    token = "psn_1_aaaa"
    stand_ins = {token: StandIn("13800138000", frozenset({"p"}))}
    answer = json.dumps({"url": f"https://x/?{token}", token: 1, "p": f"to {token}", "q": token})
    restored = restore_json(answer.encode(), Matcher(stand_ins))
    assert json.loads(restored) == {**json.loads(answer), "p": "to 13800138000"}


def test_another_requests_tokens_stay() -> None:
    """Nothing that this request did not send can be had."""
    _, treated = treat(b'{"p": "13800138000"}', [decision({("/p", PHONE): "pseudonymize"})])
    other = b'{"p": "psn_1_' + b"b" * 24 + b'"}'
    assert restore_json(other, Matcher(treated.stand_ins)) == other


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


def test_a_stand_in_that_was_also_sent_as_it_is_stands_for_nothing() -> None:
    """A made-up name that somebody in the request has: nobody can tell who is meant."""
    rules = decision({("/p", PHONE): "surrogate"})
    out, treated = treat(b'{"p": "13800138000", "x": "-"}', [rules])
    (made,) = treated.stand_ins
    body = json.dumps({"p": "13800138000", "x": f"order {made}"}).encode()
    _, treated = treat(body, [rules])
    assert made in out.decode()
    assert treated.stand_ins == {}


def test_groups_of_a_stream_together() -> None:
    """Names add up; a token that stands for two stands for none, whatever comes later."""
    one, two = (StandIn(text, frozenset({"p"}), "c") for text in "12")
    also = StandIn("1", frozenset({"q"}), "c")
    assert joined([{"a": one}, {"a": also}]) == {"a": StandIn("1", frozenset("pq"), "c")}
    assert joined([{"a": one}, {"a": two}, {"a": one}]) == {}
