"""Mutation run over the rules: change one thing, and see whether the Rego tests notice.

    python -m tests.policies.mutate [EVERY]

Needs a real `opa` on the path. EVERY takes each so many-th mutant only. Prints the mutants that
survive, and the score.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
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


def opa(*arguments: str) -> bool:
    """Whether the command went well."""
    program = shutil.which("opa") or str(Path.home() / "go" / "bin" / "opa")
    return subprocess.run([program, *arguments], capture_output=True, check=False).returncode == 0


def main(every: int) -> int:
    killed, survived, made = 0, 0, 0
    with tempfile.TemporaryDirectory() as folder:
        root = Path(shutil.copytree(builtin_path(), Path(folder) / "rego"))
        for path in sorted(root.rglob("*.rego")):
            if path.stem.endswith("_test"):
                continue
            place = path.relative_to(root)
            original = path.read_text("utf-8")
            for line, text in mutants(original):
                made += 1
                if made % every:
                    continue
                path.write_text(text, "utf-8")
                if not opa("check", "-b", str(root)):
                    continue
                if opa("test", "-b", str(root)):
                    survived += 1
                    before, after = (t.splitlines()[line - 1].strip() for t in (original, text))
                    print(f"{place}:{line}: {before} -> {after}", flush=True)
                else:
                    killed += 1
            path.write_text(original, "utf-8")
    total = killed + survived
    print(f"{killed} of {total} mutants killed: {killed / total:.1%}")
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1))
