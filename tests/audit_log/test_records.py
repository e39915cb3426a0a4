"""Accounting in records."""

import json

import pytest

from audit_log.records import RecordAccounts, account


def entries(*bodies: dict[str, object]) -> list[bytes]:
    return [json.dumps({"seq": seq, **body}).encode() for seq, body in enumerate(bodies)]


def opened(records: int, **facts: object) -> dict[str, object]:
    return {"kind": "export", "records": records, "released": True, **facts}


def outcome(export: int, status: str, **facts: object) -> dict[str, object]:
    return {"kind": "outcome", "export": export, "status": status, **facts}


def held(records: int, how: str) -> dict[str, object]:
    return {"kind": "export", "records": records, "released": False, "outcome": how}


def again(entry: int, quarantined: int) -> dict[str, int]:
    return {"entry": entry, "quarantined": quarantined}


def stream(accepted: int, refused: int = 0, failed: int = 0) -> dict[str, object]:
    return {
        "kind": "stream", "stream": "s", "accepted": accepted, "refused": refused, "failed": failed
    }  # fmt: skip


def judged(*bodies: dict[str, object]) -> RecordAccounts:
    return account(entries(*bodies))


def test_every_fate_is_counted_once() -> None:
    """One of each."""
    books = judged(
        opened(5, quarantined=2),
        outcome(0, "delivered", records=3),
        held(4, "deny"),
        held(1, "review"),
        {"kind": "refusal"},
        {"kind": "refusal", "records": 7},
        opened(2),
        outcome(6, "unknown"),
        opened(9),
        {"kind": "start"},
    )
    assert books.closes
    assert books.accepted == 5 + 4 + 1 + 1 + 7 + 2 + 9
    assert books.open == 9
    assert books.became == {
        "quarantined": 2, "delivered": 3, "denied": 4, "under_review": 1, "refused": 8, "unknown": 2
    }  # fmt: skip


def test_a_stream_adds_up() -> None:
    """Its end states once more what its groups and the rest were."""
    books = judged(
        opened(5, stream="s"), opened(3, stream="s"), stream(12, refused=4), outcome(0, "aborted")
    )
    assert books.closes
    assert books.became == {"refused": 4, "aborted": 5}
    assert books.open == 3


@pytest.mark.parametrize(
    "bodies",
    [
        [opened(5, stream="s"), stream(6)],
        [opened(5, stream="s"), stream(5, failed=1)],
        [opened(5), outcome(0, "delivered", records=4)],
        [opened(5, quarantined=6)],
        [opened(5, quarantined=2), opened(5, quarantined=2, again=again(0, 1))],
        [opened(5, quarantined=2, again=again(7, 2))],
    ],
)
def test_contradictions_are_named(bodies: list[dict[str, object]]) -> None:
    """A group that is missing, records that appear or vanish."""
    books = judged(*bodies)
    assert not books.closes
    assert len(books.faults) == 1


def test_a_group_that_came_again_is_held_once() -> None:
    """Its other records failed the first time and are accepted a second time."""
    books = judged(
        opened(5, quarantined=2),
        outcome(0, "failed"),
        opened(5, quarantined=2, again=again(0, 2)),
        opened(5, quarantined=3, again=again(2, 2)),
        outcome(3, "delivered"),
        outcome(2, "failed"),
    )
    assert books.closes
    assert books.became == {"quarantined": 3, "failed": 3 + 3, "delivered": 2}
    assert books.accepted == 3 + 3 + 5


def test_outcomes_of_dropped_entries_are_passed_over() -> None:
    """Retention may have taken the opening entry."""
    assert judged(outcome(7, "delivered")).closes
