"""Identifiers of Latvia."""
