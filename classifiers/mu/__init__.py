"""Identifiers of mu."""
