"""OPA's own conformance cases on the embedded engine, one process for many, since one may end it.

python -m tests.policies.conformance     # what differs, by case
"""

from __future__ import annotations

import glob
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from policies import lint
from policies.bundle import seal
from policies.errors import BundleError

CASES: Final = "pkg/mod/github.com/open-policy-agent/opa@*/v1/test/cases/testdata/v1"
_QUERY: Final = re.compile(r"data\.(\w+(?:\.\w+)*) = x")
UNDEFINED: Final = "undefined"
FAILED: Final = "failed"
ENDED: Final = "ended its process"


@dataclass(frozen=True, slots=True)
class Case:
    """What OPA expects of a query: the values `wanted`, none where it is undefined or an error."""

    note: str
    entry: str
    modules: Mapping[str, str]
    data: Any
    input: Any
    wanted: Sequence[Any]
    unordered: bool


def folder() -> Path | None:
    """Where the module of OPA lies in the Go module cache."""
    root = os.environ.get("GOPATH", str(Path.home() / "go"))
    found = sorted(glob.glob(f"{root}/{CASES}"))
    return Path(found[-1]) if found else None


def cases(root: Path) -> Iterator[Case]:
    """The cases that keep to what a bundle of ours may use; the lint refuses all others."""
    seen: Counter[str] = Counter()
    for path in sorted(root.rglob("*.yaml")):
        for raw in yaml.safe_load(path.read_text("utf-8"))["cases"]:
            query = _QUERY.fullmatch(raw["query"])
            modules = {f"m{n}.rego": text for n, text in enumerate(raw.get("modules") or [])}
            if query and modules and not raw.get("strict_error") and _within(modules):
                results = raw.get("want_result")
                seen[raw["note"]] += 1
                again = f" ({seen[raw['note']]})" if seen[raw["note"]] > 1 else ""
                yield Case(
                    raw["note"] + again,
                    query[1].replace(".", "/"),
                    modules,
                    raw.get("data") or {},
                    json.loads(raw["input_term"]) if _json(raw) else raw.get("input") or {},
                    [results[0]["x"]] if results else [],
                    bool(raw.get("sort_bindings")),
                )


def _json(raw: Mapping[str, Any]) -> bool:
    try:
        json.loads(raw.get("input_term", ""))
    except ValueError:
        return False
    return True


def _within(modules: Mapping[str, str]) -> bool:
    try:
        packages = {lint.parse(path, text).package for path, text in modules.items()}
        for package in packages:
            top = package.partition(".")[0]
            lint.check(modules, within=top)
    except BundleError:
        return False
    tokens = [t for path, text in modules.items() for t in lint.parse(path, text).tokens]
    return not any(token.text == "with" for token in tokens)  # only tests use it, and it is lifted


def answers(chosen: Sequence[Case]) -> dict[str, Any]:
    """What the embedded engine says of each case: a value, or one of the words above."""
    said: dict[str, Any] = {}
    waiting = list(chosen)
    while waiting:
        child = subprocess.run(
            [sys.executable, "-m", "tests.policies.conformance", "child"],
            input=json.dumps([(c.entry, dict(c.modules), c.data, c.input) for c in waiting]),
            capture_output=True,
            text=True,
            check=False,
        )
        lines = [json.loads(line) for line in child.stdout.splitlines() if line.startswith("[")]
        for case, (value,) in zip(waiting, lines, strict=False):
            said[case.note] = value
        if len(lines) < len(waiting):
            said[waiting[len(lines)].note] = {"": ENDED}
        waiting = waiting[len(lines) + 1 :]
    return said


def agrees(case: Case, said: Any) -> bool:
    """Whether the engine's answer is OPA's; where OPA errs, having none is right."""
    if not case.wanted:
        return said in ({"": UNDEFINED}, {"": FAILED})
    return _alike(case.wanted[0], said)


def differing(chosen: Sequence[Case]) -> dict[str, Any]:
    """The embedded engine's answer to each case that it answers otherwise than OPA."""
    said = answers(chosen)
    return {case.note: said[case.note] for case in chosen if not agrees(case, said[case.note])}


def _alike(one: Any, other: Any) -> bool:
    """Sets come as lists, in no order that counts."""
    if isinstance(one, list) and isinstance(other, list):
        left, right = (sorted(json.dumps(v, sort_keys=True) for v in x) for x in (one, other))
        return one == other or left == right
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)


def _child() -> None:
    from policies.embedded import Program
    from policies.model import PolicyUnavailable

    for entry, modules, data, question in json.load(sys.stdin):
        try:
            answer = Program(seal(modules, data), [entry]).ask(entry, question)
            try:
                value = json.loads(answer)["expressions"][0]
            except (ValueError, KeyError, IndexError):
                value = {"": UNDEFINED}
        except (BundleError, PolicyUnavailable):
            value = {"": FAILED}
        print(json.dumps([value]), flush=True)


def main() -> None:
    """Print each case on which the engines differ."""
    root = folder()
    if root is None:
        raise SystemExit(
            "no OPA in the Go module cache: go install github.com/open-policy-agent/opa"
        )
    chosen = list(cases(root))
    found = differing(chosen)
    for case in chosen:
        if case.note in found:
            print(f"{case.note}: OPA {case.wanted!r}, embedded {found[case.note]!r}"[:200])
    print(f"{len(chosen)} cases, {len(found)} differ")


if __name__ == "__main__":
    _child() if "child" in sys.argv else main()
