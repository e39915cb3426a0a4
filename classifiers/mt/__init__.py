"""Identifiers of Malta."""
