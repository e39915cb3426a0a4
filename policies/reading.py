"""What modules read, and whether anything reads them: names that lead nowhere, rules nobody asks.

Rego takes a name that does not exist for undefined: a rule with a misspelt field is never true, and
says nothing. So names are held against the question's schema, the data and the other modules.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, get_args, get_type_hints

from msgspec import Struct

from policies.bundle import Bundle
from policies.lint import Module, Token, parse
from policies.model import PolicyInput

Found = tuple[str, int, str]  # path, line, what is wrong

# What `silkgate` and `silkgate.counting` gather from every rule.
GATHERED: Final = frozenset(
    ("because", "carried_by", "deny", "exemption", "needs", "obligations", "review")
)
_ENTRY: Final = "silkgate.decision"
_HEADLESS: Final = frozenset(("package", "import", "}"))


def schema(kind: type[Struct], prefix: str) -> dict[str, bool]:
    """Every place in a question, as a dotted name, and whether null may stand there."""
    places: dict[str, bool] = {prefix: False}
    for name, hint in get_type_hints(kind).items():
        kinds = get_args(hint) or (hint,)
        place = f"{prefix}.{name}"
        places[place] = type(None) in kinds
        for each in kinds:
            if isinstance(each, type) and issubclass(each, Struct):
                places |= {k: v for k, v in schema(each, place).items() if k != place}
    return places


INPUT: Final = schema(PolicyInput, "input")


def unread(bundle: Bundle) -> Iterator[Found]:
    """Faults in the names of `bundle`, module by module."""
    modules = [parse(path, text) for path, text in sorted(bundle.modules.items())]
    known = {f"{module.package}.{name}" for module in modules for name in _heads(module)}
    packages = {module.package for module in modules}
    asked = {_ENTRY}
    for module in modules:
        for token, name in _references(module):
            asked.add(name)
            if wrong := _nowhere(name, known, packages, bundle.data):
                yield module.path, token.line, wrong
        yield from _unguarded(module)
    anywhere = {name for module in modules for name in _of_any(module)}
    for module in modules:
        yield from _unasked(module, asked, anywhere)


def _heads(module: Module) -> dict[str, Token]:
    """The names that a module defines, where each first stands."""
    heads: dict[str, Token] = {}
    for at, token in enumerate(module.tokens):
        if token.first and token.kind == "name" and token.text not in _HEADLESS:
            head = module.tokens[at + 1] if token.text == "default" else token
            heads.setdefault(head.text.partition(".")[0], head)
    return heads


def _references(module: Module) -> Iterator[tuple[Token, str]]:
    """Every name in rule bodies as the whole path it stands for."""
    own = _heads(module)
    skipped = {id(token) for token in own.values()}
    for before, token in zip((None, *module.tokens), module.tokens, strict=False):
        if token.kind != "name" or token.text.startswith(".") or id(token) in skipped:
            continue
        if token.first or (before is not None and before.text in ("package", "import", "default")):
            continue
        root, _, rest = token.text.partition(".")
        if root in own:
            yield token, f"{module.package}.{root}"
        elif root in module.imports:
            path = module.imports[root].removeprefix("data.")
            yield token, f"{path}.{rest}" if rest else path
        elif root == "input":
            yield token, token.text
        elif token.text.startswith("data."):
            yield token, token.text.removeprefix("data.")


def _of_any(module: Module) -> Iterator[str]:
    """Names asked of whatever a variable chose: `data.silkgate.agreements[name].applies`."""
    for token in module.tokens:
        if token.text.startswith("."):
            yield token.text[1:].strip().partition(".")[0]


def _nowhere(name: str, known: set[str], packages: set[str], data: Mapping[str, Any]) -> str:
    """What is wrong with a path; "" where it leads somewhere."""
    if name.partition(".")[0] == "input":
        return "" if _asked_for(name) else f"{name} is no part of a question"
    if name.startswith("silkgate.overlay"):
        return ""  # the company's: there or not
    parts = name.split(".")
    prefixes = [".".join(parts[:end]) for end in range(1, len(parts) + 1)]
    if any(prefix in known for prefix in prefixes) or _in_data(parts, data):
        return ""
    if any(package == name or package.startswith(f"{name}.") for package in packages):
        return ""
    return f"data.{name} is neither a rule nor data"


def _asked_for(name: str) -> bool:
    """Whether a question may have `name`; below lists and tables nothing is checked."""
    while name not in INPUT:
        shorter = name.rpartition(".")[0]
        if shorter in INPUT and any(place.startswith(f"{shorter}.") for place in INPUT):
            return False
        if shorter in INPUT:
            return shorter in _OPEN
        name = shorter
    return True


_OPEN: Final = frozenset(("input.bands.within", "input.fields", "input.approvals", "input.opaque"))


def _in_data(parts: list[str], data: Any) -> bool:
    for part in parts:
        if not isinstance(data, Mapping):
            return True
        if part not in data:
            return False
        data = data[part]
    return True


def _unasked(module: Module, asked: set[str], anywhere: set[str]) -> Iterator[Found]:
    """Rules that no other rule refers to, and that are not gathered."""
    ruling = module.package.startswith(
        ("silkgate.rules.", "silkgate.exemptions.", "silkgate.overlay.")
    )
    area = module.package.rpartition(".")[0]
    if area.startswith("silkgate.rules.") and not asked & {area, "silkgate.rules"}:
        package = next(token for token in module.tokens if token.text == module.package)
        yield module.path, package.line, f"{area} is no area that silkgate gathers rules from"
    for name, token in _heads(module).items():
        if name in (GATHERED if ruling else anywhere):
            continue
        place = f"{module.package}.{name}"
        if place not in asked and module.package not in asked:
            meant = f"; a rule says {', '.join(sorted(GATHERED))}" if ruling else ""
            yield module.path, token.line, f"{name} is asked for by nobody{meant}"


def _unguarded(module: Module) -> Iterator[Found]:
    """Ordered comparisons of what may be null: OPA finds null below every number."""
    tokens = module.tokens
    for at, token in enumerate(tokens[1:-2], start=1):
        if token.text not in ("<", ">") or token.kind != "sign":
            continue
        right = tokens[at + 2] if tokens[at + 1].text == "=" else tokens[at + 1]
        for operand in (tokens[at - 1], right):
            nullable = operand.text.endswith(".below") or INPUT.get(operand.text, False)
            if nullable and not _guarded(tokens, at, operand.text.rpartition(".")[2]):
                wrong = f"{operand.text} may be null, which OPA orders below every number"
                yield module.path, operand.line, f"{wrong}; ask is_number of it first"


def _guarded(tokens: tuple[Token, ...], at: int, name: str) -> bool:
    """Whether the rule that token `at` stands in asks for the type of something called `name`."""
    start = max(n for n in range(at + 1) if (tokens[n].first and tokens[n].text != "}") or n == 0)
    for place in range(start, at):
        if tokens[place].text in ("is_number", "is_string", "is_null"):
            inside = tokens[place + 1 : place + 8]
            if any(each.text.rpartition(".")[2] == name for each in inside):
                return True
    return False
