"""`python -m tests.fuzz.guided TARGET SECONDS`: one target under atheris, guided by coverage.

Only what reads hostile bytes is instrumented: the whole program would take minutes to.
"""

from __future__ import annotations

import random
import sys
import tempfile
from pathlib import Path

import atheris

_WATCHED = [
    "gateway.codecs",
    "gateway.export.parts",
    "gateway.http.paths",
    "gateway.settings",
    "classifiers.canonical",
    "classifiers.encodings",
]

with atheris.instrument_imports(include=_WATCHED):
    from tests.fuzz.mutation import mutated
    from tests.fuzz.targets import TARGETS


def main(name: str, seconds: float) -> None:
    """Fuzz until the time is over, or an input breaks the target, which libFuzzer prints."""
    run, samples = TARGETS[name]
    draw = random.Random(name)

    def mutate(data: bytes, size: int, seed: int) -> bytes:
        """Every other time libFuzzer's own change, which knows what it has seen compared."""
        if seed % 2 and data:
            return atheris.Mutate(data, size)
        return mutated(data or draw.choice(samples), draw)[:size]

    flags = ["-max_len=8192", "-timeout=30", "-print_final_stats=1"]
    with tempfile.TemporaryDirectory(prefix="silkgate-") as corpus:  # which samples begin
        for number, sample in enumerate(samples):
            (Path(corpus) / str(number)).write_bytes(sample)
        flags.append(f"-max_total_time={int(seconds)}")
        atheris.Setup([sys.argv[0], *flags, corpus], run, custom_mutator=mutate)
        atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
