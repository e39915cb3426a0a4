"""Identifiers of Morocco."""
