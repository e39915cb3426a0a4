"""The bundle's own Rego tests, on the embedded engine."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from policies.bundle import BundleError
from policies.testing import TestResult, run_tests

RESULTS = run_tests()
MAIN = """package silkgate

decision := {"place": input.place, "twice": _twice}

_twice := 2 * input.number
"""


@pytest.mark.parametrize("result", RESULTS, ids=[f"{r.path}: {r.name}" for r in RESULTS])
def test_rego(result: TestResult) -> None:
    """What `opa test` would say, too."""
    assert not result.error


def bundle(root: Path, tests: str) -> Path:
    (root / "silkgate").mkdir()
    (root / "silkgate" / "data.json").write_text('{"a": 1}')
    (root / "silkgate" / "main.rego").write_text(MAIN)
    (root / "silkgate" / "main_test.rego").write_text(f"package silkgate.tests\n\n{tests}\n")
    return root


def test_a_question_reaches_the_rules(tmp_path: Path) -> None:
    """Over several lines, built by a function, or in one word; false and undefined both fail."""
    root = bundle(
        tmp_path,
        """q(n) := {"place": "x", "number": n}

test_passes if {
	found := data.silkgate.decision with input as {
		"place": "x",
		"number": 4,
	}
	found.twice == 8
}

test_function if data.silkgate.decision.twice == 6 with input as q(3)

test_false if {
	found := data.silkgate.decision with input as q(1)
	found.twice == 9
}

test_undefined if data.silkgate.decision with input as {}

test_needs_no_question if 1 == 1""",
    )
    assert [(r.name, r.line, r.error) for r in run_tests(root)] == [
        ("test_passes", 5, ""),
        ("test_function", 13, ""),
        ("test_false", 15, "not true"),
        ("test_undefined", 20, "not true"),
        ("test_needs_no_question", 22, ""),
    ]


def test_an_overlay_has_its_own_tests_run(tmp_path: Path) -> None:
    """The guide's example; what the shipped tests say of the shipped law alone is not asked."""
    guide = (Path(__file__).parents[2] / "docs" / "policies.md").read_text("utf-8")
    for block in re.findall(r"```rego\n# policies/(\S+)\n(.*?)```", guide, re.DOTALL):
        (tmp_path / block[0]).write_text(block[1], "utf-8")
    assert [(r.path, r.name, r.error) for r in run_tests(overlay=tmp_path)] == [
        ("overlay/no_kenya_test.rego", "test_kenya", ""),
        ("overlay/no_kenya_test.rego", "test_singapore", ""),
    ]
    rule = (tmp_path / "no_kenya.rego").read_text("utf-8").replace('"KE"', '"SG"')
    (tmp_path / "no_kenya.rego").write_text(rule, "utf-8")
    assert [r.error for r in run_tests(overlay=tmp_path)] == ["not true", "not true"]


@pytest.mark.parametrize(
    "rule",
    [
        "test_data if data.silkgate.decision with data.a as 1",
        "test_two if {\n\tdata.a with input as {}\n\tdata.b with input as {}\n}",
    ],
)
def test_what_the_embedded_engine_cannot_do_is_said(tmp_path: Path, rule: str) -> None:
    """Rather than ending the process."""
    with pytest.raises(BundleError, match="one `with input as"):
        run_tests(bundle(tmp_path, rule))
