"""`policy check`: the shipped bundle has no fault, and each kind of fault is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from policies.bundle import load, seal
from policies.check import check, probe
from tests.policies.folders import copy_of_builtin

RULE = "silkgate/rules/cn/order16_art8_contract/order16_art8_contract.rego"


def test_the_shipped_bundle_has_no_fault() -> None:
    """Every rule has its words, its citation, its test, and compiles."""
    assert check() == []


FAULTS = {
    "title": (("# title: Standard contract or certification\n", ""), "METADATA lacks title"),
    "citation": (("#   citation: CAC Order 16 art 8\n", ""), "METADATA lacks citation"),
    "confidence": (("#   confidence: A\n", "#   confidence: sure\n"), "lacks confidence"),
    "checked": (('#   checked: "2026-11-22"\n', ""), "lacks checked"),
    "chinese": (("#   zh: ", "#   de: "), "lacks zh"),
    "builtin": (("_applies if {", '_applies if {\n\thttp.send({"url": "x"})'), "http.send"),
    "syntax": (("_applies if {", "_applies if if {"), "does not compile"),
    "call as index": (
        ("_applies if {", "_applies if {\n\tx := data.silkgate.bands[lower(input.route)]\n\tx"),
        "a call as an index",
    ),
    "unknown field": (
        ("_applies if {", "_applies if {\n\tinput.exporter.cio"),
        "input.exporter.cio is no part of a question",
    ),
    "unknown data": (
        ("_applies if {", "_applies if {\n\tdata.silkgate.thresholds.order61"),
        "data.silkgate.thresholds.order61 is neither a rule nor data",
    ),
    "unknown rule of another package": (
        ("_applies if {", "_applies if {\n\tcounting.somebody"),
        "data.silkgate.counting.somebody is neither",
    ),
    "a rule nobody asks": (
        ("_applies if {", "_never if false\n\n_applies if {"),
        "_never is asked",
    ),
    "a misspelt rule": (
        ("_applies if {", "denny contains 1 if false\n\n_applies if {"),
        "denny is asked for by nobody; a rule says because",
    ),
    "null in order": (
        ("_applies if {", "_applies if {\n\tinput.bands.general.below <= 5"),
        "may be null",
    ),
    "sorted set": (
        ("_applies if {", "_applies if {\n\tx := sort({1, 2})\n\tx"),
        "sort of a set",
    ),
}


@pytest.mark.parametrize("case", FAULTS)
def test_a_fault_is_named_with_its_file(tmp_path: Path, case: str) -> None:
    """One change to one rule, one fault that leads to it."""
    (old, new), message = FAULTS[case]
    root = copy_of_builtin(tmp_path)
    text = (root / RULE).read_text("utf-8")
    assert old in text
    (root / RULE).write_text(text.replace(old, new, 1), "utf-8")
    (fault,) = check(root)
    assert message in fault.message
    assert RULE in fault.path + fault.message


NAMES = """package silkgate.overlay.own

deny contains _reason if {
	some field in input.fields
	field.category == "pi_basic"
	is_number(input.bands.general.below)
	input.bands.general.below > 5
	input.bands.within["sandbox.try"].persons.at_least > 1
	not data.silkgate.overlay.treatments.own
	data.silkgate.jurisdictions[input.destination].law
}

_reason := {"code": "x", "en": "x", "zh": "x", "citation": "x"}
"""


def test_names_that_lead_somewhere_are_no_fault(tmp_path: Path) -> None:
    """Lists and tables, guarded comparisons, the overlay's own place."""
    (tmp_path / "own.rego").write_text(NAMES, "utf-8")
    assert check("builtin", tmp_path) == []


def test_a_guard_in_another_rule_is_none(tmp_path: Path) -> None:
    """Each rule sees to its own types."""
    guard = "\tis_number(input.bands.general.below)\n"
    text = NAMES.replace(guard, "") + f"\nreview contains 1 if {{\n{guard}}}\n"
    (tmp_path / "own.rego").write_text(text, "utf-8")
    (fault,) = check("builtin", tmp_path)
    assert (fault.path, fault.line) == ("overlay/own.rego", 6)
    assert "is_number" in fault.message


def test_a_rule_without_a_test_is_named(tmp_path: Path) -> None:
    """One legal rule, one folder, with its test."""
    root = copy_of_builtin(tmp_path)
    (root / RULE.replace(".rego", "_test.rego")).unlink()
    (fault,) = check(root)
    assert (fault.path, "no test" in fault.message) == (RULE, True)


def test_a_rule_nobody_gathers_is_named(tmp_path: Path) -> None:
    """A folder too deep or too shallow would never be asked."""
    root = copy_of_builtin(tmp_path)
    place = root / "silkgate" / "rules" / "stray"
    place.mkdir()
    text = (root / RULE).read_text("utf-8")
    package = "silkgate.rules.cn.order16_art8_contract"
    (place / "stray.rego").write_text(text.replace(package, "silkgate.rules.stray"), "utf-8")
    assert [f.message for f in check(root)] == [
        "package silkgate.rules.stray is gathered by nobody"
    ]


def test_an_area_nobody_gathers_is_named(tmp_path: Path) -> None:
    """The areas of the law stand in `main`: a new one that does not would never be asked."""
    root = copy_of_builtin(tmp_path)
    main = root / "silkgate" / "main.rego"
    main.write_text(main.read_text("utf-8").replace("\t\tdata.silkgate.rules.us,\n", ""), "utf-8")
    (fault,) = check(root)
    assert fault.path == "silkgate/rules/us/cfr28_202_bulk_data/cfr28_202_bulk_data.rego"
    assert fault.message == "silkgate.rules.us is no area that silkgate gathers rules from"


def test_a_policy_that_ends_the_engine_is_found_in_a_child() -> None:
    """rego-cpp aborts on some modules; the gateway never compiles what a probe did not."""
    shipped = load()
    text = "package silkgate.x\n\ny := _z\n\n_z := 1\n\nt if data.silkgate.x.y with input as {}\n"
    broken = seal({**shipped.modules, "silkgate/x/x.rego": text}, shipped.data)
    assert probe(shipped) == ""
    assert probe(broken) != ""
