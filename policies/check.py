"""`policy check`: what would be wrong with a bundle before anybody relies on it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from policies import lint
from policies.annotations import Rule, rules
from policies.bundle import BUILTIN, Bundle, archive, builtin_path, load, read_folder
from policies.errors import BundleError
from policies.reading import unread

PROBE_SECONDS: Final = 60
RULES: Final = re.compile(r"silkgate\.(rules\.[a-z0-9_]+\.[a-z0-9_]+|exemptions\.[a-z0-9_]+)")
_RULE_PREFIXES: Final = ("silkgate.rules", "silkgate.exemptions")
_CONFIDENCE: Final = re.compile(r"[ABK](/[ABK])*|per fact")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PROBE: Final = (
    "import sys; from policies.bundle import from_archive; "
    "from policies.embedded import EmbeddedEngine; "
    "EmbeddedEngine(from_archive(sys.stdin.buffer.read()))"
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to put right. `line` is 0 where the whole file is meant."""

    path: str
    line: int
    message: str


def check(bundle: str | Path = BUILTIN, overlay: Path | None = None) -> list[Fault]:
    """Every fault found, by path. A bundle that does not load has one: why."""
    try:
        loaded = load(bundle, overlay)
        names = (Fault(*found) for found in unread(loaded))
        faults = [*_words(loaded), *_untested(bundle, loaded), *_traps(loaded), *names]
    except BundleError as error:
        return [Fault("", 0, str(error))]
    if broken := probe(loaded):
        faults.append(Fault("", 0, broken))
    return sorted(faults, key=lambda fault: (fault.path, fault.line, fault.message))


def probe(bundle: Bundle) -> str:
    """Compile the bundle in a process of its own; "" if that went well, else what went wrong.

    rego-cpp ends its process on some faults; better a child than the gateway.
    """
    try:
        child = subprocess.run(  # noqa: S603
            [sys.executable, "-c", _PROBE],
            input=archive(bundle),
            capture_output=True,
            timeout=PROBE_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"the bundle does not compile within {PROBE_SECONDS} seconds"
    if child.returncode == 0:
        return ""
    if child.returncode < 0:
        return "compiling the bundle ends the embedded engine's process"
    last = child.stderr.decode(errors="replace").strip().rpartition("\n")[2]
    return last.removeprefix(f"{BundleError.__module__}.{BundleError.__qualname__}: ")


def _words(bundle: Bundle) -> Iterator[Fault]:
    for rule in rules(bundle.modules):
        if rule.package.startswith("silkgate.overlay."):
            continue
        for missing in _missing(rule):
            yield Fault(rule.path, 1, f"METADATA lacks {missing}")
        if rule.package.startswith(_RULE_PREFIXES) and not RULES.fullmatch(rule.package):
            yield Fault(rule.path, 1, f"package {rule.package} is gathered by nobody")
        if Path(rule.path).parent.as_posix().replace("/", ".") != rule.package:
            yield Fault(rule.path, 1, f"package {rule.package} lies in another folder")


def _missing(rule: Rule) -> Iterator[str]:
    for name in ("title", "description", "zh"):
        if not getattr(rule, name):
            yield name
    if rule.package.startswith(_RULE_PREFIXES):
        if not rule.citation:
            yield "citation"
        if not _CONFIDENCE.fullmatch(rule.confidence):
            yield "confidence (A, B or K)"
        if not _DATE.fullmatch(rule.checked):
            yield "checked (a date)"


def _untested(bundle: str | Path, loaded: Bundle) -> Iterator[Fault]:
    tests, _ = read_folder(builtin_path() if bundle == BUILTIN else Path(bundle), tests=True)
    for rule in rules(loaded.modules):
        if RULES.fullmatch(rule.package):
            wanted = f"{rule.path.removesuffix('.rego')}_test.rego"
            if wanted not in tests:
                yield Fault(rule.path, 0, f"no test beside it ({Path(wanted).name})")


def _traps(bundle: Bundle) -> Iterator[Fault]:
    """What the two engines read differently, or what one of them is slow at."""
    for path, text in bundle.modules.items():
        tokens = lint.parse(path, text).tokens
        for number, token in enumerate(tokens[:-2]):
            following = tokens[number + 1].text
            if token.text == "sort" and tokens[number + 2].text == "{":
                yield Fault(path, token.line, "sort of a set stays a set in rego-cpp; sort a list")
            if token.text == "[" and _calls(tokens, number + 1):
                message = "a call as an index is tried on every key; name its value first"
                yield Fault(path, token.line, message)
            if token.text in ("object.union", "json.patch") and following != "(":
                yield Fault(path, token.line, f"{token.text} is a function; call it")


def _calls(tokens: tuple[lint.Token, ...], at: int) -> bool:
    """Whether `name[f(x)]` stands here: an index that is nothing but a call."""
    before, name, bracket = tokens[at - 2], tokens[at], tokens[at + 1]
    touching = before.kind == "name" and before.start + len(before.text) == tokens[at - 1].start
    return touching and name.kind == "name" and bracket.text == "("
