"""Identifiers of Laos."""
