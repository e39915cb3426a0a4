"""What crosses between processes is plain typed data, both ways."""

from __future__ import annotations

import msgspec
import pytest

from classifiers.model import Inspection
from gateway.errors import BadRequest, CannotDecide
from gateway.export.parts import Message
from gateway.export.signature import Signatures
from gateway.export.work import Outgoing
from gateway.treatment.stand_ins import StandIn
from gateway.workers.wire import LENGTH_BYTES, Failed, Found, Reply, Treated, packed, reply
from policies.model import Field

MESSAGE = Message(("a",), "q=1", (("accept", "*/*"),), b"\xff\x00", "text/plain")


def test_results_arrive_as_they_were() -> None:
    """Counts by pairs, bytes that are no text, sets of names."""
    stand_ins = {"psn_1_x": StandIn("x", frozenset({"name"}), "pi_basic")}
    applied = {("mask", "pi_contact_phone"): 3}
    treated = Treated(Outgoing(MESSAGE, applied, True, stand_ins))
    groups = Signatures([[Field("/a", "pi_basic", "pi", "likely", False)]], [0, 0])
    found = Found(2, groups, Inspection(1, 2, 3, {"cn.mobile": "1"}))
    for result in (treated, found):
        assert reply(packed(Reply(7, result))[LENGTH_BYTES:]) == Reply(7, result)


def test_an_error_is_the_same_error_there() -> None:
    """And nothing else can be named as one."""
    assert isinstance(Failed("BadRequest", "x").error, BadRequest)
    for kind in ("Path", "TooManyRequests", "__builtins__", "GatewayErrors"):
        assert type(Failed(kind, "x").error) is CannotDecide


@pytest.mark.parametrize("data", [b"", b"\x80", b"\x82\xa6number", b"\x93\x01\x02\x03"])
def test_what_is_no_reply_is_refused(data: bytes) -> None:
    """Nothing in an answer is run or guessed at."""
    with pytest.raises(msgspec.DecodeError):
        reply(data)
