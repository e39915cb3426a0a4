"""Identifiers of Luxembourg."""
