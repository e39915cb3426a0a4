"""Identifiers of Uzbekistan."""
