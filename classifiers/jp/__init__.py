"""Identifiers of Japan."""
