"""Identifiers of Tanzania."""
