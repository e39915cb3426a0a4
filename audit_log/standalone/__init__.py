"""Programs that run without the rest of the project."""
