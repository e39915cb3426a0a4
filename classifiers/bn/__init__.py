"""Identifiers of Brunei."""
