"""Identifiers of lt."""
