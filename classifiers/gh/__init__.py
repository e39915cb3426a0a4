"""Identifiers of Ghana."""
