"""`python -m tests.fuzz [TARGET …] [--seconds N]`: fuzz for long, guided by coverage if it can.

With atheris installed (`pip install atheris`; it has no wheel for every platform) inputs are
guided by coverage; else samples are changed at random. Exit 1 with the input, in hex, that broke a
target: it was made here, so it holds nobody's data.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import time
from importlib.util import find_spec

from tests.fuzz.mutation import mutated
from tests.fuzz.targets import TARGETS


def _random(name: str, seconds: float, seed: int) -> int:
    """How many inputs were tried. Ends the run where one breaks the target."""
    run, samples = TARGETS[name]
    draw, end, count = random.Random(seed), time.monotonic() + seconds, 0
    while time.monotonic() < end:
        body = mutated(draw.choice(samples), draw)
        try:
            run(body)
        except Exception as error:
            raise SystemExit(f"{name}: {type(error).__name__}: {error}\n{body.hex()}") from error
        count += 1
    return count


def main() -> None:
    """Run the targets one after the other."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    parser.add_argument("--seconds", type=float, default=60.0, help="for each target")
    parser.add_argument("--seed", type=int, default=time.time_ns() % 2**32)
    options = parser.parse_args()
    if unknown := set(options.targets) - set(TARGETS):
        parser.error(f"no target {', '.join(sorted(unknown))}")
    for name in options.targets or TARGETS:
        if find_spec("atheris"):
            command = [sys.executable, "-m", "tests.fuzz.guided", name, str(options.seconds)]
            print(f"{name}: guided", flush=True)
            subprocess.run(command, check=True)
        else:
            count = _random(name, options.seconds, options.seed)
            print(f"{name}: {count:,} inputs, seed {options.seed}", flush=True)


if __name__ == "__main__":
    main()
