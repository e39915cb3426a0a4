"""Silkgate measured beside floors and peers: `python -m benchmarks`. See README.md."""
