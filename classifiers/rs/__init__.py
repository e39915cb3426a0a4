"""Identifiers of Serbia."""
