"""Identifiers of Viet Nam."""
