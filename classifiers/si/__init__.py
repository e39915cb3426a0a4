"""Identifiers of Slovenia."""
