"""Identifiers of Macao."""
