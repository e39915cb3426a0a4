"""What a Rego module may use: its own namespace and the built-ins we vouch for.

Engines offer built-ins that reach the network, the clock or the environment (`http.send`,
`time.now_ns`, `opa.runtime`) or that differ between them. Modules are therefore read token by
token before any engine sees them, and only names on the list pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from policies.errors import BundleError

# Pure, total on the types we guard for, and the same on both engines.
ALLOWED_BUILTINS: Final = frozenset(
    """
    abs array.concat array.reverse array.slice ceil concat contains count endswith floor
    indexof intersection is_array is_boolean is_null is_number is_object is_set is_string
    lower max min object.filter object.get object.keys object.remove object.union object.union_n
    regex.match replace sort split startswith substring sum time.parse_ns to_number trim
    trim_prefix trim_suffix union upper
    """.split()
)

_KEYWORDS: Final = frozenset(
    "as contains default else every false if import in not null package some true with".split()
)
_TOKEN: Final = re.compile(
    r"""(?P<skip>[ \t\r]+|\#[^\n]*)
      | (?P<line>\n)
      | (?P<text>"(?:[^"\\\n]|\\.)*"|`[^`]*`)
      | (?P<name>(?:\.[ \t]*)?[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)
      | (?P<number>[0-9]+(?:\.[0-9]+)?)
      | (?P<sign>.)""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """One name, literal or sign, and the line it stands on."""

    kind: str
    text: str
    line: int
    first: bool  # the first token of its line, with no indentation
    start: int  # offset in the text, in code points


_END: Final = Token("end", "", 0, False, 0)
_CALLABLE_SIGNS: Final = frozenset("])")


@dataclass(frozen=True, slots=True)
class Module:
    """What a module is called, what it brings in and what it defines."""

    path: str
    package: str
    imports: Mapping[str, str]  # alias -> what it stands for
    functions: frozenset[str]
    tokens: tuple[Token, ...]
    calls: frozenset[Token]


def check(modules: Mapping[str, str], *, within: str) -> None:
    """Raise `BundleError` for the first module that steps outside package `within` or the list."""
    parsed = [parse(path, modules[path]) for path in sorted(modules)]
    functions: dict[str, set[str]] = {}
    for module in parsed:
        functions.setdefault(module.package, set()).update(module.functions)
    for module in parsed:
        if module.package != within and not module.package.startswith(f"{within}."):
            raise BundleError(f"{module.path}: package {module.package} must lie in {within}")
        for token, following in pairwise((*module.tokens, _END)):
            if reason := _fault(module, token, following, functions[module.package]):
                raise BundleError(f"{module.path}:{token.line}: {reason}")


def parse(path: str, text: str) -> Module:
    """Read a module's tokens, package and imports. Raises `BundleError` if it has no package."""
    tokens = tuple(_tokens(text))
    package = ""
    imports: dict[str, str] = {}
    functions: set[str] = set()
    for number, token in enumerate(tokens):
        following = tokens[number + 1 : number + 4]
        if token.first and token.text == "package" and following:
            package = following[0].text
        elif token.first and token.text == "import" and following:
            renamed = len(following) == 3 and following[1].text == "as"
            alias = following[2].text if renamed else following[0].text.rpartition(".")[2]
            imports[alias] = following[0].text
        elif token.first and token.kind == "name" and following and following[0].text == "(":
            functions.add(token.text)
        elif token.first and token.text == "default" and len(following) > 1:
            functions.add(following[0].text)
    if not package:
        raise BundleError(f"{path}:1: no package; every module starts with one")
    called = frozenset(
        token
        for token, following in pairwise((*tokens, _END))
        if token.kind == "name" and following.text == "(" and token.text not in _KEYWORDS
    )
    return Module(path, package, imports, frozenset(functions), tokens, called)


def _fault(module: Module, token: Token, following: Token, functions: set[str]) -> str | None:
    if token.first and token.text == "import":
        if following.text == "rego.v1" or following.text.startswith("data.silkgate"):
            return None
        return f"import {following.text}: only data.silkgate and rego.v1 may be imported"
    if token.kind == "name" and token.text == "with":
        return "`with` replaces data or built-ins; it belongs in tests"
    if following.text == "(" and token.text in _CALLABLE_SIGNS:
        return f"a call after {token.text!r}: call functions by their plain dotted name"
    if token in module.calls and not _known(token.text, module, functions):
        return f"built-in {token.text} is not on the list of pure built-ins both engines share"
    return None


def _known(name: str, module: Module, functions: set[str]) -> bool:
    ours = name in functions or name.startswith("data.silkgate.")
    return ours or name.partition(".")[0] in module.imports or name in ALLOWED_BUILTINS


def _tokens(text: str) -> Iterator[Token]:
    line = 1
    fresh = True
    for match in _TOKEN.finditer(text):
        kind, found = match.lastgroup or "sign", match.group()
        if kind == "line":
            line, fresh = line + 1, True
            continue
        if kind != "skip":
            yield Token(kind, found, line, fresh, match.start())
        line += found.count("\n")
        fresh = False
