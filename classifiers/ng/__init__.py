"""Identifiers of Nigeria."""
