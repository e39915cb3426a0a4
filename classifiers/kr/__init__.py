"""Identifiers of Korea."""
