"""Identifiers of Kazakhstan."""
