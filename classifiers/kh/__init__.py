"""Identifiers of Cambodia."""
