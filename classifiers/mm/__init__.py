"""Identifiers of Myanmar."""
