"""The `silkgate` command."""
