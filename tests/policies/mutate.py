"""Mutation run over the rules: change one thing, and see whether the Rego tests notice.

    python -m tests.policies.mutate [EVERY] [PLACE]

Needs a real `opa` on the path. EVERY takes each so many-th mutant only, PLACE only the modules
whose path contains it. The tests beside the changed module are run first, all of them only where
those notice nothing. Prints the mutants that survive, and the score; those of `EQUIVALENT`, which
say the same as the original, are counted apart.
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

# Mutants that say the same as the original (module, before, after), and why.
EQUIVALENT: dict[tuple[str, str, str], str] = {}

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


@contextmanager
def beside(lean: Path, whole: Path, place: Path) -> Iterator[list[Path]]:
    """Where to run the tests: those beside `place` alone, if there are any; then all."""
    own = place.with_name(f"{place.stem}_test.rego")
    if not (whole / own).exists():
        yield [whole]
        return
    shutil.copy(whole / own, lean / own)
    yield [lean, whole]
    (lean / own).unlink()


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
            if path.stem.endswith("_test") or within not in place.as_posix():
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
