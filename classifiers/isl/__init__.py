"""Identifiers of isl."""
