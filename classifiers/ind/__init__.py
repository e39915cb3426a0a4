"""Identifiers of India."""
