"""Identifiers of payment and banking that no one country owns."""
