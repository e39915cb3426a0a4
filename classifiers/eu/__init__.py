"""Identifiers of eu."""
