"""Decisions made again: from the log alone, and with the original at hand."""
