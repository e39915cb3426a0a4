"""How much law there is and how sure it is: rules, tests and confidence by area; each destination.

python -m benchmarks.policies
"""

from __future__ import annotations

from collections import Counter, defaultdict

from rich.console import Console
from rich.table import Table

from policies.annotations import rules
from policies.bundle import builtin_path, load, read_folder
from policies.check import RULES


def main() -> None:
    """Print both tables."""
    bundle, console = load(), Console()
    tests, _ = read_folder(builtin_path(), tests=True)
    written: Counter[str] = Counter()
    tested: Counter[str] = Counter()
    sure: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for rule in rules(bundle.modules):
        if not RULES.fullmatch(rule.package):
            continue
        parts = rule.package.split(".")
        area = "exemptions" if parts[1] == "exemptions" else parts[2]
        written[area] += 1
        tested[area] += tests[f"{rule.path.removesuffix('.rego')}_test.rego"].count("\ntest_")
        sure[area][rule.confidence] += 1
    table = Table("jurisdiction or area", "rules", "tests", "confidence", box=None)
    for area in sorted(written):
        marks = ", ".join(f"{mark}: {count}" for mark, count in sorted(sure[area].items()))
        table.add_row(area, str(written[area]), str(tested[area]), marks)
    total = sum(text.count("\ntest_") for text in tests.values())
    table.add_row("all", str(sum(written.values())), f"{total} with main, treating and others")
    console.print(table)
    facts = Table("destination", "law", "in force", "duties", "confidence", "checked", box=None)
    for iso, each in sorted(bundle.data["silkgate"]["jurisdictions"].items()):
        duties = ", ".join(
            f"{code} ({d['confidence']})" for code, d in each.get("duties", {}).items()
        )
        facts.add_row(
            iso, each["law"], each["in_force"] or "", duties, each["confidence"], each["checked"]
        )
    console.print(facts)


if __name__ == "__main__":
    main()
