"""Runs a bundle's Rego tests on the embedded engine: rules named `test_…` must be true.

The same tests run under `opa test`. rego-cpp's `with` ends the process where a rule refers to
another of its package, so what stands after `with input as` is lifted into a rule of its own,
evaluated first and then set as the real input. `with data.silkgate.overlay as` is lifted too; tests
that have the same one share a program of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import msgspec

from policies import lint
from policies.bundle import BUILTIN, ROOT, builtin_path, load, read_folder, seal
from policies.embedded import Program
from policies.errors import BundleError
from policies.model import PolicyUnavailable

_INPUT: Final = "input"
_OVERLAY: Final = "data.silkgate.overlay"


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
    lifted: Mapping[str, str]  # what stood after `with` -> the rule that now holds its value


class _Answer(msgspec.Struct):
    expressions: list[Any] = []


def run_tests(bundle: str | Path = BUILTIN, overlay: Path | None = None) -> list[TestResult]:
    """Every test beside the rules, in order; with an overlay, those beside the overlay's rules.

    The bundle's tests say what the bundle decides by itself, and an overlay is there to decide
    otherwise. Raises `BundleError` where nothing compiles.
    """
    modules, _ = read_folder(builtin_path() if bundle == BUILTIN else Path(bundle), tests=True)
    if overlay is not None:
        own, _ = read_folder(overlay, tests=True)
        helping = {path: text for path, text in modules.items() if not _lift(path, text)[1]}
        modules = helping | {f"overlay/{path}": text for path, text in own.items()}
    tests: list[_Test] = []
    for path in sorted(modules):
        modules[path], found = _lift(path, modules[path])
        tests += found
    if not tests:
        return []
    loaded = load(bundle, overlay)
    entries = [entry for test in tests for entry in (test.entry, *test.lifted.values())]
    whole = {**loaded.modules, **modules}
    program = Program(seal(whole, loaded.data), entries)
    asked = [_prepared(program, test) for test in tests]
    overlays: dict[str, list[_Test]] = {}  # overlay -> the tests that want it
    for test, each in zip(tests, asked, strict=True):
        if isinstance(each, _Asked) and each.overlay:
            overlays.setdefault(each.overlay, []).append(test)
    programs = {"": program}
    for said, wanting in overlays.items():
        # Only their modules, and those that no test stands in: compiling all takes a second each.
        others = {test.where.path for test in tests} - {test.where.path for test in wanting}
        few = {path: text for path, text in whole.items() if path not in others}
        patched = {ROOT: {**loaded.data[ROOT], "overlay": msgspec.json.decode(said)}}
        programs[said] = Program(seal(few, patched), [test.entry for test in wanting])
    return [_run(programs, test, each) for test, each in zip(tests, asked, strict=True)]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a test is asked with. `overlay` is JSON, "" for the bundle's own."""

    question: Any
    overlay: str


def _prepared(program: Program, test: _Test) -> _Asked | str:
    """What stands after the test's `with`s, evaluated; or why it cannot be."""
    try:
        given = {name: _value(program.ask(rule, {})) for name, rule in test.lifted.items()}
    except (PolicyUnavailable, msgspec.DecodeError) as error:
        return str(error)
    overlay = msgspec.json.encode(given[_OVERLAY], order="sorted") if _OVERLAY in given else b""
    return _Asked(given.get(_INPUT, {}), overlay.decode())


def _run(programs: Mapping[str, Program], test: _Test, asked: _Asked | str) -> TestResult:
    if isinstance(asked, str):
        return replace(test.where, error=asked)
    try:
        answer = programs[asked.overlay].ask(test.entry, asked.question)
        passed = _value(answer) is True
    except (PolicyUnavailable, msgspec.DecodeError) as error:
        return replace(test.where, error=str(error))
    return test.where if passed else replace(test.where, error="not true")


def _value(answer: str) -> Any:
    if answer == "undefined":
        return None
    return msgspec.json.decode(answer, type=_Answer).expressions[0]


def _lift(path: str, text: str) -> tuple[str, list[_Test]]:
    """The module with what stands after each `with` made a rule, and the tests it holds."""
    module = lint.parse(path, text)
    folder = module.package.replace(".", "/")
    tests: list[_Test] = []
    cuts: list[tuple[int, int]] = []
    values: list[str] = []
    for name, body in _rules(module.tokens):
        where = TestResult(path, body[0].line, name)
        lifted: dict[str, str] = {}
        for at in [at for at, token in enumerate(body) if token.text == "with"]:
            target = body[at + 1].text
            if target not in (_INPUT, _OVERLAY) or target in lifted:
                allowed = f"one `with {_INPUT} as …` and one `with {_OVERLAY} as …` a test"
                raise BundleError(f"{path}:{where.line}: {name}: {allowed}")
            rule = f"_{len(values)}_of_{name}"
            lifted[target] = f"{folder}/{rule}"
            start, end = body[at].start, _end(body, at + 3)
            cuts.append((start, end))
            values.append(f"{rule} := {text[body[at + 3].start : end]}")
        if name.startswith("test_"):
            tests.append(_Test(where, f"{folder}/{name}", lifted))
    for start, end in reversed(cuts):
        text = text[:start] + text[end:]
    return "\n\n".join([text, *values]) + "\n", tests


def _rules(tokens: Sequence[lint.Token]) -> Iterator[tuple[str, Sequence[lint.Token]]]:
    starts = [at for at, token in enumerate(tokens) if token.first and token.text != "}"]
    for start, end in zip(starts, [*starts[1:], len(tokens)], strict=True):
        yield tokens[start].text, tokens[start:end]


def _end(body: Sequence[lint.Token], at: int) -> int:
    """Where the expression at token `at` ends: with its line, brackets closed, or a `with`."""
    depth, line = 0, body[at].line
    for token in body[at:]:
        if depth == 0 and (token.line > line or token.text == "with"):
            break
        depth += (token.text in "([{") - (token.text in ")]}")
        if depth < 0:
            break
        line = token.line
        end = token.start + len(token.text)
    return end
