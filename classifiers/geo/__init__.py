"""Places on Earth."""
