"""The last look before sending: faults elsewhere must stop here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from gateway.codecs.json import decode
from gateway.treatment.desensitize import Treated, desensitize
from gateway.treatment.residual import ResidualFinding, residual_check
from policies.model import Decision
from tests.gateway.treating import NAME, PHONE, classify, context, decision


def _treated(body: bytes, rules: Sequence[Decision]) -> Treated:
    batch = decode(body).batch
    return desensitize(batch, classify(batch), rules, [0] * max(batch.records, 1), context())


def _check(out: bytes, rules: Sequence[Decision], treated: Treated) -> None:
    batch = decode(out).batch
    found = classify(batch, fields=False)
    residual_check(batch, found, rules, [0] * max(batch.records, 1), treated)


def test_an_edit_that_was_not_written_stops_the_export() -> None:
    """A codec that forgets an edit lets nothing out, whichever evidence found it."""
    rules = [decision()]
    for body, category in ((b'{"p": "13800138000"}', PHONE), ('{"name": "欧阳丰"}', NAME)):
        raw = body if isinstance(body, bytes) else body.encode()
        with pytest.raises(ResidualFinding, match=category):
            _check(raw, rules, _treated(raw, rules))


def test_a_new_finding_stops_the_export() -> None:
    """What only the outgoing bytes show is not sent: here, two halves joined by a treatment."""
    rules = [decision()]
    treated = _treated(b'{"a": "x"}', rules)
    with pytest.raises(ResidualFinding) as caught:
        _check(b'{"a": "13800138000"}', rules, treated)
    assert (caught.value.pointer, caught.value.category) == ("/a", PHONE)
    assert "13800138000" not in str(caught.value)


def test_an_original_in_another_spelling_stops_the_export() -> None:
    """Full-width digits and invisible characters do not hide a treated text."""
    rules = [decision()]
    treated = _treated('{"name": "欧阳小丰"}'.encode(), rules)
    for left in ("欧阳小丰", "欧\u200b阳小丰", "x欧阳小丰y"):
        with pytest.raises(ResidualFinding):
            _check(f'{{"name": null, "t": "{left}"}}'.encode(), rules, treated)


def test_an_original_left_as_a_key_stops_the_export() -> None:
    """Keys are data too."""
    rules = [decision()]
    treated = _treated(b'{"p": "13800138000"}', rules)
    with pytest.raises(ResidualFinding):
        _check(b'{"13800138000": 1}', rules, treated)


def test_a_word_that_is_both_value_and_key_does_not_stop() -> None:
    """A user called `password123` under that very key: keys without cells want strong texts."""
    rules = [decision()]
    treated = _treated(b'{"name": "password123"}', rules)
    _check(b'{"name": null, "password123": 1}', rules, treated)


def test_what_an_operator_wrote_may_look_like_a_finding() -> None:
    """A surrogate number is a number; anywhere else the same number stops the export."""
    rules = [decision({("/p", PHONE): "mask"})]
    treated = _treated(b'{"p": "13800138000"}', rules)
    posed = replace(treated, accounted={(0, "/p", "x13911112222"): [(1, 12)]})
    _check(b'{"p": "x13911112222"}', rules, posed)
    for out in (b'{"q": "x13911112222"}', b'{"p": "13911112222"}'):
        with pytest.raises(ResidualFinding):
            _check(out, rules, posed)


def test_a_finding_that_sticks_out_of_the_written_span_stops() -> None:
    """An operator's text that joins its surroundings into a number is not covered."""
    rules = [decision()]
    treated = replace(
        _treated(b'{"p": "x"}', rules), accounted={(0, "/p", "13911112222"): [(0, 10)]}
    )
    with pytest.raises(ResidualFinding):
        _check(b'{"p": "13911112222"}', rules, treated)


def test_a_key_that_an_operator_wrote_passes_without_cells() -> None:
    """Decoding the outgoing body anew, the keys need not be named one by one."""
    body = b'{"13800138000": 1}'
    batch = decode(body, key_cells=True).batch
    rules = [decision({("key:", PHONE): "surrogate"})]
    treated = desensitize(batch, classify(batch), rules, [0], context())
    written = replace(treated, accounted={(0, "key:", "13911112222"): [(0, 11)]})
    _check(b'{"13911112222": 1}', rules, written)
    with pytest.raises(ResidualFinding):
        _check(b'{"13911112223": 1}', rules, written)
