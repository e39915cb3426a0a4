"""Travel documents."""
