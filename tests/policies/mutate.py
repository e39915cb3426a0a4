"""Mutation run over the rules: change one thing, and see whether the Rego tests notice.

    python -m tests.policies.mutate [EVERY] [PLACE]

Needs a real `opa` on the path. EVERY takes each so many-th mutant only, PLACE only the modules
whose path it matches (a regular expression). The tests beside the changed module, or beside those
that import it, are run first, all of them only where those notice nothing. Prints the mutants that
survive, and the score; those of `EQUIVALENT`, which say the same as the original, count apart.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from policies.bundle import builtin_path

SWAPS = (
    (" >= ", " > "),
    (" <= ", " < "),
    (" > ", " >= "),
    (" < ", " <= "),
    (" == ", " != "),
    (" != ", " == "),
    ("\tnot ", "\t"),
    (" if not ", " if "),
    ('"keep"', '"suppress"'),
    ('"allow"', '"deny"'),
    ("+ ", "- "),
    (" - 1", " - 2"),
)
EXAMPLES = Path("silkgate/examples_test.rego")
MAIN_TEST = Path("silkgate/main_test.rego")

# Mutants that say the same as the original (module, before, after), and why.
_BACKSTOP = "some rule always objects to what counts, or carries it; this is for when none does"
_GUARDED = "what counts, or is exempt, comes from China already; said again for who reads the rule"
EQUIVALENT: dict[tuple[str, str, str], str] = {
    ("main.rego", "not counting.any", "true"): _BACKSTOP,
    ("main.rego", "_carried", "true"): _BACKSTOP,
    ("allowances.rego", "not is_null(input.bands)", "true"): "object.get of null is undefined too",
    ("pipl_art13_ground.rego", "treating.profiled", "true"): "without a profile nothing leaves",
    ("duties.rego", 'object.get(duty, "until", input.at) >= input.at', "true"): (
        "no duty in the shipped facts has an end"
    ),
    ("shadow.rego", "validity.is_date(fact.until)", "true"): "time.parse_ns takes nothing else",
    ("treating.rego", "some name in data.silkgate.strictness.agreements", "true"): (
        "no destination is party to both agreements"
    ),
    ("validity.rego", "is_array(input.fields)", "true"): "object.union_n takes nothing else",
    ("validity.rego", "is_array(input.exporter.pilots)", "true"): "concat takes nothing else",
    ("validity.rego", "is_string(text)", "true"): "regex.match takes nothing else",
    (
        "negative_list.rego",
        "is_string(version.effective_to)",
        "true",
    ): "OPA orders null below texts",
    ("mechanism.rego", 'input.basis.mechanism.kind == "gba_contract"', "true"): (
        "every other kind in force is the contract already"
    ),
    **{
        (f"{rule}.rego", 'input.origin == "CN"', "true"): _GUARDED
        for rule in (
            "order16_art5_1_4_volume",
            "order16_art7_ciio",
            "order16_art7_volume",
            "order16_art8_contract",
            "order16_art9_validity",
            "tally_known",
            "order16_evidence",
            "gba_onward",
        )
    },
}

STATEMENT = re.compile(r"\t(?!\"|\}|some |else|[\[\]{}()]).*[^,{(\[]$")


def mutants(text: str) -> Iterator[tuple[int, str]]:
    """The line that was changed, and the whole text with the change."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if line.startswith("#"):
            continue
        changed = {line.replace(old, new, 1) for old, new in SWAPS if old in line}
        if STATEMENT.fullmatch(line) and ":=" not in line:
            changed.add("\ttrue")
        for replacement in sorted(changed - {line}):
            yield number + 1, "\n".join([*lines[:number], replacement, *lines[number + 1 :]])


def opa(root: Path) -> int:
    """What `opa test` ends with: 0 for passed, 2 for a test that failed, 1 for no valid policy."""
    program = shutil.which("opa") or str(Path.home() / "go" / "bin" / "opa")
    return subprocess.run(
        [program, "test", "-b", str(root)], capture_output=True, check=False
    ).returncode


def verdict(roots: list[Path], place: Path, text: str) -> str:
    """What becomes of the mutant `text` at `place`: the first root whose tests fail tells."""
    original = (roots[0] / place).read_text("utf-8")
    try:
        for root in roots:
            (root / place).write_text(text, "utf-8")
            if code := opa(root):
                return "invalid" if code == 1 else "killed"
        return "survived"
    finally:
        for root in roots:
            (root / place).write_text(original, "utf-8")


def noticing(whole: Path, place: Path) -> list[Path]:
    """The tests that would notice first: those beside `place`, or beside whatever imports it."""
    own = place.with_name(f"{place.stem}_test.rego")
    if (whole / own).exists():
        return [own]
    name = f"import data.{'.'.join(place.parent.parts)}\n"
    modules = [path for path in whole.rglob("*.rego") if name in path.read_text("utf-8")]
    beside = {path.with_name(f"{path.stem}_test.rego") for path in modules}
    return [MAIN_TEST, *sorted(path.relative_to(whole) for path in beside if path.exists())]


@contextmanager
def beside(lean: Path, whole: Path, place: Path) -> Iterator[list[Path]]:
    """Where to run the tests: those that would notice first, then all."""
    tests = noticing(whole, place)
    for test in tests:
        shutil.copy(whole / test, lean / test)
    if opa(lean):
        raise RuntimeError(f"{place}: the tests fail before anything was changed")
    yield [lean, whole]
    for test in tests:
        (lean / test).unlink(missing_ok=True)


def main(every: int, within: str) -> int:
    counts = dict.fromkeys(("killed", "survived", "equivalent", "invalid"), 0)
    made = 0
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(shutil.copytree(builtin_path(), Path(folder) / "whole"))
        untested = shutil.ignore_patterns("*_test.rego")
        lean = Path(shutil.copytree(whole, Path(folder) / "lean", ignore=untested))
        shutil.copy(whole / EXAMPLES, lean / EXAMPLES)
        for path in sorted(whole.rglob("*.rego")):
            place = path.relative_to(whole)
            if path.stem.endswith("_test") or not re.search(within, place.as_posix()):
                continue
            original = path.read_text("utf-8")
            with beside(lean, whole, place) as roots:
                for line, text in mutants(original):
                    made += 1
                    if made % every:
                        continue
                    before, after = (t.splitlines()[line - 1].strip() for t in (original, text))
                    if (place.name, before, after) in EQUIVALENT:
                        counts["equivalent"] += 1
                        continue
                    found = verdict(roots, place, text)
                    counts[found] += 1
                    if found == "survived":
                        print(f"{place}:{line}: {before} -> {after}", flush=True)
    total = counts["killed"] + counts["survived"]
    print(
        f"{counts['killed']} of {total} mutants killed: {counts['killed'] / max(total, 1):.1%}; "
        f"{counts['equivalent']} more are equivalent, {counts['invalid']} no valid policy"
    )
    return 0


if __name__ == "__main__":
    EVERY, PLACE = (*sys.argv[1:], *("1", "")[len(sys.argv) - 1 :])[:2]
    sys.exit(main(int(EVERY), PLACE))
