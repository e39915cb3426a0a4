"""Runs a bundle's Rego tests on the embedded engine: rules named `test_…` must be true.

The same tests run under `opa test`. rego-cpp's `with` ends the process where a rule refers to
another of its package, so a test's question is lifted out of `… with input as QUESTION` into a
rule of its own, evaluated first and then set as the real input.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from policies import lint
from policies.bundle import BUILTIN, builtin_path, load, read_folder, seal
from policies.embedded import Program
from policies.errors import BundleError
from policies.model import PolicyUnavailable


@dataclass(frozen=True, slots=True)
class TestResult:
    """One Rego test. `error` says why it did not pass; it is empty where it did."""

    __test__ = False

    path: str
    line: int
    name: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class _Test:
    where: TestResult
    entry: str
    question: str  # the rule that holds its input, "" where it needs none


class _Answer(msgspec.Struct):
    expressions: list[Any] = []


def run_tests(bundle: str | Path = BUILTIN, overlay: Path | None = None) -> list[TestResult]:
    """Every test beside the rules, in order. Raises `BundleError` where nothing compiles."""
    modules, _ = read_folder(builtin_path() if bundle == BUILTIN else Path(bundle), tests=True)
    if overlay is not None:
        own, _ = read_folder(overlay, tests=True)
        modules |= {f"overlay/{path}": text for path, text in own.items()}
    tests: list[_Test] = []
    for path in sorted(modules):
        modules[path], found = _lift(path, modules[path])
        tests += found
    if not tests:
        return []
    loaded = load(bundle, overlay)
    entries = [entry for test in tests for entry in (test.entry, test.question) if entry]
    program = Program(seal({**loaded.modules, **modules}, loaded.data), entries)
    return [_run(program, test) for test in tests]


def _run(program: Program, test: _Test) -> TestResult:
    try:
        question = _value(program.ask(test.question, {})) if test.question else {}
        passed = _value(program.ask(test.entry, question)) is True
    except (PolicyUnavailable, msgspec.DecodeError) as error:
        return replace(test.where, error=str(error))
    return test.where if passed else replace(test.where, error="not true")


def _value(answer: str) -> Any:
    if answer == "undefined":
        return None
    return msgspec.json.decode(answer, type=_Answer).expressions[0]


def _lift(path: str, text: str) -> tuple[str, list[_Test]]:
    """The module with each `with input as QUESTION` made a rule, and the tests it holds."""
    module = lint.parse(path, text)
    folder = module.package.replace(".", "/")
    tests: list[_Test] = []
    cuts: list[tuple[int, int]] = []
    questions: list[str] = []
    for name, body in _rules(module.tokens):
        where = TestResult(path, body[0].line, name)
        found = [at for at, token in enumerate(body) if token.text == "with"]
        if len(found) > 1 or any(body[at + 1].text != "input" for at in found):
            raise BundleError(f"{path}:{where.line}: {name}: one `with input as …` a test")
        if name.startswith("test_"):
            question = f"{folder}/_question_of_{name}" if found else ""
            tests.append(_Test(where, f"{folder}/{name}", question))
        for at in found:
            start, end = body[at].start, _end(body, at + 3, text)
            cuts.append((start, end))
            questions.append(f"_question_of_{name} := {text[body[at + 3].start : end]}")
    for start, end in reversed(cuts):
        text = text[:start] + text[end:]
    return "\n\n".join([text, *questions]) + "\n", tests


def _rules(tokens: Sequence[lint.Token]) -> Iterator[tuple[str, Sequence[lint.Token]]]:
    starts = [at for at, token in enumerate(tokens) if token.first and token.text != "}"]
    for start, end in zip(starts, [*starts[1:], len(tokens)], strict=True):
        yield tokens[start].text, tokens[start:end]


def _end(body: Sequence[lint.Token], at: int, text: str) -> int:
    """Where the expression that starts at token `at` ends: its line, brackets closed."""
    depth, line = 0, body[at].line
    for token in body[at:]:
        if depth == 0 and token.line > line:
            break
        depth += (token.text in "([{") - (token.text in ")]}")
        if depth < 0:
            break
        line = token.line
        end = token.start + len(token.text)
    return end
