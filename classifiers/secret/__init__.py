"""Secrets that authenticate."""
