"""Identifiers of mx."""
