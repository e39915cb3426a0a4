"""Identifiers of Uganda."""
