"""Entry point of the `silkgate` command."""

import os

from classifiers.heap import few_arenas
from gateway.cli.app import app


def main() -> None:
    """Run the command line."""
    # Arrow's own allocators keep what a group has left; the system's gives it back. This is read
    # once, when pyarrow is loaded.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    few_arenas()
    app()


if __name__ == "__main__":
    main()
