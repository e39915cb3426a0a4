"""Bodies to columns and back, losslessly."""
