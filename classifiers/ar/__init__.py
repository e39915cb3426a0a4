"""Identifiers of ar."""
