"""Identifiers of Bangladesh."""
