"""Identifiers of Ethiopia."""
