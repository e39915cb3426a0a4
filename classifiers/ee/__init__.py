"""Identifiers of Estonia and Lithuania."""
