"""The shape of the code base: which way imports point, and what is installed."""

import ast
import importlib.metadata
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("gateway", "classifiers", "policies", "audit_log")
ALLOWED = {
    "classifiers": set(),
    "audit_log": set(),
    "policies": {"classifiers.model"},
    "gateway": {"classifiers", "policies", "audit_log"},
}


def imported_modules(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found.add(node.module or "")
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def allowed(module: str, package: str) -> bool:
    owner = module.split(".", maxsplit=1)[0]
    if owner not in PACKAGES or owner == package:
        return True
    return any(
        module == target
        or module.startswith(target + ".")
        or (target + ".").startswith(module + ".")
        for target in ALLOWED[package]
    )


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_point_one_way(package: str) -> None:
    """Leaf packages import nothing of ours; nobody imports upward."""
    for path in (ROOT / package).rglob("*.py"):
        wrong = [
            module
            for module in imported_modules(path)
            if not allowed(module, package)
            or (module.startswith("tests") or module.startswith("benchmarks"))
        ]
        assert not wrong, f"{path.relative_to(ROOT)} imports {wrong}"


def test_the_arrow_check_can_fail() -> None:
    """An import against the arrows is recognized as one."""
    assert not allowed("gateway.ports", "policies")
    assert not allowed("classifiers.scanner", "policies")
    assert allowed("classifiers.model", "policies")
    assert not allowed("policies.model", "audit_log")


@pytest.mark.parametrize("package", PACKAGES)
def test_every_folder_with_modules_is_a_package(package: str) -> None:
    """Without `__init__.py` a folder loses to any installed package of the same name."""
    assert (ROOT / package / "py.typed").exists()
    for path in (ROOT / package).rglob("*.py"):
        assert (path.parent / "__init__.py").exists(), f"{path.parent} lacks __init__.py"


@pytest.mark.parametrize("package", PACKAGES)
def test_no_other_distribution_owns_our_names(package: str) -> None:
    """The four top-level names are generic: nobody else may have installed one."""
    owners = importlib.metadata.packages_distributions().get(package, [])
    assert set(owners) <= {"silkgate"}


def test_the_interpreter_is_supported() -> None:
    """CPython 3.11 to 3.13."""
    assert (3, 11) <= sys.version_info[:2] <= (3, 13)
