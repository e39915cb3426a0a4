"""`scan --utility`: figures of what a treated table is still good for."""

from __future__ import annotations

import json
from pathlib import Path

from tests.gateway.cli.test_commands import silkgate


def test_joins_and_distributions_are_told_without_a_value(tmp_path: Path) -> None:
    """A removed field has nothing left, a join over it no common values; names of fields only."""
    rows = [
        {"member_username": f"user_{i % 5}", "buyer_username": f"user_{i % 5}", "n": i}
        for i in range(20)
    ]
    path = tmp_path / "orders.json"
    path.write_text(json.dumps(rows))
    words = ["scan", str(path), "--to", "SG", "--purpose", "order_fulfilment", "--utility"]
    (table,) = json.loads(silkgate(*words, "-o", "json").stdout)["tables"]
    useful = table["usefulness"]
    columns = {each["pointer"]: each for each in useful["columns"]}
    assert columns["/*/member_username"]["removed"] == 20
    assert columns["/*/member_username"]["entropy_kept"] == 0
    (join,) = useful["joins"]
    assert (join["shared_before"], join["shared_after"]) == (5, 0)
    assert "user_3" not in json.dumps(useful)
    shown = silkgate(*words).stdout
    assert "entropy kept" in shown
    assert "0 of 5" in " ".join(shown.split())


def test_joins_between_tables(tmp_path: Path) -> None:
    """A keyed stand-in is the same in both tables, so they can be joined; the page says so too."""
    users = [{"member_username": f"user_{i}", "<b>": i} for i in range(8)]
    orders = [{"buyer_username": f"user_{i % 8}", "n": i} for i in range(20)]
    (tmp_path / "orders.json").write_text(json.dumps(orders))
    (tmp_path / "users.json").write_text(json.dumps(users))
    page = tmp_path / "out.html"
    words = ["scan", str(tmp_path / "orders.json"), str(tmp_path / "users.json")]
    words += ["--to", "SG", "--utility", "--html", str(page)]
    kept = {}
    for purpose in ("analytics", "order_fulfilment"):
        found = json.loads(silkgate(*words, "--purpose", purpose, "-o", "json").stdout)
        (join,) = [each for each in found["joins"] if "username" in each["right"]]
        assert join["left"].endswith("orders.json /*/buyer_username")
        assert join["right"].endswith("users.json /*/member_username")
        assert join["shared_before"] == 8
        kept[purpose] = join["shared_after"]
        text = page.read_text()
        assert "Joins between tables" in text
        assert f"{kept[purpose]} of 8 common values left" in text
        assert "user_3" not in text
    assert kept == {"analytics": 8, "order_fulfilment": 0}


def test_without_the_word_nothing_is_treated(tmp_path: Path) -> None:
    """The field is there and empty."""
    path = tmp_path / "orders.json"
    path.write_text('[{"member_username": "user_1"}]')
    done = silkgate("scan", str(path), "--to", "SG", "-o", "json")
    assert json.loads(done.stdout)["tables"][0]["usefulness"] is None
