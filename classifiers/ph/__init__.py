"""Identifiers of the Philippines."""
