"""Identifiers of Rwanda."""
